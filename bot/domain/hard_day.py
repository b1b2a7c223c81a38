"""A hard day that one chooses to tell the other one of, in words and at a time of their own."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.ids import PairId, ParticipantId, TellingId
from bot.domain.localtime import ONE_DAY, local_day, resolve

LONGEST = 500

MOST_A_DAY = 3

DRAFT_LASTS = timedelta(days=1)
"""What was written and not told is deleted after that."""

EVENING = time(20)
MORNING = time(9)


class When(StrEnum):
    """When to tell."""

    NOW = "now"
    HOUR = "hour"
    EVENING = "evening"
    MORNING = "morning"


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """What one says to the other of a hard day.

    Attributes:
        when: The time that was chosen.
        tell_at: When it is told; nothing while it is a draft.
        told_at: When it was told.
    """

    id: TellingId
    pair_id: PairId
    participant_id: ParticipantId
    text: str
    when: When
    at: datetime
    tell_at: datetime | None = None
    told_at: datetime | None = None


def telling_time(when: When, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment a choice stands for, in UTC."""
    if when is When.NOW:
        return now
    if when is When.HOUR:
        return now + timedelta(hours=1)
    today = local_day(now, zone)
    if when is When.MORNING:
        return resolve(today + ONE_DAY, MORNING, zone)
    evening = resolve(today, EVENING, zone)
    return evening if evening > now else resolve(today + ONE_DAY, EVENING, zone)
