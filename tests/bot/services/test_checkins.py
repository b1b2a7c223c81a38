"""Answering, changing, putting off and skipping."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.case import CaseSource
from bot.domain.checkin import CheckIn, CheckInState, Snooze
from bot.domain.consent import ConsentKind
from bot.domain.delivery import OutboxRow, Personal, Priority
from bot.domain.ids import CheckInId, OutboxId, new_id
from bot.domain.prompt_set import Meaning
from bot.errors import UserError
from bot.services.checkins import Outcome
from tests.fakes.checkin_group import ADA, CheckInWorld
from tests.fakes.clock import FakeClock

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
EVENING = datetime(2026, 1, 5, 23, tzinfo=UTC)  # 18:00 in New York
MIDNIGHT = datetime(2026, 1, 6, 5, tzinfo=UTC)
GOOD = {"mood": "good", "support": "some"}


@pytest.fixture
async def world(clock: FakeClock) -> CheckInWorld:
    made = CheckInWorld(clock)
    await made.group.sets.load()
    clock.now = EVENING
    return made


async def asked(
    world: CheckInWorld, day: date = MONDAY, state: CheckInState = CheckInState.SENT
) -> OutboxRow:
    """Let a day's prompt have been sent at 6 in the evening."""
    due = EVENING + (day - MONDAY)
    checkin = CheckIn(
        id=CheckInId(new_id()),
        participant_id=ADA,
        day=day,
        set_id="daily",
        set_version=1,
        state=state,
        due_at=due,
        closes_at=due + timedelta(hours=12),
        sent_at=due,
    )
    await world.store.plan(None, [checkin])
    row = OutboxRow(
        id=OutboxId(new_id()),
        kind="checkin.prompt",
        priority=Priority.PROMPT,
        address=Personal(participant_id=ADA),
        nominal_date=day,
        due_at=due,
        send_after=due,
    )
    world.outbox.rows[row.id] = row
    return row


async def answer(
    world: CheckInWorld, day: date = MONDAY, version: int = 1, **values: Any
) -> Outcome:
    given = {**GOOD, **values}
    return await world.group.checkins.answer(world.ada, day, version, "en", given)


async def test_an_answer_is_kept_with_its_version(world: CheckInWorld) -> None:
    await asked(world)

    outcome = await answer(world, note="a walk")

    kept = await world.store.get(ADA, MONDAY)
    assert kept is not None
    assert (kept.state, kept.set_version) == (CheckInState.ANSWERED, 1)
    mood = kept.level(Meaning.MOOD)
    assert mood is not None
    assert (mood.level, mood.top) == (3, 4)
    assert await world.store.texts(ADA, MONDAY) == {"note": "a walk"}
    assert (outcome.is_today, outcome.is_change) == (True, False)


async def test_once_answered_all_else_about_it_falls_silent(world: CheckInWorld) -> None:
    await asked(world)

    await answer(world)

    assert world.outbox.closed == [
        ("answered", frozenset({"checkin.prompt"})),
        ("answered", frozenset({"checkin.nudge"})),
    ]


async def test_four_thousand_characters_are_kept(world: CheckInWorld) -> None:
    await answer(world, note="ñ" * 4000)

    assert (await world.store.texts(ADA, MONDAY))["note"] == "ñ" * 4000


async def test_answer_after_midnight_counts_for_the_new_day(world: CheckInWorld) -> None:
    world.clock.now = MIDNIGHT + timedelta(minutes=30)

    sheet = await world.group.checkins.sheet(world.ada)

    assert (sheet.day, sheet.is_today) == (TUESDAY, True)


async def test_a_prompt_still_open_after_midnight_is_what_the_panel_asks(
    world: CheckInWorld,
) -> None:
    await asked(world)
    world.clock.now = MIDNIGHT + timedelta(minutes=30)

    sheet = await world.group.checkins.sheet(world.ada)
    await answer(world, sheet.day)

    assert (sheet.day, sheet.is_today) == (MONDAY, False)
    assert await world.state(MONDAY) is CheckInState.ANSWERED


