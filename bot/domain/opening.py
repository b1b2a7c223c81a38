"""Opening together: both chose to share, or nothing is shown to either."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.ids import OpeningId, PairId, ParticipantId
from bot.domain.localtime import ONE_DAY, local_day, resolve

HELD_OF_256 = 64
"""One day in four stays closed at random, so that a closed day says nothing."""

HELD_DAYS = 3
"""A day that was held opens one to three days later."""


class Feature(StrEnum):
    """What opens together."""

    QUESTION = "question"
    WEEKLY = "weekly"
    EXERCISE = "exercise"
    COMPROMISE = "compromise"
    JOURNAL = "journal"


class Choice(StrEnum):
    """What a person chose for what they wrote; `keep` and `staff` look the same to the other."""

    SHARE = "share"
    KEEP = "keep"
    STAFF = "staff"


class OpeningState(StrEnum):
    """Where an opening stands; `nothing` is every way in which it did not open."""

    WAITING = "waiting"
    OPENED = "opened"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """One thing two people may open together.

    Attributes:
        subject: What it is about, such as a question's ID.
        closes_at: From then on nothing written counts for it any more.
        opens_at: When it is decided; later than `closes_at` where the day is held.
    """

    id: OpeningId
    pair_id: PairId
    feature: Feature
    subject: str
    closes_at: datetime
    opens_at: datetime
    is_held: bool
    state: OpeningState = OpeningState.WAITING


@dataclass(frozen=True, kw_only=True, slots=True)
class Contribution:
    """What one of the two wrote, unsealed."""

    opening_id: OpeningId
    participant_id: ParticipantId
    choice: Choice
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """What opened: one's own words and the other's."""

    opening: Opening
    mine: str
    theirs: str


def closing_hour(now: datetime, at: time, zone: str) -> datetime:
    """Return the fixed hour of today, or of tomorrow where it is past, in UTC."""
    tz = ZoneInfo(zone)
    day = local_day(now, tz)
    moment = resolve(day, at, tz)
    return moment if moment > now else resolve(day + ONE_DAY, at, tz)


def held_until(
    closes_at: datetime, zone: str, draw: Callable[[str], bytes], key: str
) -> tuple[datetime, bool]:
    """Draw whether a day is held, and until when; the same key draws the same.

    It is drawn from the key alone, before anyone has written: what anyone does cannot move it.

    Args:
        draw: A keyed digest of a text, such as the vault's; at least two bytes.
    """
    digest = draw(f"held:{key}")
    if digest[0] >= HELD_OF_256:
        return closes_at, False
    tz = ZoneInfo(zone)
    local = closes_at.astimezone(tz)
    days = 1 + digest[1] % HELD_DAYS
    return resolve(local.date() + timedelta(days=days), local.time(), tz), True


def opens(opening: Opening, contributions: Sequence[Contribution], present: int) -> bool:
    """Tell whether something opens: both are there, both wrote, and both chose to share.

    Args:
        present: How many of the two are still in the pair.
    """
    shared = {one.participant_id for one in contributions if one.choice is Choice.SHARE}
    return present == 2 and len(shared) == 2 and opening.state is OpeningState.WAITING
