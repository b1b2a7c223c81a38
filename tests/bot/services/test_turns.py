"""Speaking and listening in turns: a tap counts once, and words stay only if both say so."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.delivery import NoPermissionError, TryLaterError
from bot.domain.pair import Parting
from bot.domain.turn import LASTS, Move, Turn, TurnStep
from bot.errors import UserError
from bot.services.turns import GIVE_UP
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couples import ADA, BEN, CoupleWorld


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    await made.couple()
    return made


async def begun(world: CoupleWorld, user_id: int = ADA) -> Turn:
    return await world.alone.turns.begin(await world.person(user_id), await world.space(user_id))


async def tap(world: CoupleWorld, user_id: int, turn: Turn, move: Move) -> Turn:
    person, space = await world.person(user_id), await world.space(user_id)
    return await world.alone.turns.move(person, space, turn.id, turn.moves, move)


async def keep(world: CoupleWorld, user_id: int, turn: Turn) -> Turn:
    person, space = await world.person(user_id), await world.space(user_id)
    return await world.alone.turns.keep(person, space, turn.id)


async def now(world: CoupleWorld, turn: Turn) -> Turn:
    found = await world.alone.turns.get(turn.id)
    assert found is not None
    return found


async def posted(world: CoupleWorld) -> int:
    rows = await world.database.fetch_all("SELECT 1 FROM outbox WHERE kind = 'pair.turns'")
    return len(rows)


async def test_a_whole_round_swaps_who_speaks(world: CoupleWorld) -> None:
    turn = await begun(world)
    turn = await tap(world, ADA, turn, Move.SAID)
    turn = await tap(world, BEN, turn, Move.SAID_BACK)
    turn = await tap(world, ADA, turn, Move.NOT_QUITE)
    turn = await tap(world, ADA, turn, Move.SAID)
    turn = await tap(world, BEN, turn, Move.SAID_BACK)
    turn = await tap(world, ADA, turn, Move.YES)

    assert turn.speaker == (await world.person(BEN)).id
    assert turn.step is TurnStep.SPEAK
    assert await now(world, turn) == turn


async def test_two_who_begin_at_once_have_one_talk(world: CoupleWorld) -> None:
    assert (await begun(world, ADA)).id == (await begun(world, BEN)).id
    assert await posted(world) == 1


async def test_an_old_card_and_the_wrong_person_are_refused(world: CoupleWorld) -> None:
    turn = await begun(world)
    with pytest.raises(UserError, match="not_yours"):
        await tap(world, BEN, turn, Move.SAID)
    await tap(world, ADA, turn, Move.SAID)

    with pytest.raises(UserError, match="moved_on"):
        await tap(world, ADA, turn, Move.SAID)


async def test_it_lasts_ten_minutes_also_over_a_restart(world: CoupleWorld) -> None:
    turn = await begun(world)
    await world.run(world.clock() + LASTS - timedelta(seconds=1))
    assert (await now(world, turn)).is_on

    await world.run(world.clock() + timedelta(seconds=1))

    assert (await now(world, turn)).step is TurnStep.DECIDING
    with pytest.raises(UserError, match="over"):
        await tap(world, ADA, turn, Move.SAID)


async def ended(world: CoupleWorld) -> Turn:
    turn = await begun(world)
    world.clock.now += timedelta(minutes=3)
    return await tap(world, BEN, turn, Move.STOP)


async def test_what_was_written_stays_if_both_say_so(world: CoupleWorld) -> None:
    turn = await ended(world)
    await keep(world, ADA, turn)
    assert (await keep(world, ADA, turn)).step is TurnStep.DECIDING

    assert (await keep(world, BEN, turn)).step is TurnStep.KEPT

    await world.run(world.clock() + timedelta(hours=1))
    assert world.eraser.erased == []


@pytest.mark.parametrize("tappers", [[], [ADA], [BEN]])
async def test_otherwise_it_is_removed(world: CoupleWorld, tappers: list[int]) -> None:
    turn = await ended(world)
    for user_id in tappers:
        await keep(world, user_id, turn)

    await world.run(world.clock() + timedelta(minutes=10))

    [(thread, authors, since, until)] = world.eraser.erased
    assert thread == (await world.space(ADA)).thread_id
    assert authors == {ADA, BEN}
    assert (since, until) == (turn.begun_at, turn.ends_at)
    assert (await now(world, turn)).step is TurnStep.REMOVED
    with pytest.raises(UserError, match="decided"):
        await keep(world, ADA, turn)


async def test_one_tap_to_keep_shows_the_other_nothing(world: CoupleWorld) -> None:
    turn = await ended(world)
    before = await world.seen_by(ADA)

    await keep(world, BEN, turn)

    assert await world.seen_by(ADA) == before


async def test_what_discord_refuses_is_said_and_what_waits_is_tried_again(
    world: CoupleWorld,
) -> None:
    turn = await ended(world)
    world.eraser.broken = TryLaterError("503")
    await world.run(world.clock() + timedelta(minutes=10))
    assert (await now(world, turn)).step is TurnStep.REMOVING
    assert (await begun(world)).id != turn.id

    world.eraser.broken = NoPermissionError("50013")
    await world.run(world.clock() + timedelta(minutes=1))

    assert (await now(world, turn)).step is TurnStep.REFUSED


async def test_trying_ends_after_a_week(world: CoupleWorld) -> None:
    turn = await ended(world)
    world.eraser.broken = TryLaterError("503")
    await world.run(world.clock() + timedelta(minutes=10))

    await world.run(world.clock() + GIVE_UP)

    assert (await now(world, turn)).step is TurnStep.REFUSED


async def test_a_pause_comes_first(world: CoupleWorld) -> None:
    await world.pauses.call(await world.person(BEN), await world.space(BEN), timedelta(minutes=20))

    with pytest.raises(UserError, match="paused"):
        await begun(world)


async def test_who_left_quietly_only_looks_silent(world: CoupleWorld) -> None:
    space = await world.space(BEN)
    await world.life.leave(await world.person(BEN), space.pair_id, Parting.LEFT, world.hands)

    turn = await begun(world)
    turn = await tap(world, ADA, turn, Move.SAID)
    await world.run(world.clock() + LASTS)

    assert (await now(world, turn)).step is TurnStep.DECIDING
    with pytest.raises(UserError, match="closed"):
        await world.alone.turns.move(
            await world.person(BEN), space, turn.id, turn.moves, Move.SAID_BACK
        )
