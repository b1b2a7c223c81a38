"""Cases: what brings a person of the care team to a participant."""

import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from bot.domain.ids import CaseId, ParticipantId
from bot.domain.staff import StaffMember, StaffRole

BUSY_FOR = timedelta(minutes=15)
"""What *With someone now* adds to the clock."""

NO_ANSWER_AFTER = timedelta(hours=72)
"""How long a person may take to say whether it is settled; then a clinician may close."""

FOLLOW_UP_AFTER = timedelta(days=1)

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
    BOTH_QUIET = "both_quiet"
    CONCERN = "concern"
    STAFF = "staff"
    SCREEN = "screen"
    LEFT_NOTE = "left_note"
    LEFT_SPACE = "left_space"


# What a person asked for themselves: they may know how far their request has come.
ASKED_FOR = frozenset(
    {
        CaseSource.ASK,
        CaseSource.CHECKIN_CONTACT,
        CaseSource.CHECKIN_ALONE,
        CaseSource.LEFT_NOTE,
    }
)


class CaseState(StrEnum):
    """Where a case stands; a closed one may open again, and none closes by itself.

    `open` and `handed_off` wait for somebody: whom the team rang meanwhile is in the clock's rows.
    `claimed` is acknowledged, `closed` is resolved with its code. `unreachable` is still somebody's
    to do: they wrote and heard nothing.
    """

    OPEN = "open"
    CLAIMED = "claimed"
    IN_CONTACT = "in_contact"
    HANDED_OFF = "handed_off"
    UNREACHABLE = "unreachable"
    CLOSED = "closed"


WAITING = frozenset({CaseState.OPEN, CaseState.HANDED_OFF})
"""Nobody has it."""


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
    CONTACT_AGREED = "contact_agreed"
    BACKUP_ASKED = "backup_asked"
    BACKUP = "backup"
    BUSY = "busy"
    OFFERED = "offered"
    DECLINED = "declined"
    TAKEN_OVER = "taken_over"
    HANDED_OFF = "handed_off"
    RELEASED = "released"
    TRIED = "tried"
    HERE = "here"
    THREAD = "thread"
    PROPOSED = "proposed"
    SETTLED = "settled"
    NOT_YET = "not_yet"
    BETTER = "better"
    NOT_REALLY = "not_really"
    SEVERITY_1 = "severity_1"
    SEVERITY_2 = "severity_2"
    SEVERITY_3 = "severity_3"
    SEVERITY_4 = "severity_4"


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One request for the care team.

    Attributes:
        ref: What staff call it, random and short.
        user_id: The account it is about, also where that person has not joined.
        is_drill: The team only plays it: nobody's, marked wherever it shows, counted nowhere.
        drill_calls_out: A lead chose that this drill calls the world outside too.
        backup_id: Who stands by the owner and may read along.
        backup_asked_at: When the owner asked for one and nobody had come yet.
        offered_to: The colleague the owner would hand it to; until they take it nothing changes.
        handed_by: Who had it before.
        busy_until: Until when the owner is with someone else.
        tried_at: Since when the person is written to and silent.
        closing: How the owner would close it; the person is asked whether it is settled.
        reopened_at: When it was opened again.
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
    drill_calls_out: bool = False
    backup_id: int | None = None
    backup_asked_at: datetime | None = None
    offered_to: int | None = None
    handed_by: int | None = None
    busy_until: datetime | None = None
    tried_at: datetime | None = None
    closing: Resolution | None = None
    closing_at: datetime | None = None
    reopened_at: datetime | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has it."""
        return self.state in WAITING

    @property
    def is_asked_for(self) -> bool:
        """Whether the person it is about asked for it, and may know how it stands."""
        return self.source in ASKED_FOR

    @property
    def silent_since(self) -> datetime | None:
        """Since when an answer of the person is waited for."""
        return self.closing_at or self.tried_at

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
class Step:
    """A step of a playbook that somebody ticked."""

    name: str
    at: datetime
    actor_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseThread:
    """A private thread in Discord that belongs to a case.

    Attributes:
        staff_id: Who of the team writes in it; nobody where it is only to be taken down.
        may_read: They can still read it.
        is_over: Its case is closed.
        is_gone: Its case is gone, or it is to go: nobody needs it any more.
    """

    thread_id: int
    case_id: str
    staff_id: int | None = None
    may_read: bool = True
    is_over: bool = False
    is_gone: bool = False


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

    Its owner may, their back-up, a lead (who supervises), and the clinician on duty.
    """
    if member.user_id in (case.owner_id, case.backup_id) or member.is_lead:
        return True
    return on_duty and member.role is StaffRole.CLINICIAN


def may_close_unanswered(member: StaffMember, case: Case, now: datetime) -> bool:
    """Tell whether a member may close a case whose person has not answered for three days.

    A clinician may, and a lead: a small team has no clinician on every day.
    """
    since = case.silent_since
    if member.role is StaffRole.MODERATOR or since is None:
        return False
    return now - since >= NO_ANSWER_AFTER
