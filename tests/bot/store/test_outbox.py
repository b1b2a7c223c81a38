"""The outbox on a real file, as services and the dispatcher see it."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.delivery import (
    Address,
    Channel,
    OutboxRow,
    OutboxState,
    Personal,
    Priority,
    Reason,
    SentRef,
)
from bot.domain.ids import OutboxId, ParticipantId, ScheduleId, new_id
from bot.store.database import SqliteDatabase, Transaction
from bot.store.deliveries import DeliveryStore, savepoint
from bot.store.outbox import OutboxStore
from tests.fakes.clock import START, FakeClock
from tests.fakes.delivery import PAGE, PROMPT, RECEIPT, REMINDER, SUMMARY, join

ADA = Personal(participant_id=ParticipantId("ada"))
BOB = Personal(participant_id=ParticipantId("bob"))
STAFF = Channel(key="channel.staff")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def outbox(database: SqliteDatabase) -> OutboxStore:
    await join(database, "ada")
    await join(database, "bob")
    return OutboxStore(database)


@pytest.fixture
def deliveries(database: SqliteDatabase) -> DeliveryStore:
    return DeliveryStore(database)


def occurrence(now: datetime, slot: str = "09:00", schedule: str = "s1") -> OutboxRow:
    return OutboxRow(
        id=OutboxId(new_id()),
        kind=PROMPT.name,
        priority=PROMPT.priority,
        address=ADA,
        schedule_id=ScheduleId(schedule),
        nominal_date=date(2026, 1, 5),
        slot=slot,
        due_at=now,
        send_after=now,
    )


async def claimed(
    deliveries: DeliveryStore, tx: Transaction, row: OutboxRow, at: datetime
) -> OutboxRow:
    found = await deliveries.claim(tx, row.id, at)
    assert found is not None
    return found


async def add(outbox: OutboxStore, *, address: Address = ADA, **changes: Any) -> OutboxRow:
    given = {"due_at": START, **changes}
    row = await outbox.add(REMINDER, address, **given)
    assert row is not None
    return row


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


async def test_ready_rows_come_by_priority_and_then_by_time(
    outbox: OutboxStore, deliveries: DeliveryStore, clock: FakeClock
) -> None:
    prompt = await outbox.add(PROMPT, ADA, due_at=clock() - 2 * HOUR)
    late = await outbox.add(SUMMARY, ADA, due_at=clock())
    early = await outbox.add(SUMMARY, ADA, due_at=clock() - HOUR)
    page = await outbox.add(PAGE, STAFF, due_at=clock())
    await outbox.add(PAGE, STAFF, due_at=clock() + MINUTE)

    rows = await deliveries.ready(clock(), 10)
    cases = await deliveries.ready(clock(), 10, least=Priority.CASE)
    free = await deliveries.ready(clock(), 10, busy=["ada", STAFF.key])
    none = await deliveries.ready(clock(), 10, busy=["ada"], full=[STAFF.key])

    assert rows == [page, early, late, prompt]
    assert cases == free == [page]
    assert none == []
    assert await deliveries.ready(clock(), 2) == [page, early]


async def test_a_row_is_claimed_once(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    row = await add(outbox)

    async with database.transaction() as tx:
        mine = await deliveries.claim(tx, row.id, clock())
        theirs = await deliveries.claim(tx, row.id, clock())

    assert mine is not None
    assert (mine.state, mine.tries, mine.claimed_at) == (OutboxState.SENDING, 1, clock())
    assert theirs is None


async def test_a_late_verdict_does_not_touch_a_row_claimed_again(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    row = await add(outbox)
    async with database.transaction() as tx:
        first = await claimed(deliveries, tx, row, clock())
        await deliveries.put_off(tx, first, clock(), Reason.TRY_LATER)
        second = await claimed(deliveries, tx, row, clock() + MINUTE)

        await deliveries.put_off(tx, first, clock() + HOUR, Reason.TRY_LATER)
        settled = await deliveries.settle(
            tx, first, OutboxState.UNCERTAIN, Reason.UNRESOLVED, clock()
        )
    await deliveries.look_later(first, clock() + HOUR)

    assert settled is None
    assert await outbox.get(row.id) == second


async def test_merging_closes_the_others_of_this_kind_for_this_person(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    first, second = await add(outbox), await add(outbox, args={"goal": "g2"})
    later = await add(outbox, due_at=clock() + HOUR)
    theirs = await add(outbox, address=BOB)

    async with database.transaction() as tx:
        carrier = await claimed(deliveries, tx, first, clock())
        merged = await deliveries.merge(tx, carrier, clock())

    assert [(row.id, row.reason, row.merged_into) for row in merged] == [
        (second.id, Reason.MERGED, first.id)
    ]
    assert [note.args for note in await outbox.merged(first.id)] == [{"goal": "g2"}]
    for row in (later, theirs):
        assert await outbox.get(row.id) == row


async def test_merging_takes_what_is_paused_or_put_off_too(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    carrier, paused, put_off = await add(outbox), await add(outbox), await add(outbox)

    async with database.transaction() as tx:
        await deliveries.pause(tx, paused.id, "threads")
        await deliveries.hold(tx, put_off.id, clock() + HOUR)
        merged = await deliveries.merge(
            tx, await claimed(deliveries, tx, carrier, clock()), clock()
        )

    assert {row.id for row in merged} == {paused.id, put_off.id}


def day_of(row: OutboxRow, day: int) -> OutboxRow:
    moment = START.replace(day=day)
    return replace(row, nominal_date=moment.date(), due_at=moment, send_after=moment)


async def test_a_later_occurrence_that_is_due_overtakes_the_ones_before(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    first, second, third = (day_of(occurrence(clock()), day) for day in (1, 5, 9))
    other = day_of(occurrence(clock(), schedule="s2"), 1)
    one_off = await add(outbox)
    async with database.transaction() as tx:
        await outbox.insert(tx, [first, second, third, other])
    ids = [row.id for row in (first, second, third, other, one_off)]

    assert await deliveries.overtaken(ids, clock()) == {first.id}

    async with database.transaction() as tx:
        await claimed(deliveries, tx, second, clock())
        await deliveries.sent(tx, second.id, SentRef(channel_id=1, message_id=2), clock())
    assert await deliveries.overtaken(ids, clock()) == {first.id}


async def test_an_occurrence_that_was_closed_overtakes_nothing(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    first, second = (day_of(occurrence(clock()), day) for day in (1, 5))
    async with database.transaction() as tx:
        await outbox.insert(tx, [first, second])
        await deliveries.close(tx, second.id, Reason.EXCUSED, clock())

    assert await deliveries.overtaken([first.id], clock()) == set()


async def test_a_scope_is_probed_with_a_row_still_worth_sending(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    overtaken, live = (day_of(occurrence(clock()), day) for day in (1, 5))
    expired = day_of(occurrence(clock(), schedule="s2"), 1)
    expired = replace(expired, expires_at=clock())
    async with database.transaction() as tx:
        await outbox.insert(tx, [overtaken, live, expired])
        for row in (overtaken, live, expired):
            await deliveries.pause(tx, row.id, "threads")
        await deliveries.probe_scope(tx, "threads", clock(), clock() + HOUR)

    assert [row.id for row in await deliveries.ready(clock(), 10)] == [live.id]


async def test_where_no_row_is_worth_sending_all_are_let_go_to_be_closed(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    stale = [
        replace(occurrence(clock(), schedule=schedule), expires_at=clock())
        for schedule in ("s1", "s2")
    ]
    async with database.transaction() as tx:
        await outbox.insert(tx, stale)
        for row in stale:
            await deliveries.pause(tx, row.id, "threads")
        await deliveries.probe_scope(tx, "threads", clock(), clock() + HOUR)

    assert len(await deliveries.ready(clock(), 10)) == 2


async def test_next_at_is_the_first_of_sending_looking_up_and_trying_again(
    outbox: OutboxStore, deliveries: DeliveryStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    assert await deliveries.next_at(2 * MINUTE) is None

    row = await add(outbox, due_at=clock() + HOUR)
    assert await deliveries.next_at(2 * MINUTE) == clock() + HOUR

    async with database.transaction() as tx:
        await deliveries.claim(tx, row.id, clock())
    assert await deliveries.next_at(2 * MINUTE) == clock() + 2 * MINUTE

    async with database.transaction() as tx:
        await deliveries.pause_scope(tx, "threads", clock(), clock() + MINUTE)
    assert await deliveries.next_at(2 * MINUTE) == clock() + MINUTE


async def test_a_failed_savepoint_undoes_only_itself(
    outbox: OutboxStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    kept, undone = occurrence(clock()), occurrence(clock(), "14:00")

    async with database.transaction() as tx:
        await outbox.insert(tx, [kept])
        with pytest.raises(RuntimeError):
            await fail_after_inserting(tx, outbox, undone)

    assert await outbox.get(kept.id) == kept
    assert await outbox.get(undone.id) is None


async def fail_after_inserting(tx: Transaction, outbox: OutboxStore, row: OutboxRow) -> None:
    async with savepoint(tx):
        await outbox.insert(tx, [row])
        raise RuntimeError("undo this")
