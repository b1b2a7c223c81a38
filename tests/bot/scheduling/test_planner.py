"""The planner: what is due becomes rows, by each kind's catch-up rule."""

import asyncio
import logging
from datetime import date, time

import pytest

from bot.domain.delivery import (
    OutboxState,
    Personal,
    Reason,
)
from bot.domain.ids import ParticipantId
from bot.domain.recurrence import Daily, Rule, Slot
from bot.store.database import SqliteDatabase
from tests.bot.scheduling.planning import (
    DAY,
    HOUR,
    MINUTE,
    STAFF,
    THRICE,
    outcomes,
    schedule,
    utc,
)
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import PROMPT, Delivery, FakeHandler


async def test_an_occurrence_becomes_one_row(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    delivery.handlers["prompt"].window = 12 * HOUR
    await schedule(delivery, "prompt", Personal(participant_id=ada), zone="Europe/Madrid")

    clock.now = utc("2026-01-06T08:00")
    await delivery.planner.run(clock())

    (row,) = await delivery.rows()
    assert row.kind == "prompt"
    assert row.priority is PROMPT.priority
    assert row.address == Personal(participant_id=ada)
    assert (row.nominal_date, row.slot, row.attempt) == (date(2026, 1, 6), "09:00", 0)
    assert row.due_at == row.send_after == clock()
    assert row.expires_at == clock() + 12 * HOUR
    assert row.state is OutboxState.PENDING
    assert await delivery.schedules.next_due() == clock() + DAY


async def test_nothing_is_planned_before_its_time(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    await schedule(delivery, "prompt", Personal(participant_id=ada))

    clock.now = utc("2026-01-06T08:59:59")

    assert await delivery.planner.run(clock()) == 0
    assert await delivery.rows() == []


async def test_the_service_decides_and_records(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    handler = delivery.handlers["prompt"]
    handler.closes = "already_answered"
    await schedule(delivery, "prompt", Personal(participant_id=ada))

    clock.advance(DAY)
    await delivery.planner.run(clock())

    rows = await delivery.rows()
    assert outcomes(rows) == [("06 09:00", "closed", "already_answered")]
    assert [planned.row.id for planned in handler.planned] == [rows[0].id]
    assert [planned.occasion for planned in handler.planned] == handler.asked


async def test_after_two_days_down_prompts_past_their_window_are_closed(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    delivery.handlers["prompt"].window = 12 * HOUR
    await schedule(delivery, "prompt", Personal(participant_id=ada))

    clock.now = utc("2026-01-08T10:00")
    await delivery.planner.run(clock())

    assert outcomes(await delivery.rows()) == [
        ("06 09:00", "closed", Reason.EXPIRED),
        ("07 09:00", "closed", Reason.EXPIRED),
        ("08 09:00", "pending", ""),
    ]
    assert len(delivery.handlers["prompt"].planned) == 3


async def test_after_two_days_down_a_late_prompt_is_closed_too(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    delivery.handlers["prompt"].window = 2 * HOUR
    await schedule(delivery, "prompt", Personal(participant_id=ada))

    clock.now = utc("2026-01-08T11:00")
    await delivery.planner.run(clock())

    assert {row.state for row in await delivery.rows()} == {OutboxState.CLOSED}


async def test_prompts_of_one_day_never_come_together(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    delivery.handlers["prompt"].window = 24 * HOUR
    await schedule(delivery, "prompt", Personal(participant_id=ada), THRICE)

    clock.now = utc("2026-01-06T15:00")
    await delivery.planner.run(clock())

    assert outcomes(await delivery.rows())[-2:] == [
        ("06 08:00", "closed", Reason.EXPIRED),
        ("06 14:00", "pending", ""),
    ]


async def test_after_two_days_down_only_the_last_is_sent_late(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    await schedule(delivery, "summary", Personal(participant_id=ada))

    clock.now = utc("2026-01-08T10:00")
    await delivery.planner.run(clock())

    assert outcomes(await delivery.rows()) == [
        ("06 09:00", "closed", Reason.SUPERSEDED),
        ("07 09:00", "closed", Reason.SUPERSEDED),
        ("08 09:00", "pending", ""),
    ]


async def test_after_two_days_down_reminders_come_as_one_message(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    for goal in ("walk", "read"):
        await schedule(delivery, "reminder", Personal(participant_id=ada), subject_id=goal)

    clock.now = utc("2026-01-07T10:00")
    await delivery.run()

    rows = await delivery.rows()
    assert len(delivery.gateway.sent) == 1
    assert sorted(row.state.value for row in rows) == ["closed", "closed", "closed", "sent"]
    (sent,) = [row for row in rows if row.state is OutboxState.SENT]
    assert len(await delivery.outbox.merged(sent.id)) == 3


async def test_a_second_run_plans_nothing_twice(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    await schedule(delivery, "prompt", Personal(participant_id=ada))
    clock.advance(DAY)

    await delivery.planner.run(clock())

    assert await delivery.planner.run(clock()) == 0
    assert len(await delivery.rows()) == 1


async def test_two_planners_at_once_plan_nothing_twice(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock, ada: ParticipantId
) -> None:
    await schedule(delivery, "prompt", Personal(participant_id=ada))
    clock.advance(DAY)
    other = Delivery(database, clock)

    await asyncio.gather(delivery.planner.run(clock()), other.planner.run(clock()))

    assert len(await delivery.rows()) == 1


async def test_a_clock_that_jumps_back_and_forth_plans_nothing_twice(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    await schedule(delivery, "prompt", Personal(participant_id=ada))

    for moment in ("06T09:00", "06T08:00", "06T09:00", "05T12:00", "06T09:01", "07T09:00"):
        clock.now = utc(f"2026-01-{moment}")
        await delivery.planner.run(clock())

    assert [row.nominal_date for row in await delivery.rows()] == [
        date(2026, 1, 6),
        date(2026, 1, 7),
    ]


async def test_an_edit_while_the_clock_is_back_plans_nothing_twice(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    named = Rule(dates=Daily(), slots=(Slot(at=time(9), key="day"),))
    later = Rule(dates=Daily(), slots=(Slot(at=time(9, 30), key="day"),))
    await schedule(delivery, "prompt", Personal(participant_id=ada), named)
    clock.now = utc("2026-01-06T09:00")
    await delivery.planner.run(clock())

    clock.now = utc("2026-01-06T08:00")
    await schedule(delivery, "prompt", Personal(participant_id=ada), later)
    clock.now = utc("2026-01-06T10:00")
    await delivery.planner.run(clock())

    assert outcomes(await delivery.rows()) == [("06 09:00", "pending", "")]


async def test_moving_west_does_not_bring_a_day_twice(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    await schedule(delivery, "prompt", Personal(participant_id=ada), zone="Europe/Madrid")
    clock.now = utc("2026-01-06T08:00")
    await delivery.planner.run(clock())

    clock.advance(MINUTE)
    await schedule(delivery, "prompt", Personal(participant_id=ada), zone="America/New_York")
    clock.now = utc("2026-01-06T15:00")
    await delivery.planner.run(clock())
    clock.advance(DAY)
    await delivery.planner.run(clock())

    assert outcomes(await delivery.rows()) == [
        ("06 08:00", "pending", ""),
        ("07 14:00", "pending", ""),
    ]


async def test_away_days_are_excused_and_recorded(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    handler = delivery.handlers["prompt"]
    delivery.people.change(ada, away=((date(2026, 1, 6), date(2026, 1, 6)),))
    await schedule(delivery, "prompt", Personal(participant_id=ada))

    clock.now = utc("2026-01-06T09:00")
    await delivery.planner.run(clock())
    clock.advance(DAY)
    await delivery.planner.run(clock())

    assert outcomes(await delivery.rows()) == [
        ("06 09:00", "closed", Reason.EXCUSED),
        ("07 09:00", "pending", ""),
    ]
    assert [planned.row.reason for planned in handler.planned] == [Reason.EXCUSED, ""]
    assert len(handler.asked) == 1


async def test_a_channel_has_schedules_too(delivery: Delivery, clock: FakeClock) -> None:
    await schedule(delivery, "summary", STAFF)
    clock.advance(DAY)

    await delivery.run()

    assert [message.address for message in delivery.gateway.sent] == [STAFF]


async def test_a_rule_that_is_over_is_looked_at_no_more(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    rule = Rule(dates=Daily(), slots=(Slot(at=time(9)),), end=date(2026, 1, 6))
    await schedule(delivery, "prompt", Personal(participant_id=ada), rule)
    clock.advance(5 * DAY)

    await delivery.planner.run(clock())

    assert len(await delivery.rows()) == 1
    assert await delivery.schedules.next_due() is None


async def test_a_poisoned_schedule_holds_up_no_other_and_is_not_lost(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId, caplog: pytest.LogCaptureFixture
) -> None:
    handler = delivery.handlers["reminder"]
    handler.poison = "bad"
    for goal in ("bad", "good"):
        await schedule(delivery, "reminder", Personal(participant_id=ada), subject_id=goal)
    clock.advance(DAY)

    with caplog.at_level(logging.ERROR):
        await delivery.planner.run(clock())
    assert [row.subject_id for row in await delivery.rows()] == ["good"]
    assert "it waits an hour" in caplog.text

    handler.poison = None
    clock.advance(HOUR)
    await delivery.planner.run(clock())
    assert [row.subject_id for row in await delivery.rows()] == ["good", "bad"]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE schedules SET rule = '{}' WHERE subject_id = 'bad'",
        "UPDATE schedules SET zone = 'Mars' WHERE subject_id = 'bad'",
        "UPDATE schedules SET kind = 'unknown' WHERE subject_id = 'bad'",
    ],
)
async def test_a_damaged_schedule_holds_up_no_other(
    delivery: Delivery,
    database: SqliteDatabase,
    clock: FakeClock,
    ada: ParticipantId,
    damage: str,
) -> None:
    for goal in ("bad", "good"):
        await schedule(delivery, "reminder", Personal(participant_id=ada), subject_id=goal)
    await database.execute(damage)
    clock.advance(DAY)

    await delivery.planner.run(clock())

    assert [row.subject_id for row in await delivery.rows()] == ["good"]
    assert await delivery.schedules.next_due() == clock() + HOUR


async def test_a_service_that_answers_too_little_is_not_believed(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId, caplog: pytest.LogCaptureFixture
) -> None:
    class Forgetful(FakeHandler):
        async def plan(self, occasions: object, now: object, tx: object) -> list[object]:  # type: ignore[override]
            return []

    delivery.handlers["prompt"] = Forgetful()
    forgetful = Delivery(delivery.database, clock, handlers=delivery.handlers)
    await schedule(forgetful, "prompt", Personal(participant_id=ada))
    clock.advance(DAY)

    with caplog.at_level(logging.ERROR):
        await forgetful.planner.run(clock())

    assert "0 decisions about 1 occasions" in caplog.text
    assert await forgetful.rows() == []
