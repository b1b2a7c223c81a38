"""A year of one person: each message at its local time, none twice, none lost."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import process_time
from zoneinfo import ZoneInfo

from bot.domain.checkin import CheckInState, prompt_rule
from bot.domain.dates import Daily, Monthly, Weekly
from bot.domain.delivery import OutboxRow, OutboxState, Reason
from bot.domain.participant import Delivery, Participant
from bot.domain.progress import SUMMARY_RULE
from bot.domain.recurrence import Rule, Slot
from bot.services.checkin_prompts import PROMPT
from bot.services.goal_reminders import REMINDER
from bot.services.progress import WEEKLY
from tests.fakes.clock import FakeClock
from tests.story.calendar import expected
from tests.story.life import Life, days, living

NEW_YORK = ZoneInfo("America/New_York")
BEGIN = datetime(2027, 3, 1, 12, tzinfo=UTC)
END = BEGIN + timedelta(days=366)
HOUR = timedelta(hours=1)
SECONDS = 30.0

DOWN = datetime(2027, 9, 8, 3, 10, tzinfo=UTC)
UP = DOWN + timedelta(days=2)
AWAY = (date(2027, 6, 7), date(2027, 12, 20))
"""The first days of two weeks."""

GOALS = {
    # On 14 March there is no half past two, on 7 November there are two half past ones.
    "night": Rule(dates=Daily(), slots=(Slot(at=time(1, 30)), Slot(at=time(2, 30)))),
    "weekdays": Rule(dates=Weekly(weekdays=frozenset({0, 2, 4})), slots=(Slot(at=time(7, 15)),)),
    "third day": Rule(
        dates=Daily(every=3), slots=(Slot(at=time(12)), Slot(at=time(21))), start=date(2027, 3, 2)
    ),
    "month": Rule(dates=Monthly(day=31), slots=(Slot(at=time(12)),)),
    "leap day": Rule(
        dates=Monthly(day=29, every=12), slots=(Slot(at=time(9)),), start=date(2024, 2, 29)
    ),
}
PREFERENCES = {
    "zone": NEW_YORK.key,
    "country": "US",
    "delivery": Delivery.DM,
    "delivery_confirmed": True,
    "weekday_time": time(18),
    "weekend_time": time(11),
    "quiet_start": time(0),
    "quiet_end": time(0),
}
GOOD_DAY = {"mood": "good", "support": "mostly"}

Key = tuple[str, str, date, str]


def key(row: OutboxRow) -> Key:
    assert row.nominal_date is not None
    return row.kind, row.subject_id, row.nominal_date, row.slot


def calendar(participant: Participant) -> dict[Key, datetime]:
    """Everything the year should bring, by what it is, with the instant it is due."""
    rules = {
        (PROMPT.name, ""): prompt_rule(participant.preferences),
        (WEEKLY.name, ""): SUMMARY_RULE,
        **{(REMINDER.name, name): rule for name, rule in GOALS.items()},
    }
    return {
        (*which, one.nominal_date, one.slot): one.due_at
        for which, rule in rules.items()
        for one in expected(rule, NEW_YORK, BEGIN, END)
    }


def answer_when_asked(life: Life, due: dict[Key, datetime]) -> None:
    """Let the person answer an hour after each prompt, but for every fifth day."""
    edition = life.app.services.prompt_sets.current
    asked = sorted(which for which in due if which[0] == PROMPT.name)
    for place, which in enumerate(asked):
        day, at = which[2], due[which] + HOUR
        # Nobody presses anything while the bot is down or while they are away.
        if place % 5 and not (DOWN <= at < UP) and day not in away_days():
            answer = life.app.services.checkins.answer
            life.do(at, partial(answer, life.participant, day, edition.version, "en", GOOD_DAY))


def away_days() -> set[date]:
    return {day for first in AWAY for day in days(first, 7)}


async def test_a_year_of_one_participant(tmp_path: Path) -> None:
    begun = process_time()
    async with living(tmp_path, FakeClock(BEGIN), PREFERENCES) as life:
        due = calendar(life.participant)
        await live_a_year(life, due)
        rows = [row for row in await life.rows() if row.schedule_id is not None]

        assert process_time() - begun < SECONDS
        await check_each_arrival(life, due, rows)
        check_clock_changes_and_leap_day(rows)
        await check_what_is_left(life, due, rows)


async def live_a_year(life: Life, due: dict[Key, datetime]) -> None:
    life.outages = [(DOWN, UP)]
    for name, rule in GOALS.items():
        await life.set_goal(name, rule)
    await life.app.services.progress.switch_on(life.participant)
    answer_when_asked(life, due)
    for first in AWAY:
        dates = first.isoformat(), (first + timedelta(days=6)).isoformat()
        life.do(
            datetime.combine(first - timedelta(days=3), time(12), UTC),
            partial(life.app.services.away.set, life.participant, *dates, "en"),
        )
    await life.live(END)


async def check_each_arrival(
    life: Life, due: dict[Key, datetime], rows: Sequence[OutboxRow]
) -> None:
    """None lost, none twice, none made up: a row for each, and a message for each row sent."""
    by_key = {key(row): row for row in rows}
    by_id = {row.id: row for row in rows}
    assert by_key.keys() == due.keys()
    assert len(rows) == len(due) > 1_400
    sent = [row.id for row in await life.rows() if row.state is OutboxState.SENT]
    assert sorted(message.nonce for message in life.gateway.sent) == sorted(sent)

    for which, due_at in due.items():
        row = by_key[which]
        carrier = by_id[row.merged_into] if row.merged_into else row
        assert row.due_at == due_at, which
        if which[2] in away_days():
            assert row.reason == Reason.EXCUSED, which
        elif DOWN <= due_at < UP:
            check_after_outage(which, row, carrier, due)
        else:
            assert carrier.state is OutboxState.SENT, (which, row.reason)
            assert carrier.sent_at == due_at, which


def check_after_outage(
    which: Key, row: OutboxRow, carrier: OutboxRow, due: dict[Key, datetime]
) -> None:
    """Of each goal the last reminder still comes, and the prompt whose window is open."""
    own = [at for other, at in due.items() if other[:2] == which[:2] and DOWN <= at < UP]
    if due[which] == max(own):
        assert carrier.sent_at == UP, which
    else:
        assert row.reason == Reason.EXPIRED, which


def check_clock_changes_and_leap_day(rows: Sequence[OutboxRow]) -> None:
    def local(name: str, day: date) -> list[str]:
        mine = [row for row in rows if row.subject_id == name and row.nominal_date == day]
        return [row.due_at.astimezone(NEW_YORK).strftime("%H:%M %Z") for row in mine]

    assert local("night", date(2027, 3, 14)) == ["01:30 EST", "03:30 EDT"]
    assert local("night", date(2027, 11, 7)) == ["01:30 EDT", "02:30 EST"]
    assert local("night", date(2027, 11, 8)) == ["01:30 EST", "02:30 EST"]
    assert local("leap day", date(2028, 2, 29)) == ["09:00 EST"]
    leaps = [row.nominal_date for row in rows if row.subject_id == "leap day"]
    assert leaps == [date(2028, 2, 29)]
    months = [row.nominal_date for row in rows if row.subject_id == "month"]
    assert [day.day for day in months if day] == [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 29]


async def check_what_is_left(
    life: Life, due: dict[Key, datetime], rows: Sequence[OutboxRow]
) -> None:
    checkins = await life.app.stores.checkins.since(life.participant.id, date.min)
    states = {checkin.day: checkin.state for checkin in checkins}
    assert {which[2] for which in due if which[0] == PROMPT.name} == states.keys()
    excused = {day for day, state in states.items() if state is CheckInState.EXCUSED}
    assert excused == away_days()
    assert Counter(states.values())[CheckInState.ANSWERED] > 250
    # Two reminders due at one moment were one message.
    merged = [row for row in rows if row.reason == Reason.MERGED]
    assert merged
    assert all(row.state is OutboxState.CLOSED for row in merged)
