"""Rehearsals: the team plays something through before it happens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.domain.case import Severity

LONGEST = timedelta(hours=4)
"""A rehearsal that nobody ends is ended, so that its ladder rings no night shift."""

NOBODY = 0
"""The account that a played case is about: nobody's."""


class Play(StrEnum):
    """What can be played."""

    CRISIS = "crisis"
    PAUSE = "pause"
    SEPARATION = "separation"


SEVERITIES: Mapping[Play, Severity] = MappingProxyType(
    {
        Play.CRISIS: Severity.NOW,
        Play.PAUSE: Severity.TODAY,
        Play.SEPARATION: Severity.SOON,
    }
)
"""How urgent the case of each play is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepDone:
    """Who did a step of a play, and when."""

    by: int
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Rehearsal:
    """One playing through.

    Attributes:
        case_id: The marked case that was made for it.
        done: The steps that were done, by their IDs.
    """

    id: str
    play: Play
    case_id: str
    case_ref: str
    started_by: int
    started_at: datetime
    ended_at: datetime | None = None
    done: Mapping[str, StepDone] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Whether it was ended."""
        return self.ended_at is not None

    def next_step(self, steps: Sequence[str]) -> str | None:
        """Return the first step that is still to be done."""
        return next((step for step in steps if step not in self.done), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a rehearsal went.

    Attributes:
        claim: How long until somebody had the case; nothing where nobody took it.
        contact: How long until its person would have been written to.
    """

    rehearsal: Rehearsal
    claim: timedelta | None
    contact: timedelta | None
