"""The dispatcher: order, pace, holding, silence."""

import asyncio
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.domain.delivery import (
    Address,
    CatchUp,
    Channel,
    Kind,
    Kinds,
    OutboxRow,
    OutboxState,
    Personal,
    Priority,
    Reason,
)
from bot.domain.ids import ParticipantId
from bot.domain.localtime import QuietHours, find_zone
from bot.scheduling.dispatcher import BATCH, IN_FLIGHT
from bot.scheduling.pacer import Pacer
from bot.store.database import SqliteDatabase
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import (
    KINDS,
    PAGE,
    PROMPT,
    RECEIPT,
    REMINDER,
    SUMMARY,
    Delivery,
    join,
)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ADA = Personal(participant_id=ParticipantId("ada"))
BOB = Personal(participant_id=ParticipantId("bob"))
STAFF = Channel(key="channel.staff")


async def add(delivery: Delivery, kind: Kind, address: Address = ADA, **changes: Any) -> OutboxRow:
    row = await delivery.outbox.add(kind, address, **{"due_at": delivery.clock(), **changes})
    assert row is not None
    return row


async def now_of(delivery: Delivery, row: OutboxRow) -> OutboxRow:
    found = await delivery.outbox.get(row.id)
    assert found is not None
    return found


async def test_a_message_is_sent_once_and_marked(delivery: Delivery, clock: FakeClock) -> None:
    row = await add(delivery, RECEIPT)

    await delivery.run()
    await delivery.run()

    (message,) = delivery.gateway.sent
    sent = await now_of(delivery, row)
    assert (message.address, message.rendered, message.nonce) == (ADA, "receipt", row.id)
    assert (sent.state, sent.sent_at, sent.tries) == (OutboxState.SENT, clock(), 1)
    assert (sent.channel_id, sent.message_id) == (message.ref.channel_id, message.ref.message_id)
    assert [settled.id for settled in delivery.handlers["receipt"].settled_rows] == [row.id]


async def test_nothing_goes_before_its_time(delivery: Delivery, clock: FakeClock) -> None:
    await add(delivery, RECEIPT, due_at=clock() + MINUTE)

    await delivery.run()
    assert delivery.gateway.sent == []
    assert await delivery.dispatcher.next_at() == clock() + MINUTE

    clock.advance(MINUTE)
    await delivery.run()
    assert len(delivery.gateway.sent) == 1
    assert await delivery.dispatcher.next_at() is None


async def test_priority_decides_and_then_time(delivery: Delivery, clock: FakeClock) -> None:
    await add(delivery, PROMPT, due_at=clock() - HOUR)
    await add(delivery, SUMMARY, BOB)
    await add(delivery, RECEIPT, due_at=clock() - MINUTE)
    await add(delivery, PAGE, STAFF)

    await delivery.run()

    assert [message.rendered for message in delivery.gateway.sent] == [
        "page",
        "receipt",
        "summary",
        "prompt",
    ]


async def test_a_page_overtakes_prompts_under_way(
    delivery: Delivery, database: SqliteDatabase
) -> None:
    for number in range(200):
        person = await join(database, f"p{number}")
        await add(delivery, PROMPT, Personal(participant_id=person))
    draining = asyncio.create_task(delivery.dispatcher.drain())
    await delivery.gateway.arrived.wait()

    before = len(delivery.gateway.tries)
    page = await add(delivery, PAGE, STAFF)
    await draining

    place = delivery.gateway.tries.index(page.id)
    assert place - before <= 2 * BATCH
    assert len(delivery.gateway.sent) == 201


async def test_a_few_sends_are_under_way_at_once(
    delivery: Delivery, database: SqliteDatabase
) -> None:
    for number in range(IN_FLIGHT + 10):
        person = await join(database, f"p{number}")
        await add(delivery, PROMPT, Personal(participant_id=person))
    delivery.gateway.hold.clear()

    launched = await delivery.dispatcher.pump()
    assert launched == IN_FLIGHT

    delivery.gateway.hold.set()
    await delivery.dispatcher.drain()
    assert delivery.gateway.most_at_once == IN_FLIGHT
    assert len(delivery.gateway.sent) == IN_FLIGHT + 10


