"""Dates a general parser reads behind the own rules, and the sentences where none can."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.recurrence import Once
from bot.errors import UserError
from bot.services.typed_moments import typed_date, typed_schedule

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 1, 5, 17, tzinfo=UTC)
TODAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "locale", "day"),
    [
        ("in two months", "en", date(2026, 3, 5)),
        ("next month", "en", date(2026, 2, 5)),
        ("dentro de 2 meses", "es", date(2026, 3, 5)),
        ("en un mes", "es", date(2026, 2, 5)),
        ("la próxima semana", "es", date(2026, 1, 12)),
        ("in two months", "es", date(2026, 3, 5)),
        ("5/1", "es", date(2026, 1, 5)),
        ("5/1", "en", date(2026, 5, 1)),
    ],
)
def test_dates_in_either_language(text: str, locale: str, day: date) -> None:
    assert typed_date(text, today=TODAY, locale=locale) == day


def test_a_date_of_the_parser_takes_its_time_from_the_own_rules() -> None:
    found = typed_schedule("dentro de 2 meses a las 19:30", now=NOW, zone=ZONE, locale="es")

    [rule] = found.readings
    assert rule.dates == Once(on=date(2026, 3, 5))
    assert [slot.key for slot in rule.slots] == ["1930"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("whenever I can", "goals.when.unreadable"),
        ("sun and moon", "goals.when.unreadable"),
        ("25:70", "goals.when.unreadable"),
        ("maybe", "goals.when.unreadable"),
        ("1,2,3,4,5,6,7", "goals.when.too_many"),
        ("every day until yesterday", "goals.when.end_first"),
    ],
)
def test_what_is_no_time_has_its_sentence(text: str, key: str) -> None:
    with pytest.raises(UserError) as refused:
        typed_schedule(text, now=NOW, zone=ZONE, locale="en")

    assert refused.value.key == key


@pytest.mark.parametrize("text", ["", "soon", "99/99", "x" * 500, "12 monkeys"])
def test_what_is_no_date_has_its_sentence(text: str) -> None:
    with pytest.raises(UserError) as refused:
        typed_date(text, today=TODAY, locale="en")

    assert refused.value.key == "goals.date.unreadable"
