"""Planning for many at once: in steps, spread, and nothing from before a restore."""

from datetime import time

import pytest

from bot.domain.delivery import (
    SPREAD_WINDOW,
    OutboxRow,
    Personal,
)
from bot.domain.ids import ParticipantId
from bot.domain.recurrence import Daily, Rule, Slot
from bot.scheduling import planner as planner_module
from bot.store.database import SqliteDatabase
from tests.bot.scheduling.planning import DAY, HOUR, MINUTE, THRICE, schedule, utc
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import REMINDER, SUMMARY, Delivery, join


async def test_a_long_backlog_is_planned_in_steps_and_whole(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner_module, "BATCH", 10)
    await schedule(delivery, "reminder", Personal(participant_id=ada), THRICE, subject_id="a")
    await schedule(delivery, "reminder", Personal(participant_id=ada), subject_id="b")
    clock.advance(20 * DAY)

    await delivery.planner.run(clock())

    rows = await delivery.rows()
    assert len([row for row in rows if row.subject_id == "a"]) == 60
    assert len([row for row in rows if row.subject_id == "b"]) == 20
    assert len({(row.subject_id, row.nominal_date, row.slot) for row in rows}) == 80


async def test_two_slots_of_one_instant_are_not_parted(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner_module, "BATCH", 1)
    clock.now = utc("2026-03-28T12:00")
    rule = Rule(dates=Daily(), slots=(Slot(at=time(2, 30)), Slot(at=time(3, 30))))
    address = Personal(participant_id=ada)
    await schedule(delivery, "reminder", address, rule, zone="Europe/Madrid")

    clock.now = utc("2026-03-29T12:00")
    await delivery.planner.run(clock())

    assert sorted(row.slot for row in await delivery.rows()) == ["02:30", "03:30"]


async def crowd(delivery: Delivery, database: SqliteDatabase, size: int) -> None:
    delivery.handlers["prompt"].window = 12 * HOUR
    for number in range(size):
        person = await join(database, f"p{number}")
        await schedule(delivery, "prompt", Personal(participant_id=person))


async def planned(delivery: Delivery, clock: FakeClock) -> list[OutboxRow]:
    clock.now = utc("2026-01-06T09:00")
    await delivery.planner.run(clock())
    return await delivery.rows()


async def test_few_prompts_go_at_once(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner_module, "CROWD", 20)
    await crowd(delivery, database, 20)

    rows = await planned(delivery, clock)

    assert {row.send_after for row in rows} == {clock()}


async def test_many_prompts_are_spread_and_reminders_are_not(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner_module, "CROWD", 20)
    await crowd(delivery, database, 20)
    await schedule(delivery, "reminder", Personal(participant_id=ParticipantId("ada")))

    rows = await planned(delivery, clock)

    prompts = [row.send_after for row in rows if row.kind == "prompt"]
    assert len(set(prompts)) == len(prompts) == 20
    assert all(clock() <= moment < clock() + SPREAD_WINDOW for moment in prompts)
    assert [row.send_after for row in rows if row.kind == "reminder"] == [clock()]


async def test_a_spread_prompt_still_leaves_time_to_answer(
    delivery: Delivery, database: SqliteDatabase, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planner_module, "CROWD", 1)
    await crowd(delivery, database, 10)
    delivery.handlers["prompt"].window = 10 * MINUTE

    rows = await planned(delivery, clock)

    assert max(row.send_after for row in rows) <= clock() + 5 * MINUTE


async def test_after_a_restore_nothing_from_before_is_sent(
    delivery: Delivery, clock: FakeClock, ada: ParticipantId
) -> None:
    await schedule(delivery, "summary", Personal(participant_id=ada))
    await delivery.outbox.add(REMINDER, Personal(participant_id=ada), due_at=clock() + HOUR)
    clock.now = utc("2026-01-08T10:00")

    await delivery.outbox.close_before(clock(), clock())
    await delivery.schedules.fast_forward(clock())
    await delivery.run()
    assert delivery.gateway.sent == []

    clock.advance(DAY)
    await delivery.run()
    assert [message.rendered for message in delivery.gateway.sent] == [SUMMARY.name]
