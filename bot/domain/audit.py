"""The audit and access log: who did what to whom, as a chain of hashes."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, StrEnum

from bot.domain.ids import CaseId, ParticipantId

GENESIS = bytes(32)
KEEP_MONTHS = 24
LARGEST_COUNT = 1_000_000
OWN_ID = re.compile(r"[A-Za-z0-9_-]{22}")

Fact = Enum | bool | int | str


class AuditAction(StrEnum):
    """What was done."""

    STAFF_ENROLLED = "staff.enrolled"
    STAFF_REMOVED = "staff.removed"
    SETUP_APPLIED = "setup.applied"
    PROGRAMME_CHANGED = "programme.changed"
    CODE_ISSUED = "join.code_issued"
    JOINED = "join.joined"
    LEFT = "join.left"
    CONSENT_CHANGED = "consent.changed"
    CONFLICT_CHANGED = "conflict.changed"
    ROOM_ADDED = "room.added"
    ROOM_CHANGED = "room.changed"
    ROOM_ENDED = "room.ended"
    ROOM_MEMBER_CHANGED = "room.member_changed"
    APART_CHANGED = "apart.changed"
    PROMPT_SET_PUBLISHED = "prompts.published"
    DUTY_CHANGED = "duty.changed"
    ROTA_CHANGED = "rota.changed"
    HANDOVER_WRITTEN = "handover.written"
    CASE_OPENED = "case.opened"
    CASE_CLAIMED = "case.claimed"
    CASE_CHANGED = "case.changed"
    CASE_NOTED = "case.noted"
    CASE_CLOSED = "case.closed"
    CASE_HANDED = "case.handed"
    CASE_RATED = "case.rated"
    CASE_REOPENED = "case.reopened"
    CASE_NARROWED = "case.narrowed"
    CASE_WRITTEN_OUT = "case.written_out"
    PAIR_AGREED = "pair.agreed"
    PAIR_TALKED = "pair.talked"
    PAIR_OPENED = "pair.opened"
    PAIR_LEFT = "pair.left"
    PAIR_CLOSING = "pair.closing"
    PAIR_CLOSED = "pair.closed"
    PAIR_GUARDED = "pair.guarded"
    POST_HIDDEN = "room.post_hidden"
    ROOM_PAUSED = "room.paused"
    ROOM_RESUMED = "room.resumed"
    ROOM_SLOWED = "room.slowed"
    TIMED_OUT = "room.timed_out"
    TIMEOUT_ENDED = "room.timeout_ended"
    TAKEN_OUT = "room.taken_out"
    COLLEAGUE_NOTED = "people.colleague_noted"
    QUESTION_ANSWERED = "question.answered"
    HIT_JUDGED = "hit.judged"
    HITS_EXPORTED = "hits.exported"
    AUTOMOD_SWITCHED = "automod.switched"
    BUDDIES_PROPOSED = "buddies.proposed"
    REHEARSAL_STARTED = "rehearsal.started"
    REHEARSAL_ENDED = "rehearsal.ended"
    CONTACT_ALLOWED = "concern.contact_allowed"
    WORD_RESET = "private.word_reset"
    FORGOTTEN = "data.forgotten"
    RESTORED = "data.restored"
    BACKED_UP = "data.backed_up"
    KEYS_BACKED_UP = "keys.backed_up"
    KEYS_STARTED_OVER = "keys.started_over"
    SEGMENT_DROPPED = "audit.segment_dropped"


class Opened(StrEnum):
    """What was looked at."""

    PERSON = "opened.person"
    ANSWERS = "opened.answers"
    CASE = "opened.case"
    CONCERN = "opened.concern"
    RECORD_DESPITE_CONFLICT = "opened.despite_conflict"
    EVERYTHING = "opened.everything"


class SubjectKind(StrEnum):
    """Who or what a line of the log is about."""

    PARTICIPANT = "participant"
    CASE = "case"
    STAFF = "staff"
    OPERATOR = "operator"
    BOT = "bot"
    PROGRAMME = "programme"


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """Somebody or something the log names by a random ID of its own.

    Deleting the mapping from that ID to the person makes the lines anonymous.
    """

    kind: SubjectKind
    ref: str | int | None = None

    @classmethod
    def participant(cls, participant_id: ParticipantId) -> "Subject":
        """Name a participant."""
        return cls(kind=SubjectKind.PARTICIPANT, ref=participant_id)

    @classmethod
    def case(cls, case_id: CaseId) -> "Subject":
        """Name a case."""
        return cls(kind=SubjectKind.CASE, ref=case_id)

    @classmethod
    def staff(cls, user_id: int) -> "Subject":
        """Name a member of the care team by their account."""
        return cls(kind=SubjectKind.STAFF, ref=user_id)


OPERATOR = Subject(kind=SubjectKind.OPERATOR)
BOT = Subject(kind=SubjectKind.BOT)
PROGRAMME = Subject(kind=SubjectKind.PROGRAMME)


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedReason:
    """Why something was opened, encrypted under the key of the person or case it is about."""

    row: str
    blob: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEntry:
    """A line to be added."""

    at: datetime
    actor: Subject
    action: str
    subject: Subject
    facts: str = "{}"
    reason: SealedReason | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A line as it is stored.

    Attributes:
        at: Microseconds since 1970.
        month: The segment, as 202601.
        actor: The actor's random ID.
        subject: The subject's random ID.
        previous: The hash of the line before.
    """

    id: int
    month: int
    at: int
    actor: str
    action: str
    subject: str
    facts: str
    reason_row: str | None
    reason: bytes | None
    previous: bytes

    def digest(self) -> bytes:
        """Return the hash over everything in the line."""
        values = (
            *(self.id, self.month, self.at, self.actor, self.action, self.subject, self.facts),
            *(self.reason_row, self.reason and self.reason.hex(), self.previous.hex()),
        )
        return hashlib.sha256(json.dumps(values).encode()).digest()


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A month that is over; its last hash outlives its lines."""

    month: int
    last_id: int
    last_hash: bytes
    is_dropped: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """The last line and its hash, kept outside the database."""

    id: int
    hash: bytes


class FaultKind(StrEnum):
    """What is wrong with the log."""

    CHANGED = "changed"
    MISSING = "missing"
    CUT = "cut"
    SEAL = "seal"
    HEAD = "head"


@dataclass(frozen=True, kw_only=True, slots=True)
class ChainFault:
    """The first broken line."""

    kind: FaultKind
    entry_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What reading the whole log showed."""

    count: int
    fault: ChainFault | None


