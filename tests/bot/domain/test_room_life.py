"""Which theme or topic comes when."""

from datetime import date, time, timedelta

from bot.domain.recurrence import occurrences
from bot.domain.room_life import EVENING_AT, Series, pick, rule_of
from tests.fakes.clock import START, UTC

TOPICS = [str(number) for number in range(42)]


def test_each_topic_comes_once_before_any_comes_again() -> None:
    days = [date(2026, 1, 5) + timedelta(days=number) for number in range(42)]

    assert len({pick(TOPICS, "room", Series.EVENING, day) for day in days}) == 42


def test_a_week_has_one_theme_and_the_next_week_another() -> None:
    monday = date(2026, 1, 5)
    week = {pick(TOPICS, "r", Series.WEEKLY, monday + timedelta(days=n)) for n in range(7)}

    assert len(week) == 1
    assert pick(TOPICS, "r", Series.WEEKLY, monday + timedelta(days=7)) not in week


def test_a_week_brings_one_theme_and_seven_evenings() -> None:
    until = START + timedelta(days=7)
    counts = {
        series: len(list(occurrences(rule_of(series, time(9), 2), UTC, START, until)))
        for series in Series
    }

    assert counts == {Series.WEEKLY: 1, Series.EVENING: 7}
    [slot] = rule_of(Series.EVENING, EVENING_AT).slots
    assert slot.at == time(19)
