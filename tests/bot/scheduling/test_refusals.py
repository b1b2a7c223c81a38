"""What each refusal of Discord means (DESIGN section 4.5)."""

import pytest

from bot.domain.delivery import (
    Address,
    DeliveryError,
    NoPermissionError,
    NotWantedError,
    OutboxState,
    Personal,
    PlaceGoneError,
    Reason,
    TryLaterError,
    UnreachableError,
)
from bot.domain.ids import ParticipantId
from bot.scheduling.scopes import RETRY
from bot.store.database import SqliteDatabase
from tests.bot.scheduling.sending import ADA, HOUR, MINUTE, ROOM, STAFF, add, now_of, state_of
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import PAGE, PROMPT, RECEIPT, SUMMARY, Delivery, join

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
