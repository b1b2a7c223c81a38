"""Goals in the database: whose words are whose, and what stays when one of two is forgotten."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.goal import DayCount, GoalMark, GoalPart, GoalTexts, PartState, Pause, Topic
from bot.domain.ids import GoalId, ParticipantId, PartId, new_id
from bot.domain.progress import Mark
from bot.domain.recurrence import Daily, Rule, Slot
from bot.store.database import SqliteDatabase
from bot.store.day_counts import DayCountStore
from bot.store.goals import GoalStore
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import join

MONDAY = date(2026, 1, 5)
RULE = Rule(dates=Daily(), slots=(Slot(at=FakeClock()().time(), key="1200"),))
WORDS = GoalTexts(what="Walk", when="every day at noon", plan_b="Stairs")


@pytest.fixture
def store(database: SqliteDatabase, vault: Vault) -> GoalStore:
    return GoalStore(database, vault)


def made(clock: FakeClock, who: ParticipantId, goal_id: str | None = None) -> GoalPart:
    return GoalPart(
        id=PartId(new_id()),
        goal_id=GoalId(goal_id or new_id()),
        participant_id=who,
        topic=Topic.OWN_LIFE,
        state=PartState.ACTIVE,
        is_shared=goal_id is not None,
        rule=RULE,
        pauses=[Pause(first=MONDAY, last=MONDAY), Pause(first=MONDAY + timedelta(days=3))],
        review_on=date(2026, 2, 2),
        shows=True,
        readings=[RULE],
        created_at=clock(),
        changed_at=clock(),
    )


async def put(database: SqliteDatabase, store: GoalStore, part: GoalPart) -> GoalPart:
    sealed = await store.seal(part, WORDS)
    async with database.transaction() as tx:
        await store.start(tx, part)
        await store.put_texts(tx, part, sealed)
    return part


async def test_a_part_comes_back_as_it_was(
    database: SqliteDatabase, store: GoalStore, clock: FakeClock
) -> None:
    part = await put(database, store, made(clock, await join(database, "ana")))

    assert await store.get(part.id, part.participant_id) == part
    assert await store.texts(part) == WORDS
    paused = replace(part, state=PartState.PAUSED, rule=None, readings=[], review_on=None)
    await store.save(paused)
    assert await store.get(part.id, part.participant_id) == paused


async def test_a_part_is_found_by_its_owner_alone(
    database: SqliteDatabase, store: GoalStore, clock: FakeClock
) -> None:
    part = await put(database, store, made(clock, await join(database, "ana")))

    assert await store.get(part.id, await join(database, "ben")) is None


async def test_words_that_wait_leave_those_that_hold(
    database: SqliteDatabase, store: GoalStore, clock: FakeClock
) -> None:
    part = await put(database, store, made(clock, await join(database, "ana")))
    later = replace(WORDS, what="Run")
    sealed = await store.seal(part, later, is_pending=True)

    async with database.transaction() as tx:
        await store.put_pending(tx, part, sealed)

    assert await store.texts(part) == WORDS
    assert await store.texts(part, is_pending=True) == later


async def test_a_later_mark_takes_the_place_of_an_earlier_one(
    database: SqliteDatabase, store: GoalStore, clock: FakeClock
) -> None:
    part = await put(database, store, made(clock, await join(database, "ana")))
    async with database.transaction() as tx:
        for mark in (Mark.NOT_TODAY, Mark.DONE):
            await store.mark(tx, part, GoalMark(day=MONDAY, slot="1200", mark=mark), clock())

    marks = await store.marks([part.id], MONDAY, MONDAY)

    assert marks == {part.id: [GoalMark(day=MONDAY, slot="1200", mark=Mark.DONE)]}
    assert await store.marks([part.id], MONDAY + timedelta(days=1)) == {}


async def test_forgetting_one_of_two_keeps_the_others_words_and_marks(
    database: SqliteDatabase, store: GoalStore, clock: FakeClock, vault: Vault
) -> None:
    ana, ben = await join(database, "ana"), await join(database, "ben")
    mine = await put(database, store, made(clock, ana, goal_id="together"))
    theirs = made(clock, ben, goal_id="together")
    sealed = await store.seal(theirs, replace(WORDS, what="Ben walks"))
    async with database.transaction() as tx:
        await store.add(tx, theirs)
        await store.put_texts(tx, theirs, sealed)
        await store.mark(tx, theirs, GoalMark(day=MONDAY, slot="", mark=Mark.DONE), clock())

    await store.forget(ana)
    await vault.destroy(ana)

    assert await store.get(mine.id, ana) is None
    left = await store.get(theirs.id, ben)
    assert left is not None
    assert left.state is PartState.CLOSED
    assert await store.texts(theirs) == replace(WORDS, what="Ben walks")
    [told] = await store.export(ben)
    assert told["marks"] == [["2026-01-05", "", "done"]]


@pytest.mark.parametrize("forgotten", ["inviter", "invited"])
async def test_an_invitation_goes_with_its_inviter_and_tells_nothing_without_its_guest(
    database: SqliteDatabase, store: GoalStore, clock: FakeClock, forgotten: str
) -> None:
    ana, ben = await join(database, "ana"), await join(database, "ben")
    waiting = replace(made(clock, ana, goal_id="together"), state=PartState.WAITING)
    await put(database, store, waiting)
    invited = replace(made(clock, ben, goal_id="together"), state=PartState.INVITED)
    async with database.transaction() as tx:
        await store.add(tx, invited)
        assert await store.invited(tx, ana, ben)
        assert not await store.invited(tx, ben, ana)
    before = await store.export(ana)

    await store.forget(ana if forgotten == "inviter" else ben)

    if forgotten == "inviter":
        assert await store.of(ben) == []
        assert await database.fetch_all("SELECT * FROM goals") == []
    else:
        assert await store.export(ana) == before


async def test_an_export_tells_ones_own_part_alone(
    database: SqliteDatabase, store: GoalStore, clock: FakeClock
) -> None:
    ana, ben = await join(database, "ana"), await join(database, "ben")
    mine = await put(database, store, made(clock, ana, goal_id="together"))
    async with database.transaction() as tx:
        await store.add(tx, made(clock, ben, goal_id="together"))

    [told] = await store.export(ana)

    assert told["id"] == mine.id
    assert told["texts"] == {
        "what": "Walk", "when": "every day at noon", "step": "", "obstacle": "", "plan_b": "Stairs",
    }  # fmt: skip
    assert ben not in str(told)


async def test_days_counted_come_back_and_are_due_by_time(
    database: SqliteDatabase, clock: FakeClock
) -> None:
    store = DayCountStore(database)
    ana = await join(database, "ana")
    first = DayCount(id="first", participant_id=ana, first=MONDAY, last=MONDAY)
    second = DayCount(id="second", participant_id=ana, first=MONDAY)
    async with database.transaction() as tx:
        await store.put(tx, first, None)
        await store.put(tx, second, clock() + timedelta(hours=1))

    assert await store.of(ana) == [first, second]
    assert await store.next_at() == clock() + timedelta(hours=1)
    async with database.transaction() as tx:
        assert await store.due(tx, clock(), 10) == []
        assert await store.due(tx, clock() + timedelta(hours=1), 10) == [second]
    await store.forget(ana)
    assert await store.export(ana) == []
