"""Progress: check-ins and goals over the same days, and the week's summary."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from statistics import median

from bot.domain.history import History
from bot.domain.prompt_set import Meaning
from bot.domain.recurrence import Rule, Slot, Weekly

SUNDAY = 6
EVENING = time(19)
SUMMARY_RULE = Rule(
    dates=Weekly(weekdays=frozenset({SUNDAY})), slots=(Slot(at=EVENING, key="summary"),)
)
TRENDS = (Meaning.MOOD, Meaning.URGE, Meaning.SUPPORT)
FEWEST_IN_HALF = 3
"""Answers in each half of the days before the two are compared: fewer say too little."""


class Mark(StrEnum):
    """What a person said about a goal on a day."""

    DONE = "done"
    PARTLY = "partly"
    NOT_TODAY = "not_today"


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalTrack:
    """One goal and its marks by local day; a day without a mark says nothing.

    Attributes:
        name: As typed.
    """

    name: str
    marks: Mapping[date, Mark]

    def counts(self, days: Iterable[date]) -> Mapping[Mark, int]:
        """Count the marks of some days."""
        return Counter(self.marks[day] for day in days if day in self.marks)


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """What can be said of one scale over some days, in shares between 0 and 1.

    Attributes:
        middle: The median, which one hard day does not move.
        earlier: The median of the first half of the days, where both halves say enough.
        lately: The median of the second half.
    """

    meaning: Meaning
    low: float
    high: float
    middle: float
    last: float
    earlier: float | None = None
    lately: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """Some days of a person."""

    history: History
    goals: Sequence[GoalTrack] = ()

    @property
    def days(self) -> Sequence[date]:
        """The days it covers."""
        return [day.day for day in self.history.days]

    @property
    def meanings(self) -> Sequence[Meaning]:
        """The scales with at least one answer."""
        return [meaning for meaning in TRENDS if meaning in self.history.meanings]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw on these days."""
        return not self.meanings and not any(goal.counts(self.days) for goal in self.goals)

    def trends(self) -> Sequence[Trend]:
        """Say what there is to say of each scale."""
        return [self._trend(meaning) for meaning in self.meanings]

    def _trend(self, meaning: Meaning) -> Trend:
        days = self.history.days
        half = len(days) // 2
        shares = [day.share(meaning) for day in days]
        known = [share for share in shares if share is not None]
        earlier = [share for share in shares[:half] if share is not None]
        lately = [share for share in shares[half:] if share is not None]
        compares = min(len(earlier), len(lately)) >= FEWEST_IN_HALF
        return Trend(
            meaning=meaning,
            low=min(known),
            high=max(known),
            middle=median(known),
            last=known[-1],
            earlier=median(earlier) if compares else None,
            lately=median(lately) if compares else None,
        )
