"""Swaps: both people's word, once, and only while the rota is as it was asked for."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.rota import Date, OverlapError, Shift
from bot.domain.swap import SwapState
from bot.errors import UserError
from bot.services.swaps import read_date, write_date
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.rota import BO, CAM, DEE, LEAD, MONDAY, RotaDesk, at, shift_of

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
async def desk(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> RotaDesk:
    return await RotaDesk(database, vault, clock).begin()


def on_tuesday(shift: Shift) -> Date:
    return shift.id, TUESDAY


async def test_a_shift_changes_hands_for_one_date_once_both_said_so(desk: RotaDesk) -> None:
    shift = await desk.add(BO)

    swap = await desk.swaps.ask(BO, on_tuesday(shift), CAM)
    assert desk.rota.rota.handed == {}
    [card] = await desk.sent("rota.swap")
    assert (card.address.key, card.subject_id, card.args) == ("channel.staff", swap.id, {})
    agreed = await desk.swaps.accept(swap.id, CAM)

    assert agreed.state is SwapState.AGREED
    await desk.go_to(at("2026-01-06 12:00"))
    assert desk.on() == [CAM]
    await desk.go_to(at("2026-01-07 12:00"))
    assert desk.on() == [BO]


async def test_both_give_one_where_one_is_given_in_return(desk: RotaDesk) -> None:
    mine = await desk.add(BO, "09:00", "17:00")
    # Until the swap holds, each would be on both at once.
    theirs = await desk.add(CAM, "16:00", "22:00")

    swap = await desk.swaps.ask(BO, on_tuesday(mine), CAM, on_tuesday(theirs))
    await desk.swaps.accept(swap.id, CAM)

    await desk.go_to(at("2026-01-06 10:00"))
    assert desk.on() == [CAM]
    await desk.go_to(at("2026-01-06 20:00"))
    assert desk.on() == [BO]


async def test_what_can_not_be_asked_is_refused(desk: RotaDesk) -> None:
    mine = await desk.add(BO)
    theirs = await desk.add(CAM, "18:00", "20:00")
    today: Date = (mine.id, MONDAY)

    for key, asking in (
        ("rota.swap.self", desk.swaps.ask(BO, on_tuesday(mine), BO)),
        ("rota.not_staff", desk.swaps.ask(BO, on_tuesday(mine), 77)),
        ("rota.swap.not_yours", desk.swaps.ask(BO, on_tuesday(theirs), CAM)),
        ("rota.swap.not_yours", desk.swaps.ask(BO, today, CAM)),
        ("rota.swap.not_theirs", desk.swaps.ask(BO, on_tuesday(mine), CAM, on_tuesday(mine))),
    ):
        with pytest.raises(UserError) as refused:
            await asking
        assert refused.value.key == key
    assert await desk.sent("rota.swap") == []


async def test_a_swap_that_would_put_somebody_on_two_shifts_is_refused(desk: RotaDesk) -> None:
    mine = await desk.add(BO, "09:00", "17:00")
    theirs = await desk.add(CAM, "16:00", "22:00")

    with pytest.raises(OverlapError) as refused:
        await desk.swaps.ask(BO, on_tuesday(mine), CAM)

    assert refused.value.other.shift == theirs


async def test_an_overlap_that_came_up_since_is_found_on_accepting(desk: RotaDesk) -> None:
    mine = await desk.add(BO, "09:00", "17:00")
    swap = await desk.swaps.ask(BO, on_tuesday(mine), CAM)
    await desk.add(CAM, "16:00", "22:00")

    with pytest.raises(OverlapError):
        await desk.swaps.accept(swap.id, CAM)

    assert (await desk.swaps.known(swap.id)).state is SwapState.ASKED
    assert desk.rota.rota.handed == {}


async def test_of_two_accepts_at_once_one_counts(desk: RotaDesk) -> None:
    shift = await desk.add(BO)
    swap = await desk.swaps.ask(BO, on_tuesday(shift), CAM)

    results = await asyncio.gather(
        desk.swaps.accept(swap.id, CAM), desk.swaps.accept(swap.id, CAM), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, UserError)]
    assert [error.key for error in refused] == ["rota.swap.settled"]
    assert desk.rota.rota.handed == {on_tuesday(shift): CAM}


async def test_accepting_and_taking_back_at_once_leaves_one_of_them(desk: RotaDesk) -> None:
    shift = await desk.add(BO)
    swap = await desk.swaps.ask(BO, on_tuesday(shift), CAM)

    await asyncio.gather(
        desk.swaps.take_back(swap.id, BO),
        desk.swaps.accept(swap.id, CAM),
        return_exceptions=True,
    )

    state = (await desk.swaps.known(swap.id)).state
    is_handed = bool((await desk.stores.rota.read()).handed)
    assert is_handed is (state is SwapState.AGREED)
    assert state in (SwapState.AGREED, SwapState.TAKEN_BACK)


async def test_only_the_colleague_answers_and_only_the_asker_takes_back(desk: RotaDesk) -> None:
    shift = await desk.add(BO)
    swap = await desk.swaps.ask(BO, on_tuesday(shift), CAM)

    for acting in (
        desk.swaps.accept(swap.id, DEE),
        desk.swaps.accept(swap.id, BO),
        desk.swaps.decline(swap.id, BO),
        desk.swaps.take_back(swap.id, CAM),
    ):
        with pytest.raises(UserError, match=r"rota\.swap\.not_for_you"):
            await acting
    declined = await desk.swaps.decline(swap.id, CAM)

    assert declined.state is SwapState.DECLINED
    assert desk.rota.rota.handed == {}


async def test_one_request_at_a_time_for_a_date(desk: RotaDesk) -> None:
    shift = await desk.add(BO)
    first = await desk.swaps.ask(BO, on_tuesday(shift), CAM)
    with pytest.raises(UserError, match=r"rota\.swap\.asked_already"):
        await desk.swaps.ask(BO, on_tuesday(shift), DEE)

    await desk.swaps.take_back(first.id, BO)
    second = await desk.swaps.ask(BO, on_tuesday(shift), DEE)

    assert [swap.id for swap in await desk.swaps.open_of(DEE)] == [second.id]


async def test_a_request_is_stale_once_its_shift_began(desk: RotaDesk) -> None:
    shift = await desk.add(BO)
    swap = await desk.swaps.ask(BO, on_tuesday(shift), CAM)
    desk.clock.now = at("2026-01-06 09:00")

    with pytest.raises(UserError, match=r"rota\.swap\.stale"):
        await desk.swaps.accept(swap.id, CAM)

    assert (await desk.swaps.known(swap.id)).state is SwapState.STALE
    assert await desk.swaps.open_of(CAM) == []


async def test_a_request_is_stale_once_its_shift_is_gone_or_anothers(desk: RotaDesk) -> None:
    gone, passed_on = await desk.add(BO), await desk.add(BO, "18:00", "20:00")
    first = await desk.swaps.ask(BO, on_tuesday(gone), CAM)
    second = await desk.swaps.ask(BO, on_tuesday(passed_on), CAM)
    await desk.rota.remove(gone.id, by=LEAD)
    moved = shift_of(DEE, "18:00", "20:00")
    await desk.rota.edit(type(moved)(id=passed_on.id, user_id=DEE, hours=moved.hours), by=LEAD)

    for swap in (first, second):
        with pytest.raises(UserError, match=r"rota\.swap\.stale"):
            await desk.swaps.accept(swap.id, CAM)
    assert desk.rota.rota.handed == {}


@pytest.mark.parametrize("leaver", [BO, CAM])
async def test_a_request_ends_with_either_person_leaving(desk: RotaDesk, leaver: int) -> None:
    shift = await desk.add(BO)
    swap = await desk.swaps.ask(BO, on_tuesday(shift), CAM)
    async with desk.database.transaction() as tx:
        await desk.rota.drop(leaver, tx)
        await desk.stores.staff.remove(leaver, tx)
    await desk.load()

    with pytest.raises(UserError, match=r"rota\.swap\.stale"):
        await desk.swaps.accept(swap.id, CAM)

    assert desk.rota.rota.handed == {}


async def test_a_date_reads_back_and_a_typed_text_is_none(desk: RotaDesk) -> None:
    shift = await desk.add(BO)
    assert read_date(write_date(on_tuesday(shift))) == on_tuesday(shift)
    with pytest.raises(UserError, match=r"rota\.swap\.pick"):
        read_date("my Tuesday")


async def test_of_two_swaps_of_one_turn_answered_at_once_one_holds(desk: RotaDesk) -> None:
    mine, hers = await desk.add(BO, "08:00", "10:00"), await desk.add(CAM, "12:00", "14:00")
    theirs = await desk.add(DEE, "16:00", "18:00")
    # Cam would give her Tuesday to Bo, and has asked Dee to take it.
    first = await desk.swaps.ask(BO, on_tuesday(mine), CAM, on_tuesday(hers))
    second = await desk.swaps.ask(CAM, on_tuesday(hers), DEE, on_tuesday(theirs))

    done = await asyncio.gather(
        desk.swaps.accept(first.id, CAM),
        desk.swaps.accept(second.id, DEE),
        return_exceptions=True,
    )

    assert [isinstance(one, UserError) for one in done] == [False, True]
    assert dict(desk.rota.rota.handed) == {on_tuesday(mine): CAM, on_tuesday(hers): BO}