async def test_one_place_gets_its_messages_in_order(delivery: Delivery, clock: FakeClock) -> None:
    rows = [
        await add(delivery, RECEIPT, STAFF, due_at=clock() - number * MINUTE) for number in range(6)
    ]

    await delivery.run()

    assert delivery.gateway.most_at_once == 1
    assert delivery.gateway.tries == [row.id for row in reversed(rows)]


async def test_a_hanging_message_does_not_hold_back_a_page(delivery: Delivery) -> None:
    receipt = await add(delivery, RECEIPT, STAFF)
    delivery.gateway.hold.clear()
    await delivery.dispatcher.pump()
    page = await add(delivery, PAGE, STAFF)
    await add(delivery, RECEIPT, STAFF)

    await delivery.dispatcher.pump()
    await delivery.gateway.begun.wait()
    assert delivery.gateway.tries == [receipt.id, page.id]

    delivery.gateway.hold.set()
    await delivery.dispatcher.drain()
    assert len(delivery.gateway.sent) == 3


async def test_two_dispatchers_at_once_send_nothing_twice(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock
) -> None:
    for number in range(40):
        person = await join(database, f"p{number}")
        await add(delivery, PROMPT, Personal(participant_id=person))
    other = Delivery(database, clock, gateway=delivery.gateway)

    await asyncio.gather(delivery.run(), other.run(), delivery.run())

    assert len(delivery.gateway.tries) == len(set(delivery.gateway.tries)) == 40


async def test_what_expired_is_closed_and_told(delivery: Delivery, clock: FakeClock) -> None:
    row = await add(delivery, SUMMARY, expires_at=clock() + HOUR)
    clock.advance(HOUR)

    await delivery.run()

    closed = await now_of(delivery, row)
    assert (closed.state, closed.reason) == (OutboxState.CLOSED, Reason.EXPIRED)
    assert delivery.handlers["summary"].settled_rows == [closed]
    assert delivery.gateway.sent == []


