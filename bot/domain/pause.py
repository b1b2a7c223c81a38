"""A pause with a time to come back: called by one, held by both."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import PairId, ParticipantId, PauseId

SHORTEST = timedelta(minutes=20)
LONGEST = timedelta(hours=24)
"""Less does not calm, more is no pause (SAFETY section 4)."""

MORE = timedelta(minutes=30)
MOST_MORE = 2
"""How often a pause may be made longer, by whichever of the two."""

WINDOW = timedelta(hours=1)
"""How long after the return both may still say that they are ready."""

OFTEN = 4
OFTEN_WITHIN = timedelta(days=7)
"""So many pauses by one person in a week are raised with that person alone."""

CHOICES = (20, 40, 60, 120, 240, 720)
"""The minutes offered."""


class PauseState(StrEnum):
    """Where a pause stands; `over` says nothing of why."""

    ON = "on"
    BACK = "back"
    READY = "ready"
    OVER = "over"


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """One pause.

    Attributes:
        called_by: Who called it, which both know.
        returns_at: When both are asked whether they are ready.
        longer: How often it was made longer.
        held: The thread is held still in Discord.
    """

    id: PauseId
    pair_id: PairId
    called_by: ParticipantId
    called_at: datetime
    returns_at: datetime
    longer: int = 0
    state: PauseState = PauseState.ON
    held: bool = False

    @property
    def ends_at(self) -> datetime:
        """When it is over, if not both said that they are ready before."""
        return self.returns_at + WINDOW

    @property
    def is_on(self) -> bool:
        """Whether the two are apart, or asked to come back."""
        return self.state in (PauseState.ON, PauseState.BACK)


def fits(length: timedelta) -> bool:
    """Whether a pause may be this long."""
    return SHORTEST <= length <= LONGEST


_TYPED = re.compile(
    r"(?:(?P<hours>\d{1,3})\s*(?:h|hours?|horas?)\b)?\s*(?:y|and)?\s*"
    r"(?:(?P<minutes>\d{1,4})\s*(?:m|min|mins|minutes?|minutos?)?)?"
)


def read_length(text: str) -> timedelta | None:
    """Read how long a pause shall be, such as `45`, `2 h` or `1 h 30 min`.

    A number alone is minutes.
    """
    found = _TYPED.fullmatch(text.strip().casefold())
    if found is None or not any(found.groups()):
        return None
    return timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
