"""Concerns: what one person tells the team about another, or about a post."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.case import Severity
from bot.domain.ids import CaseId, ConcernId, ParticipantId

# "I worry that someone is not safe" is looked at soon, the others within the day.
URGENT_REASONS = frozenset({"safety"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Concern:
    """One concern.

    Attributes:
        reporter_id: The account that raised it; never shown to the person it is about.
        about_id: The account it is about, where one was named.
        reason: The ID of one of the five reasons in the content.
        text: What they wrote, perhaps nothing; missing where its key is gone.
        message_id: The post it is about.
        may_contact: The reporter said yes to the team writing to the person it is about.
    """

    id: ConcernId
    case_id: CaseId
    participant_id: ParticipantId | None
    reporter_id: int
    about_id: int | None
    reason: str
    text: str | None
    channel_id: int | None
    message_id: int | None
    created_at: datetime
    may_contact: bool = False


def severity_of(reason: str) -> Severity:
    """Return how soon a concern must be looked at, by its reason."""
    return Severity.SOON if reason in URGENT_REASONS else Severity.TODAY
