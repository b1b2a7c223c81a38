"""States, windows, times of prompts and snoozes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checkin import (
    SNOOZE,
    Answers,
    CheckIn,
    CheckInState,
    Level,
    Snooze,
    prompt_rule,
    snoozes,
)
from bot.domain.ids import CheckInId, ParticipantId
from bot.domain.localtime import QuietHours, local_day
from bot.domain.participant import Pace, Preferences
from bot.domain.prompt_set import Meaning
from bot.domain.recurrence import occurrences

NEW_YORK = ZoneInfo("America/New_York")
DUE = datetime(2026, 1, 5, 23, tzinfo=UTC)  # 18:00 in New York
NIGHT = QuietHours(start=time(22), end=time(8))


def checkin(**changes: object) -> CheckIn:
    fields: dict[str, object] = {
        "id": CheckInId("c"),
        "participant_id": ParticipantId("p"),
        "day": date(2026, 1, 5),
        "set_id": "daily",
        "set_version": 1,
        "state": CheckInState.SENT,
        "due_at": DUE,
        "closes_at": DUE + timedelta(hours=12),
        "sent_at": DUE,
    }
    return CheckIn(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (timedelta(hours=1), CheckInState.ANSWERED),
        (timedelta(hours=7), CheckInState.ANSWERED),  # past midnight, in the window
        (timedelta(hours=12), CheckInState.LATE),
        (timedelta(days=2), CheckInState.LATE),
    ],
)
def test_an_answer_is_late_once_the_window_is_over(after: timedelta, state: CheckInState) -> None:
    assert checkin().state_if_answered(DUE + after) is state


def test_changing_an_answer_leaves_its_state() -> None:
    on_time = checkin(state=CheckInState.ANSWERED)

    assert on_time.state_if_answered(DUE + timedelta(days=1)) is CheckInState.ANSWERED


def test_a_day_nobody_asked_about_is_never_late() -> None:
    own = checkin(due_at=None, closes_at=None, sent_at=None, state=CheckInState.OPENED)

    assert own.state_if_answered(DUE + timedelta(days=3)) is CheckInState.ANSWERED


@pytest.mark.parametrize(
    ("hours", "quiet", "offered"),
    [
        (0, None, {Snooze.SOON, Snooze.TONIGHT}),  # 18:00
        (1.25, None, {Snooze.SOON, Snooze.TONIGHT}),  # 19:15, tonight is 45 minutes off
        (1.3, None, {Snooze.SOON}),
        (2.5, None, {Snooze.SOON}),  # tonight is over
        (3.75, NIGHT, set()),  # 21:45: half an hour later it is quiet
        (11.4, None, {Snooze.SOON}),
        (11.5, None, set()),  # half an hour later the window is over
        (13, None, set()),
    ],
)
def test_only_times_inside_the_window_and_outside_quiet_hours_are_offered(
    hours: float, quiet: QuietHours | None, offered: set[Snooze]
) -> None:
    now = DUE + timedelta(hours=hours)

    assert set(snoozes(checkin(), now, NEW_YORK, quiet)) == offered


@pytest.mark.parametrize("state", [CheckInState.ANSWERED, CheckInState.SKIPPED])
def test_nothing_is_offered_once_it_is_done(state: CheckInState) -> None:
    assert snoozes(checkin(state=state), DUE, NEW_YORK, None) == {}


def test_half_an_hour_is_half_an_hour_when_the_clocks_change() -> None:
    # 1 November 2026, 1:45 summer time in New York: at 2:00 the clocks go back.
    due = datetime(2026, 11, 1, 5, 45, tzinfo=UTC)
    asked = checkin(due_at=due, closes_at=due + timedelta(hours=12))

    assert snoozes(asked, due, NEW_YORK, None)[Snooze.SOON] == due + SNOOZE


@pytest.mark.parametrize(
    ("pace", "weekdays"),
    [(Pace.DAILY, set(range(7))), (Pace.THREE, {1, 3, 5}), (Pace.WEEKLY, {6})],
)
def test_a_pace_asks_on_its_days_at_their_times(pace: Pace, weekdays: set[int]) -> None:
    chosen = Preferences(weekday_time=time(18), weekend_time=time(11), pace=pace)
    start = datetime(2026, 1, 4, 12, tzinfo=UTC)

    found = list(occurrences(prompt_rule(chosen), NEW_YORK, start, start + timedelta(weeks=2)))

    assert {one.nominal_date.weekday() for one in found} == weekdays
    for one in found:
        local = one.due_at.astimezone(NEW_YORK)
        assert local.hour == (11 if one.nominal_date.weekday() > 4 else 18)


TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ZONES = st.sampled_from(
    ["America/New_York", "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca"]
)


@given(
    weekday=TIMES,
    weekend=TIMES,
    zone=ZONES,
    start=st.dates(date(2025, 1, 1), date(2027, 1, 1)),
    hour=st.integers(0, 23),
)
def test_a_daily_pace_asks_exactly_once_on_every_local_day(
    weekday: time, weekend: time, zone: str, start: date, hour: int
) -> None:
    place = ZoneInfo(zone)
    rule = prompt_rule(Preferences(weekday_time=weekday, weekend_time=weekend))
    begin = datetime.combine(start, time(hour), UTC)
    end = begin + timedelta(days=20)

    found = [one.nominal_date for one in occurrences(rule, place, begin, end)]

    assert len(found) == len(set(found))
    whole_days = {
        local_day(begin, place) + timedelta(days=step)
        for step in range(1, (local_day(end, place) - local_day(begin, place)).days)
    }
    assert whole_days <= set(found)


def test_a_level_compares_across_scales_of_other_lengths() -> None:
    assert Level(level=2, top=4).share == Level(level=5, top=10).share == 0.5
    assert Level(level=0, top=0).share == 0.0


def test_a_level_is_found_by_what_it_means() -> None:
    answers = Answers(levels={"how": Level(level=1, top=4, meaning=Meaning.MOOD)})

    assert answers.level(Meaning.MOOD) == Level(level=1, top=4, meaning=Meaning.MOOD)
    assert answers.level(Meaning.URGE) is None
