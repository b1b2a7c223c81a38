"""Consents: each asked once, unticked, where it is first used."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.delivery import Kind, Priority
from bot.domain.ids import ParticipantId

CONSENT_RENEW = Kind(name="consent.renew", priority=Priority.REMINDER)
"""Asks again for a consent whose text has changed."""


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


class Standing(StrEnum):
    """Where one consent of one person stands."""

    NOT_ASKED = "not_asked"
    GIVEN = "given"
    REFUSED = "refused"
    OUTDATED = "outdated"


def standing(entry: ConsentEntry | None, version: int) -> Standing:
    """Tell where a consent stands by its last line and the version of the text now.

    One that was given to another wording is asked again and does not hold until then; a no
    stays a no.
    """
    if entry is None:
        return Standing.NOT_ASKED
    if not entry.given:
        return Standing.REFUSED
    return Standing.GIVEN if entry.text_version == version else Standing.OUTDATED
