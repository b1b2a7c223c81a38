"""Dates as people type them, in English and Spanish: `fri`, `5 jan`, `del 5 al 9 de enero`.

Our own small rules: general date parsers read "el viernes" as nothing and "mañana a las 9" as noon.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.localtime import ONE_DAY

ROLL_OVER = 200
"""A day and month this many days ahead or fewer, counted into the next year, mean the next year."""

_WEEKDAYS = (
    ("mon", "monday", "lun", "lunes"),
    ("tue", "tues", "tuesday", "mar", "martes"),
    ("wed", "weds", "wednesday", "mie", "miercoles"),
    ("thu", "thur", "thurs", "thursday", "jue", "jueves"),
    ("fri", "friday", "vie", "viernes"),
    ("sat", "saturday", "sab", "sabado"),
    ("sun", "sunday", "dom", "domingo"),
)
_MONTHS = (
    ("jan", "january", "ene", "enero"),
    ("feb", "february", "febrero"),
    ("mar", "march", "marzo"),
    ("apr", "april", "abr", "abril"),
    ("may", "mayo"),
    ("jun", "june", "junio"),
    ("jul", "july", "julio"),
    ("aug", "august", "ago", "agosto"),
    ("sep", "sept", "september", "septiembre", "setiembre"),
    ("oct", "october", "octubre"),
    ("nov", "november", "noviembre"),
    ("dec", "december", "dic", "diciembre"),
)
_SPECIAL = {
    "today": 0, "now": 0, "hoy": 0, "ahora": 0,
    "tomorrow": 1, "manana": 1,
    "yesterday": -1, "ayer": -1,
    "day after tomorrow": 2, "pasado manana": 2,
}  # fmt: skip
_COUNTS = {"a": 1, "an": 1, "one": 1, "un": 1, "una": 1, "two": 2, "dos": 2, "three": 3, "tres": 3}
UNITS = {
    "day": 1, "days": 1, "dia": 1, "dias": 1,
    "week": 7, "weeks": 7, "semana": 7, "semanas": 7,
}  # fmt: skip
_FILLER = frozenset(
    {"on", "the", "of", "this", "from", "el", "la", "los", "de", "del", "este", "esta", "desde",
     "dia", "until", "till", "hasta", "al", "to", "por"}
)  # fmt: skip
_TYPED_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_ISO = re.compile(r"(\d{4})_(\d{1,2})_(\d{1,2})")
_SPLIT = re.compile(
    r"\s+(?:to|until|till|through|thru|hasta|al|a)\s+|\s*[–—]\s*|\s+-\s+|(?<=\d)\s*-\s*(?=\d)"
    r"|(?<=[a-z])-(?=[a-z\d])"
)
_NUMERIC = re.compile(r"(\d{1,2})[/.](\d{1,2})(?:[/.](\d{2}|\d{4}))?")
_LENGTH = re.compile(r"(?:(?:for|durante|por)\s+)?(\d{1,3}|[a-z]+)\s+([a-z]+)")


class DateTextError(ValueError):
    """A text that is not a date.

    Args:
        text: What was typed.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, kw_only=True, slots=True)
class _Reading:
    today: date
    day_first: bool
    start: date | None = None
    month: int | None = None


def read_range(first: str, last: str, *, today: date, day_first: bool = False) -> tuple[date, date]:
    """Read two dates; the last may be a length such as "3 days", or stand in the first text.

    Args:
        first: From when, or the whole range, such as `5-9 jan`.
        last: Until when, that day included; empty means what the first says, or one day.
        today: The person's own date.
        day_first: Whether 5/1 is the fifth of January, as in most of the world.

    Returns:
        Both dates, as typed: the last may lie before the first.

    Raises:
        DateTextError: One of them cannot be read.
    """
    try:
        return _read_both(first, last, _Reading(today=today, day_first=day_first))
    except OverflowError as error:  # days counted past the last year there is
        raise DateTextError(last or first) from error


def _read_both(first: str, last: str, base: _Reading) -> tuple[date, date]:
    if not last.strip():
        if (length := _length(_plain(first))) is not None:
            return base.today, base.today + timedelta(days=length - 1)
        parts = [part for part in _SPLIT.split(_plain(first)) if part.strip()]
        if len(parts) == 2:
            return _read_pair(parts[0], parts[1], base.today, day_first=base.day_first)
    start = _read(_plain(first), base, first)
    if not last.strip():
        return start, start
    return start, _read_end(_plain(last), start, base, last)


