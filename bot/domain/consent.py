"""Consents: each asked once, unticked, where it is first used."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import ParticipantId


class ConsentKind(StrEnum):
    """What a person may agree to."""

    GROUPS = "groups"
    DAILY_PROMPTS = "daily_prompts"
    REMINDERS = "reminders"
    SHARED_SPACE = "shared_space"
    HEADS_UPS = "heads_ups"
    STATISTICS = "statistics"
    ROOM_SCREENING = "room_screening"


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentEntry:
    """One line of the ledger: given or taken back, to which wording."""

    participant_id: ParticipantId
    kind: ConsentKind
    given: bool
    text_version: int
    locale: str
    at: datetime
