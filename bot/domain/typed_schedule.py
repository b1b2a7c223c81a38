"""Times of a goal as people type them: `every day at 8 and 20`, `cada 2 semanas`, `15/12`.

Own rules for both languages at once; what they cannot read of a date goes to a fallback.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo

from bot.domain.localtime import ONE_DAY, local_day, resolve
from bot.domain.recurrence import Daily, Dates, Once, Rule, RuleError, Slot, next_due
from bot.domain.typed_dates import DateTextError, read_day
from bot.domain.typed_recurrence import Pattern, Span, cut_span, read_pattern
from bot.domain.typed_times import DaytimeError, Times, cut_times, plain_text

DEFAULT_TIME = time(9)
MOST_SLOTS = 6
FARTHEST = timedelta(days=3660)

_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})[/.](\d{1,2})(?:[/.](?:\d{2}|\d{4}))?(?!\d)")
_DAY_ALONE = re.compile(r"(?:(?:on|the|el|dia) )+(\d{1,2})(?:st|nd|rd|th|o)?")
_IN_A_WHILE = re.compile(
    r"(?:in|en|dentro de) (\d{1,3}|an?|una?|media|half an) (hours?|horas?|minutes?|minutos?|min)"
)

Fallback = Callable[[str], date | None]
"""Reads a date that the own rules cannot, or returns nothing."""


class ScheduleTextError(ValueError):
    """A text that names no time.

    Args:
        text: What was typed.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class TooManyTimesError(ScheduleTextError):
    """More times a day than reminders are sent."""


class EndFirstError(ScheduleTextError):
    """It would end before it starts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedSchedule:
    """What a text may mean.

    Attributes:
        readings: One, or several to choose from; the likelier one first.
        is_past: What was typed is over; the reading is the next sensible one.
    """

    readings: tuple[Rule, ...]
    is_past: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class _Base:
    now: datetime
    zone: tzinfo
    day_first: bool
    fallback: Fallback | None

    @property
    def today(self) -> date:
        return local_day(self.now, self.zone)


def read_schedule(
    text: str,
    *,
    now: datetime,
    zone: tzinfo,
    day_first: bool = False,
    fallback: Fallback | None = None,
) -> TypedSchedule:
    """Read when something shall be, in English or Spanish.

    Args:
        text: As typed.
        now: The moment it was typed.
        zone: The person's own.
        day_first: Whether 5/1 is more likely the fifth of January.
        fallback: Asked for a date that these rules cannot read.

    Raises:
        ScheduleTextError: It names no time, too many, or ends before it starts.
    """
    base = _Base(now=now, zone=zone, day_first=day_first, fallback=fallback)
    plain = plain_text(text)
    try:
        return _choose(list(_readings(plain, base)), base, text)
    except (RuleError, DateTextError, DaytimeError, OverflowError) as error:
        raise ScheduleTextError(text) from error


def _readings(plain: str, base: _Base) -> Iterable[Rule]:
    if (moment := _in_a_while(plain, base)) is not None:
        yield moment
        return
    rest, times = cut_times(plain, is_24h=base.day_first)
    rest, span = cut_span(rest)
    start = _date(span.start, base) if span.start else None
    patterns = list(_patterns(rest, times, start or base.today, base))
    for pattern in patterns:
        first = pattern.start or _first_day(pattern.dates, start, base)
        last = _last_day(span, first or start or base.today, base)
        for slots in _slots(times):
            yield Rule(dates=pattern.dates, slots=slots, start=first, end=last)


def _patterns(rest: str, times: Times, start: date, base: _Base) -> Iterable[Pattern]:
    if not rest:
        if not times.readings and not times.parts:
            raise DateTextError(rest)
        yield Pattern(dates=Once(on=base.today) if times.is_once else Daily())
        return
    found = list(read_pattern(rest, start))
    if found:
        yield from found
        return
    for day in _dates(rest, base):
        yield Pattern(dates=Once(on=day))


def _dates(rest: str, base: _Base) -> Sequence[date]:
    numeric = _NUMERIC.search(rest)
    orders = [base.day_first]
    if numeric and int(numeric[1]) <= 12 and int(numeric[2]) <= 12 and numeric[1] != numeric[2]:
        orders.append(not base.day_first)
    days = [_date(rest, replace(base, day_first=order)) for order in orders]
    return list(dict.fromkeys(days))


def _date(text: str, base: _Base) -> date:
    if (match := _DAY_ALONE.fullmatch(text)) and 1 <= int(match[1]) <= 31:
        ahead = (base.today + ONE_DAY * place for place in range(62))
        return next(day for day in ahead if day.day == int(match[1]))
    try:
        day = read_day(text, today=base.today, day_first=base.day_first)
    except DateTextError:
        found = base.fallback(text) if base.fallback else None
        if found is None:
            raise
        day = found
    if abs(day - base.today) > FARTHEST:
        raise DateTextError(text)
    return day


def _in_a_while(plain: str, base: _Base) -> Rule | None:
    match = _IN_A_WHILE.fullmatch(plain)
    if match is None:
        return None
    is_hours = match[2].startswith("h")
    if match[1] in {"media", "half an"}:
        minutes = 30
    else:
        count = int(match[1]) if match[1].isdigit() else 1
        minutes = count * 60 if is_hours else count
    local = (base.now + timedelta(minutes=max(1, minutes))).astimezone(base.zone)
    at = local.time().replace(second=0, microsecond=0)
    return Rule(dates=Once(on=local.date()), slots=(_slot(at),))


def _first_day(dates: Dates, start: date | None, base: _Base) -> date | None:
    if isinstance(dates, Once):
        return None
    return start if start is not None or not dates.needs_start else base.today


def _last_day(span: Span, first: date, base: _Base) -> date | None:
    if span.days is not None:
        return first + timedelta(days=span.days - 1)
    if not span.end:
        return None
    last = _date(span.end, base)
    if last < first:
        raise EndFirstError(span.end)
    return last


def _slots(times: Times) -> Iterable[tuple[Slot, ...]]:
    readings = times.readings or [times.parts or (DEFAULT_TIME,)]
    for reading in readings:
        chosen = sorted(set(reading))
        if len(chosen) > MOST_SLOTS:
            raise TooManyTimesError(str(len(chosen)))
        yield tuple(_slot(at) for at in chosen)


def _slot(at: time) -> Slot:
    # No colon: the key travels in the identifiers of buttons.
    return Slot(at=at, key=at.strftime("%H%M"))


def _choose(readings: list[Rule], base: _Base, text: str) -> TypedSchedule:
    if not readings:
        raise ScheduleTextError(text)
    ahead = [rule for rule in readings if next_due(rule, base.zone, base.now) is not None]
    if ahead:
        return TypedSchedule(readings=tuple(dict.fromkeys(ahead)))
    return TypedSchedule(readings=(_next_sensible(readings[0], base),), is_past=True)


def _next_sensible(rule: Rule, base: _Base) -> Rule:
    """Return what comes next of something that is over: the same date later, or without its end."""
    if not isinstance(rule.dates, Once):
        return replace(rule, end=None)
    last = max(slot.at for slot in rule.slots)
    today_is_over = resolve(base.today, last, base.zone) <= base.now
    soonest = base.today + ONE_DAY if today_is_over else base.today
    day = rule.dates.on
    if (base.today - day).days <= 7:
        return replace(rule, dates=Once(on=soonest))
    year = (
        soonest.year if (day.month, day.day) >= (soonest.month, soonest.day) else soonest.year + 1
    )
    return replace(rule, dates=Once(on=_in_year(day, year)))


def _in_year(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 2, 28)
