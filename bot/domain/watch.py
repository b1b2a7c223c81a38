"""Danger words found: where, how grave, what follows, and what staff said of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.case import Severity
from bot.domain.ids import CaseId, HitId, ParticipantId
from bot.domain.risk import RiskClass, Tier

TRIAL = timedelta(weeks=2)
"""How long pages go to the leads alone, after screening was switched on (PRODUCT section 6)."""

CARD_EVERY = timedelta(days=1)
"""A person gets one card in this time, unless danger rises."""

DIGEST_EVERY = timedelta(hours=4)
"""Twice in a shift of eight hours."""

WAITS_LONG = timedelta(hours=24)
"""From when on the leads are told too of what waits for a look."""

TEST_EVERY = timedelta(hours=1)
TRY_AGAIN = timedelta(minutes=1)
"""How soon the self-test runs again while the screen is down."""

BACKLOG = 2000
"""Posts that wait to be screened; with more, screening counts as down."""

QUEUE = 20_000
"""More are not held in memory; those before stay."""

CARD_LIFE = timedelta(hours=12)
NAMED = 10
"""How many of the posts that were not screened are named."""


class Where(StrEnum):
    """Where a text stood."""

    ROOM = "room"
    CHECKIN = "checkin"
    TOGETHER = "together"


class Trouble(StrEnum):
    """Why the screen counts as down."""

    FAULT = "fault"
    SELF_TEST = "self_test"
    BACKLOG = "backlog"


class Verdict(StrEnum):
    """What staff said of a hit."""

    RIGHT = "right"
    NOT_A_RISK = "not_a_risk"


class Group(StrEnum):
    """Which of the cards a person gets."""

    SELF = "self"
    BODY = "body"
    HARM = "harm"
    THREAT = "threat"
    CHILD = "child"


GROUPS = {
    RiskClass.SUICIDE_IMMINENT: Group.SELF,
    RiskClass.SUICIDE_IDEATION: Group.SELF,
    RiskClass.SELF_HARM: Group.SELF,
    RiskClass.OVERDOSE_MEDICAL: Group.BODY,
    RiskClass.IPV_VICTIM: Group.HARM,
    RiskClass.THREAT_TO_OTHERS: Group.THREAT,
    RiskClass.CHILD_SAFETY: Group.CHILD,
}
"""The card of each urgent class; craving has none."""

AT_ONCE = frozenset({RiskClass.SUICIDE_IMMINENT, RiskClass.OVERDOSE_MEDICAL})


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A text to screen.

    Attributes:
        user_id: Who wrote it.
        message_id: The message in Discord; nothing for what was given to the bot.
    """

    user_id: int
    where: Where
    text: str
    channel_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One finding that a human is to look at; the text is not in it.

    Attributes:
        is_informed: A card went to its author; nothing where that is not settled.
        is_done: What follows from it was done: its case is open, or it waits in a digest.
        said_okay: Its author said that they are okay; that closes nothing.
    """

    id: HitId
    user_id: int
    participant_id: ParticipantId | None
    where: Where
    label: RiskClass
    tier: Tier
    version: str
    found_at: datetime
    channel_id: int | None = None
    message_id: int | None = None
    case_id: CaseId | None = None
    is_informed: bool | None = None
    is_done: bool = False
    said_okay: bool = False
    verdict: Verdict | None = None


def severity_of(label: RiskClass, tier: Tier) -> Severity:
    """Return how soon somebody must look (SAFETY section 5)."""
    if tier is not Tier.PAGE:
        return Severity.TODAY
    return Severity.NOW if label in AT_ONCE else Severity.SOON


def rises(label: RiskClass, last: RiskClass | None) -> bool:
    """Whether a class is graver than the one a person got a card for."""
    return last is None or (label in AT_ONCE and last not in AT_ONCE)
