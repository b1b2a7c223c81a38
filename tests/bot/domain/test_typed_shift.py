"""Days and hours of shifts as leads type them, in English and Spanish."""

from datetime import date, time

import pytest

from bot.domain.daytime import DaytimeError
from bot.domain.typed_shift import ShiftTextError, read_days, read_hours

MONDAY = date(2026, 1, 5)
WEEK = frozenset(range(7))


@pytest.mark.parametrize(
    ("typed", "weekdays"),
    [
        ("Mon-Fri", {0, 1, 2, 3, 4}),
        ("lun\N{EN DASH}vie", {0, 1, 2, 3, 4}),
        ("weekends", {5, 6}),
        ("fines de semana", {5, 6}),
        ("every day", WEEK),
        ("todos los días", WEEK),
        ("Tuesday", {1}),
        ("mon, wed and fri", {0, 2, 4}),
        ("fri-mon", {4, 5, 6, 0}),
    ],
)
def test_weekdays_come_back_every_week(typed: str, weekdays: set[int]) -> None:
    found = read_days(typed, today=MONDAY)
    assert (found.weekdays, found.on) == (weekdays, None)


@pytest.mark.parametrize(
    ("typed", "day", "day_first"),
    [
        ("24 Dec", date(2026, 12, 24), False),
        ("5/2", date(2026, 2, 5), True),
        ("2026-02-03", date(2026, 2, 3), False),
        ("mañana", date(2026, 1, 6), True),
    ],
)
def test_a_date_is_one_date(typed: str, day: date, *, day_first: bool) -> None:
    found = read_days(typed, today=MONDAY, day_first=day_first)
    assert (found.weekdays, found.on) == (frozenset(), day)


@pytest.mark.parametrize("typed", ["every 2 weeks", "monthly", "sometimes", "", "31 Feb"])
def test_what_is_no_week_and_no_date_is_refused(typed: str) -> None:
    with pytest.raises(ShiftTextError):
        read_days(typed, today=MONDAY)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("9", "5", (time(9), time(17))),
        ("9am", "5pm", (time(9), time(17))),
        ("22", "6", (time(22), time(6))),
        ("22:00", "06:00", (time(22), time(6))),
        ("8pm", "8am", (time(20), time(8))),
        ("20:00", "8:00", (time(20), time(8))),
        ("5", "9", (time(5), time(9))),
    ],
)
def test_an_end_left_open_is_the_nearer_one(start: str, end: str, hours: tuple[time, time]) -> None:
    assert read_hours(start, end) == hours


def test_what_is_no_time_is_refused() -> None:
    with pytest.raises(DaytimeError):
        read_hours("25:70", "9")
