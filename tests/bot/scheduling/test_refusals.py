"""What each refusal of Discord means (DESIGN section 4.5)."""

from datetime import time, timedelta
from typing import Any

import pytest

from bot.domain.delivery import (
    Address,
    Channel,
    DeliveryError,
    Kind,
    NoPermissionError,
    NotWantedError,
    OutboxRow,
    OutboxState,
    Personal,
    PlaceGoneError,
    Reason,
    RefusedError,
    TryLaterError,
    UnreachableError,
)
from bot.domain.ids import ParticipantId
from bot.domain.recurrence import Daily, Rule, Slot
from bot.scheduling.brakes import Brakes
from bot.scheduling.scopes import RETRY
from bot.scheduling.sender import MOST_SURPRISES, NONCE_MEMORY
from bot.store.database import SqliteDatabase
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import PAGE, PROMPT, RECEIPT, SUMMARY, Delivery, join

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ADA = Personal(participant_id=ParticipantId("ada"))
BOB = Personal(participant_id=ParticipantId("bob"))
STAFF = Channel(key="channel.staff")
ROOM = Channel(key="channel.room")


async def add(delivery: Delivery, kind: Kind, address: Address = ADA, **changes: Any) -> OutboxRow:
    row = await delivery.outbox.add(kind, address, **{"due_at": delivery.clock(), **changes})
    assert row is not None
    return row


async def now_of(delivery: Delivery, row: OutboxRow) -> OutboxRow:
    found = await delivery.outbox.get(row.id)
    assert found is not None
    return found


async def state_of(delivery: Delivery, row: OutboxRow) -> tuple[OutboxState, str]:
    found = await now_of(delivery, row)
    return found.state, found.reason


# 50007, 50278


