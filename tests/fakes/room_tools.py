"""What stands around moderation, questions, buddies and topics: rooms, Discord, the team."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.audit import AuditAction, Opened, Subject
from bot.domain.case import Case, CaseSource, Circle, Severity
from bot.domain.delivery import Address, Kind
from bot.domain.ids import CaseId, ParticipantId, RoomId
from bot.domain.moderation import Permission, Target
from bot.domain.participant import Participant, ParticipantState
from bot.domain.place import PlaceKey
from bot.domain.risk import RiskClass, RiskFinding, Tier
from bot.domain.room import Audience, Membership, MemberState, Posting, Room, RoomState
from bot.domain.staff import StaffMember, StaffRole
from bot.services.cases import AskOutcome
from bot.services.room_ports import RoomError
from bot.store.database import SqliteDatabase
from bot.store.times import to_us
from tests.fakes.clock import START

ROOM = Room(
    id=RoomId("R" * 22), place=PlaceKey.CHANNEL_ROOM, audience=Audience.MIXED, created_at=START
)
MODERATOR = StaffMember(user_id=501, role=StaffRole.MODERATOR, enrolled_at=START)
LEAD = StaffMember(user_id=502, role=StaffRole.LEAD, enrolled_at=START)
ANA, BEN = 601, 602


def person(name: str, user_id: int) -> Participant:
    """Make an active participant."""
    return Participant(
        id=ParticipantId(name.ljust(22, "-")),
        user_id=user_id,
        code=f"P-{user_id}",
        state=ParticipantState.ACTIVE,
        created_at=START,
    )


async def keep(database: SqliteDatabase, *people: Participant) -> None:
    """Put people into the database."""
    for one in people:
        await database.execute(
            "INSERT INTO participants (id, user_id, code, state, created_at) "
            "VALUES (:id, :user, :code, 'active', :at)",
            {"id": one.id, "user": one.user_id, "code": one.code, "at": to_us(one.created_at)},
        )


@dataclass
class FakeRooms:
    """One room, its channel and who is in it."""

    room: Room = ROOM
    is_open: bool = True
    inside: set[ParticipantId] = field(default_factory=set)
    removed: list[tuple[str, ParticipantId, int]] = field(default_factory=list)
    trouble: str | None = None
    gone: bool = False

    def get(self, room_id: str) -> Room | None:
        return self.room if room_id == self.room.id and not self.gone else None

    def known(self, room_id: str) -> Room:
        assert room_id == self.room.id
        return self.room

    def channel_of(self, room_id: str) -> int | None:
        return 900

    async def pause(self, room_id: str, until: datetime | None) -> Room:
        self.room = replace(self.room, paused_until=until)
        return self.room

    async def slow(self, room_id: str, seconds: int) -> Room:
        self.room = replace(self.room, slow_seconds=seconds)
        return self.room

    def posting(self, room: Room) -> Posting:
        return Posting.HOSTED if self.is_open else Posting.CLOSED

    def state(self, room_id: str) -> RoomState | None:
        return RoomState(
            room_id=self.room.id, is_open=self.is_open, since=START, trouble=self.trouble
        )

    def of(self, room_id: str, participant_id: ParticipantId) -> Membership | None:
        if participant_id not in self.inside:
            return None
        return Membership(
            room_id=self.room.id, participant_id=participant_id, state=MemberState.IN, since=START
        )

    async def remove(self, room_id: str, participant_id: ParticipantId, by: int) -> None:
        self.inside.discard(participant_id)
        self.removed.append((room_id, participant_id, by))


@dataclass
class FakeHands:
    """Discord: which messages are there, who stands how, what the bot lacks."""

    messages: set[int] = field(default_factory=lambda: {7})
    targets: dict[int, Target] = field(default_factory=dict)
    missing: set[Permission] = field(default_factory=set)
    timeouts: dict[int, datetime | None] = field(default_factory=dict)
    error: RoomError | None = None
    deleted: list[int] = field(default_factory=list)

    def target(self, user_id: int) -> Target:
        return self.targets.get(user_id, Target(user_id=user_id))

    def lacks(self, permission: Permission, channel_id: int | None = None) -> bool:
        return permission in self.missing

    async def hide(self, channel_id: int, message_id: int) -> bool:
        if self.error is not None:
            raise self.error
        was_there = message_id in self.messages
        self.messages.discard(message_id)
        if was_there:
            self.deleted.append(message_id)
        return was_there

    async def time_out(self, user_id: int, until: datetime | None) -> None:
        if self.error is not None:
            raise self.error
        self.timeouts[user_id] = until


@dataclass
class FakePeople:
    """Who joined, and who is on the team."""

    joined: dict[int, Participant] = field(default_factory=dict)
    team: dict[int, StaffMember] = field(
        default_factory=lambda: {one.user_id: one for one in (MODERATOR, LEAD)}
    )

    async def find(self, user_id: int) -> Participant | None:
        return self.joined.get(user_id)

    def get(self, user_id: int) -> StaffMember | None:
        return self.team.get(user_id)


@dataclass
class FakeAudit:
    """The audit and access log."""

    lines: list[tuple[AuditAction, dict[str, Any]]] = field(default_factory=list)
    openings: list[tuple[Subject, Subject]] = field(default_factory=list)

    async def record(
        self,
        actor: Subject,
        action: Any,
        subject: Any,
        *,
        tx: Any = None,
        reason: str | None = None,
        **facts: Any,
    ) -> None:
        if subject is Opened.PERSON:
            self.openings.append((actor, action))
        else:
            self.lines.append((action, facts))


@dataclass
class FakeDuty:
    """The conflict list: who is kept away from whom."""

    conflicts: set[tuple[int, int]] = field(default_factory=set)
    leads: frozenset[int] = frozenset({LEAD.user_id})

    def excluded(self, people: Collection[int]) -> frozenset[int]:
        return frozenset({staff for staff, user in self.conflicts if user in people})

    def circle(self, people: Collection[int]) -> Circle:
        barred = self.excluded(people)
        if not barred:
            return Circle.TEAM
        if self.leads <= barred:
            return Circle.NOBODY
        return Circle.SOME_LEADS if self.leads & barred else Circle.LEADS

    def apart(self, people: Collection[int]) -> bool:
        return self.circle(people) is not Circle.TEAM


@dataclass
class FakeApart:
    """Partners and the keep-apart list."""

    pairs: dict[int, frozenset[int]] = field(default_factory=dict)

    def partners(self, user_id: int) -> frozenset[int]:
        return self.pairs.get(user_id, frozenset())

    def others(self, user_id: int) -> frozenset[int]:
        return self.pairs.get(user_id, frozenset())


@dataclass
class FakeOutbox:
    """What was sent, by kind and address, and what was taken back."""

    added: list[tuple[str, Address, dict[str, str]]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    closed: list[tuple[str | None, frozenset[str]]] = field(default_factory=list)

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        args: Any = None,
        key: str | None = None,
        **_: Any,
    ) -> None:
        if key is not None and key in self.keys:
            return
        self.keys |= {key} if key else set()
        self.added.append((kind.name, address, dict(args or {})))

    async def close_for(
        self, *, subject_id: str | None = None, kinds: Collection[str] | None = None, **_: Any
    ) -> int:
        self.closed.append((subject_id, frozenset(kinds or ())))
        return 1

    def kinds(self) -> list[str]:
        """Name what was sent, in order."""
        return [kind for kind, _, _ in self.added]


@dataclass
class FakeRequests:
    """Where danger goes."""

    asked: list[tuple[int, CaseSource, Severity]] = field(default_factory=list)

    async def ask(
        self,
        user_id: int,
        source: CaseSource = CaseSource.ASK,
        severity: Severity = Severity.TODAY,
        detail: str | None = None,
    ) -> AskOutcome:
        self.asked.append((user_id, source, severity))
        case = Case(
            id=CaseId("c" * 22),
            ref="K7Q2M",
            participant_id=None,
            user_id=user_id,
            source=source,
            severity=severity,
            opened_at=START,
            paged_at=START,
        )
        return AskOutcome(case=case, is_new=True, on_duty=False)


class FakeScreen:
    """Finds danger in whatever says so."""

    def screen(self, text: str) -> RiskFinding:
        if "danger" in text:
            return RiskFinding(label=RiskClass.SUICIDE_IMMINENT, tier=Tier.PAGE)
        return RiskFinding(label=None, tier=Tier.NONE)


A_MINUTE = timedelta(minutes=1)
