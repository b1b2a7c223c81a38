"""What is counted of goals: days, runs, totals, and days since a date."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.goal import (
    Counts,
    DayCount,
    GoalMark,
    Pause,
    by_day,
    count,
    kept_days,
    milestone,
    next_counted,
    slot_for,
    summarize,
)
from bot.domain.ids import ParticipantId
from bot.domain.progress import Mark
from bot.domain.recurrence import Daily, Rule, Slot, Weekly

MONDAY = date(2026, 1, 5)
ME = ParticipantId("me")
DAILY = Rule(dates=Daily(), slots=(Slot(at=time(9), key="0900"), Slot(at=time(20), key="2000")))


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def done(*numbers: int) -> dict[date, Mark]:
    return {day(number): Mark.DONE for number in numbers}


def test_a_day_is_what_its_best_mark_is() -> None:
    marks = [
        GoalMark(day=MONDAY, slot="0900", mark=Mark.NOT_TODAY),
        GoalMark(day=MONDAY, slot="2000", mark=Mark.PARTLY),
        GoalMark(day=day(1), slot="0900", mark=Mark.NOT_TODAY),
    ]

    assert by_day(marks) == {MONDAY: Mark.PARTLY, day(1): Mark.NOT_TODAY}
    assert kept_days(by_day(marks)) == {MONDAY}


def test_days_away_neither_add_nor_end_a_run() -> None:
    marks = done(0, 1, 4, 5)

    there = count(marks, today=day(6), rule=DAILY)
    away = count(marks, today=day(6), rule=DAILY, aways=[(day(2), day(3))])

    assert there == Counts(last_days=4, best_run=2, total=4)
    assert away == Counts(last_days=4, best_run=4, total=4)


def test_days_of_rest_and_days_without_a_time_do_not_end_a_run() -> None:
    mondays = Rule(dates=Weekly(weekdays=frozenset({0})), slots=DAILY.slots)

    assert count(done(0, 7, 14), today=day(14), rule=mondays).best_run == 3
    pause = Pause(first=day(1), last=day(2))
    assert count(done(0, 3), today=day(3), rule=DAILY, pauses=[pause]).best_run == 2


def test_nothing_marked_counts_nothing() -> None:
    assert count({MONDAY: Mark.NOT_TODAY}, today=MONDAY, rule=DAILY) == Counts()


@given(
    st.sets(st.integers(0, 60), max_size=40),
    st.sets(st.integers(0, 60), max_size=30),
    st.integers(0, 60),
)
def test_neither_time_nor_excused_days_take_anything_away(
    kept: set[int], excused: set[int], later: int
) -> None:
    marks = done(*kept)
    aways = [(day(number), day(number)) for number in excused]

    before = count(marks, today=day(60), rule=DAILY)
    after = count(marks, today=day(60 + later), rule=DAILY)
    with_away = count(marks, today=day(60), rule=DAILY, aways=aways)

    assert (after.best_run, after.total) == (before.best_run, before.total)
    assert with_away.total == before.total == len(kept)
    assert before.best_run <= with_away.best_run <= len(kept)


@given(st.sets(st.integers(0, 60), min_size=1), st.integers(0, 60))
def test_one_more_day_never_makes_less(kept: set[int], more: int) -> None:
    before = count(done(*kept), today=day(60), rule=DAILY)
    after = count(done(*kept, more), today=day(60), rule=DAILY)

    assert after.best_run >= before.best_run
    assert after.total >= before.total
    assert after.last_days >= before.last_days


@pytest.mark.parametrize(
    ("before", "after", "reached"),
    [(0, 1, 1), (6, 7, 7), (7, 7, None), (7, 8, None), (5, 31, 30), (365, 366, None)],
)
def test_a_milestone_is_reached_once(before: int, after: int, reached: int | None) -> None:
    assert milestone(before, after) == reached


@pytest.mark.parametrize(
    ("hour", "marked", "slot"),
    [
        (7, set(), "0900"),
        (10, set(), "0900"),
        (21, set(), "2000"),
        (10, {"0900"}, "2000"),
        (21, {"2000"}, "0900"),
        (21, {"0900", "2000"}, "2000"),
    ],
)
def test_a_mark_without_a_time_is_about_the_latest_open_one(
    hour: int, marked: set[str], slot: str
) -> None:
    now = datetime(2026, 1, 5, hour, tzinfo=UTC)

    assert slot_for(DAILY, MONDAY, now, ZoneInfo("UTC"), marked) == slot


def test_a_mark_on_a_day_without_a_time_is_about_the_day() -> None:
    mondays = Rule(dates=Weekly(weekdays=frozenset({0})), slots=DAILY.slots)

    assert slot_for(mondays, day(1), datetime(2026, 1, 6, tzinfo=UTC), ZoneInfo("UTC"), ()) == ""
    assert slot_for(None, MONDAY, datetime(2026, 1, 5, tzinfo=UTC), ZoneInfo("UTC"), ()) == ""


@pytest.mark.parametrize(
    ("days", "following"), [(0, 1), (1, 3), (29, 30), (270, 365), (365, 730), (800, 1095)]
)
def test_days_to_celebrate(days: int, following: int) -> None:
    assert next_counted(days) == following


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_a_new_start_takes_nothing_away(lengths: list[int]) -> None:
    counts, first = [], MONDAY
    for length in lengths[:-1]:
        last = first + timedelta(days=length)
        counts.append(DayCount(id=str(first), participant_id=ME, first=first, last=last))
        first = last
    today = first + timedelta(days=lengths[-1])
    counts.append(DayCount(id="now", participant_id=ME, first=first))

    summary = summarize(counts, today)
    again = DayCount(id="new", participant_id=ME, first=today)
    ended = DayCount(id="now", participant_id=ME, first=first, last=today)
    restarted = summarize([*counts[:-1], ended, again], today)

    assert summary.days == lengths[-1]
    assert summary.total == sum(lengths)
    assert summary.best == max(lengths)
    assert (restarted.best, restarted.total) == (summary.best, summary.total)
    assert restarted.days == 0
