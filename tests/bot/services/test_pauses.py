"""Pauses: called by one, held by both; one alone being ready shows nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import TryLaterError
from bot.domain.pause import PauseState, read_length
from bot.errors import UserError
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couples import ADA, BEN, CoupleWorld

LENGTH = timedelta(minutes=40)


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    await made.couple()
    return made


async def called(world: CoupleWorld, user_id: int = ADA, length: timedelta = LENGTH) -> str:
    pause = await world.pauses.call(await world.person(user_id), await world.space(user_id), length)
    await world.run()
    return pause.id


async def said(world: CoupleWorld, user_id: int, pause_id: str, *, ready: bool) -> None:
    person, space = await world.person(user_id), await world.space(user_id)
    await world.pauses.answer(person, space, pause_id, ready=ready)


async def state(world: CoupleWorld, pause_id: str) -> PauseState:
    pause = await world.pauses.get(pause_id)
    assert pause is not None
    return pause.state


async def kinds(world: CoupleWorld, user_id: int) -> list[str]:
    return [kind for kind, _, _ in await world.notes(user_id) if kind.startswith("pair.pause")]


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("45", 45),
        ("20 min", 20),
        ("2 h", 120),
        ("1 h 30 min", 90),
        ("2 horas y 15 minutos", 135),
        ("1 hour and 5 minutes", 65),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5 h", None),
    ],
)
def test_lengths_as_people_type_them(typed: str, minutes: int | None) -> None:
    assert read_length(typed) == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize("minutes", [0, 19, 24 * 60 + 1, 9999])
async def test_a_length_out_of_range_is_refused(world: CoupleWorld, minutes: int) -> None:
    with pytest.raises(UserError, match="out_of_range"):
        await called(world, length=timedelta(minutes=minutes))


async def test_a_pause_holds_the_thread_and_tells_both(world: CoupleWorld) -> None:
    await called(world)

    assert world.hands.held == {ADA, BEN}
    assert await kinds(world, ADA) == await kinds(world, BEN) == ["pair.pause"]


async def test_two_calls_in_one_second_make_one_pause(world: CoupleWorld) -> None:
    first = await called(world, ADA)
    second = await called(world, BEN, timedelta(hours=3))

    assert first == second
    assert await kinds(world, BEN) == ["pair.pause"]


async def test_both_ready_brings_both_back(world: CoupleWorld) -> None:
    pause_id = await called(world)
    await world.run(world.clock() + LENGTH)
    await said(world, ADA, pause_id, ready=True)
    assert await state(world, pause_id) is PauseState.BACK

    await said(world, BEN, pause_id, ready=True)
    await world.run()

    assert world.hands.held == set()
    assert (await kinds(world, ADA))[-1] == (await kinds(world, BEN))[-1] == "pair.pause_soft_start"


@pytest.mark.parametrize("theirs", [None, False])
async def test_not_today_looks_like_running_out_of_time(
    world: CoupleWorld, theirs: bool | None
) -> None:
    pause_id = await called(world)
    await world.run(world.clock() + LENGTH)
    await said(world, ADA, pause_id, ready=True)
    if theirs is not None:
        await said(world, BEN, pause_id, ready=theirs)
    before = await world.seen_by(ADA)
    assert before["sight"]

    await world.run(world.clock() + timedelta(minutes=59))
    assert await state(world, pause_id) is PauseState.BACK
    await world.run(world.clock() + timedelta(minutes=1))

    assert await state(world, pause_id) is PauseState.OVER
    assert world.hands.held == set()
    assert await kinds(world, ADA) == ["pair.pause", "pair.pause_return"]
    with pytest.raises(UserError, match="over"):
        await said(world, ADA, pause_id, ready=True)


async def test_it_is_made_longer_twice_at_most(world: CoupleWorld) -> None:
    pause_id = await called(world)
    space = await world.space(BEN)
    start = world.clock()

    await world.pauses.longer(space, pause_id)
    pause = await world.pauses.longer(space, pause_id)

    assert pause.returns_at == start + LENGTH + timedelta(hours=1)
    with pytest.raises(UserError, match="twice"):
        await world.pauses.longer(space, pause_id)


async def test_two_days_down_ask_nobody_and_free_the_thread(world: CoupleWorld) -> None:
    await called(world)

    await world.run(world.clock() + timedelta(days=2))

    assert world.hands.held == set()
    assert await kinds(world, BEN) == ["pair.pause"]


async def test_a_thread_discord_would_not_hold_is_held_later(world: CoupleWorld) -> None:
    world.hands.broken = TryLaterError("503")
    await called(world)
    assert world.hands.held == set()

    world.hands.broken = None
    await world.run(world.clock() + timedelta(minutes=1))

    assert world.hands.held == {ADA, BEN}


async def test_pausing_often_is_raised_with_the_caller_alone(world: CoupleWorld) -> None:
    for _ in range(4):
        await called(world)
        await world.run(world.clock() + timedelta(hours=3))

    assert await world.pauses.is_often(await world.person(ADA))
    assert not await world.pauses.is_often(await world.person(BEN))


async def test_who_was_ready_is_asked_again_where_it_took_longer(world: CoupleWorld) -> None:
    pause_id = await called(world)
    space, ben = await world.space(ADA), await world.space(BEN)
    await world.run(world.clock() + LENGTH)
    await said(world, ADA, pause_id, ready=True)

    pause = await world.pauses.longer(ben, pause_id)
    await world.run(pause.returns_at)
    await said(world, BEN, pause_id, ready=True)

    current = await world.pauses.current(space)
    assert current is not None
    assert current.state is PauseState.BACK
    assert await world.pauses.said(space, current) is None
