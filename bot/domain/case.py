"""Cases: what brings a person of the care team to a participant."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.domain.ids import CaseId, ParticipantId
from bot.domain.staff import StaffMember, StaffRole

REPAGE_AFTER = timedelta(minutes=10)
"""A second request of the same person within this time rings nobody again (SAFETY section 5)."""

# No vowels and no look-alikes: a reference is read aloud and never spells a word.
REF_ALPHABET = "BCDFGHJKMNPQRSTVWXZ2346789"
REF_LENGTH = 5


class Severity(IntEnum):
    """How soon a person must look; people read Now, Soon, Today, Watch."""

    NOW = 1
    SOON = 2
    TODAY = 3
    WATCH = 4


class CaseSource(StrEnum):
    """What opened a case."""

    ASK = "ask"
    CHECKIN_CONTACT = "checkin_contact"
    CHECKIN_ALONE = "checkin_alone"
    LOW_TWICE = "low_twice"
    QUIET = "quiet"
    UNSUPPORTED = "unsupported"
    CONCERN = "concern"
    STAFF = "staff"


# What a person asked for themselves: they may know how far their request has come.
ASKED_FOR = frozenset({CaseSource.ASK, CaseSource.CHECKIN_CONTACT, CaseSource.CHECKIN_ALONE})


class CaseState(StrEnum):
    """Where a case stands; a closed one may open again."""

    OPEN = "open"
    CLAIMED = "claimed"
    IN_CONTACT = "in_contact"
    CLOSED = "closed"


class Resolution(StrEnum):
    """How a case ended."""

    TALKED = "talked"
    PASSED_ON = "passed_on"
    NOT_WANTED = "not_wanted"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"


class Circle(StrEnum):
    """Who of the team may learn that a case is there.

    Someone with a conflict narrows it: a moderator or clinician to the leads, a lead to those
    leads who have none.
    """

    TEAM = "team"
    LEADS = "leads"
    SOME_LEADS = "some_leads"
    NOBODY = "nobody"


class CaseEventKind(StrEnum):
    """One line of a case's timeline."""

    OPENED = "opened"
    ASKED_AGAIN = "asked_again"
    CLAIMED = "claimed"
    CONTACTED = "contacted"
    NOTE = "note"
    CLOSED = "closed"
    REOPENED = "reopened"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One request for the care team.

    Attributes:
        ref: What staff call it, random and short.
        user_id: The account it is about, also where that person has not joined.
        is_drill: The team only plays it: nobody's, marked wherever it shows, counted nowhere.
    """

    id: CaseId
    ref: str
    participant_id: ParticipantId | None
    user_id: int
    source: CaseSource
    severity: Severity
    state: CaseState = CaseState.OPEN
    circle: Circle = Circle.TEAM
    owner_id: int | None = None
    opened_at: datetime
    paged_at: datetime
    claimed_at: datetime | None = None
    contacted_at: datetime | None = None
    closed_at: datetime | None = None
    resolution: Resolution | None = None
    is_drill: bool = False

    @property
    def is_apart(self) -> bool:
        """Whether only leads handle it."""
        return self.circle is not Circle.TEAM

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.state is CaseState.CLOSED


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseEvent:
    """One line of a timeline; `note` is unsealed text or nothing."""

    at: datetime
    kind: CaseEventKind
    actor_id: int | None
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A member of the care team who must learn nothing of a person's cases."""

    staff_id: int
    user_id: int


def new_ref() -> str:
    """Return a random reference of five characters."""
    return "".join(secrets.choice(REF_ALPHABET) for _ in range(REF_LENGTH))


def excluded(conflicts: Iterable[Conflict], people: Collection[int]) -> frozenset[int]:
    """Return who must not learn of a case about, or raised by, these people.

    Nobody handles a case they are themselves part of.
    """
    apart = {conflict.staff_id for conflict in conflicts if conflict.user_id in people}
    return frozenset(apart | set(people))


def circle_of(members: Iterable[StaffMember], barred: Collection[int]) -> Circle:
    """Return who may learn of a case, with these people kept away from it."""
    team = list(members)
    leads = {member.user_id for member in team if member.is_lead}
    kept_away = {member.user_id for member in team} & set(barred)
    if not kept_away:
        return Circle.TEAM
    if leads and leads <= kept_away:
        return Circle.NOBODY
    # Without any lead the lead-only channel is still read by the server's owner.
    return Circle.SOME_LEADS if leads & kept_away else Circle.LEADS


def narrower(one: Circle, other: Circle) -> Circle:
    """Return the circle of fewer people."""
    return max(one, other, key=list(Circle).index)


def may_open(member: StaffMember, case: Case, *, on_duty: bool) -> bool:
    """Tell whether a member may read a case without giving a reason.

    Its owner may, a lead (who supervises), and the clinician on duty.
    """
    if case.owner_id == member.user_id or member.is_lead:
        return True
    return on_duty and member.role is StaffRole.CLINICIAN
