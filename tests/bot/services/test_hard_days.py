"""A hard day: kept without a trace, or told once, at one's own time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.case import CaseSource
from bot.domain.hard_day import Telling, When, telling_time
from bot.domain.pair import Parting
from bot.errors import UserError
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


async def prepared(world: CoupleWorld, when: When = When.NOW, text: str = "I slipped") -> Telling:
    person, space = await world.person(ADA), await world.space(ADA)
    return await world.hard_days.prepare(person, space, text, when)


async def told(world: CoupleWorld, draft: Telling, *, with_team: bool = False) -> Telling:
    person, space = await world.person(ADA), await world.space(ADA)
    return await world.hard_days.tell(person, space, draft.id, with_team=with_team)


async def notes(world: CoupleWorld) -> list[datetime]:
    return [at for kind, at, _ in await world.notes(BEN) if kind == "pair.hard_day"]


async def test_a_draft_is_nobody_elses_and_gone_after_a_day(world: CoupleWorld) -> None:
    before = await world.seen_by(BEN)
    draft = await prepared(world)

    assert await world.seen_by(BEN) == before
    with pytest.raises(UserError, match="note_closed"):
        await world.hard_days.told(await world.space(BEN), draft.id)
    await world.run(world.clock() + timedelta(hours=25))
    with pytest.raises(UserError, match="gone"):
        await told(world, draft)


async def test_told_now_it_comes_in_the_same_minute(world: CoupleWorld) -> None:
    draft = await prepared(world)

    await told(world, draft)

    assert await notes(world) == [world.clock()]
    heard = await world.hard_days.told(await world.space(BEN), draft.id)
    assert heard.text == "I slipped"
    assert world.cases.asked == []


async def test_the_yes_pressed_twice_tells_once_and_asks_the_team_once(
    world: CoupleWorld,
) -> None:
    draft = await prepared(world)

    await told(world, draft, with_team=True)
    await told(world, draft, with_team=True)

    assert len(await notes(world)) == 1
    assert [source for _, source, _, _ in world.cases.asked] == [CaseSource.ASK]


async def test_told_later_it_waits_and_can_be_taken_back_until_then(world: CoupleWorld) -> None:
    first, space = await prepared(world, When.HOUR), await world.space(ADA)
    await told(world, first)
    await world.run(world.clock() + timedelta(minutes=59))
    assert await notes(world) == []
    [waiting] = await world.hard_days.waiting(space)

    await world.hard_days.take_back(space, waiting.id)
    await world.hard_days.take_back(space, waiting.id)
    await world.run(world.clock() + timedelta(hours=1))

    assert await notes(world) == []
    second = await prepared(world, When.HOUR)
    await told(world, second)
    await world.run(world.clock() + timedelta(hours=1))
    assert len(await notes(world)) == 1
    with pytest.raises(UserError, match="told_already"):
        await world.hard_days.take_back(space, second.id)


async def test_nobody_on_watch_for_two_days_tells_it_once_and_late(world: CoupleWorld) -> None:
    await told(world, await prepared(world, When.EVENING))

    await world.run(world.clock() + timedelta(days=2))
    await world.run()

    assert await notes(world) == [world.clock()]


async def test_who_left_tells_nothing_any_more(world: CoupleWorld) -> None:
    await told(world, await prepared(world, When.HOUR))
    ada, space = await world.person(ADA), await world.space(ADA)

    await world.life.leave(ada, space.pair_id, Parting.LEFT, world.hands)
    await world.run(world.clock() + timedelta(hours=2))

    assert await notes(world) == []


async def test_the_teller_sees_the_same_where_the_other_one_left(world: CoupleWorld) -> None:
    ben, space = await world.person(BEN), await world.space(BEN)
    await world.life.leave(ben, space.pair_id, Parting.LEFT, world.hands)

    later, now = await prepared(world, When.HOUR), None
    assert (await told(world, later)).tell_at == world.clock() + timedelta(hours=1)
    await world.run(world.clock() + timedelta(hours=1))
    now = await told(world, await prepared(world))

    assert now.tell_at == world.clock()
    assert await notes(world) == []
    with pytest.raises(UserError, match="told_already"):
        await world.hard_days.take_back(await world.space(ADA), later.id)


async def test_the_yes_holds_for_the_time_that_was_read(world: CoupleWorld) -> None:
    draft = await prepared(world, When.HOUR)
    start = world.clock()
    world.clock.advance(timedelta(minutes=40))
    assert (await told(world, draft)).tell_at == start + timedelta(hours=1)

    late = await prepared(world, When.HOUR)
    world.clock.advance(timedelta(hours=1))
    with pytest.raises(UserError, match="time_passed"):
        await told(world, late)
    assert await notes(world) == []


async def test_three_a_day_are_told(world: CoupleWorld) -> None:
    for _ in range(3):
        await told(world, await prepared(world))

    with pytest.raises(UserError, match="enough"):
        await told(world, await prepared(world))


async def test_nobody_tells_with_the_draft_of_another(world: CoupleWorld) -> None:
    draft = await prepared(world)
    ben, space = await world.person(BEN), await world.space(BEN)

    with pytest.raises(UserError, match="gone"):
        await world.hard_days.tell(ben, space, draft.id, with_team=False)
    with pytest.raises(UserError, match="gone"):
        await world.hard_days.draft(space, draft.id)


@pytest.mark.parametrize(("text", "key"), [("", "empty"), ("x" * 4000, "too_long")])
async def test_texts_out_of_bounds_are_refused(world: CoupleWorld, text: str, key: str) -> None:
    with pytest.raises(UserError, match=key):
        await prepared(world, text=text)


@pytest.mark.parametrize(
    ("when", "now", "expected"),
    [
        (When.NOW, (10, 0), (5, 10, 0)),
        (When.HOUR, (10, 0), (5, 11, 0)),
        (When.EVENING, (10, 0), (5, 19, 0)),
        (When.EVENING, (19, 0), (6, 19, 0)),
        (When.MORNING, (10, 0), (6, 8, 0)),
        (When.MORNING, (23, 30), (7, 8, 0)),
    ],
)
def test_times_are_by_ones_own_clock(
    when: When, now: tuple[int, int], expected: tuple[int, int, int]
) -> None:
    moment = datetime(2026, 1, 5, *now, tzinfo=UTC)

    day, hour, minute = expected
    assert telling_time(when, moment, ZoneInfo("Europe/Berlin")) == datetime(
        2026, 1, day, hour, minute, tzinfo=UTC
    )
