"""Recurrence: on which local dates something falls, and at which times of those days."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from functools import lru_cache
from itertools import islice
from typing import Any

from bot.domain.dates import (
    YEARS,
    Daily,
    Dates,
    Monthly,
    MonthlyWeekday,
    Once,
    RuleError,
    Weekly,
    dates_from_plain,
    dates_to_plain,
)
from bot.domain.localtime import ONE_DAY, local_day, resolve

EVERY_DAY = frozenset(range(7))
MOST_EMPTY_DATES = 500
"""Dates in a row without a slot after which a rule is taken never to come again."""

__all__ = [
    "EVERY_DAY",
    "Daily",
    "Dates",
    "Monthly",
    "MonthlyWeekday",
    "Occurrence",
    "Once",
    "Rule",
    "RuleError",
    "Slot",
    "Weekly",
    "next_due",
    "occurrences",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A local time of day, and the weekdays (Monday is 0) on which it applies.

    Attributes:
        key: What tells the slots of one date apart for good. Two slots with one key never both
            fire on a date, so a time that is moved keeps a person from being asked twice. It is
            the time itself unless given.
    """

    at: time
    weekdays: frozenset[int] = EVERY_DAY
    key: str = ""

    def __post_init__(self) -> None:
        """Check the slot and fill in its key."""
        if self.at.tzinfo is not None or self.at.microsecond:
            raise RuleError("a slot is a plain local time in whole seconds")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise RuleError("a slot applies to weekdays 0 to 6")
        if not self.key:
            object.__setattr__(self, "key", self.at.strftime("%H:%M"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Occurrence:
    """One time something falls due.

    Attributes:
        nominal_date: The local date it belongs to, whatever the clocks do that day.
        slot: The key of the slot.
        due_at: The instant, in UTC.
    """

    nominal_date: date
    slot: str
    due_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """Dates and the times of day on them.

    Attributes:
        start: The first date, from which every second day, week or month is counted.
        end: The last date, included.
        excluded: Dates left out, such as holidays.
    """

    dates: Dates
    slots: tuple[Slot, ...]
    start: date | None = None
    end: date | None = None
    excluded: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        """Check that the rule makes sense."""
        if not self.slots:
            raise RuleError("a rule needs a slot")
        for weekday in EVERY_DAY:
            keys = [slot.key for slot in self.slots if weekday in slot.weekdays]
            if len(keys) != len(set(keys)):
                raise RuleError("two slots of one day share a key")
        for day in (self.start, self.end, *self.excluded):
            if day is not None and day.year not in YEARS:
                raise RuleError(f"the year {day.year} is out of reach")
        if self.start and self.end and self.end < self.start:
            raise RuleError("the end comes before the start")
        if self.dates.needs_start and self.start is None:
            raise RuleError("these dates are counted from a start")

    def slots_on(self, day: date) -> Iterator[Slot]:
        """List the slots of a date, whether or not the rule falls on it."""
        weekday = day.weekday()
        return (slot for slot in self.slots if weekday in slot.weekdays)

    def days_from(self, day: date) -> Iterator[date]:
        """List the dates of the rule from a day on, in order."""
        current = day if self.start is None else max(day, self.start)
        while (found := self.dates.on_or_after(current, self.start)) is not None:
            if (self.end and found > self.end) or found.year not in YEARS:
                return
            if found not in self.excluded:
                yield found
            current = found + ONE_DAY

    def to_text(self) -> str:
        """Write the rule as JSON text."""
        plain: dict[str, Any] = {
            "dates": dates_to_plain(self.dates),
            "slots": [_slot_to_plain(slot) for slot in self.slots],
        }
        if self.start:
            plain["start"] = self.start.isoformat()
        if self.end:
            plain["end"] = self.end.isoformat()
        if self.excluded:
            plain["excluded"] = sorted(day.isoformat() for day in self.excluded)
        return json.dumps(plain, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> "Rule":
        """Read what `to_text` wrote.

        Raises:
            RuleError: The text is not a rule.
        """
        return _read_rule(text)


def occurrences(
    rule: Rule, zone: tzinfo, after: datetime, until: datetime | None = None
) -> Iterator[Occurrence]:
    """List what falls due after one instant and up to another, in order of time."""
    empty = 0
    for day in rule.days_from(local_day(after, zone)):
        found = _on_day(rule, day, zone)
        empty = 0 if found else empty + 1
        if empty > MOST_EMPTY_DATES:
            return
        for occurrence in found:
            if until is not None and occurrence.due_at > until:
                return
            if occurrence.due_at > after:
                yield occurrence


def next_due(rule: Rule, zone: tzinfo, after: datetime) -> datetime | None:
    """Return the next instant after this one, or nothing once the rule is over."""
    found = next(islice(occurrences(rule, zone, after), 1), None)
    return found.due_at if found else None


def _on_day(rule: Rule, day: date, zone: tzinfo) -> list[Occurrence]:
    found = [
        Occurrence(nominal_date=day, slot=slot.key, due_at=resolve(day, slot.at, zone))
        for slot in rule.slots_on(day)
    ]
    if len(found) > 1:
        # A gap may carry an earlier time past a later one.
        found.sort(key=lambda occurrence: occurrence.due_at)
    return found


def _slot_to_plain(slot: Slot) -> dict[str, Any]:
    plain: dict[str, Any] = {"at": slot.at.isoformat(), "key": slot.key}
    if slot.weekdays != EVERY_DAY:
        plain["weekdays"] = sorted(slot.weekdays)
    return plain


def _slot_from_plain(plain: Mapping[str, Any]) -> Slot:
    return Slot(
        at=time.fromisoformat(plain["at"]),
        weekdays=frozenset(plain.get("weekdays", EVERY_DAY)),
        key=plain["key"],
    )


def _day_from_plain(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@lru_cache(maxsize=4096)
def _read_rule(text: str) -> Rule:
    try:
        plain = json.loads(text)
        return Rule(
            dates=dates_from_plain(plain["dates"]),
            slots=tuple(_slot_from_plain(slot) for slot in plain["slots"]),
            start=_day_from_plain(plain.get("start")),
            end=_day_from_plain(plain.get("end")),
            excluded=frozenset(date.fromisoformat(day) for day in plain.get("excluded", ())),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RuleError(f"not a rule: {text[:80]}") from error