def read_day(text: str, *, today: date, day_first: bool = False) -> date:
    """Read one date.

    Raises:
        DateTextError: It cannot be read.
    """
    return _read(_plain(text), _Reading(today=today, day_first=day_first), text)


def weekday_place(word: str) -> int | None:
    """Return which weekday a word without accents names, also in the plural; Monday is 0."""
    place = _place(word, _WEEKDAYS)
    return _place(word[:-1], _WEEKDAYS) if place is None and word.endswith("s") else place


def month_place(word: str) -> int | None:
    """Return which month a word without accents names, 1 to 12."""
    place = _place(word, _MONTHS)
    return None if place is None else place + 1


def _read_pair(first: str, last: str, today: date, *, day_first: bool) -> tuple[date, date]:
    plain_first, plain_last = _words(first), _words(last)
    # "5-9 jan" and "jan 5-9": a bare number takes the month of the other part.
    base = _Reading(today=today, day_first=day_first, month=_month(plain_last))
    start = _read(first, base, first)
    return start, _read_end(
        last,
        start,
        _Reading(today=today, day_first=day_first, month=_month(plain_first) or start.month),
        last,
    )


def _read_end(plain: str, start: date, base: _Reading, typed: str) -> date:
    if (length := _length(plain)) is not None:
        return start + timedelta(days=length - 1)
    following = _Reading(
        today=base.today, day_first=base.day_first, start=start, month=base.month or start.month
    )
    return _read(plain, following, typed)


def _read(plain: str, base: _Reading, typed: str) -> date:
    words = _words(plain)
    text = " ".join(words)
    for special, days in _SPECIAL.items():
        if text == special:
            return base.today + timedelta(days=days)
    if match := _ISO.fullmatch(text):
        return _exact(int(match[1]), int(match[2]), int(match[3]), typed)
    if match := _NUMERIC.fullmatch(text):
        one, two = int(match[1]), int(match[2])
        day, month = (one, two) if base.day_first or one > 12 else (two, one)
        return _dated(day, month, match[3], base, typed)
    if plain.startswith(("in ", "en ")) and (length := _length(plain[3:])) is not None:
        return base.today + timedelta(days=length)
    if found := _weekday(words, base):
        return found
    numbers = [word for word in words if word.isdigit()]
    named = _month(words)
    month_of_day = named or (base.month if len(words) == 1 else None)
    names = len(words) - len(numbers)
    if month_of_day is None or not 1 <= len(numbers) <= 2 or names != (named is not None):
        raise DateTextError(typed)
    year = numbers[1] if len(numbers) == 2 else None
    return _dated(int(numbers[0]), month_of_day, year, base, typed)


def _dated(day: int, month: int, year: str | None, base: _Reading, typed: str) -> date:
    if year is not None:
        return _exact(int(year) + (2000 if len(year) == 2 else 0), month, day, typed)
    near = base.start or base.today
    found = _exact(near.year, month, day, typed)
    if found >= near:
        return found
    following = _exact(near.year + 1, month, day, typed)
    return following if (following - near).days <= ROLL_OVER else found


def _exact(year: int, month: int, day: int, typed: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise DateTextError(typed) from error


def _weekday(words: list[str], base: _Reading) -> date | None:
    names = [word for word in words if word not in {"next", "proximo", "que", "viene"}]
    if len(names) != 1 or (weekday := _place(names[0], _WEEKDAYS)) is None:
        return None
    near = base.start or base.today
    if len(names) != len(words) and base.start is None:
        near += ONE_DAY
    return near + timedelta(days=(weekday - near.weekday()) % 7)


def _month(words: Iterable[str]) -> int | None:
    places = [place for word in words if (place := _place(word, _MONTHS)) is not None]
    return places[0] + 1 if len(places) == 1 else None


def _place(word: str, names: tuple[tuple[str, ...], ...]) -> int | None:
    return next((place for place, known in enumerate(names) if word in known), None)


def _length(plain: str) -> int | None:
    match = _LENGTH.fullmatch(plain.strip())
    if match is None or match[2] not in UNITS:
        return None
    counts: Mapping[str, int] = _COUNTS
    count = int(match[1]) if match[1].isdigit() else counts.get(match[1])
    return count * UNITS[match[2]] if count else None


def _words(plain: str) -> list[str]:
    words = [re.sub(r"^(\d{1,2})(?:st|nd|rd|th|o)$", r"\1", word) for word in plain.split()]
    return [word for word in words if word not in _FILLER] if len(words) > 1 else words


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.strip().lower())
    without = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _TYPED_ISO.sub(r"\1_\2_\3", re.sub(r",|\.(?=\s|$)", " ", without)).strip()