async def test_an_unreachable_person_is_marked_once_and_never_retried(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    delivery.gateway.refuse(UnreachableError("50007"))
    row = await add(delivery, RECEIPT)

    await delivery.run()
    clock.advance(HOUR)
    await delivery.run()

    assert await state_of(delivery, row) == (OutboxState.FAILED, Reason.UNREACHABLE)
    assert delivery.people.unreachable == [ada]
    assert delivery.gateway.tries == [row.id]
    assert [one.id for one in delivery.handlers["receipt"].settled_rows] == [row.id]


async def test_the_next_delivery_choice_is_tried_at_once(
    delivery: Delivery, ada: ParticipantId
) -> None:
    delivery.people.other_ways = 1
    delivery.gateway.refuse(UnreachableError("50007"), times=1)
    row = await add(delivery, RECEIPT)

    await delivery.run()

    assert await state_of(delivery, row) == (OutboxState.SENT, "")
    assert delivery.people.unreachable == [ada]


async def test_choices_that_never_end_are_not_tried_for_ever(delivery: Delivery) -> None:
    delivery.people.other_ways = 1_000
    delivery.gateway.refuse(UnreachableError("50007"))
    row = await add(delivery, RECEIPT)

    await delivery.run()

    assert await state_of(delivery, row) == (OutboxState.FAILED, Reason.UNREACHABLE)


async def test_a_channel_cannot_be_unreachable(delivery: Delivery) -> None:
    delivery.gateway.refuse(UnreachableError("50007"))
    row = await add(delivery, RECEIPT, STAFF)

    await delivery.run()

    assert await state_of(delivery, row) == (OutboxState.FAILED, Reason.UNREACHABLE)
    assert delivery.alerts.told == [("failed", row.id)]


async def test_what_a_person_does_not_want_is_closed(delivery: Delivery) -> None:
    delivery.gateway.refuse(NotWantedError())
    row = await add(delivery, SUMMARY)

    await delivery.run()

    assert await state_of(delivery, row) == (OutboxState.CLOSED, Reason.NOT_WANTED)
    assert delivery.alerts.told == []


# 10003


async def test_a_place_that_is_gone_is_made_again(delivery: Delivery) -> None:
    delivery.gateway.refuse(PlaceGoneError("10003"), times=1)
    row = await add(delivery, RECEIPT)

    await delivery.run()

    assert delivery.gateway.recreated == [ADA]
    assert await state_of(delivery, row) == (OutboxState.SENT, "")


async def test_a_place_that_stays_gone_fails_and_is_told(delivery: Delivery) -> None:
    delivery.gateway.refuse(PlaceGoneError("10003"))
    row = await add(delivery, RECEIPT)

    await delivery.run()

    assert delivery.gateway.recreated == [ADA]
    assert await state_of(delivery, row) == (OutboxState.FAILED, Reason.PLACE_GONE)
    assert delivery.alerts.told == [("failed", row.id)]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (PlaceGoneError("10003"), OutboxState.FAILED),
        (NoPermissionError("50013"), OutboxState.PAUSED),
        (TryLaterError("502"), OutboxState.PENDING),
        (UnreachableError("50007"), OutboxState.FAILED),
    ],
)
async def test_what_happens_while_a_place_is_made_again_counts(
    delivery: Delivery, error: DeliveryError, state: OutboxState, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def recreate(address: Address) -> None:
        raise error

    monkeypatch.setattr(delivery.gateway, "recreate", recreate)
    delivery.gateway.refuse(PlaceGoneError("10003"))
    row = await add(delivery, RECEIPT)

    await delivery.run()

    assert (await now_of(delivery, row)).state is state


# 50001, 50013


async def test_a_lost_permission_pauses_its_channel_and_alerts_once(
    delivery: Delivery, clock: FakeClock
) -> None:
    delivery.gateway.refuse(NoPermissionError("50013"), ROOM)
    rows = [await add(delivery, RECEIPT, ROOM) for _ in range(5)]
    elsewhere = await add(delivery, RECEIPT, STAFF)

    await delivery.run()
    clock.advance(MINUTE)
    await delivery.run()

    assert delivery.gateway.tries.count(rows[0].id) == 1
    assert len(delivery.gateway.tries) == 2
    assert delivery.alerts.told == [("permission_lost", ROOM.key)]
    for row in rows:
        assert await state_of(delivery, row) == (OutboxState.PAUSED, Reason.NO_PERMISSION)
    assert await state_of(delivery, elsewhere) == (OutboxState.SENT, "")


async def test_a_paused_channel_survives_a_restart(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock
) -> None:
    delivery.gateway.refuse(NoPermissionError("50013"), ROOM)
    await add(delivery, RECEIPT, ROOM)
    await delivery.run()

    restarted = Delivery(database, clock)
    row = await add(restarted, RECEIPT, ROOM)
    await restarted.run()

    assert restarted.gateway.tries == []
    assert (await now_of(restarted, row)).state is OutboxState.PAUSED


async def test_one_row_tries_now_and_then_and_the_rest_follow_it(
    delivery: Delivery, clock: FakeClock
) -> None:
    delivery.gateway.refuse(NoPermissionError("50013"), ROOM, times=2)
    rows = [await add(delivery, RECEIPT, ROOM) for _ in range(5)]
    await delivery.run()

    clock.advance(RETRY)
    await delivery.run()
    assert len(delivery.gateway.tries) == 2

    clock.advance(RETRY)
    await delivery.run()
    assert len(delivery.gateway.tries) == 7
    assert {(await now_of(delivery, row)).state for row in rows} == {OutboxState.SENT}
    assert delivery.alerts.told == [("permission_lost", ROOM.key), ("permission_back", ROOM.key)]


async def test_a_permission_given_back_lets_everything_go_at_once(
    delivery: Delivery, clock: FakeClock
) -> None:
    delivery.gateway.refuse(NoPermissionError("50001"), ROOM, times=1)
    row = await add(delivery, RECEIPT, ROOM)
    await delivery.run()

    await delivery.dispatcher.permission_back(ROOM.key)
    await delivery.dispatcher.permission_back(ROOM.key)
    await delivery.run()

    assert await state_of(delivery, row) == (OutboxState.SENT, "")
    assert delivery.alerts.told == [("permission_lost", ROOM.key), ("permission_back", ROOM.key)]


async def test_the_parent_of_all_threads_costs_few_requests(
    delivery: Delivery, database: SqliteDatabase
) -> None:
    delivery.gateway.personal_scope = "threads"
    delivery.gateway.refuse(NoPermissionError("50013"))
    for number in range(60):
        person = await join(database, f"p{number}")
        await add(delivery, PROMPT, Personal(participant_id=person))

    await delivery.run()

    assert len(delivery.gateway.tries) < 30
    assert delivery.alerts.told == [("permission_lost", "threads")]
    assert {row.state for row in await delivery.rows()} == {OutboxState.PAUSED}


async def test_a_page_to_a_paused_channel_is_tried_all_the_same(
    delivery: Delivery, clock: FakeClock
) -> None:
    delivery.gateway.refuse(NoPermissionError("50013"), STAFF)
    await add(delivery, RECEIPT, STAFF)
    await delivery.run()

    page = await add(delivery, PAGE, STAFF)
    await delivery.run()

    assert delivery.gateway.tries.count(page.id) == 1
    assert [row.id for row, _ in delivery.escalation.failed] == [page.id]
    assert (await now_of(delivery, page)).state is OutboxState.PAUSED


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
