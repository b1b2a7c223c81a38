"""Shifts as people type them: `mon-fri`, `weekends`, `24 dec`; `9 to 5` is the daytime."""

from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.domain.dates import Daily, Once, RuleError, Weekly
from bot.domain.daytime import parse_daytime
from bot.domain.rota import WEEKDAYS
from bot.domain.typed_dates import DateTextError, read_day
from bot.domain.typed_recurrence import read_pattern
from bot.domain.typed_times import plain_text

LONGEST = timedelta(hours=16)


class ShiftTextError(ValueError):
    """A text that names no days.

    Args:
        text: What was typed.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True, kw_only=True, slots=True)
class TypedDays:
    """Weekdays that come back every week, or one date."""

    weekdays: frozenset[int] = frozenset()
    on: date | None = None


def read_days(text: str, *, today: date, day_first: bool = False) -> TypedDays:
    """Read on which days a shift is.

    A weekday alone comes back every week.

    Raises:
        ShiftTextError: It names no days, or days in steps of more than a week.
    """
    plain = plain_text(text).replace("\N{EN DASH}", "-")
    try:
        for pattern in read_pattern(plain, today):
            if isinstance(pattern.dates, Daily) and pattern.dates.every == 1:
                return TypedDays(weekdays=frozenset(WEEKDAYS))
            if isinstance(pattern.dates, Weekly) and pattern.dates.every == 1:
                return TypedDays(weekdays=pattern.dates.weekdays)
            if not isinstance(pattern.dates, Once):
                raise ShiftTextError(text)
        return TypedDays(on=read_day(text, today=today, day_first=day_first))
    except (RuleError, DateTextError, OverflowError) as error:
        raise ShiftTextError(text) from error


def read_hours(start: str, end: str) -> tuple[time, time]:
    """Read from when until when.

    `9` to `5` ends in the afternoon: an end that was left open is read so that the shift stays
    on one day, where that makes one of sixteen hours at most.

    Raises:
        DaytimeError: One of them is no time of day.
    """
    first, last = parse_daytime(start), parse_daytime(end)
    if last.is_open and _length(first.at, last.at) > LONGEST:
        later = last.readings[-1]
        if _length(first.at, later) <= LONGEST:
            return first.at, later
    return first.at, last.at


def _length(start: time, end: time) -> timedelta:
    begin = timedelta(hours=start.hour, minutes=start.minute)
    finish = timedelta(hours=end.hour, minutes=end.minute)
    return finish - begin if finish > begin else finish - begin + timedelta(days=1)
