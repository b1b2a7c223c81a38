"""The outbox on a real file, as services and the dispatcher see it."""

from datetime import date

import pytest

from bot.domain.delivery import (
    OutboxState,
    Reason,
    SentRef,
)
from bot.domain.ids import OutboxId, ScheduleId
from bot.store.database import SqliteDatabase
from bot.store.deliveries import DeliveryStore
from bot.store.outbox import OutboxStore
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import PAGE, RECEIPT, join
from tests.fakes.outbox import ADA, BOB, HOUR, MINUTE, STAFF, add, occurrence


@pytest.fixture
async def outbox(database: SqliteDatabase) -> OutboxStore:
    await join(database, "ada")
    await join(database, "bob")
    return OutboxStore(database)


@pytest.fixture
def deliveries(database: SqliteDatabase) -> DeliveryStore:
    return DeliveryStore(database)


async def test_a_one_off_is_kept_as_added(outbox: OutboxStore, clock: FakeClock) -> None:
    added = await outbox.add(
        RECEIPT,
        ADA,
        due_at=clock(),
        subject_id="case",
        args={"case": "abc", "key": "receipt.claimed"},
        expires_at=clock() + HOUR,
        key="case:claimed",
    )

    assert added is not None
    assert len(added.id) == 22
    assert await outbox.get(added.id) == added


async def test_the_same_key_adds_nothing(outbox: OutboxStore, clock: FakeClock) -> None:
    await outbox.add(PAGE, STAFF, due_at=clock(), key="case:rung:2")

    assert await outbox.add(PAGE, STAFF, due_at=clock(), key="case:rung:2") is None


