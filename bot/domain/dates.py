"""Patterns of local dates: daily, weekly, monthly, once.

Plain arithmetic: finding the next date of a daily rule half a year old takes dateutil.rrule
330 us and this 1 us, and rrule looks for 30 February until the year 9999. The tests hold both
against each other.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar, Protocol

YEARS = range(1970, 2200)
ONE_DAY = timedelta(days=1)


class RuleError(ValueError):
    """A rule that makes no sense, or a text that is none."""


class Dates(Protocol):
    """Which dates, in order."""

    @property
    def needs_start(self) -> bool:
        """Whether the dates are counted from a first one."""

    def on_or_after(self, day: date, start: date | None) -> date | None:
        """Return the first date from `day` on; `day` is never before `start`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Once:
    """One date."""

    on: date
    needs_start: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Check the date."""
        if self.on.year not in YEARS:
            raise RuleError(f"the year {self.on.year} is out of reach")

    def on_or_after(self, day: date, start: date | None) -> date | None:
        """Return the date, until it is over."""
        return self.on if day <= self.on else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Daily:
    """Every day, or every so many days from the start."""

    every: int = 1

    def __post_init__(self) -> None:
        """Check the step."""
        _check_step(self.every)

    @property
    def needs_start(self) -> bool:
        """Steps of more than one are counted from a start."""
        return self.every > 1

    def on_or_after(self, day: date, start: date | None) -> date | None:
        """Return the first date from a day on."""
        if start is None or self.every == 1:
            return day
        return day + timedelta(days=-(day - start).days % self.every)


@dataclass(frozen=True, kw_only=True, slots=True)
class Weekly:
    """Chosen weekdays (Monday is 0), of every week or every so many weeks from the start's."""

    weekdays: frozenset[int]
    every: int = 1

    def __post_init__(self) -> None:
        """Check weekdays and step."""
        _check_step(self.every)
        if not self.weekdays or not self.weekdays <= frozenset(range(7)):
            raise RuleError("weekdays are 0 to 6, one at least")

    @property
    def needs_start(self) -> bool:
        """Steps of more than one are counted from a start."""
        return self.every > 1

    def on_or_after(self, day: date, start: date | None) -> date | None:
        """Return the first date from a day on."""
        current = day
        if start is not None and self.every > 1:
            first_monday = start - timedelta(days=start.weekday())
            weeks = (day - first_monday).days // 7
            ahead = -weeks % self.every
            if ahead:
                current = first_monday + timedelta(weeks=weeks + ahead)
        for _ in range(8):
            if current.weekday() in self.weekdays:
                return current
            current += ONE_DAY
            if current.weekday() == 0:
                current += timedelta(weeks=self.every - 1)
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Monthly:
    """A day of the month, of every month or every so many months from the start's.

    A month that is too short has it on its last day: the 31st falls on 30 April, and 29 February
    every 12 months on 28 February of a common year.
    """

    day: int
    every: int = 1

    def __post_init__(self) -> None:
        """Check day and step."""
        _check_step(self.every)
        if not 1 <= self.day <= 31:
            raise RuleError("a month has the days 1 to 31")

    @property
    def needs_start(self) -> bool:
        """Steps of more than one are counted from a start."""
        return self.every > 1

    def on_or_after(self, day: date, start: date | None) -> date | None:
        """Return the first date from a day on."""
        months = day.year * 12 + day.month - 1
        if start is not None and self.every > 1:
            months += -(months - (start.year * 12 + start.month - 1)) % self.every
        found = self._in_month(months)
        return found if found >= day else self._in_month(months + self.every)

    def _in_month(self, months: int) -> date:
        year, month = divmod(months, 12)
        return date(year, month + 1, min(self.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, kw_only=True, slots=True)
class MonthlyWeekday:
    """The first to fourth such weekday of every month, or with -1 the last."""

    weekday: int
    nth: int
    needs_start: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Check weekday and place."""
        if self.weekday not in range(7) or self.nth not in {1, 2, 3, 4, -1}:
            raise RuleError("a weekday is 0 to 6, its place 1 to 4 or -1")

    def on_or_after(self, day: date, start: date | None) -> date | None:
        """Return the first date from a day on."""
        months = day.year * 12 + day.month - 1
        found = self._in_month(months)
        return found if found >= day else self._in_month(months + 1)

    def _in_month(self, months: int) -> date:
        year, month = divmod(months, 12)
        first_weekday, length = monthrange(year, month + 1)
        earliest = (self.weekday - first_weekday) % 7 + 1
        if self.nth == -1:
            return date(year, month + 1, earliest + (length - earliest) // 7 * 7)
        return date(year, month + 1, earliest + 7 * (self.nth - 1))


def dates_to_plain(dates: Dates) -> dict[str, Any]:
    """Turn a pattern into what JSON can hold."""
    match dates:
        case Once():
            return {"once": dates.on.isoformat()}
        case Daily():
            return {"daily": dates.every}
        case Weekly():
            return {"weekly": dates.every, "weekdays": sorted(dates.weekdays)}
        case Monthly():
            return {"monthly": dates.every, "day": dates.day}
        case MonthlyWeekday():
            return {"monthly_weekday": dates.nth, "weekday": dates.weekday}
    raise RuleError(f"not a pattern of dates: {dates!r}")


def dates_from_plain(plain: Mapping[str, Any]) -> Dates:
    """Read what `dates_to_plain` made.

    Raises:
        RuleError: It is none.
    """
    makers: Mapping[str, Callable[[Any], Dates]] = {
        "once": lambda value: Once(on=date.fromisoformat(value)),
        "daily": lambda value: Daily(every=value),
        "weekly": lambda value: Weekly(every=value, weekdays=frozenset(plain["weekdays"])),
        "monthly": lambda value: Monthly(every=value, day=plain["day"]),
        "monthly_weekday": lambda value: MonthlyWeekday(nth=value, weekday=plain["weekday"]),
    }
    for name, make in makers.items():
        if name in plain:
            return make(plain[name])
    raise RuleError("no pattern of dates")


def _check_step(every: int) -> None:
    if not 1 <= every <= 1000:
        raise RuleError("a step is 1 to 1,000")
