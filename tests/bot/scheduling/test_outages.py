"""Outages: waited out, caught up after, and never in the way of a case."""

from datetime import time

import pytest

from bot.domain.delivery import (
    Channel,
    DeliveryError,
    NoPermissionError,
    OutboxState,
    Personal,
    PlaceGoneError,
    Reason,
    RefusedError,
    TryLaterError,
    UnreachableError,
)
from bot.domain.recurrence import Daily, Rule, Slot
from bot.scheduling.brakes import Brakes
from bot.scheduling.sender import MOST_SURPRISES, NONCE_MEMORY
from bot.store.database import SqliteDatabase
from tests.bot.scheduling.sending import (
    ADA,
    BOB,
    HOUR,
    MINUTE,
    SECOND,
    STAFF,
    add,
    now_of,
    state_of,
)
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import PAGE, PROMPT, RECEIPT, SUMMARY, Delivery, join

# 5xx, 429, network


async def test_trouble_is_waited_out_longer_and_longer(
    delivery: Delivery, clock: FakeClock
) -> None:
    delivery.gateway.refuse(TryLaterError("502", is_doubtful=True))
    row = await add(delivery, RECEIPT)
    waits = []

    for _ in range(12):
        await delivery.run()
        waiting = await now_of(delivery, row)
        waits.append(waiting.send_after - clock())
        clock.now = waiting.send_after

    assert waits == sorted(waits)
    assert SECOND <= waits[0] <= 2 * SECOND
    assert waits[-1] == 10 * MINUTE
    assert await state_of(delivery, row) == (OutboxState.PENDING, Reason.TRY_LATER)

    delivery.gateway.allow()
    await delivery.run()
    assert await state_of(delivery, row) == (OutboxState.SENT, "")
    assert len(delivery.gateway.sent) == 1


async def test_discord_says_how_long_to_wait(delivery: Delivery, clock: FakeClock) -> None:
    delivery.gateway.refuse(TryLaterError("429", after=30 * SECOND, is_limited=True), times=1)
    row = await add(delivery, RECEIPT)

    await delivery.run()
    assert (await now_of(delivery, row)).send_after == clock() + 30 * SECOND

    clock.advance(30 * SECOND)
    await delivery.run()
    assert await state_of(delivery, row) == (OutboxState.SENT, "")


async def test_what_expires_while_discord_is_down_is_closed(
    delivery: Delivery, clock: FakeClock
) -> None:
    delivery.gateway.refuse(TryLaterError("502"))
    row = await add(delivery, SUMMARY, expires_at=clock() + SECOND)

    await delivery.run()
    clock.advance(5 * SECOND)
    await delivery.run()

    assert await state_of(delivery, row) == (OutboxState.CLOSED, Reason.EXPIRED)


@pytest.mark.parametrize("trouble", [TryLaterError("502"), NoPermissionError("50013")])
async def test_after_two_days_without_discord_only_the_last_is_sent(
    delivery: Delivery, clock: FakeClock, trouble: DeliveryError
) -> None:
    delivery.gateway.refuse(trouble)
    rule = Rule(dates=Daily(), slots=(Slot(at=time(9)),))
    await delivery.schedules.put(kind="summary", address=ADA, rule=rule, zone="UTC", now=clock())
    for _ in range(2):
        clock.advance(24 * HOUR)
        await delivery.run()

    delivery.gateway.allow()
    clock.advance(HOUR)
    await delivery.run()

    outcomes = [(row.state, row.reason) for row in await delivery.rows()]
    assert outcomes == [(OutboxState.CLOSED, Reason.SUPERSEDED), (OutboxState.SENT, "")]
    assert len(delivery.gateway.sent) == 1


async def test_a_message_that_did_arrive_is_found_once_the_nonce_is_forgotten(
    delivery: Delivery, clock: FakeClock
) -> None:
    delivery.gateway.died = TryLaterError("reset", is_doubtful=True)
    row = await add(delivery, RECEIPT)
    await delivery.run()

    delivery.gateway.died = None
    delivery.gateway.forget_nonces()
    clock.advance(NONCE_MEMORY + SECOND)
    await delivery.run()

    assert delivery.gateway.looked_up == [row.id]
    assert len(delivery.gateway.sent) == 1
    assert await state_of(delivery, row) == (OutboxState.SENT, "")


async def test_a_message_that_did_not_arrive_is_sent_after_looking(
    delivery: Delivery, clock: FakeClock
) -> None:
    delivery.gateway.refuse(TryLaterError("reset", is_doubtful=True), times=1)
    row = await add(delivery, RECEIPT)
    await delivery.run()

    clock.advance(NONCE_MEMORY + SECOND)
    await delivery.run()

    assert delivery.gateway.looked_up == [row.id]
    assert [message.nonce for message in delivery.gateway.sent] == [row.id]


async def test_while_discord_is_down_only_cases_keep_trying(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock
) -> None:
    delivery.gateway.refuse(TryLaterError("502"))
    for number in range(200):
        person = await join(database, f"p{number}")
        await add(delivery, PROMPT, Personal(participant_id=person))

    await delivery.run()
    tried = len(delivery.gateway.tries)
    page = await add(delivery, PAGE, STAFF)
    await delivery.run()

    assert tried < 40
    assert delivery.gateway.tries[tried:] == [page.id]

    delivery.gateway.allow()
    clock.advance(2 * MINUTE)
    await delivery.run()
    assert len(delivery.gateway.sent) == 201


