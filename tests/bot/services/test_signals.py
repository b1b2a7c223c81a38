"""Heads-ups: only with the consent, once, and after a private nudge."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.case import CaseSource
from bot.domain.checkin import CheckIn, CheckInState
from bot.domain.consent import ConsentKind
from bot.domain.ids import CheckInId, new_id
from tests.fakes.checkin_group import ADA, CheckInWorld
from tests.fakes.clock import FakeClock

START = datetime(2026, 1, 5, 23, tzinfo=UTC)
MONDAY = date(2026, 1, 5)


@pytest.fixture
async def world(clock: FakeClock) -> CheckInWorld:
    made = CheckInWorld(clock)
    await made.group.sets.load()
    return made


async def answer(world: CheckInWorld, day: int, mood: str, support: str = "very") -> None:
    world.clock.now = START + timedelta(days=day)
    values: dict[str, Any] = {"mood": mood, "support": support}
    await world.group.checkins.answer(world.ada, MONDAY + timedelta(days=day), 1, "en", values)
    await world.group.signals.sweep(world.clock.now)


async def silent(world: CheckInWorld, day: int, *, sent: bool = True) -> None:
    """Let a prompt go by without an answer."""
    due = START + timedelta(days=day)
    checkin = CheckIn(
        id=CheckInId(new_id()),
        participant_id=ADA,
        day=MONDAY + timedelta(days=day),
        set_id="daily",
        set_version=1,
        state=CheckInState.SENT if sent else CheckInState.SCHEDULED,
        due_at=due,
        closes_at=due + timedelta(hours=12),
        sent_at=due if sent else None,
    )
    await world.store.plan(None, [checkin])
    world.clock.now = due + timedelta(hours=12)
    await world.group.prompts.sweep(world.clock.now)
    await world.group.signals.sweep(world.clock.now)


async def test_low_twice_is_told_once_and_again_a_week_later(world: CheckInWorld) -> None:
    for day in range(3):
        await answer(world, day, "very_bad")

    assert world.cases.heads_ups == [(ADA, CaseSource.LOW_TWICE)]

    for day in range(3, 9):
        await answer(world, day, "very_bad")

    assert world.cases.heads_ups == [(ADA, CaseSource.LOW_TWICE)] * 2


async def test_without_the_consent_nothing_is_even_noted(world: CheckInWorld) -> None:
    world.consents.kinds.clear()

    await answer(world, 0, "very_bad", "not_at_all")
    await answer(world, 1, "very_bad", "not_at_all")

    assert world.signal_store.found == []
    assert world.cases.heads_ups == []


async def test_unsupported_is_told(world: CheckInWorld) -> None:
    await answer(world, 0, "ok", "not_at_all")

    assert world.cases.heads_ups == [(ADA, CaseSource.UNSUPPORTED)]


async def test_a_quiet_person_is_nudged_once_and_then_the_team_is_told(
    world: CheckInWorld,
) -> None:
    for day in range(2):
        await silent(world, day)
    assert [kind for kind, _ in world.outbox.added] == ["checkin.nudge"]
    assert world.cases.heads_ups == []

    for day in range(2, 6):
        await silent(world, day)

    assert [kind for kind, _ in world.outbox.added] == ["checkin.nudge"]
    assert world.cases.heads_ups == [(ADA, CaseSource.QUIET)]


async def test_a_new_silence_is_nudged_anew(world: CheckInWorld) -> None:
    for day in range(3):
        await silent(world, day)
    await answer(world, 3, "ok")
    for day in range(4, 7):
        await silent(world, day)

    assert len(world.outbox.added) == 2
    assert world.cases.heads_ups == [(ADA, CaseSource.QUIET)] * 2


async def test_a_quiet_person_without_the_consent_gets_only_the_nudge(
    world: CheckInWorld,
) -> None:
    world.consents.kinds = {ConsentKind.DAILY_PROMPTS}

    for day in range(6):
        await silent(world, day)

    assert len(world.outbox.added) == 1
    assert world.cases.heads_ups == []


async def test_prompts_that_never_arrived_are_no_silence(world: CheckInWorld) -> None:
    for day in range(6):
        await silent(world, day, sent=False)

    assert world.outbox.added == []
    assert world.cases.heads_ups == []


async def test_a_heads_up_the_team_did_not_get_is_told_later(world: CheckInWorld) -> None:
    world.cases.error = RuntimeError("down")
    with pytest.raises(RuntimeError):
        await answer(world, 0, "ok", "not_at_all")
    world.cases.error = None

    await world.build().signals.sweep(world.clock.now)
    await world.group.signals.sweep(world.clock.now)

    assert world.cases.heads_ups == [(ADA, CaseSource.UNSUPPORTED)]


async def test_a_consent_taken_back_stops_what_was_not_told_yet(world: CheckInWorld) -> None:
    world.cases.error = RuntimeError("down")
    with pytest.raises(RuntimeError):
        await answer(world, 0, "ok", "not_at_all")
    world.cases.error = None
    world.consents.kinds.clear()

    await world.group.signals.sweep(world.clock.now)
    world.consents.kinds.add(ConsentKind.HEADS_UPS)
    await world.group.signals.sweep(world.clock.now)

    assert world.cases.heads_ups == []
