"""Times of goals as people type them, in both languages."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.recurrence import Daily, Dates, Monthly, Once, Rule, Weekly, next_due
from bot.domain.typed_schedule import (
    EndFirstError,
    ScheduleTextError,
    TooManyTimesError,
    TypedSchedule,
    read_schedule,
)

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 1, 5, 12, tzinfo=ZONE).astimezone(UTC)
"""A Monday at noon."""


def read(text: str, *, day_first: bool = False) -> TypedSchedule:
    return read_schedule(text, now=NOW, zone=ZONE, day_first=day_first)


def one(text: str, *, day_first: bool = False) -> Rule:
    found = read(text, day_first=day_first)
    assert not found.is_past
    [rule] = found.readings
    return rule


def keys(rule: Rule) -> list[str]:
    return [slot.key for slot in rule.slots]


def weekly(*weekdays: int, every: int = 1) -> Weekly:
    return Weekly(weekdays=frozenset(weekdays), every=every)


def on(month: int, day: int, year: int = 2026) -> Once:
    return Once(on=date(year, month, day))


@pytest.mark.parametrize(
    ("text", "dates", "times"),
    [
        ("next friday", on(1, 9), "0900"),
        ("in 3 weeks", on(1, 26), "0900"),
        ("15/12", on(12, 15), "0900"),
        ("tomorrow morning", on(1, 6), "0900"),
        ("tonight", on(1, 5), "2000"),
        ("in 2 hours", on(1, 5), "1400"),
        ("the 20th", on(1, 20), "0900"),
        ("5 jan at 14:00", on(1, 5), "1400"),
        ("every day at 8 and 20", Daily(), "0800 2000"),
        ("every day 8 and 20", Daily(), "0800 2000"),
        ("at 8am, 2pm and 8pm", Daily(), "0800 1400 2000"),
        ("every morning", Daily(), "0900"),
        ("twice a day", Daily(), "0900 2000"),
        ("every other day", Daily(every=2), "0900"),
        ("every 3 days at noon", Daily(every=3), "1200"),
        ("weekdays at 7:30am", weekly(0, 1, 2, 3, 4), "0730"),
        ("monday to friday at 7am", weekly(0, 1, 2, 3, 4), "0700"),
        ("weekends at noon", weekly(5, 6), "1200"),
        ("sundays", weekly(6), "0900"),
        ("mondays and thursdays at 6pm", weekly(0, 3), "1800"),
        ("every second week on tuesday", weekly(1, every=2), "0900"),
        ("every 2 weeks", weekly(0, every=2), "0900"),
        ("every month on the 31st at 10am", Monthly(day=31), "1000"),
        ("on the 15th of every month", Monthly(day=15), "0900"),
        ("every year on 29 february", Monthly(day=29, every=12), "0900"),
    ],
)
def test_english(text: str, dates: Dates, times: str) -> None:
    rule = one(text)

    assert rule.dates == dates
    assert keys(rule) == times.split()


@pytest.mark.parametrize(
    ("text", "dates", "times"),
    [
        ("el viernes", on(1, 9), "0900"),
        ("en 3 semanas", on(1, 26), "0900"),
        ("15/12", on(12, 15), "0900"),
        ("mañana a las 9 de la noche", on(1, 6), "2100"),
        ("mañana por la mañana", on(1, 6), "0900"),
        ("pasado mañana a las 18h", on(1, 7), "1800"),
        ("esta noche a las 8", on(1, 5), "2000"),
        ("el 20 de enero a las 5 de la tarde", on(1, 20), "1700"),
        ("en media hora", on(1, 5), "1230"),
        ("lunes y jueves 19:30", weekly(0, 3), "1930"),
        ("los lunes, miércoles y viernes a las 19:00", weekly(0, 2, 4), "1900"),
        ("de lunes a viernes 8:00", weekly(0, 1, 2, 3, 4), "0800"),
        ("entre semana a las 8 de la mañana", weekly(0, 1, 2, 3, 4), "0800"),
        ("fines de semana", weekly(5, 6), "0900"),
        ("todos los domingos a las 11 de la mañana", weekly(6), "1100"),
        ("cada 2 semanas", weekly(0, every=2), "0900"),
        ("todos los días a las 9:00", Daily(), "0900"),
        ("a diario 8 y 20", Daily(), "0800 2000"),
        ("cada noche a las 10", Daily(), "2200"),
        ("un día sí y otro no a las 10 de la mañana", Daily(every=2), "1000"),
        ("cada 3 días a las 8 y a las 20", Daily(every=3), "0800 2000"),
        ("tres veces al día", Daily(), "0900 1400 2000"),
        ("el 31 de cada mes", Monthly(day=31), "0900"),
        ("cada año el 29 de febrero a las 9:00", Monthly(day=29, every=12), "0900"),
    ],
)
def test_spanish(text: str, dates: Dates, times: str) -> None:
    rule = one(text, day_first=True)

    assert rule.dates == dates
    assert keys(rule) == times.split()


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("3/4", False, [(on(3, 4), "0900"), (on(4, 3), "0900")]),
        ("3/4", True, [(on(4, 3), "0900"), (on(3, 4), "0900")]),
        ("every day at 8", False, [(Daily(), "0800"), (Daily(), "2000")]),
        ("mañana a las 9", True, [(on(1, 6), "0900"), (on(1, 6), "2100")]),
        ("every day at 3", False, [(Daily(), "1500"), (Daily(), "0300")]),
        ("8", False, [(Daily(), "0800"), (Daily(), "2000")]),
        ("friday", False, [(weekly(4), "0900"), (on(1, 9), "0900")]),
        ("viernes", True, [(weekly(4), "0900"), (on(1, 9), "0900")]),
    ],
)
def test_both_readings_are_given(
    text: str, day_first: bool, expected: list[tuple[Dates, str]]
) -> None:
    found = read(text, day_first=day_first).readings

    assert [(rule.dates, *keys(rule)) for rule in found] == expected


def test_a_reading_that_is_over_is_no_choice() -> None:
    assert one("today at 9").slots[0].at == time(21)


@pytest.mark.parametrize(
    ("text", "dates", "at"),
    [
        ("today at 9am", on(1, 6), time(9)),
        ("yesterday", on(1, 6), time(9)),
        ("1 jan 2020", on(1, 1, 2027), time(9)),
        ("29/2/2024 at noon", on(2, 28), time(12)),
    ],
)
def test_what_is_over_comes_with_the_next_sensible_one(text: str, dates: Dates, at: time) -> None:
    found = read(text, day_first=True)

    assert found.is_past
    [rule] = found.readings
    assert (rule.dates, rule.slots[0].at) == (dates, at)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("mondays at 6pm until 30 june", None, date(2026, 6, 30)),
        ("todos los lunes a las 18:00 hasta el 30 de junio", None, date(2026, 6, 30)),
        ("every day for 3 weeks at 9pm", None, date(2026, 1, 25)),
        ("todos los días durante 2 semanas a las 21:00", None, date(2026, 1, 18)),
        ("every day starting tomorrow at 7:15 am", date(2026, 1, 6), None),
        ("desde el viernes cada día a las 22:00", date(2026, 1, 9), None),
        ("every day from 1 feb at 8am", date(2026, 2, 1), None),
        ("from monday to friday at 18:00", None, None),
    ],
)
def test_start_and_end(text: str, start: date | None, end: date | None) -> None:
    rule = one(text, day_first=True)

    assert (rule.start, rule.end) == (start, end)


@pytest.mark.parametrize(
    "text", ["25:70", "nonsense", "every day at 25", "", "...", "/", "every 0 days", "32/13"]
)
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(ScheduleTextError):
        read(text)


def test_too_many_times_and_an_end_before_the_start_say_so() -> None:
    with pytest.raises(TooManyTimesError):
        read("1,2,3,4,5,6,7")
    with pytest.raises(EndFirstError):
        read("every day until yesterday")


def test_a_fallback_reads_what_the_rules_cannot() -> None:
    asked: list[str] = []

    def fallback(text: str) -> date | None:
        asked.append(text)
        return date(2026, 3, 5) if text == "in two months" else None

    found = read_schedule("in two months at 7pm", now=NOW, zone=ZONE, fallback=fallback)

    assert asked == ["in two months"]
    assert found.readings[0].dates == on(3, 5)
    with pytest.raises(ScheduleTextError):
        read_schedule("some day", now=NOW, zone=ZONE, fallback=fallback)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = read(text)
    except ScheduleTextError:
        return
    assert found.readings


WORDS = st.sampled_from(
    (
        "every", "day", "at", "8", "and", "20", "cada", "2", "semanas", "lunes", "y", "jueves",
        "19:30", "mañana", "por", "la", "de", "15/12", "3/4", "next", "friday", "until", "30",
        "june", "el", "31", "mes", "in", "weeks", "todos", "los", "días", "hasta", "noon", "for",
        "3pm", "0", "99",
    )
)  # fmt: skip


@given(st.lists(WORDS, min_size=1, max_size=7), st.booleans())
def test_what_is_read_always_has_something_to_come(words: list[str], day_first: bool) -> None:
    try:
        found = read(" ".join(words), day_first=day_first)
    except ScheduleTextError:
        return
    assert 1 <= len(found.readings) <= 4
    for rule in found.readings:
        due = next_due(rule, ZONE, NOW)
        assert due is not None
        assert due > NOW
        assert Rule.from_text(rule.to_text()) == rule
        assert all(":" not in slot.key for slot in rule.slots)


WEEKDAYS = (
    ("monday", "lunes"), ("tuesday", "martes"), ("wednesday", "miércoles"), ("thursday", "jueves"),
    ("friday", "viernes"), ("saturday", "sábado"), ("sunday", "domingo"),
)  # fmt: skip


@given(
    st.sets(st.integers(0, 6), min_size=2),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
def test_both_languages_mean_the_same(weekdays: set[int], at: time) -> None:
    clock = at.strftime("%H:%M")
    english = ", ".join(WEEKDAYS[index][0] for index in sorted(weekdays))
    spanish = ", ".join(WEEKDAYS[index][1] for index in sorted(weekdays))

    rules = [
        read(f"{english} at {clock}").readings[0],
        read(f"{spanish} a las {clock}", day_first=True).readings[0],
    ]

    assert {rule.dates for rule in rules} == {weekly(*weekdays)}
    # A bare 1:30 is more likely the afternoon where people say am and pm.
    assert at in {slot.at for rule in rules for slot in rule.slots}
    assert rules[1].slots[0].at == at