async def test_quiet_hours_hold_a_message_until_they_end(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    delivery.people.change(ada, quiet=QuietHours(start=time(11), end=time(14)))
    row = await add(delivery, SUMMARY)

    await delivery.run()
    assert delivery.gateway.sent == []
    assert (await now_of(delivery, row)).send_after == clock() + 2 * HOUR

    clock.advance(2 * HOUR)
    await delivery.run()
    assert len(delivery.gateway.sent) == 1


async def test_quiet_hours_are_the_persons_own(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    tokyo = find_zone("Asia/Tokyo")  # 21:00 at the start
    delivery.people.change(ada, zone=tokyo, quiet=QuietHours(start=time(20), end=time(7)))
    row = await add(delivery, SUMMARY)

    await delivery.run()

    assert (await now_of(delivery, row)).send_after == clock() + 10 * HOUR


async def test_what_would_expire_in_quiet_hours_is_closed(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    delivery.people.change(ada, quiet=QuietHours(start=time(11), end=time(14)))
    row = await add(delivery, SUMMARY, expires_at=clock() + 2 * HOUR)

    await delivery.run()

    assert (await now_of(delivery, row)).reason == Reason.QUIET


async def test_who_is_away_gets_nothing_unasked(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    today = clock().date()
    delivery.people.change(ada, away=((today - DAY, today),))
    row = await add(delivery, SUMMARY)

    await delivery.run()

    assert (await now_of(delivery, row)).reason == Reason.EXCUSED
    assert delivery.gateway.sent == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
async def test_away_and_quiet_hours_hold_only_kinds_that_honour_them(
    delivery: Delivery, ada: ParticipantId, kind: Kind
) -> None:
    always = ((date(2000, 1, 1), date(2100, 1, 1)),)
    delivery.people.change(ada, away=always, quiet=QuietHours(start=time(0), end=time(23, 59)))
    await add(delivery, kind)

    await delivery.run()

    assert len(delivery.gateway.sent) == (0 if kind.honours_away else 1)


async def test_who_cannot_be_reached_is_not_tried(delivery: Delivery, ada: ParticipantId) -> None:
    delivery.people.change(ada, is_reachable=False)
    row = await add(delivery, RECEIPT)

    await delivery.run()

    assert (await now_of(delivery, row)).reason == Reason.UNREACHABLE
    assert delivery.gateway.tries == []
    assert len(delivery.handlers["receipt"].settled_rows) == 1


async def test_reminders_due_together_come_as_one(delivery: Delivery, clock: FakeClock) -> None:
    rows = [await add(delivery, REMINDER, subject_id=f"g{number}") for number in range(3)]
    later = await add(delivery, REMINDER, due_at=clock() + HOUR)
    theirs = await add(delivery, REMINDER, BOB)

    await delivery.run()

    assert sorted(message.nonce for message in delivery.gateway.sent) == sorted(
        [rows[0].id, theirs.id]
    )
    states = [(await now_of(delivery, row)).state for row in rows]
    assert states == [OutboxState.SENT, OutboxState.CLOSED, OutboxState.CLOSED]
    assert (await now_of(delivery, later)).state is OutboxState.PENDING
    told = {row.id: row.reason for row in delivery.handlers["reminder"].settled_rows}
    assert told == {rows[0].id: "", rows[1].id: "merged", rows[2].id: "merged", theirs.id: ""}


async def test_once_answered_everything_else_falls_silent(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    await add(delivery, SUMMARY, subject_id="goal", due_at=clock() + HOUR)
    await delivery.outbox.close_for(
        now=clock(), reason="answered", participant_id=ada, subject_id="goal"
    )
    clock.advance(HOUR)

    await delivery.run()

    assert delivery.gateway.sent == []


async def test_a_row_of_an_unknown_kind_is_closed_and_holds_up_no_other(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock
) -> None:
    retired = Kind(name="retired", priority=Priority.CASE, catch_up=CatchUp.SEND_LATE)
    row = await add(delivery, retired)
    await add(delivery, PROMPT)

    await delivery.run()

    assert (await now_of(delivery, row)).reason == Reason.BROKEN
    assert len(delivery.gateway.sent) == 1


async def test_a_listener_that_fails_does_not_undo_the_mark(
    delivery: Delivery, caplog: pytest.LogCaptureFixture
) -> None:
    delivery.handlers["receipt"].deaf = RuntimeError("a broken service")
    row = await add(delivery, RECEIPT)

    await delivery.run()

    assert (await now_of(delivery, row)).state is OutboxState.SENT
    assert "the listener of receipt failed" in caplog.text


async def test_stopping_gives_back_what_was_claimed_and_not_sent(
    delivery: Delivery, database: SqliteDatabase
) -> None:
    for number in range(BATCH):
        person = await join(database, f"p{number}")
        await add(delivery, PROMPT, Personal(participant_id=person))
    stuck = asyncio.Event()
    asked = asyncio.Event()

    class Slow(Pacer):
        async def wait(self) -> None:
            asked.set()
            await stuck.wait()

    slow = Delivery(database, delivery.clock, pacer=Slow(lambda: 0.0))
    pumping = asyncio.create_task(slow.dispatcher.pump())
    await asked.wait()
    pumping.cancel()
    await asyncio.gather(pumping, return_exceptions=True)

    assert {row.state for row in await delivery.rows()} == {OutboxState.PENDING}


def test_two_kinds_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two kinds"):
        Kinds([PAGE, PAGE])


def test_a_page_that_would_be_held_back_is_refused() -> None:
    with pytest.raises(ValueError, match="held back"):
        Kind(name="page", priority=Priority.CASE, is_page=True)
    with pytest.raises(ValueError, match="held back"):
        Kind(
            name="page",
            priority=Priority.RECEIPT,
            is_page=True,
            honours_away=False,
            honours_quiet=False,
        )


def test_kinds_are_found_by_name() -> None:
    assert KINDS["page"] is PAGE
    assert len(KINDS) == 5
