"""Times of day as people type them, in both languages."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.daytime import DaytimeError, parse_daytime


@pytest.mark.parametrize(
    ("typed", "hour", "minute"),
    [
        ("7pm", 19, 0), ("7 PM", 19, 0), ("7p", 19, 0), ("7:30 p.m.", 19, 30),
        ("7:30 p. m.", 19, 30), ("7.30pm", 19, 30), ("19:30", 19, 30), ("19.30", 19, 30),
        ("19h30", 19, 30), ("1930", 19, 30), ("930", 9, 30), ("930pm", 21, 30),
        ("19 h", 19, 0), ("19 horas", 19, 0),
        ("at 7:15 am", 7, 15), ("07:05", 7, 5), ("0:00", 0, 0), ("00:30", 0, 30),
        ("12am", 0, 0), ("12 pm", 12, 0), ("12:30 a.m.", 0, 30), ("noon", 12, 0),
        ("Midnight", 0, 0), ("7 in the evening", 19, 0), ("9 at night", 21, 0),
        ("1 at night", 1, 0), ("6 in the morning", 6, 0), ("19:30 pm", 19, 30),
        ("7 de la tarde", 19, 0), ("7:30 de la mañana", 7, 30), ("10 de la noche", 22, 0),
        ("12 de la noche", 0, 0), ("3 de la madrugada", 3, 0),
        ("las 7 y media de la tarde", 19, 30),
        ("a las 8 y cuarto de la mañana", 8, 15), ("a la 1 de la tarde", 13, 0),
        ("mediodía", 12, 0), ("medianoche", 0, 0), ("12 del mediodía", 12, 0), ("  8  PM ", 20, 0),
        ("12 de la tarde", 12, 0), ("7 a. m.", 7, 0),
    ],
)  # fmt: skip
def test_a_time_is_read_as_people_type_it(typed: str, hour: int, minute: int) -> None:
    assert parse_daytime(typed).at == time(hour, minute)


@pytest.mark.parametrize(
    "typed",
    [
        "25:70", "24:00", "7:60", "19 am", "0 pm", "seven", "", "   ", "7:3", "12345", "-3:00",
        "7 pm pm", "7:30:15", "tomorrow", "7pm or 8pm", "99", "😀", "13:00 de la madrugada",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(DaytimeError):
        parse_daytime(typed)


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("7:30", [time(7, 30), time(19, 30)]),
        ("12:10", [time(12, 10), time(0, 10)]),
        ("a las 9", [time(9), time(21)]),
        ("07:30", [time(7, 30)]),
        ("0730", [time(7, 30)]),
        ("7:30 pm", [time(19, 30)]),
        ("13:05", [time(13, 5)]),
    ],
)
def test_a_bare_hour_may_be_morning_or_evening(typed: str, readings: list[time]) -> None:
    assert list(parse_daytime(typed).readings) == readings


@given(st.times())
def test_every_time_written_by_either_clock_is_read_back(at: time) -> None:
    short = at.replace(second=0, microsecond=0)

    assert parse_daytime(short.strftime("%H:%M")).at == short
    assert parse_daytime(short.strftime("%I:%M %p")).at == short
    assert short in parse_daytime(short.strftime("%I:%M").lstrip("0")).readings


@given(st.text(max_size=40))
def test_anything_else_is_refused_and_never_fails(text: str) -> None:
    try:
        parsed = parse_daytime(text)
    except DaytimeError:
        return
    assert 0 <= parsed.at.hour <= 23
