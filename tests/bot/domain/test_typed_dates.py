"""Dates as people type them, in both languages."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.away import MOST_DAYS, AwayFault, find_fault
from bot.domain.typed_dates import DateTextError, read_day, read_range

TODAY = date(2026, 1, 5)  # a Monday


def day(number: int, month: int = 1, year: int = 2026) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", day(5)), ("hoy", day(5)), ("Tomorrow", day(6)), ("mañana", day(6)),
        ("pasado mañana", day(7)), ("yesterday", day(4)),
        ("fri", day(9)), ("on Friday", day(9)), ("el viernes", day(9)), ("Miércoles", day(7)),
        ("monday", day(5)), ("next monday", day(12)), ("el lunes que viene", day(12)),
        ("5 jan", day(5)), ("Jan 12", day(12)), ("January 12th", day(12)),
        ("12 de enero", day(12)), ("12th of January 2027", day(12, 1, 2027)),
        ("10 mar", day(10, 3)), ("10 de marzo", day(10, 3)), ("mar", day(6)),
        ("2026-02-01", day(1, 2)), ("1/12", day(12)), ("13/1", day(13)),
        ("1/12/27", day(12, 1, 2027)),
        ("in 3 days", day(8)), ("en 2 semanas", day(19)), ("5. Jan.", day(5)),
    ],
)  # fmt: skip
def test_a_day(text: str, expected: date) -> None:
    assert read_day(text, today=TODAY) == expected


def test_most_of_the_world_writes_the_day_first() -> None:
    assert read_day("2/1", today=TODAY, day_first=True) == day(2)
    assert read_day("2/1", today=TODAY) == day(1, 2)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("fri", "mon", (day(9), day(12))),
        ("today", "friday", (day(5), day(9))),
        ("Friday to Monday", "", (day(9), day(12))),
        ("fri-mon", "", (day(9), day(12))),
        ("5-9 jan", "", (day(5), day(9))),
        ("jan 5-9", "", (day(5), day(9))),
        ("del 5 al 9 de enero", "", (day(5), day(9))),
        ("from 5 Jan to 9 Jan", "", (day(5), day(9))),
        ("2026-01-12 - 2026-01-15", "", (day(12), day(15))),
        ("tomorrow", "3 days", (day(6), day(8))),
        ("mañana", "una semana", (day(6), day(12))),
        ("for a week", "", (day(5), day(11))),
        ("el viernes", "3 días", (day(9), day(11))),
        ("jan 12", "the 15th", (day(12), day(15))),
        ("dec 28", "jan 3", (day(28, 12), day(3, 1, 2027))),
        ("jan 12", "jan 5", (day(12), day(5))),  # handed back by the caller
        ("fri", "", (day(9), day(9))),
    ],
)
def test_a_range(first: str, last: str, expected: tuple[date, date]) -> None:
    assert read_range(first, last, today=TODAY) == expected


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", ""), ("soon", ""), ("31 feb", ""), ("9", "12"), ("25:70", ""), ("fri", "later"),
        ("jan feb", ""), ("2026-13-01", ""), ("5 6 7 jan", ""), ("9999-12-31", "3 days"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused_with_the_text(first: str, last: str) -> None:
    with pytest.raises(DateTextError) as refused:
        read_range(first, last, today=TODAY)

    assert refused.value.text in (first, last)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_the_reading(first: str, last: str) -> None:
    try:
        found = read_range(first, last, today=TODAY)
    except DateTextError:
        return
    assert all(isinstance(one, date) for one in found)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 90))
def test_iso_dates_are_read_back(start: date, length: int) -> None:
    end = start + timedelta(days=length)

    assert read_range(start.isoformat(), end.isoformat(), today=TODAY) == (start, end)


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (day(5), day(5), None),
        (day(1), day(6), None),
        (day(6), day(5), AwayFault.END_BEFORE_START),
        (day(1), day(4), AwayFault.PAST),
        (TODAY - timedelta(days=8), day(9), AwayFault.PAST),
        (day(5), day(5) + timedelta(days=MOST_DAYS - 1), None),
        (day(5), day(5) + timedelta(days=MOST_DAYS), AwayFault.TOO_LONG),
    ],
)
def test_which_ranges_can_be_away(first: date, last: date, fault: AwayFault | None) -> None:
    assert find_fault(first, last, TODAY) is fault