async def test_messages_that_arrive_in_between_keep_everything_going(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock
) -> None:
    for number in range(20):
        person = Personal(participant_id=await join(database, f"p{number}"))
        due_at = clock() - number * MINUTE
        await add(delivery, PROMPT, person, due_at=due_at)
        if number % 2:
            delivery.gateway.refuse(TryLaterError("502"), person)

    await delivery.run()

    assert len(delivery.gateway.tries) == 20
    assert len(delivery.gateway.sent) == 10


async def test_what_waits_for_the_brakes_is_looked_at_soon(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock
) -> None:
    delivery.gateway.refuse(TryLaterError("502"))
    for number in range(60):
        person = await join(database, f"p{number}")
        await add(delivery, PROMPT, Personal(participant_id=person))

    await delivery.run()

    assert await delivery.dispatcher.next_at() == clock() + SECOND


# pages


@pytest.mark.parametrize(
    "error",
    [
        UnreachableError("50007"),
        PlaceGoneError("10003"),
        NoPermissionError("50013"),
        TryLaterError("502"),
        RefusedError("50035"),
    ],
)
async def test_a_page_that_fails_goes_to_the_next_rung_at_once_and_once(
    delivery: Delivery, clock: FakeClock, error: DeliveryError
) -> None:
    delivery.gateway.refuse(error)
    page = await add(delivery, PAGE, STAFF)

    await delivery.run()
    clock.advance(HOUR)
    await delivery.run()

    assert [(row.id, type(failed)) for row, failed in delivery.escalation.failed] == [
        (page.id, type(error))
    ]


async def test_a_page_keeps_trying_often(delivery: Delivery, clock: FakeClock) -> None:
    delivery.gateway.refuse(TryLaterError("502"))
    page = await add(delivery, PAGE, STAFF)

    for _ in range(10):
        await delivery.run()
        clock.advance(30 * SECOND)

    assert len(delivery.gateway.tries) == 10
    assert (await now_of(delivery, page)).send_after <= clock()


async def test_a_ladder_that_breaks_does_not_lose_the_page(
    delivery: Delivery, clock: FakeClock
) -> None:
    delivery.escalation.error = RuntimeError("no ladder")
    delivery.gateway.refuse(TryLaterError("502"), times=1)
    page = await add(delivery, PAGE, STAFF)

    await delivery.run()
    clock.advance(MINUTE)
    await delivery.run()

    assert await state_of(delivery, page) == (OutboxState.SENT, "")


# what nobody expected


async def test_a_message_discord_will_never_take_fails_and_is_told(delivery: Delivery) -> None:
    delivery.gateway.refuse(RefusedError("50035"), ADA)
    row = await add(delivery, RECEIPT)
    other = await add(delivery, RECEIPT, BOB)

    await delivery.run()

    assert await state_of(delivery, row) == (OutboxState.FAILED, Reason.REFUSED)
    assert await state_of(delivery, other) == (OutboxState.SENT, "")
    assert delivery.alerts.told == [("failed", row.id)]


async def test_a_surprise_is_tried_again_and_then_given_up(
    delivery: Delivery, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    delivery.gateway.refuse(ZeroDivisionError("a bug"), ADA)
    row = await add(delivery, RECEIPT)
    other = await add(delivery, RECEIPT, BOB)

    for _ in range(MOST_SURPRISES + 2):
        await delivery.run()
        clock.advance(HOUR)

    assert delivery.gateway.tries.count(row.id) == MOST_SURPRISES
    assert await state_of(delivery, row) == (OutboxState.FAILED, Reason.REFUSED)
    assert await state_of(delivery, other) == (OutboxState.SENT, "")
    assert "could not be sent" in caplog.text


async def test_a_row_that_cannot_be_laid_out_waits_and_goes_once_it_can(
    delivery: Delivery, clock: FakeClock
) -> None:
    delivery.renderer.error = KeyError("no such sentence")
    row = await add(delivery, RECEIPT)
    await delivery.run()
    assert await state_of(delivery, row) == (OutboxState.PENDING, Reason.TRY_LATER)

    delivery.renderer.error = None
    clock.advance(MINUTE)
    await delivery.run()
    assert await state_of(delivery, row) == (OutboxState.SENT, "")


# invalid requests


async def test_sending_stops_far_before_discord_blocks_the_address(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock
) -> None:
    careful = Delivery(database, clock, brakes=Brakes(50, 60))
    careful.gateway.refuse(UnreachableError("50007"))
    for number in range(300):
        person = await join(database, f"p{number}")
        await add(careful, PROMPT, Personal(participant_id=person))

    await careful.run()
    tried = len(careful.gateway.tries)
    assert 50 <= tried < 50 + 24
    until = (clock() + 10 * MINUTE).isoformat()
    assert careful.alerts.told == [("sending_stopped", until)]

    clock.advance(10 * MINUTE)
    careful.gateway.allow()
    await careful.run()
    assert len(careful.gateway.sent) == 300 - tried


async def test_cases_go_on_for_longer_but_not_for_ever(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock
) -> None:
    careful = Delivery(database, clock, brakes=Brakes(5, 20))
    careful.gateway.refuse(NoPermissionError("50013"))
    for number in range(100):
        await add(careful, PAGE, Channel(key=f"channel.{number}"))

    await careful.run()

    assert 20 <= len(careful.gateway.tries) < 20 + 24
