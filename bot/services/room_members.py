"""Who is in which room: entry at the door, by invitation, leaving, and keeping people apart."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.audit import BOT, AuditAction, Subject
from bot.domain.case import Circle
from bot.domain.consent import ConsentKind
from bot.domain.delivery import Channel, Kind, Personal, Priority
from bot.domain.ids import ParticipantId, RoomId
from bot.domain.participant import Participant
from bot.domain.place import PlaceKey
from bot.domain.room import Membership, MemberState, Room
from bot.errors import UserError
from bot.services.case_ports import Auditor
from bot.services.consents import ConsentService
from bot.services.database_port import Transactor
from bot.services.keep_apart import KeepApartService
from bot.services.outbox_port import Outbox
from bot.services.profiles import Profiles
from bot.services.room_ports import Duty, Partners
from bot.services.rooms import RoomService

log = logging.getLogger(__name__)

INVITED = Kind(name="room.invited", priority=Priority.INTERACTIVE)
MADE_WAY = Kind(name="room.made_way", priority=Priority.INTERACTIVE)
TURNED_AWAY = Kind(
    name="room.turned_away", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)

DOOR = (ConsentKind.GROUPS, ConsentKind.ROOM_SCREENING)
"""What a person agrees to at a door; taking one back leads out of every room."""

NOT_NOW = "rooms.not_now"
"""One sentence for a full room, a closed door and people who are kept apart."""

OnMoved: TypeAlias = Callable[[RoomId], Awaitable[None]]


class MemberStore(Protocol):
    """What this service needs of the store."""

    async def all(self) -> Sequence[Membership]: ...
    async def save(self, membership: Membership, tx: Any = None) -> None: ...
    async def drop(
        self, room_id: RoomId, participant_id: ParticipantId, tx: Any = None
    ) -> bool: ...


class RoomMembers:
    """Keeps the lists; the channels follow them."""

    def __init__(
        self,
        *,
        store: MemberStore,
        rooms: RoomService,
        profiles: Profiles,
        consents: ConsentService,
        partners: Partners | None,
        keep_apart: KeepApartService,
        duty: Duty,
        outbox: Outbox,
        audit: Auditor,
        database: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._profiles = profiles
        self._consents = consents
        self._partners = partners
        self._keep_apart = keep_apart
        self._duty = duty
        self._outbox = outbox
        self._audit = audit
        self._database = database
        self._clock = clock
        self._lists: dict[RoomId, dict[ParticipantId, Membership]] = {}
        self._moved: list[OnMoved] = []
        # Two partners at two doors of one room in one moment: the second finds the first inside.
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Read the lists."""
        self._lists = {}
        for membership in await self._store.all():
            self._keep(membership)

    def on_moved(self, callback: OnMoved) -> None:
        """Call this with a room after its list has changed."""
        self._moved.append(callback)

    def of(self, room_id: str, participant_id: ParticipantId) -> Membership | None:
        """Return how a person stands to a room; nothing where they were never at it."""
        return self._lists.get(RoomId(room_id), {}).get(participant_id)

    def inside(self, room_id: str) -> Sequence[Membership]:
        """Return who is in a room, the first first."""
        return [one for one in self._lists.get(RoomId(room_id), {}).values() if one.is_in]

    def all_of(self, room_id: str) -> Sequence[Membership]:
        """Return who is in a room or at its door, the first first."""
        return list(self._lists.get(RoomId(room_id), {}).values())

    def accounts(self, room_id: str) -> frozenset[int]:
        """Return the accounts that see a room as members: nobody who left the server."""
        people = (self._profiles.by_id(one.participant_id) for one in self.inside(room_id))
        return frozenset(one.user_id for one in people if one is not None and one.active)

    def visible_to(self, participant_id: ParticipantId) -> Sequence[Room]:
        """Return the rooms a person may be in, whether or not one can take them now."""
        return [
            room
            for room in self._rooms.all()
            if room.is_taking or self.of(room.id, participant_id) is not None
        ]

    async def check(self, room: Room, participant: Participant) -> None:
        """Check that a person may come into a room; the team hears of it where they may not.

        Raises:
            UserError: The room cannot take them; the sentence is the same for every reason.
        """
        known = self.of(room.id, participant.id)
        if known is not None and known.is_in:
            return
        if self._strangers(room, participant.user_id):
            await self._tell_team(room, participant)
            raise UserError(NOT_NOW)
        is_full = room.capacity is not None and len(self.inside(room.id)) >= room.capacity
        if is_full or (known is None and not room.is_taking):
            raise UserError(NOT_NOW)

    async def enter(self, room_id: str, participant: Participant, rules_mark: str) -> Room:
        """Let a person in who accepted the rules and both consents at the door.

        Args:
            room_id: The room.
            participant: Who comes in.
            rules_mark: Which rules they were shown.

        Raises:
            UserError: There is no such room, or it cannot take them.
        """
        room = self._rooms.known(room_id)
        await self.check(room, participant)
        for kind in DOOR:
            await self._consents.give(participant, kind)
        async with self._changing:
            await self.check(self._rooms.known(room_id), participant)
            known = self.of(room.id, participant.id)
            membership = Membership(
                room_id=room.id,
                participant_id=participant.id,
                state=MemberState.IN,
                rules_mark=rules_mark,
                since=known.since if known is not None and known.is_in else self._clock(),
            )
            await self._store.save(membership)
            self._keep(membership)
        await self._tell(room.id)
        return room

    async def leave(self, room_id: str, participant: Participant) -> None:
        """Let a person out.

        Raises:
            UserError: They are not in it.
        """
        if not await self._drop(RoomId(room_id), participant.id):
            raise UserError("rooms.not_in")

    async def invite(self, room_id: str, participant: Participant, by: int) -> None:
        """Let a person come to a room's door; the rules are theirs to accept.

        Raises:
            UserError: There is no such room, they are in it, or it cannot take them.
        """
        room = self._rooms.known(room_id)
        async with self._changing:
            known = self.of(room.id, participant.id)
            if known is not None:
                raise UserError("rooms.staff.in_already" if known.is_in else "rooms.staff.invited")
            if self._strangers(room, participant.user_id):
                raise UserError("rooms.staff.kept_apart")
            if room.capacity is not None and len(self.inside(room.id)) >= room.capacity:
                raise UserError("rooms.staff.full", n=room.capacity)
            now = self._clock()
            membership = Membership(
                room_id=room.id,
                participant_id=participant.id,
                state=MemberState.INVITED,
                since=now,
            )
            async with self._database.transaction() as tx:
                await self._store.save(membership, tx)
                await self._record(by, participant.id, room, tx, is_in=True)
                await self._note(INVITED, participant.id, room, tx)
            self._keep(membership)

    async def remove(self, room_id: str, participant_id: ParticipantId, by: int) -> None:
        """Take a person out of a room, or back from its door.

        Raises:
            UserError: There is no such room, or they are not in it.
        """
        room = self._rooms.known(room_id)
        if not await self._drop(room.id, participant_id, by=by):
            raise UserError("rooms.staff.not_in")

    async def part(self, user_a: int, user_b: int, *, stays: int | None = None) -> None:
        """See to it that two people who became a pair, or are kept apart, share no room.

        A pair may share the rooms for couples and the mixed ones. Of the two, the one who came
        later makes way and is told so in the words of a full room; the team is told.

        Args:
            user_a: One account.
            user_b: The other.
            stays: The one who keeps their place, where it matters which.
        """
        people = [self._profiles.get(user_a), self._profiles.get(user_b)]
        if None in people:
            return
        one, other = (person.participant_id for person in people if person is not None)
        for room in self._rooms.all():
            both = [self.of(room.id, one), self.of(room.id, other)]
            if None in both or not self._must_part(room, user_a, user_b):
                continue
            leaving = max((each for each in both if each), key=lambda each: each.since)
            if stays is not None:
                leaving = next(each for each in both if each and self._user(each) != stays)
            await self._make_way(room, leaving)

    async def part_all(self) -> None:
        """Part everyone who shares a room they must not: the process died before it could."""
        for room in self._rooms.all():
            for membership in self.all_of(room.id):
                user_id = self._user(membership)
                for other in self._strangers(room, user_id):
                    await self.part(user_id, other)

    async def consent_changed(self, participant_id: ParticipantId, given: bool) -> None:
        """Let a person out of every room once they take back what its door rests on."""
        if not given:
            for room_id in list(self._lists):
                await self._drop(room_id, participant_id)

    async def forgotten(self, participant_id: ParticipantId) -> None:
        """Keep nothing in memory of someone who was deleted; the channels follow."""
        for room_id, people in self._lists.items():
            if people.pop(participant_id, None) is not None:
                await self._tell(room_id)

    def _must_part(self, room: Room, user_a: int, user_b: int) -> bool:
        return room.audience.keeps_partners_apart or user_b in self._keep_apart.others(user_a)

    def _strangers(self, room: Room, user_id: int) -> frozenset[int]:
        """Return who is in a room, or at its door, that a person must not meet there."""
        barred = self._keep_apart.others(user_id)
        if room.audience.keeps_partners_apart:
            barred |= self._pair_of(user_id)
        present = {self._user(one) for one in self._lists.get(room.id, {}).values()}
        return frozenset(barred & present)

    def _pair_of(self, user_id: int) -> frozenset[int]:
        return frozenset() if self._partners is None else self._partners.partners(user_id)

    def _user(self, membership: Membership) -> int:
        profile = self._profiles.by_id(membership.participant_id)
        return 0 if profile is None else profile.user_id

    async def _make_way(self, room: Room, membership: Membership) -> None:
        async with self._changing:
            async with self._database.transaction() as tx:
                if not await self._store.drop(room.id, membership.participant_id, tx):
                    # Two found them together in one moment: told once.
                    return
                await self._audit.record(
                    BOT,
                    AuditAction.ROOM_MEMBER_CHANGED,
                    Subject.participant(membership.participant_id),
                    tx=tx,
                    room=room.id,
                    is_in=False,
                )
                await self._note(MADE_WAY, membership.participant_id, room, tx)
            self._lists[room.id].pop(membership.participant_id, None)
        await self._notice(room, membership.participant_id, self._user(membership), "parted")
        await self._tell(room.id)

    async def _drop(
        self, room_id: RoomId, participant_id: ParticipantId, *, by: int | None = None
    ) -> bool:
        async with self._changing:
            room = self._rooms.get(room_id)
            async with self._database.transaction() as tx:
                was_in = await self._store.drop(room_id, participant_id, tx)
                if was_in and by is not None and room is not None:
                    await self._record(by, participant_id, room, tx, is_in=False)
            self._lists.get(room_id, {}).pop(participant_id, None)
        if was_in:
            await self._tell(room_id)
        return was_in

    async def _tell_team(self, room: Room, participant: Participant) -> None:
        log.info("room %s could not take %s", room.id, participant.id)
        await self._notice(room, participant.id, participant.user_id, "turned")

    async def _notice(
        self, room: Room, participant_id: ParticipantId, user_id: int, what: str
    ) -> None:
        """Tell those of the team who may know, once a day; whom they were kept from is not said."""
        people = [user_id, *self._keep_apart.others(user_id), *self._pair_of(user_id)]
        circle = self._duty.circle(people)
        if circle not in (Circle.TEAM, Circle.LEADS):
            log.warning("nobody may be told why room %s could not take someone", room.id)
            return
        now = self._clock()
        await self._outbox.add(
            TURNED_AWAY,
            Channel(key=PlaceKey.CHANNEL_STAFF if circle is Circle.TEAM else PlaceKey.CHANNEL_LEAD),
            due_at=now,
            subject_id=room.id,
            args={"room": room.id, "person": participant_id, "what": what},
            key=f"{TURNED_AWAY.name}:{room.id}:{participant_id}:{what}:{now:%Y-%m-%d}",
        )

    async def _note(self, kind: Kind, participant_id: ParticipantId, room: Room, tx: Any) -> None:
        await self._outbox.add(
            kind,
            Personal(participant_id=participant_id),
            due_at=self._clock(),
            subject_id=room.id,
            args={"room": room.id},
            tx=tx,
        )

    async def _record(
        self, by: int, participant_id: ParticipantId, room: Room, tx: Any, *, is_in: bool
    ) -> None:
        await self._audit.record(
            Subject.staff(by),
            AuditAction.ROOM_MEMBER_CHANGED,
            Subject.participant(participant_id),
            tx=tx,
            room=room.id,
            is_in=is_in,
        )

    def _keep(self, membership: Membership) -> None:
        people = self._lists.setdefault(membership.room_id, {})
        people[membership.participant_id] = membership

    async def _tell(self, room_id: RoomId) -> None:
        for callback in self._moved:
            await callback(room_id)
