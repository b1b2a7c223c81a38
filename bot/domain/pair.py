"""Pairs: the two of you, how a shared space opens, and how it ends without a sound."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.domain.ids import InviteId, PairId, ParticipantId
from bot.domain.localtime import ONE_DAY, local_day, resolve

INVITE_LASTS = timedelta(days=14)
INVITE_AGAIN_AFTER = timedelta(days=30)
"""Who was asked once is not asked again by the same person before this has passed."""

MOST_INVITES = 3
"""Invitations of one person that may wait at once."""

OPENS_AT = time(20)
"""The hour, in the pair's zone, at which things open together."""


class PairKind(StrEnum):
    """What two people share: a couple's space, or a loved one's link."""

    COUPLE = "couple"
    FAMILY = "family"


class Tool(StrEnum):
    """What can be done together."""

    QUESTION = "question"
    WEEKLY = "weekly"
    PAUSE = "pause"
    TURNS = "turns"
    RITUAL = "ritual"
    PLAN = "plan"
    AGREEMENTS = "agreements"
    NOTICED = "noticed"
    HARD_DAY = "hard_day"
    THANKS = "thanks"
    SAY_IT = "say_it"
    EXERCISES = "exercises"
    GOALS = "goals"


TOOLS: Mapping[PairKind, frozenset[Tool]] = MappingProxyType(
    {
        PairKind.COUPLE: frozenset(Tool),
        # Shared goals, plan and lessons; nothing else (PRODUCT section 4).
        PairKind.FAMILY: frozenset({Tool.PLAN, Tool.GOALS}),
    }
)


class InviteState(StrEnum):
    """Where an invitation stands; only the one who made it ever learns `cancelled`."""

    WAITING = "waiting"
    MATCHED = "matched"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class PairState(StrEnum):
    """Where a pair stands.

    `agreed`: both said yes, and the team speaks with each alone first. `ready` opens on its date.
    """

    AGREED = "agreed"
    READY = "ready"
    OPEN = "open"
    CLOSED = "closed"


class Parting(StrEnum):
    """Why a member is in a pair no more; never shown to the other, in any form."""

    LEFT = "left"
    CONSENT = "consent"
    SERVER = "server"
    STAFF = "staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Invite:
    """One person's wish for a shared space with an account."""

    id: InviteId
    participant_id: ParticipantId
    user_id: int
    kind: PairKind
    state: InviteState = InviteState.WAITING
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One of the two.

    Attributes:
        code: Their programme ID; what the team calls them.
        left_at: When they went without a word; the other's view does not change by it.
        talked_at: When the team spoke with them alone.
        sees: Discord lets them see the parent of the couple threads.
    """

    participant_id: ParticipantId
    user_id: int
    code: str | None = None
    left_at: datetime | None = None
    parting: Parting | None = None
    talked_at: datetime | None = None
    talked_by: int | None = None
    sees: bool = False

    @property
    def is_in(self) -> bool:
        """Whether they are part of it."""
        return self.left_at is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """Two people and what they share.

    Attributes:
        zone: Whose day and hour things open by; fixed when the pair opens.
        opens_at: When a ready pair opens.
        closes_at: The boundary at which it closes for whoever is still in.
        guarded_at: Since when the separation guard holds the thread closed.
        is_ended: The team set the date on which it closes.
    """

    id: PairId
    kind: PairKind
    state: PairState = PairState.AGREED
    zone: str = "UTC"
    agreed_at: datetime
    opens_at: datetime | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    guarded_at: datetime | None = None
    thread_id: int | None = None
    is_ended: bool = False
    members: tuple[Member, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether anything goes on in it."""
        return self.state is PairState.OPEN

    @property
    def has_opened(self) -> bool:
        """Whether it ever opened."""
        return self.opened_at is not None

    def member(self, participant_id: ParticipantId) -> Member | None:
        """Return one of the two."""
        return next((one for one in self.members if one.participant_id == participant_id), None)

    def other(self, participant_id: ParticipantId) -> Member | None:
        """Return the other of the two; nothing once their data was deleted."""
        return next((one for one in self.members if one.participant_id != participant_id), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Space:
    """What one person sees of a pair: it holds nothing the other did in private.

    Every feature works from this, so that a card cannot change by what the other one chose.

    Attributes:
        mine: The person it is shown to.
        partner_user_id: The account of the other one, as both agreed to know.
    """

    pair_id: PairId
    kind: PairKind
    zone: str
    mine: ParticipantId
    my_user_id: int
    partner_user_id: int
    thread_id: int | None
    opened_at: datetime

    def has(self, tool: Tool) -> bool:
        """Whether this kind of space has a tool."""
        return tool in TOOLS[self.kind]


def next_boundary(now: datetime, weekday: int, at: time, zone: str) -> datetime:
    """Return the next moment at which spaces open and close for the whole group, in UTC.

    Args:
        now: A moment on the boundary itself counts as before the next one.
        weekday: 0 for Monday.
        at: The local time.
        zone: An IANA name.
    """
    tz = ZoneInfo(zone)
    day = local_day(now, tz)
    day += ONE_DAY * ((weekday - day.weekday()) % 7)
    moment = resolve(day, at, tz)
    return moment if moment > now else resolve(day + 7 * ONE_DAY, at, tz)
