"""On which days something recurs, as people type it: `every other day`, `los lunes y jueves`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.recurrence import Daily, Dates, Monthly, Once, Weekly
from bot.domain.typed_dates import UNITS, month_place, weekday_place

WORKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "un": 1, "una": 1, "two": 2, "dos": 2, "second": 2, "other": 2,
    "three": 3, "tres": 3, "third": 3, "four": 4, "cuatro": 4, "five": 5, "cinco": 5,
    "six": 6, "seis": 6, "seven": 7, "siete": 7, "eight": 8, "ocho": 8, "ten": 10, "diez": 10,
}  # fmt: skip
_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_DAILY = re.compile(
    r"(?:every ?day|each day|daily|every single day|all days|todos los dias|cada dia|a diario"
    r"|diario|diariamente)"
)
_OTHER_DAY = re.compile(r"un dia si y (?:un dia |otro )no|dia por medio|dia de por medio")
_EVERY_N = re.compile(
    rf"(?:every|each|cada) (?:{_NUMBER} )?"
    r"(?P<unit>days?|weeks?|months?|years?|dias?|semanas?|mes(?:es)?|anos?)"
)
_WEEKLY = re.compile(
    r"weekly|once a week|semanal(?:mente)?|todas las semanas|una vez (?:a|por) (?:la )?semana"
)
_FORTNIGHT = re.compile(
    r"biweekly|fortnightly|every fortnight|quincenal(?:mente)?|semana por medio"
)
_MONTHLY = re.compile(
    r"monthly|once a month|(?:of )?(?:each|every) month|mensual(?:mente)?|todos los meses"
    r"|(?:de )?cada mes|una vez al mes|del mes"
)
_YEARLY = re.compile(
    r"yearly|annually|(?:of )?(?:each|every) year|anual(?:mente)?|todos los anos|(?:de )?cada ano"
)
_WORKDAYS = re.compile(
    r"(?:on |every |the )?(?:weekdays?|workdays?|working days)|entre semana"
    r"|dias? (?:laborables?|habiles?)|(?:los )?dias de semana"
)
_WEEKEND = re.compile(
    r"(?:on |at |every |the )*weekends?"
    r"|(?:los |cada |todos los |en |el )*(?:fines?|finde) de semana"
)
_SPAN = re.compile(r"(?:from |de )?([a-z]+)\s?(?:to|through|thru|-|a)\s?([a-z]+)")
_LEADS_MANY = re.compile(r"\b(?:every|each|cada|todos los|los|las|all)\b")
_LEADS_ONE = re.compile(r"\b(?:next|this|el|proximo|este|on|coming|que viene)\b")
_DAY_OF_MONTH = re.compile(
    r"(?:on |the |el |dia |los |day )*(\d{1,2})(?:st|nd|rd|th|o)?(?: of)?(?: de)?"
)
_LAST_DAY = re.compile(r"(?:on |el |the )*(?:last day|ultimo dia)(?: of)?(?: de)?")
_UNTIL = re.compile(r"\b(?:until|till|til|through|hasta)\b(?: el| la)?\s(?P<end>.+)$")
_FOR = re.compile(
    rf"\b(?:for|durante|por)\s(?:the next |los proximos |las proximas )?{_NUMBER}\s"
    r"(?P<unit>days?|weeks?|months?|dias?|semanas?|mes(?:es)?)\b"
)
_FROM = re.compile(
    r"\b(?:starting(?: on| from)?|beginning(?: on)?|from|as of|desde|a partir de|empezando)"
    r"(?: el| del|l)?\s(?P<start>.+)$"
)
_FROM_FIRST = re.compile(
    r"(?:starting(?: on| from)?|beginning(?: on)?|from|as of|desde|a partir de|empezando)"
    r"(?: el| del|l)? (?P<start>.+?),? "
    r"(?P<rest>(?:every|each|cada|todos|todas|daily|weekdays|los|on|lunes a)\b.*)"
)
_MONTH_DAYS = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """The dates a text names.

    Attributes:
        start: What they are counted from, where that is not the day it was typed.
    """

    dates: Dates
    start: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """From when and until when, as typed; or for how many days."""

    start: str = ""
    end: str = ""
    days: int | None = None


def cut_span(plain: str) -> tuple[str, Span]:
    """Take start and end out of a text."""
    rest, start, end, days = plain, "", "", None
    if match := _UNTIL.search(rest):
        rest, end = rest[: match.start()], match["end"]
    if match := _FOR.search(rest):
        count, unit = _count(match["n"]), match["unit"]
        days = count * (_MONTH_DAYS if unit.startswith("m") else UNITS[unit])
        rest = rest[: match.start()] + rest[match.end() :]
    rest = _tidy(rest)
    if match := _FROM_FIRST.fullmatch(rest):
        rest, start = match["rest"], match["start"]
    elif (match := _FROM.search(rest)) and not _names_span(match["start"]):
        rest, start = rest[: match.start()], match["start"]
    return _tidy(rest), Span(start=start.strip(" ,"), end=end.strip(" ,"), days=days)


def read_pattern(rest: str, start: date) -> Iterator[Pattern]:
    """Read on which days something recurs; nothing where it names a single date.

    Args:
        rest: What is left once times, start and end are taken out.
        start: The date from which every second one is counted.
    """
    if _DAILY.fullmatch(rest):
        yield Pattern(dates=Daily())
    elif _OTHER_DAY.fullmatch(rest):
        yield Pattern(dates=Daily(every=2))
    elif _WORKDAYS.fullmatch(rest):
        yield Pattern(dates=Weekly(weekdays=WORKDAYS))
    elif _WEEKEND.fullmatch(rest):
        yield Pattern(dates=Weekly(weekdays=WEEKEND))
    elif (found := _stepped(rest, start) or _in_month(rest, start)) is not None:
        yield found
    else:
        yield from (Pattern(dates=dates) for dates in _weekdays(rest, start))


def _stepped(rest: str, start: date) -> Pattern | None:
    """Read `every 2 weeks`, with or without its weekdays or day of the month."""
    if match := _FORTNIGHT.search(rest):
        step, unit, others = 2, "week", rest[: match.start()] + rest[match.end() :]
    elif match := _WEEKLY.search(rest):
        step, unit, others = 1, "week", rest[: match.start()] + rest[match.end() :]
    elif match := _EVERY_N.search(rest):
        step, unit = _count(match["n"] or "1"), match["unit"]
        others = rest[: match.start()] + rest[match.end() :]
    else:
        return None
    others = _tidy(others)
    if unit.startswith("d"):
        return None if others else Pattern(dates=Daily(every=step))
    if unit.startswith(("w", "s")):
        weekdays = _named_weekdays(others) if others else frozenset({start.weekday()})
        return Pattern(dates=Weekly(weekdays=weekdays, every=step)) if weekdays else None
    if unit.startswith("m"):
        return _on_month_day(others, start, step)
    return _in_year(others, start, step)


def _in_month(rest: str, start: date) -> Pattern | None:
    if match := _MONTHLY.search(rest):
        return _on_month_day(_tidy(rest[: match.start()] + rest[match.end() :]), start, 1)
    if match := _YEARLY.search(rest):
        return _in_year(_tidy(rest[: match.start()] + rest[match.end() :]), start, 1)
    return None


def _on_month_day(text: str, start: date, step: int) -> Pattern | None:
    if not text:
        return Pattern(dates=Monthly(day=start.day, every=step))
    if _LAST_DAY.fullmatch(text):
        return Pattern(dates=Monthly(day=31, every=step))
    match = _DAY_OF_MONTH.fullmatch(text)
    return Pattern(dates=Monthly(day=int(match[1]), every=step)) if match else None


def _in_year(text: str, start: date, step: int) -> Pattern | None:
    """Read a date of every year: twelve months, counted from a start in that month."""
    first = _first_in_year(text, start) if text else start
    if first is None:
        return None
    return Pattern(dates=Monthly(day=_leap_day(text, first), every=12 * step), start=first)


def _first_in_year(text: str, start: date) -> date | None:
    words = [word for word in text.split() if word not in {"on", "the", "of", "el", "de", "dia"}]
    months = [place for word in words if (place := month_place(word)) is not None]
    numbers = [int(found[0]) for word in words if (found := re.match(r"\d{1,2}", word))]
    if len(words) != 2 or len(months) != 1 or len(numbers) != 1:
        return None
    month, day = months[0], numbers[0]
    year = start.year if (month, day) >= (start.month, start.day) else start.year + 1
    try:
        return date(year, month, min(day, 28) if (month, day) == (2, 29) else day)
    except ValueError:
        return None


def _leap_day(text: str, day: date) -> int:
    return 29 if re.search(r"\b29(?:th)?\b", text) and day.month == 2 else day.day


def _weekdays(rest: str, start: date) -> Iterator[Dates]:
    """Read weekdays: several, or led by `every`, recur; a bare one may be either."""
    weekdays = _named_weekdays(rest)
    if not weekdays:
        return
    is_many = len(weekdays) > 1 or _LEADS_MANY.search(rest) is not None or _is_plural(rest)
    if is_many:
        yield Weekly(weekdays=weekdays)
    elif not _LEADS_ONE.search(rest):
        [weekday] = weekdays
        ahead = (weekday - start.weekday()) % 7 or 7
        yield Weekly(weekdays=weekdays)
        yield Once(on=start + timedelta(days=ahead))


def _named_weekdays(text: str) -> frozenset[int]:
    """Return the weekdays a text consists of; none where it holds anything else."""
    if match := _SPAN.fullmatch(re.sub(r"^(?:on|los|every|cada) ", "", text)):
        first, last = weekday_place(match[1]), weekday_place(match[2])
        if first is not None and last is not None:
            return frozenset((first + place) % 7 for place in range((last - first) % 7 + 1))
    words = re.split(r"[\s,/&+]+", text)
    skipped = {"on", "every", "each", "and", "y", "e", "los", "las", "el", "cada", "todos", "the",
               "all", "", "dias", "days"}  # fmt: skip
    places = [weekday_place(word.rstrip(".")) for word in words if word not in skipped]
    if not places or any(place is None for place in places):
        return frozenset()
    return frozenset(place for place in places if place is not None)


def _is_plural(text: str) -> bool:
    """Whether an English weekday stands in the plural; Spanish ones look alike in both."""
    return re.search(r"(?:day|sabado|domingo)s\b", text) is not None


def _names_span(text: str) -> bool:
    return bool(_named_weekdays(text)) and len(_named_weekdays(text)) > 1


def _count(text: str) -> int:
    return int(text) if text.isdigit() else _NUMBERS[text]


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" ,")
