"""The outbox as the dispatcher sees it, on a real file."""

from dataclasses import replace

import pytest

from bot.domain.delivery import (
    OutboxRow,
    OutboxState,
    Priority,
    Reason,
    SentRef,
)
from bot.store.database import SqliteDatabase, Transaction
from bot.store.deliveries import DeliveryStore, savepoint
from bot.store.outbox import OutboxStore
from tests.fakes.clock import START, FakeClock
from tests.fakes.delivery import PAGE, PROMPT, SUMMARY, join
from tests.fakes.outbox import ADA, BOB, HOUR, MINUTE, STAFF, add, claimed, occurrence


@pytest.fixture
async def outbox(database: SqliteDatabase) -> OutboxStore:
    await join(database, "ada")
    await join(database, "bob")
    return OutboxStore(database)


@pytest.fixture
def deliveries(database: SqliteDatabase) -> DeliveryStore:
    return DeliveryStore(database)


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