async def test_a_form_from_before_midnight_is_for_the_day_it_asked(world: CheckInWorld) -> None:
    world.clock.now = MIDNIGHT - timedelta(minutes=1)
    sheet = await world.group.checkins.sheet(world.ada)
    world.clock.now = MIDNIGHT + timedelta(minutes=5)

    outcome = await answer(world, sheet.day)

    assert outcome.checkin.day == MONDAY
    assert outcome.checkin.state is CheckInState.ANSWERED


async def test_an_answer_after_the_window_is_kept_as_late(world: CheckInWorld) -> None:
    await asked(world)
    world.clock.now = EVENING + timedelta(hours=13)
    await world.group.prompts.sweep(world.clock.now)
    before = await world.state(MONDAY)

    outcome = await answer(world)

    assert before is CheckInState.NO_ANSWER
    assert outcome.checkin.state is CheckInState.LATE
    assert not outcome.other_is_out


async def test_an_answer_after_the_next_prompt_is_late_and_says_so(world: CheckInWorld) -> None:
    await asked(world)
    await asked(world, TUESDAY)
    world.clock.now = EVENING + timedelta(days=1, minutes=5)

    outcome = await answer(world)

    assert outcome.checkin.state is CheckInState.LATE
    assert outcome.other_is_out
    assert await world.state(TUESDAY) is CheckInState.SENT


async def test_a_card_of_a_day_that_is_over_leads_to_today(world: CheckInWorld) -> None:
    await asked(world)
    await asked(world, TUESDAY)
    world.clock.now = EVENING + timedelta(days=1, minutes=5)

    prompt = await world.group.checkins.open(world.ada, MONDAY)
    sheet = await world.group.checkins.sheet(world.ada, MONDAY)

    assert prompt.newer
    assert sheet.day == TUESDAY


async def test_a_second_press_changes_the_answer(world: CheckInWorld) -> None:
    await asked(world)
    await answer(world, note="one", urge="strong", message_me=["contact"])
    world.clock.advance(timedelta(hours=20))  # late by now, and it stays on time

    sheet = await world.group.checkins.sheet(world.ada, MONDAY)
    outcome = await answer(world, note="two")

    assert sheet.answers is not None
    assert sheet.answers.texts == {"note": "one"}
    assert set(sheet.answers.levels) == {"mood", "urge", "support"}
    assert outcome.is_change
    assert outcome.checkin.state is CheckInState.ANSWERED
    assert await world.store.texts(ADA, MONDAY) == {"note": "two"}


async def test_two_submits_make_one_checkin(world: CheckInWorld) -> None:
    await answer(world, note="one")
    await answer(world, note="two")

    assert len(world.store.kept) == 1


async def test_only_todays_and_yesterdays_answer_can_be_changed(world: CheckInWorld) -> None:
    await answer(world)

    world.clock.advance(timedelta(days=1))
    sheet = await world.group.checkins.last_sheet(world.ada)
    world.clock.advance(timedelta(days=1))

    assert sheet.day == MONDAY
    with pytest.raises(UserError, match="nothing_to_change"):
        await world.group.checkins.last_sheet(world.ada)


@pytest.mark.parametrize(
    ("ticked", "source"),
    [
        (["contact"], CaseSource.CHECKIN_CONTACT),
        (["alone"], CaseSource.CHECKIN_ALONE),
        (["contact", "alone"], CaseSource.CHECKIN_ALONE),
    ],
)
async def test_a_call_for_a_person_reaches_the_team_without_any_consent(
    world: CheckInWorld, ticked: list[str], source: CaseSource
) -> None:
    world.consents.kinds.clear()

    outcome = await answer(world, message_me=ticked)

    assert world.cases.asked == [(7, source)]
    assert outcome.asked is not None
    assert not outcome.asked.on_duty


async def test_a_call_is_not_kept_with_the_answer(world: CheckInWorld) -> None:
    await answer(world, message_me=["alone"])

    kept = await world.store.get(ADA, MONDAY)
    assert kept is not None
    assert "message_me" not in kept.levels
    assert await world.store.texts(ADA, MONDAY) == {}


