"""A process that dies at any point: nothing lost, nothing twice, or said to be uncertain."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.delivery import (
    Address,
    Channel,
    Kind,
    NoPermissionError,
    OutboxRow,
    OutboxState,
    Personal,
    Reason,
    TryLaterError,
)
from bot.domain.ids import ParticipantId
from bot.errors import StoreError
from bot.scheduling.dispatcher import STUCK
from bot.store.database import SqliteDatabase
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import PAGE, RECEIPT, Delivery

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ADA = Personal(participant_id=ParticipantId("ada"))
STAFF = Channel(key="channel.staff")


async def add(delivery: Delivery, kind: Kind, address: Address = ADA, **changes: Any) -> OutboxRow:
    row = await delivery.outbox.add(kind, address, **{"due_at": delivery.clock(), **changes})
    assert row is not None
    return row


async def state_of(delivery: Delivery, row: OutboxRow) -> tuple[OutboxState, str]:
    found = await delivery.outbox.get(row.id)
    assert found is not None
    return found.state, found.reason


async def die_before_sending(delivery: Delivery) -> None:
    """Claim what is due and die with the request not yet made."""
    delivery.gateway.refuse(asyncio.CancelledError())
    await delivery.dispatcher.drain()
    delivery.gateway.allow()
    delivery.gateway.tries.clear()


async def die_after_sending(delivery: Delivery) -> None:
    """Claim what is due, send it, and die before it is marked."""
    delivery.gateway.died = asyncio.CancelledError()
    await delivery.dispatcher.drain()
    delivery.gateway.died = None
    delivery.gateway.forget_nonces()
    delivery.gateway.tries.clear()


def restart(delivery: Delivery) -> Delivery:
    """Start again on the same database, with the same Discord."""
    return Delivery(delivery.database, delivery.clock, gateway=delivery.gateway)


async def test_a_row_under_way_is_left_alone_for_two_minutes(
    delivery: Delivery, clock: FakeClock
) -> None:
    row = await add(delivery, RECEIPT)
    await die_before_sending(delivery)
    after = restart(delivery)

    clock.advance(STUCK - SECOND)
    await after.run()

    assert await state_of(after, row) == (OutboxState.SENDING, "")
    assert await after.dispatcher.next_at() == clock() + SECOND


async def test_killed_before_the_send_a_page_is_sent_again(
    delivery: Delivery, clock: FakeClock
) -> None:
    page = await add(delivery, PAGE, STAFF)
    await die_before_sending(delivery)
    after = restart(delivery)

    clock.advance(STUCK)
    await after.run()

    assert after.gateway.looked_up == [page.id]
    assert [message.nonce for message in after.gateway.sent] == [page.id]
    assert await state_of(after, page) == (OutboxState.SENT, "")
    assert after.alerts.told == []


async def test_killed_before_the_send_anything_else_is_uncertain_and_told(
    delivery: Delivery, clock: FakeClock
) -> None:
    row = await add(delivery, RECEIPT)
    await die_before_sending(delivery)
    after = restart(delivery)

    clock.advance(STUCK)
    await after.run()
    await after.run()

    assert after.gateway.sent == []
    assert await state_of(after, row) == (OutboxState.UNCERTAIN, Reason.UNRESOLVED)
    assert after.alerts.told == [("uncertain", row.id)]
    assert [one.state for one in after.handlers["receipt"].settled_rows] == [OutboxState.UNCERTAIN]


async def test_killed_between_send_and_mark_the_message_is_found(
    delivery: Delivery, clock: FakeClock
) -> None:
    rows = [await add(delivery, RECEIPT), await add(delivery, PAGE, STAFF)]
    await die_after_sending(delivery)
    after = restart(delivery)

    clock.advance(STUCK)
    await after.run()

    assert len(after.gateway.sent) == 2
    assert after.gateway.tries == []
    for row in rows:
        assert await state_of(after, row) == (OutboxState.SENT, "")
    assert len(after.handlers["receipt"].settled_rows) == 1


async def test_a_page_that_cannot_be_looked_up_is_sent_again(
    delivery: Delivery, clock: FakeClock
) -> None:
    page = await add(delivery, PAGE, STAFF)
    await die_after_sending(delivery)
    after = restart(delivery)
    after.gateway.blind = TryLaterError("502")

    clock.advance(STUCK)
    await after.run()

    assert after.gateway.tries == [page.id]
    assert await state_of(after, page) == (OutboxState.SENT, "")


async def test_anything_else_is_looked_up_until_it_can_be(
    delivery: Delivery, clock: FakeClock
) -> None:
    row = await add(delivery, RECEIPT)
    await die_after_sending(delivery)
    after = restart(delivery)

    for trouble in (TryLaterError("502"), ZeroDivisionError("a bug")):
        after.gateway.blind = trouble
        clock.advance(STUCK)
        await after.run()
        assert await state_of(after, row) == (OutboxState.SENDING, "")

    after.gateway.blind = None
    clock.advance(STUCK)
    await after.run()
    assert await state_of(after, row) == (OutboxState.SENT, "")
    assert len(after.gateway.sent) == 1


async def test_a_place_that_is_closed_holds_no_message(
    delivery: Delivery, clock: FakeClock
) -> None:
    row = await add(delivery, RECEIPT)
    await die_before_sending(delivery)
    after = restart(delivery)
    after.gateway.blind = NoPermissionError("50001")

    clock.advance(STUCK)
    await after.run()

    assert await state_of(after, row) == (OutboxState.UNCERTAIN, Reason.UNRESOLVED)


async def test_a_clock_that_jumped_back_strands_no_row(
    delivery: Delivery, clock: FakeClock
) -> None:
    page = await add(delivery, PAGE, STAFF)
    await die_before_sending(delivery)
    after = restart(delivery)

    clock.advance(-60 * MINUTE)
    await after.run()

    assert await state_of(after, page) == (OutboxState.SENT, "")


async def test_a_row_whose_mark_failed_is_found_later(
    delivery: Delivery, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await add(delivery, RECEIPT)

    async def locked(*args: object) -> None:
        raise StoreError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(delivery.deliveries, "sent", locked)
        await delivery.run()
    assert await state_of(delivery, row) == (OutboxState.SENDING, "")

    clock.advance(STUCK + SECOND)
    await delivery.run()
    assert await state_of(delivery, row) == (OutboxState.SENT, "")
    assert len(delivery.gateway.sent) == 1


async def test_a_row_that_cannot_be_marked_after_looking_is_left_for_a_while(
    delivery: Delivery, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await add(delivery, RECEIPT)
    await die_after_sending(delivery)
    after = restart(delivery)
    clock.advance(STUCK)

    async def locked(*args: object) -> None:
        raise StoreError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(after.deliveries, "sent", locked)
        await after.run()
        await after.run()
    assert after.gateway.looked_up == [row.id]

    clock.advance(STUCK)
    await after.run()
    assert await state_of(after, row) == (OutboxState.SENT, "")


async def test_two_that_recover_at_once_send_a_page_once_more(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock
) -> None:
    page = await add(delivery, PAGE, STAFF)
    await die_before_sending(delivery)
    first, second = restart(delivery), restart(delivery)

    clock.advance(STUCK)
    await asyncio.gather(first.run(), second.run())

    assert [message.nonce for message in delivery.gateway.sent] == [page.id]


async def test_stopping_lets_sends_end(delivery: Delivery) -> None:
    row = await add(delivery, RECEIPT)
    delivery.gateway.hold.clear()
    await delivery.dispatcher.pump()
    await delivery.gateway.begun.wait()

    stopping = asyncio.create_task(delivery.dispatcher.stop())
    await asyncio.sleep(0)
    delivery.gateway.hold.set()
    await stopping

    assert await state_of(delivery, row) == (OutboxState.SENT, "")


async def test_a_stop_between_claiming_and_sending_leaves_no_row_on_its_way(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await add(delivery, RECEIPT)
    marks = delivery.dispatcher._marks
    take, claimed, release = marks.take, asyncio.Event(), asyncio.Event()

    async def slow(*args: Any) -> Any:
        taken = await take(*args)
        claimed.set()
        await release.wait()
        return taken

    monkeypatch.setattr(marks, "take", slow)
    pumping = asyncio.create_task(delivery.dispatcher.pump())
    await claimed.wait()

    pumping.cancel()
    release.set()
    await asyncio.gather(pumping, return_exceptions=True)
    await delivery.dispatcher.stop()

    assert await state_of(delivery, row) == (OutboxState.PENDING, "")
