"""Notes that people leave for the team in a closed room."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.case import Severity
from bot.domain.ids import LeftNoteId, ParticipantId, RoomId
from bot.domain.risk import RiskClass, RiskFinding, Tier


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftNote:
    """A note that waits for the next shift.

    Attributes:
        room_id: Where it was left; nothing where the room is gone.
        participant_id: Who left it, where they joined.
        text: What it says; missing where its key is gone.
    """

    id: LeftNoteId
    room_id: RoomId | None
    participant_id: ParticipantId | None
    user_id: int
    text: str | None
    left_at: datetime


AT_ONCE = frozenset(
    {RiskClass.SUICIDE_IMMINENT, RiskClass.OVERDOSE_MEDICAL, RiskClass.THREAT_TO_OTHERS}
)
"""Danger that may be there this minute."""


def urgency(finding: RiskFinding) -> Severity | None:
    """Return how soon somebody must look at a note by what it says; nothing if it may wait."""
    if finding.tier is not Tier.PAGE:
        return None
    return Severity.NOW if finding.label in AT_ONCE else Severity.SOON
