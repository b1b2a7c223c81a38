"""The daily ritual: one gives an intention, the other says thank you; a day with both is shared."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.domain.history import best_run
from bot.domain.ids import PairId, ParticipantId
from bot.domain.localtime import ONE_DAY
from bot.domain.recurrence import Rule, Slot, Weekly

LONGEST = 300
LOOK_BACK_DAYS = 7

LOOK_BACK = Rule(dates=Weekly(weekdays=frozenset({6})), slots=(Slot(at=time(19)),))
"""Sunday evening, by one's own clock."""


class Part(StrEnum):
    """What one of the two gives; who gives which may change from day to day."""

    INTENTION = "intention"
    THANKS = "thanks"


class Tick(StrEnum):
    """What a person may tick for themselves alone."""

    GROUP = "group"
    CALL = "call"
    MOVE = "move"
    MEAL = "meal"
    REST = "rest"
    JOY = "joy"


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """A part that was given.

    Attributes:
        day: The pair's local day it is for.
        texts: An intention; or the thanks, and what its author will do for themselves.
    """

    pair_id: PairId
    day: date
    part: Part
    participant_id: ParticipantId
    texts: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RitualDay:
    """A day of two people, as both see it."""

    day: date
    parts: tuple[Given, ...] = ()

    def part(self, part: Part) -> Given | None:
        """Return one of the two parts."""
        return next((one for one in self.parts if one.part is part), None)

    @property
    def is_shared(self) -> bool:
        """Whether both parts were given."""
        return len(self.parts) == len(Part)

    def next_for(self, participant_id: ParticipantId) -> Part | None:
        """Return what a person may give; nothing once they gave a part."""
        if any(one.participant_id == participant_id for one in self.parts):
            return None
        return None if self.is_shared else Part.THANKS if self.parts else Part.INTENTION


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedDays:
    """All shared days of two people; nothing in it ever goes back to zero."""

    days: frozenset[date]

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.days)

    @property
    def best(self) -> int:
        """The most in a row."""
        return best_run(self.days, frozenset())

    def within(self, first: date, last: date) -> list[date]:
        """Return those in a range, both ends included, in order."""
        return sorted(day for day in self.days if first <= day <= last)


def month_weeks(first: date) -> list[list[date | None]]:
    """Lay the days of a month out in weeks from Monday on.

    Args:
        first: The month's first day.
    """
    weeks: list[list[date | None]] = [[None] * first.weekday()]
    day = first
    while day.month == first.month:
        if len(weeks[-1]) == LOOK_BACK_DAYS:
            weeks.append([])
        weeks[-1].append(day)
        day += ONE_DAY
    weeks[-1] += [None] * (LOOK_BACK_DAYS - len(weeks[-1]))
    return weeks


def month_before(first: date) -> date:
    """Return the first day of the month before."""
    return (first - ONE_DAY).replace(day=1)


def known_ticks(values: Collection[str]) -> tuple[Tick, ...]:
    """Keep what can be ticked, in one order."""
    return tuple(tick for tick in Tick if tick.value in values)