class ChainCheck:
    """Reads the lines in order and finds the first that does not fit."""

    def __init__(self, segments: Iterable[Segment], head: Head | None) -> None:
        self._segments = {segment.month: segment for segment in segments}
        self._head = head
        dropped = [segment for segment in self._segments.values() if segment.is_dropped]
        last = max(dropped, key=lambda segment: segment.last_id, default=None)
        self._id, self._hash = (last.last_id, last.last_hash) if last else (0, GENESIS)
        self._month: int | None = None
        self._head_seen = head is None
        self.count = 0
        self._meet_head()

    def feed(self, entry: Entry) -> ChainFault | None:
        """Take the next line."""
        if entry.id != self._id + 1:
            return ChainFault(kind=FaultKind.MISSING, entry_id=self._id + 1)
        if entry.previous != self._hash:
            return ChainFault(kind=FaultKind.CHANGED, entry_id=self._id if self.count else entry.id)
        if self._month not in (None, entry.month) and not self._is_sealed():
            return ChainFault(kind=FaultKind.SEAL, entry_id=self._id)
        self._id, self._hash, self._month = entry.id, entry.digest(), entry.month
        self.count += 1
        return self._meet_head()

    def finish(self) -> ChainFault | None:
        """Say what is wrong at the end: a cut tail, or no hash outside the database."""
        if not self._head_seen:
            return ChainFault(kind=FaultKind.CUT, entry_id=self._id + 1)
        if self._head is None and self._id:
            return ChainFault(kind=FaultKind.HEAD, entry_id=self._id)
        return None

    def _is_sealed(self) -> bool:
        segment = self._segments.get(self._month or 0)
        return segment is not None and (segment.last_id, segment.last_hash) == (
            self._id,
            self._hash,
        )

    def _meet_head(self) -> ChainFault | None:
        if self._head is None or self._head.id != self._id:
            return None
        self._head_seen = True
        if self._head.hash == self._hash:
            return None
        return ChainFault(kind=FaultKind.CHANGED, entry_id=self._id)


def encode_facts(facts: Mapping[str, Fact]) -> str:
    """Write facts as JSON.

    Raises:
        ValueError: A fact is not an enum member, a truth value, a count or one of our own IDs:
            the log never holds free text or an account.
    """
    return json.dumps({name: _plain(name, fact) for name, fact in sorted(facts.items())})


def _plain(name: str, fact: Fact) -> object:
    if isinstance(fact, Enum):
        return fact.value
    if isinstance(fact, int) and abs(fact) < LARGEST_COUNT:
        return fact
    if isinstance(fact, str) and OWN_ID.fullmatch(fact):
        return fact
    raise ValueError(f"the fact {name} is neither an enum member, a count nor an ID of ours")


def month_before(month: int, count: int) -> int:
    """Return the month some months earlier, as 202601."""
    months = (month // 100) * 12 + month % 100 - 1 - count
    return months // 12 * 100 + months % 12 + 1
