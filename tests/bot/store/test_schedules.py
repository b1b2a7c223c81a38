"""Schedules on a real file."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.delivery import Channel, Personal
from bot.domain.ids import ParticipantId
from bot.domain.localtime import UnknownZoneError
from bot.domain.recurrence import Daily, Rule, Slot
from bot.store.bell import Bell
from bot.store.database import SqliteDatabase
from bot.store.schedules import ScheduleStore
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import join

ADA = Personal(participant_id=ParticipantId("ada"))
STAFF = Channel(key="channel.staff")
AT_NINE = Rule(dates=Daily(), slots=(Slot(at=time(9)),))
AT_TEN = Rule(dates=Daily(), slots=(Slot(at=time(10)),))
DAY = timedelta(days=1)


@pytest.fixture
async def schedules(database: SqliteDatabase) -> ScheduleStore:
    await join(database, "ada")
    await join(database, "bob")
    return ScheduleStore(database)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def test_a_schedule_is_found_as_it_was_put(
    schedules: ScheduleStore, clock: FakeClock
) -> None:
    made = await schedules.put(
        kind="reminder",
        address=ADA,
        subject_id="goal",
        rule=AT_NINE,
        zone="Europe/Madrid",
        now=clock(),
    )

    found = await schedules.find(kind="reminder", address=ADA, subject_id="goal")

    assert found is not None
    assert (found.id, found.address, found.rule, found.zone) == (
        made,
        ADA,
        AT_NINE,
        "Europe/Madrid",
    )
    assert found.decided_until == clock()
    assert found.next_due_at == utc("2026-01-06T08:00")
    assert await schedules.next_due() == utc("2026-01-06T08:00")
    assert await schedules.find(kind="reminder", address=ADA) is None


async def test_putting_twice_changes_the_rule_and_not_the_id(
    schedules: ScheduleStore, clock: FakeClock
) -> None:
    first = await schedules.put(kind="prompt", address=ADA, rule=AT_NINE, zone="UTC", now=clock())
    clock.advance(timedelta(hours=1))

    second = await schedules.put(kind="prompt", address=ADA, rule=AT_TEN, zone="UTC", now=clock())

    found = await schedules.find(kind="prompt", address=ADA)
    assert first == second
    assert found is not None
    assert found.rule == AT_TEN
    assert found.decided_until == clock()
    assert found.next_due_at == utc("2026-01-06T10:00")


async def test_putting_the_same_rule_again_loses_nothing_that_is_due(
    schedules: ScheduleStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    await schedules.put(kind="prompt", address=ADA, rule=AT_NINE, zone="UTC", now=clock())
    clock.advance(DAY)

    await schedules.put(kind="prompt", address=ADA, rule=AT_NINE, zone="UTC", now=clock())

    async with database.transaction() as tx:
        due = await schedules.due(tx, clock(), 10)
    assert [one.decided_until for one in due] == [clock() - DAY]


async def test_a_change_while_the_clock_is_back_decides_nothing_again(
    schedules: ScheduleStore, clock: FakeClock
) -> None:
    await schedules.put(kind="prompt", address=ADA, rule=AT_NINE, zone="UTC", now=clock())

    await schedules.put(kind="prompt", address=ADA, rule=AT_TEN, zone="UTC", now=clock() - DAY)

    found = await schedules.find(kind="prompt", address=ADA)
    assert found is not None
    assert found.decided_until == clock()


async def test_people_and_channels_with_one_kind_have_schedules_of_their_own(
    schedules: ScheduleStore, clock: FakeClock
) -> None:
    for address in (ADA, Personal(participant_id=ParticipantId("bob")), STAFF):
        await schedules.put(kind="summary", address=address, rule=AT_NINE, zone="UTC", now=clock())

    assert await schedules.count_due(clock() + DAY) == 3


async def test_a_removed_schedule_is_gone(schedules: ScheduleStore, clock: FakeClock) -> None:
    await schedules.put(kind="prompt", address=STAFF, rule=AT_NINE, zone="UTC", now=clock())

    assert await schedules.remove(kind="prompt", address=STAFF)
    assert not await schedules.remove(kind="prompt", address=STAFF)
    assert await schedules.next_due() is None


async def test_a_pause_brings_nothing_back(
    schedules: ScheduleStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    await schedules.put(kind="prompt", address=ADA, rule=AT_NINE, zone="UTC", now=clock())

    await schedules.pause(ADA.participant_id)
    clock.advance(3 * DAY)
    assert await schedules.count_due(clock()) == 0
    assert await schedules.next_due() is None

    await schedules.resume(ADA.participant_id, clock())
    async with database.transaction() as tx:
        (due,) = await schedules.due(tx, clock(), 10)
    assert due.decided_until == clock()


async def test_an_unknown_zone_is_refused(schedules: ScheduleStore, clock: FakeClock) -> None:
    with pytest.raises(UnknownZoneError):
        await schedules.put(kind="prompt", address=ADA, rule=AT_NINE, zone="Mars", now=clock())


async def test_due_schedules_come_in_order_and_up_to_a_limit(
    schedules: ScheduleStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    for subject, rule in (("late", AT_TEN), ("early", AT_NINE)):
        await schedules.put(
            kind="prompt", address=STAFF, subject_id=subject, rule=rule, zone="UTC", now=clock()
        )
    later = clock() + DAY

    async with database.transaction() as tx:
        both = await schedules.due(tx, later, 10)
        first = await schedules.due(tx, later, 1)

    assert [one.subject_id for one in both] == ["early", "late"]
    assert [one.subject_id for one in first] == ["early"]
    assert await schedules.due_ids(later, 10) == [one.id for one in both]


async def test_advancing_and_setting_aside_move_when_to_look_next(
    schedules: ScheduleStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    made = await schedules.put(kind="prompt", address=ADA, rule=AT_NINE, zone="UTC", now=clock())

    async with database.transaction() as tx:
        await schedules.advance(tx, [(made, clock() + DAY, clock() + 2 * DAY)])
    assert await schedules.next_due() == clock() + 2 * DAY

    await schedules.set_aside(made, clock() + 3 * DAY)
    found = await schedules.find(kind="prompt", address=ADA)
    assert found is not None
    assert found.decided_until == clock() + DAY
    assert found.next_due_at == clock() + 3 * DAY


async def test_fast_forward_decides_everything_up_to_a_moment(
    schedules: ScheduleStore, clock: FakeClock
) -> None:
    await schedules.put(kind="prompt", address=ADA, rule=AT_NINE, zone="UTC", now=clock())

    await schedules.fast_forward(clock() + 5 * DAY)
    await schedules.fast_forward(clock())

    found = await schedules.find(kind="prompt", address=ADA)
    assert found is not None
    assert found.decided_until == clock() + 5 * DAY


async def test_export_and_forget_take_one_person(
    schedules: ScheduleStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    bob = ParticipantId("bob")
    await schedules.put(kind="prompt", address=ADA, rule=AT_NINE, zone="UTC", now=clock())
    await schedules.put(
        kind="prompt",
        address=Personal(participant_id=bob),
        rule=AT_NINE,
        zone="UTC",
        now=clock(),
    )

    exported = await schedules.export(ADA.participant_id)
    async with database.transaction() as tx:
        await schedules.forget(ADA.participant_id, tx)

    assert [(row["kind"], row["participant_id"]) for row in exported] == [("prompt", "ada")]
    assert exported[0]["rule"] == {
        "dates": {"daily": 1},
        "slots": [{"at": "09:00:00", "key": "09:00"}],
    }
    assert await schedules.export(ADA.participant_id) == []
    assert len(await schedules.export(bob)) == 1


async def test_changes_ring_the_bell(database: SqliteDatabase, clock: FakeClock) -> None:
    await join(database, "ada")
    rings: list[str] = []
    bell = Bell()
    schedules = ScheduleStore(database, bell)
    bell.ring()
    bell.listen(lambda: rings.append("ring"))

    await schedules.put(kind="prompt", address=ADA, rule=AT_NINE, zone="UTC", now=clock())
    await schedules.pause(ADA.participant_id)
    await schedules.resume(ADA.participant_id, clock())

    assert len(rings) == 2
