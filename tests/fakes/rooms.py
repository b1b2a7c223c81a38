"""Rooms on real rows, with a duty list and a Discord that a test moves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.config import DATA
from bot.content import Content, load_content
from bot.domain.audit import AuditAction, Fact, Subject
from bot.domain.case import Circle
from bot.domain.delivery import Address, Args, Kind, OutboxRow
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant, ParticipantState, Preferences
from bot.domain.place import PlaceKey
from bot.domain.risk import RiskClass, RiskFinding, Tier
from bot.domain.room import Room
from bot.domain.staff import StaffMember, StaffRole
from bot.services.building import Failure
from bot.services.consents import ConsentService
from bot.services.keep_apart import KeepApartService
from bot.services.participants import ParticipantService
from bot.services.places import Places
from bot.services.profiles import Profiles
from bot.services.room_members import RoomMembers
from bot.services.room_ports import Drawn, RoomError, RoomView
from bot.services.room_posting import RoomPosting
from bot.services.rooms import RoomService
from bot.store.consents import ConsentStore
from bot.store.database import SqliteDatabase
from bot.store.keep_apart import KeepApartStore
from bot.store.participants import ParticipantStore
from bot.store.places import PlaceStore
from bot.store.room_members import RoomMemberStore, RoomStateStore
from bot.store.rooms import RoomStore
from bot.store.vault import Vault
from tests.fakes.clock import START, FakeClock

CONTENT: Content = load_content(DATA)
CHANNEL = 500
LEAD = 70
HOST = StaffMember(user_id=71, role=StaffRole.MODERATOR, enrolled_at=START)


@dataclass
class FakeDuty:
    """Who is on, as a test says."""

    clock: FakeClock
    hosted: bool = False
    on: list[StaffMember] = field(default_factory=list)
    next_at: datetime | None = None
    circle_is: Circle = Circle.TEAM

    def is_hosted(self, room_id: str) -> bool:
        return self.hosted

    def next_on(self, people: Collection[int]) -> datetime | None:
        return self.clock() if self.on else self.next_at

    def apart(self, people: Collection[int]) -> bool:
        return self.circle_is is not Circle.TEAM

    def circle(self, people: Collection[int]) -> Circle:
        return self.circle_is

    def free_to_help(self, people: Collection[int], *, leads_only: bool) -> Sequence[StaffMember]:
        return [] if self.circle_is is Circle.NOBODY else self.on


@dataclass
class FakeRoomGateway:
    """Discord, as far as rooms ask for it; it counts what really changed."""

    refuses: RoomError | None = None
    posting: dict[int, bool] = field(default_factory=dict)
    sight: dict[int, frozenset[int]] = field(default_factory=dict)
    pace: dict[int, int] = field(default_factory=dict)
    cards: list[RoomView] = field(default_factory=list)
    removed: list[tuple[int, bool]] = field(default_factory=list)
    changes: int = 0
    gone: set[int] = field(default_factory=set)

    def has(self, channel_id: int) -> bool:
        return channel_id not in self.gone

    async def set_posting(self, channel_id: int, *, is_open: bool) -> None:
        self._refuse()
        if self.posting.get(channel_id) is not is_open:
            self.posting[channel_id] = is_open
            self.changes += 1

    async def set_pace(self, channel_id: int, seconds: int) -> None:
        self.pace[channel_id] = seconds

    async def set_sight(self, channel_id: int, people: Collection[int]) -> None:
        self.sight[channel_id] = frozenset(people)

    async def draw(self, channel_id: int, view: RoomView, drawn: Drawn | None) -> Drawn:
        mark = repr(view)
        if drawn is not None and drawn.mark == mark:
            return drawn
        self.cards.append(view)
        return Drawn(card_id=drawn.card_id if drawn else 900 + len(self.cards), mark=mark)

    async def remove(self, channel_id: int, messages: Collection[int], *, is_kept: bool) -> None:
        self._refuse()
        self.removed.append((channel_id, is_kept))

    def _refuse(self) -> None:
        if self.refuses is not None:
            raise self.refuses


class FakeAudit:
    """Remembers what was done."""

    def __init__(self) -> None:
        self.actions: list[AuditAction] = []

    async def record(
        self, actor: Subject, action: AuditAction, subject: Subject, *, tx: Any = None, **_: Fact
    ) -> None:
        self.actions.append(action)


@dataclass
class FakePost:
    """Remembers what was to be sent; a key goes in once."""

    rows: list[tuple[str, Address, Args]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        subject_id: str = "",
        args: Args | None = None,
        expires_at: datetime | None = None,
        key: str | None = None,
        tx: Any = None,
    ) -> OutboxRow | None:
        if key is None or key not in self.keys:
            self.rows.append((kind.name, address, args or {}))
        self.keys |= {key} if key else set()
        return None

    def kinds(self) -> list[str]:
        """Name what was to be sent, in order."""
        return [kind for kind, _, _ in self.rows]


@dataclass
class FakePartners:
    """Who is a pair."""

    pairs: dict[int, frozenset[int]] = field(default_factory=dict)

    def partners(self, user_id: int) -> frozenset[int]:
        return self.pairs.get(user_id, frozenset())

    def join(self, one: int, other: int) -> None:
        """Make two people a pair."""
        self.pairs |= {one: frozenset({other}), other: frozenset({one})}


class FakeScreen:
    """Finds danger in one word."""

    def screen(self, text: str) -> RiskFinding:
        if "alarm" in text:
            return RiskFinding(label=RiskClass.SUICIDE_IMMINENT, tier=Tier.PAGE)
        return RiskFinding(label=None, tier=Tier.NONE)


class Rooms:
    """The rooms' services on one database."""

    def __init__(self, database: SqliteDatabase, vault: Vault, clock: FakeClock) -> None:
        self.clock = clock
        self.people = ParticipantStore(database)
        self.profiles = Profiles(self.people)
        self.participants = ParticipantService(self.people, self.profiles, clock)
        wording = CONTENT.texts(None).consents
        self.consents = ConsentService(ConsentStore(database), wording, clock)
        self.places = Places(PlaceStore(database))
        self.audit, self.post, self.partners = FakeAudit(), FakePost(), FakePartners()
        self.duty, self.gateway = FakeDuty(clock), FakeRoomGateway()
        self.keep_apart = KeepApartService(
            KeepApartStore(database, vault), database=database, audit=self.audit, clock=clock
        )
        self.rooms = RoomService(
            RoomStore(database), self.places, database=database, audit=self.audit, clock=clock
        )
        self.members = RoomMembers(
            store=RoomMemberStore(database),
            rooms=self.rooms,
            profiles=self.profiles,
            consents=self.consents,
            partners=self.partners,
            keep_apart=self.keep_apart,
            duty=self.duty,
            outbox=self.post,
            audit=self.audit,
            database=database,
            clock=clock,
        )
        self.posting = RoomPosting(
            store=RoomStateStore(database),
            rooms=self.rooms,
            members=self.members,
            places=self.places,
            duty=self.duty,
            outbox=self.post,
            clock=clock,
        )
        self.posting.bind(self.gateway, lambda: None)

    async def load(self) -> "Rooms":
        """Read what is kept, and put the shipped room somewhere."""
        await self.rooms.load()
        await self.members.load()
        await self.posting.load()
        await self.keep_apart.load()
        await self.places.load()
        await self.places.save(PlaceKey.CHANNEL_ROOM, CHANNEL)
        return self

    @property
    def shipped(self) -> Room:
        """The room that is there from the start."""
        return self.rooms.all()[0]

    async def person(self, user_id: int) -> Participant:
        """Make somebody a participant."""
        person = await self.participants.begin(user_id, Preferences())
        return await self.participants.move(person, ParticipantState.ACTIVE)

    def inside(self, room: Room) -> set[ParticipantId]:
        """Return who is in a room."""
        return {one.participant_id for one in self.members.inside(room.id)}


FORBIDDEN = RoomError(Failure.FORBIDDEN, frozenset({"manage_roles"}))