async def test_an_answer_is_read_by_the_version_it_was_asked_in(world: CheckInWorld) -> None:
    await asked(world)
    editor: Any = type("Member", (), {"role": "clinician", "user_id": 1})()
    await world.group.sets.remove(editor, "support")
    await world.group.sets.publish(editor)

    await answer(world, version=1)

    kept = await world.store.get(ADA, MONDAY)
    assert kept is not None
    assert kept.set_version == 1
    assert kept.level(Meaning.SUPPORT) is not None
    assert (await world.group.checkins.sheet(world.ada, TUESDAY)).edition.version == 2


@pytest.mark.parametrize(("day", "version"), [(date(2025, 1, 1), 1), (MONDAY, 99)])
async def test_what_was_never_asked_is_refused(
    world: CheckInWorld, day: date, version: int
) -> None:
    with pytest.raises(UserError, match="old_card"):
        await answer(world, day, version)


async def test_a_prompt_comes_again_when_asked_to(world: CheckInWorld) -> None:
    row = await asked(world)

    at = await world.group.checkins.snooze(world.ada, MONDAY, row.id, Snooze.SOON)

    assert at == EVENING + timedelta(minutes=30)
    assert world.outbox.snoozed == [(row.id, at)]
    with pytest.raises(UserError, match="comes_again_already"):
        await world.group.checkins.snooze(world.ada, MONDAY, row.id, Snooze.TONIGHT)


async def test_a_time_that_is_gone_is_refused(world: CheckInWorld) -> None:
    row = await asked(world)
    world.clock.advance(timedelta(hours=3))

    with pytest.raises(UserError, match="too_late_to_wait"):
        await world.group.checkins.snooze(world.ada, MONDAY, row.id, Snooze.TONIGHT)


async def test_another_persons_prompt_is_no_ones_to_put_off(world: CheckInWorld) -> None:
    row = await asked(world)
    theirs = replace(row, id=OutboxId("x"), address=Personal(participant_id="bob"))  # type: ignore[arg-type]
    world.outbox.rows["x"] = theirs

    with pytest.raises(UserError, match="old_card"):
        await world.group.checkins.snooze(world.ada, MONDAY, "x", Snooze.SOON)


async def test_a_day_can_be_skipped_and_answered_after_all(world: CheckInWorld) -> None:
    await asked(world)

    await world.group.checkins.skip(world.ada, MONDAY)
    skipped = await world.state(MONDAY)
    await answer(world)

    assert skipped is CheckInState.SKIPPED
    assert await world.state(MONDAY) is CheckInState.ANSWERED


@pytest.mark.parametrize(
    ("hours", "state", "key"),
    [
        (1, CheckInState.ANSWERED, "answered_already"),
        (13, CheckInState.SENT, "closed"),
        (1, CheckInState.EXCUSED, "closed"),
    ],
)
async def test_what_is_done_or_over_cannot_be_skipped(
    world: CheckInWorld, hours: int, state: CheckInState, key: str
) -> None:
    await asked(world, state=state)
    world.clock.advance(timedelta(hours=hours))

    with pytest.raises(UserError, match=key):
        await world.group.checkins.skip(world.ada, MONDAY)


async def test_the_consent_to_heads_ups_is_offered_once(world: CheckInWorld) -> None:
    world.consents.kinds = {ConsentKind.DAILY_PROMPTS}

    first, second = await answer(world), await answer(world)

    assert (first.offers_heads_ups, second.offers_heads_ups) == (True, False)


async def test_who_agreed_elsewhere_is_not_asked(world: CheckInWorld) -> None:
    assert not (await answer(world)).offers_heads_ups


async def test_the_next_prompt_leaves_out_days_away(world: CheckInWorld) -> None:
    world.clock.now = EVENING + timedelta(minutes=1)
    before = await world.group.checkins.next_prompt(world.ada)
    await world.group.away.set(world.ada, "tomorrow", "2 days", "en")

    after = await world.group.checkins.next_prompt(world.ada)

    assert before == EVENING + timedelta(days=1)
    assert after == EVENING + timedelta(days=3)
    assert await world.group.checkins.next_prompt(world.become(checkins=False)) is None