async def test_a_snooze_is_the_next_attempt_once(
    outbox: OutboxStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    row = occurrence(clock())
    async with database.transaction() as tx:
        await outbox.insert(tx, [row])

    again = await outbox.again(row, due_at=clock() + HOUR, expires_at=clock() + 2 * HOUR)
    twice = await outbox.again(row, due_at=clock() + HOUR)

    assert again is not None
    assert (again.attempt, again.nominal_date, again.slot) == (1, row.nominal_date, row.slot)
    assert await outbox.get(again.id) == again
    assert twice is None
    assert await outbox.again(again, due_at=clock() + 2 * HOUR) is not None


async def test_a_one_off_is_snoozed_once_too(outbox: OutboxStore, clock: FakeClock) -> None:
    row = await add(outbox)

    assert await outbox.again(row, due_at=clock() + HOUR) is not None
    assert await outbox.again(row, due_at=clock() + HOUR) is None


async def test_what_was_decided_is_known_by_schedule_date_and_slot(
    outbox: OutboxStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        await outbox.insert(tx, [occurrence(clock()), occurrence(clock(), schedule="s2")])

        found = await outbox.decided(tx, [ScheduleId("s1")], date(2026, 1, 5))
        later = await outbox.decided(tx, [ScheduleId("s1")], date(2026, 1, 6))

    assert found == {("s1", date(2026, 1, 5), "09:00")}
    assert later == set()


async def test_a_note_is_only_for_a_person(outbox: OutboxStore, clock: FakeClock) -> None:
    mine = await add(outbox, args={"goal": "g"})
    theirs = await outbox.add(PAGE, STAFF, due_at=clock())
    assert theirs is not None

    note = await outbox.note(mine.id)

    assert note is not None
    assert (note.kind, note.participant_id, note.args, note.sent_at, note.is_open) == (
        "reminder",
        "ada",
        {"goal": "g"},
        None,
        True,
    )
    assert await outbox.note(theirs.id) is None
    assert await outbox.note(OutboxId("nobody")) is None


async def test_close_for_silences_what_fits(outbox: OutboxStore, clock: FakeClock) -> None:
    mine = await add(outbox, subject_id="goal")
    other_subject = await add(outbox, subject_id="other")
    theirs = await add(outbox, address=BOB, subject_id="goal")

    count = await outbox.close_for(
        now=clock(), reason="answered", participant_id=ADA.participant_id, subject_id="goal"
    )

    closed = await outbox.get(mine.id)
    assert count == 1
    assert closed is not None
    assert (closed.state, closed.reason, closed.closed_at) == (
        OutboxState.CLOSED,
        "answered",
        clock(),
    )
    for row in (other_subject, theirs):
        assert await outbox.get(row.id) == row


async def test_close_for_takes_kinds_dates_and_schedules(
    outbox: OutboxStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    rows = [occurrence(clock()), occurrence(clock(), "14:00"), occurrence(clock(), schedule="s2")]
    async with database.transaction() as tx:
        await outbox.insert(tx, rows)
        none = await outbox.close_for(
            now=clock(), reason="away", participant_id=ADA.participant_id, kinds=["page"], tx=tx
        )
        two = await outbox.close_for(
            now=clock(),
            reason="answered",
            schedule_id=ScheduleId("s1"),
            nominal_date=date(2026, 1, 5),
            tx=tx,
        )
        one = await outbox.close_for(
            now=clock(), reason="away", participant_id=ADA.participant_id, kinds=["prompt"], tx=tx
        )

    assert (none, two, one) == (0, 2, 1)


async def test_close_for_nobody_in_particular_is_refused(
    outbox: OutboxStore, clock: FakeClock
) -> None:
    with pytest.raises(ValueError, match="whose"):
        await outbox.close_for(now=clock(), reason="answered", kinds=["prompt"])


async def test_a_sent_notice_opens_no_more_once_silenced(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    row = await add(outbox)
    async with database.transaction() as tx:
        await deliveries.claim(tx, row.id, clock())
        await deliveries.sent(tx, row.id, SentRef(channel_id=1, message_id=2), clock())

    kept = await outbox.close_for(now=clock(), reason="answered", participant_id=ADA.participant_id)
    silenced = await outbox.close_for(
        now=clock(), reason="answered", participant_id=ADA.participant_id, also_sent=True
    )

    note, after = await outbox.note(row.id), await outbox.get(row.id)
    assert (kept, silenced) == (0, 1)
    assert note is not None
    assert not note.is_open
    assert after is not None
    assert after.state is OutboxState.SENT


async def test_after_a_restore_what_was_due_before_is_closed(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    on_its_way, waiting = await add(outbox), await add(outbox)
    later = await add(outbox, due_at=clock() + HOUR)
    async with database.transaction() as tx:
        await deliveries.claim(tx, on_its_way.id, clock())

    count = await outbox.close_before(clock() + MINUTE, clock() + MINUTE)

    assert count == 2
    for row in (on_its_way, waiting):
        closed = await outbox.get(row.id)
        assert closed is not None
        assert (closed.state, closed.reason) == (OutboxState.CLOSED, Reason.RESTORED)
    assert await outbox.get(later.id) == later


async def test_pruning_leaves_what_is_not_settled(outbox: OutboxStore, clock: FakeClock) -> None:
    waiting = await add(outbox, subject_id="a")
    await add(outbox, subject_id="b")
    await outbox.close_for(now=clock(), reason="answered", subject_id="b")

    assert await outbox.prune(clock()) == 0
    assert await outbox.prune(clock() + HOUR) == 1
    assert await outbox.get(waiting.id) == waiting


async def test_export_and_forget_take_one_person(
    outbox: OutboxStore, database: SqliteDatabase
) -> None:
    await add(outbox, args={"goal": "g"})
    theirs = await add(outbox, address=BOB)

    exported = await outbox.export(ADA.participant_id)
    async with database.transaction() as tx:
        await outbox.forget(ADA.participant_id, tx)

    assert [(row["participant_id"], row["args"]) for row in exported] == [("ada", {"goal": "g"})]
    assert await outbox.export(ADA.participant_id) == []
    assert await outbox.get(theirs.id) == theirs
