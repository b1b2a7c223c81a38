"""Joining: the screens, join codes, and the test note."""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.delivery import Kind, Priority
from bot.domain.ids import OutboxId
from bot.domain.participant import Delivery

CODE_LIFE = timedelta(days=14)
CODE_BYTES = 10
MOST_TRIES = 5
TRIES_WINDOW = timedelta(hours=1)
TRIAL_LIFE = timedelta(hours=24)
TRIAL_PAUSE = timedelta(seconds=20)
"""A second press within this time is the same press."""

LARGEST_NUMBER = 999_999

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, which are misread."""

_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_PSEUDONYM = re.compile(r"(?:P\s*-?\s*)?(\d{1,6})", re.IGNORECASE)

JOIN_TEST = Kind(
    name="join.test",
    priority=Priority.INTERACTIVE,
    honours_away=False,
    honours_quiet=False,
)
"""The person waits for it, so neither quiet hours nor being away hold it."""


class Answer(StrEnum):
    """What the second screen asks for before it lets one go on."""

    ZONE = "zone"
    DAILY = "daily"
    HOURS = "hours"


class Screen(StrEnum):
    """Where someone is on the way in."""

    ABOUT = "about"
    HOURS = "hours"
    DELIVERY = "delivery"


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """What was answered on the joining screens, and when."""

    zone_at: datetime | None = None
    daily_at: datetime | None = None
    hours_at: datetime | None = None

    @property
    def is_hours_complete(self) -> bool:
        """Whether the second screen lets one go on."""
        return self.zone_at is not None and self.daily_at is not None

    @property
    def screen(self) -> Screen:
        """Where to go on."""
        return Screen.DELIVERY if self.hours_at and self.is_hours_complete else Screen.HOURS


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuedCode:
    """A join code as it is shown once, to be passed on.

    Attributes:
        text: What the person types.
        code: The pseudonymous ID it ties their account to.
    """

    text: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """The last test note of a person."""

    outbox_id: OutboxId
    way: Delivery
    at: datetime


class TrialOutcome(StrEnum):
    """What became of a test note."""

    WAITING = "waiting"
    SENT = "sent"
    CLOSED_DM = "closed_dm"
    NOT_SENT = "not_sent"
    OVER = "over"


def new_code_text() -> str:
    """Return 80 random bits as four groups of four signs."""
    number = int.from_bytes(secrets.token_bytes(CODE_BYTES))
    signs = "".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(signs[place : place + 4] for place in range(0, 16, 4))


def plain_code(text: str) -> str:
    """Return a typed code as it was issued, whatever capitals, spaces and dashes it came with."""
    signs = re.sub(r"[\s\-‐-―]", "", text).upper()
    return signs.translate(_MISREAD)


def pseudonym(number: int) -> str:
    """Return the pseudonymous ID of a number."""
    return f"P-{number}"


def pseudonym_number(text: str) -> int | None:
    """Read the number of a pseudonymous ID, such as `P-104`, `p104` or `104`."""
    found = _PSEUDONYM.fullmatch(text.strip())
    number = int(found[1]) if found else 0
    return number if 0 < number <= LARGEST_NUMBER else None
