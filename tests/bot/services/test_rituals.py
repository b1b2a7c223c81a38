"""The daily ritual: declared acts of two, shared days that never go back, private ticks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.delivery import Close, Occasion, Personal, Send
from bot.domain.localtime import ONE_DAY, local_day
from bot.domain.pair import Parting
from bot.domain.recurrence import Occurrence
from bot.domain.ritual import LOOK_BACK, Part, RitualDay, SharedDays, Tick, month_weeks
from bot.errors import UserError
from bot.services.pair_mail import PAIR
from bot.services.rituals import DAY, LOOKING_BACK
from bot.store.audit import HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couples import ADA, BEN, CoupleWorld

DAY_ONE = date(2026, 1, 5)


@pytest.fixture
async def world(
    database: SqliteDatabase, vault: Vault, clock: FakeClock, tmp_path: Path
) -> CoupleWorld:
    made = CoupleWorld(database, vault, clock, HeadFile(tmp_path / "head"))
    await made.couple()
    return made


async def give(
    world: CoupleWorld, user_id: int, part: Part, texts: Sequence[str] = ("a walk",)
) -> RitualDay:
    person, space = await world.person(user_id), await world.space(user_id)
    day = world.rituals.today(space)
    return await world.rituals.give(person, space, part=part, day=day, texts=texts)


async def kinds(world: CoupleWorld, user_id: int) -> list[str]:
    return [kind for kind, _, _ in await world.notes(user_id) if kind == "pair.ritual"]


async def looked_back(world: CoupleWorld, at: datetime) -> Send | Close:
    ada = await world.person(ADA)
    pair_id = (await world.space(ADA)).pair_id
    schedule = await world.schedules.find(
        kind=LOOKING_BACK.name, address=Personal(participant_id=ada.id), subject_id=pair_id
    )
    assert schedule is not None
    occurrence = Occurrence(
        nominal_date=local_day(at, ZoneInfo("UTC")), slot=LOOK_BACK.slots[0].key, due_at=at
    )
    async with world.database.transaction() as tx:
        [decision] = await world.rituals.plan(
            [Occasion(schedule=schedule, occurrence=occurrence)], at, tx
        )
    return decision


async def test_both_parts_make_a_shared_day_which_both_see(world: CoupleWorld) -> None:
    await give(world, ADA, Part.INTENTION, ["call my sponsor"])
    assert await kinds(world, BEN) == ["pair.ritual"]

    await give(world, BEN, Part.THANKS, ["for trying", "read a book"])

    assert await kinds(world, ADA) == ["pair.ritual"]
    for user_id in (ADA, BEN):
        space = await world.space(user_id)
        day = await world.rituals.day(space)
        assert [one.texts for one in day.parts] == [
            ("call my sponsor",),
            ("for trying", "read a book"),
        ]
        assert (await world.rituals.shared(space)).days == {DAY_ONE}


async def test_roles_may_change_from_day_to_day(world: CoupleWorld) -> None:
    for giver, thanker in ((ADA, BEN), (BEN, ADA)):
        await give(world, giver, Part.INTENTION)
        await give(world, thanker, Part.THANKS)
        world.clock.advance(ONE_DAY)

    shared = await world.rituals.shared(await world.space(BEN))
    assert (shared.total, shared.best) == (2, 2)


async def test_each_gives_one_part_of_a_day(world: CoupleWorld) -> None:
    with pytest.raises(UserError, match="no_intention"):
        await give(world, BEN, Part.THANKS)
    await give(world, ADA, Part.INTENTION)

    with pytest.raises(UserError, match=r"ritual\.given"):
        await give(world, ADA, Part.THANKS)
    with pytest.raises(UserError, match="other_gave_intention"):
        await give(world, BEN, Part.INTENTION)


async def test_a_form_of_yesterday_is_refused(world: CoupleWorld) -> None:
    person, space = await world.person(ADA), await world.space(ADA)
    world.clock.advance(ONE_DAY)

    with pytest.raises(UserError, match="day_over"):
        await world.rituals.give(
            person, space, part=Part.INTENTION, day=DAY_ONE, texts=["too late"]
        )
    with pytest.raises(UserError, match="day_over"):
        await world.rituals.tick(space, DAY_ONE, ["call"])


@pytest.mark.parametrize(
    ("texts", "key"),
    [([""], "empty"), ([" \n "], "empty"), (["x" * 4000], "too_long"), (["x", "y" * 301], "long")],
)
async def test_texts_out_of_bounds_are_refused(
    world: CoupleWorld, texts: list[str], key: str
) -> None:
    with pytest.raises(UserError, match=key):
        await give(world, ADA, Part.INTENTION, texts)

    assert await kinds(world, BEN) == []


async def test_what_is_written_is_heeded_and_changes_nothing_else(world: CoupleWorld) -> None:
    await give(world, ADA, Part.INTENTION, [" I want to die "])

    assert world.heeded == [(ADA, "I want to die")]
    assert await kinds(world, BEN) == ["pair.ritual"]


async def test_ticks_are_ones_own(world: CoupleWorld) -> None:
    ada, ben = await world.space(ADA), await world.space(BEN)
    before = await world.seen_by(BEN)

    await world.rituals.tick(ada, DAY_ONE, ["rest", "call", "nonsense"])

    assert await world.rituals.ticks(ada) == (Tick.CALL, Tick.REST)
    assert await world.rituals.ticks(ben) == ()
    assert await world.seen_by(BEN) == before


async def test_nothing_comes_to_someone_who_left_and_the_giver_sees_no_difference(
    world: CoupleWorld,
) -> None:
    space = await world.space(ADA)
    await world.life.leave(await world.person(BEN), space.pair_id, Parting.LEFT, world.hands)

    day = await give(world, ADA, Part.INTENTION)

    assert day.part(Part.INTENTION) is not None
    assert await kinds(world, BEN) == []


async def test_a_leaver_can_give_nothing(world: CoupleWorld) -> None:
    person, space = await world.person(BEN), await world.space(BEN)
    await world.life.leave(person, space.pair_id, Parting.LEFT, world.hands)

    with pytest.raises(UserError, match=r"together\.closed"):
        await world.rituals.give(person, space, part=Part.INTENTION, day=DAY_ONE, texts=["late"])


async def test_shared_days_stay_when_the_other_ones_words_are_deleted(world: CoupleWorld) -> None:
    await give(world, ADA, Part.INTENTION, ["mine"])
    await give(world, BEN, Part.THANKS)

    await world.everyday.rituals.forget((await world.person(BEN)).id)

    space = await world.space(ADA)
    day = await world.rituals.day(space)
    assert [one.texts for one in day.parts] == [("mine",)]
    assert (await world.rituals.shared(space)).total == 1


async def test_sunday_looks_back_on_weeks_with_shared_days_only(world: CoupleWorld) -> None:
    sunday = datetime(2026, 1, 11, 19, tzinfo=ZoneInfo("UTC"))
    nothing = await looked_back(world, sunday)
    await give(world, ADA, Part.INTENTION)
    only_one = await looked_back(world, sunday)
    await give(world, BEN, Part.THANKS)

    found = await looked_back(world, sunday)

    assert isinstance(nothing, Close)
    assert isinstance(only_one, Close)
    assert isinstance(found, Send)
    pair_id = (await world.space(ADA)).pair_id
    assert found.args == {DAY: "2026-01-11", PAIR: pair_id}
    assert isinstance(await looked_back(world, sunday + timedelta(days=7)), Close)


async def test_the_look_back_follows_ones_own_zone_and_ends_with_leaving(
    world: CoupleWorld,
) -> None:
    ben = await world.person(BEN)
    pair_id = (await world.space(BEN)).pair_id
    address = Personal(participant_id=ben.id)
    await world.rituals.reschedule(ben)
    found = await world.schedules.find(kind=LOOKING_BACK.name, address=address, subject_id=pair_id)
    assert found is not None

    await world.life.leave(ben, pair_id, Parting.LEFT, world.hands)

    assert not await world.schedules.find(
        kind=LOOKING_BACK.name, address=address, subject_id=pair_id
    )


@pytest.mark.parametrize(
    ("days", "best"),
    [([], 0), ([5], 1), ([5, 6, 9], 2), ([1, 3, 5], 1), ([1, 2, 4, 5, 6], 3)],
)
def test_total_and_best_never_go_back(days: list[int], best: int) -> None:
    shared = SharedDays(days=frozenset(date(2026, 1, day) for day in days))

    assert (shared.total, shared.best) == (len(days), best)


@pytest.mark.parametrize(
    ("first", "weeks", "lead"),
    [(date(2026, 1, 1), 5, 3), (date(2026, 2, 1), 5, 6), (date(2027, 2, 1), 4, 0)],
)
def test_a_month_is_laid_out_in_whole_weeks(first: date, weeks: int, lead: int) -> None:
    found = month_weeks(first)

    assert (len(found), found[0].count(None)) == (weeks, lead)
    assert {len(week) for week in found} == {7}
    days = [day for week in found for day in week if day is not None]
    assert days == sorted(days)
    assert {day.month for day in days} == {first.month}
