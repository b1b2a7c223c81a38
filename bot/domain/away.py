"""Being away: a range of local dates on which nothing is asked and nothing counts."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.ids import ParticipantId

MOST_DAYS = 92
"""Three months; for longer, check-ins are better switched off."""

MOST_BACK = timedelta(days=7)
"""How far back a range may begin: a week can still be told from memory."""


class AwayFault(StrEnum):
    """Why a range is refused."""

    END_BEFORE_START = "end_before_start"
    TOO_LONG = "too_long"
    PAST = "past"


@dataclass(frozen=True, kw_only=True, slots=True)
class Away:
    """One range, both ends included."""

    id: str
    participant_id: ParticipantId
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether a local date lies in it."""
        return self.first <= day <= self.last


def find_fault(first: date, last: date, today: date) -> AwayFault | None:
    """Tell why a range cannot be one to be away in."""
    if last < first:
        return AwayFault.END_BEFORE_START
    if last < today or first < today - MOST_BACK:
        return AwayFault.PAST
    if (last - first).days >= MOST_DAYS:
        return AwayFault.TOO_LONG
    return None
