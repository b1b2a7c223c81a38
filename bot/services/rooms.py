"""The rooms, kept in memory too: every message asks which room it is in."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.ids import RoomId, new_id
from bot.domain.place import room_key
from bot.domain.room import Audience, Room, channel_name
from bot.errors import UserError
from bot.services.case_ports import Auditor
from bot.services.database_port import Transactor
from bot.services.places import Places

OnChange: TypeAlias = Callable[[Room], Awaitable[None]]

MOST_ROOMS = 25
"""As many as one list to pick from holds."""


class RoomStore(Protocol):
    """What this service needs of the store."""

    async def all(self) -> Sequence[Room]: ...
    async def save(self, room: Room, tx: Any = None) -> None: ...
    async def drop(self, room_id: RoomId, tx: Any = None) -> bool: ...


class RoomService:
    """Which rooms there are, where, and what a lead sets about them."""

    def __init__(
        self,
        store: RoomStore,
        places: Places,
        *,
        database: Transactor,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._places = places
        self._database = database
        self._audit = audit
        self._clock = clock
        self._rooms: dict[RoomId, Room] = {}
        self._listeners: list[OnChange] = []
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Read every room."""
        self._rooms = {room.id: room for room in await self._store.all()}

    def on_change(self, callback: OnChange) -> None:
        """Call this with a room after it was added, changed or paused."""
        self._listeners.append(callback)

    def all(self) -> Sequence[Room]:
        """Return every room, the oldest first."""
        return list(self._rooms.values())

    def get(self, room_id: str) -> Room | None:
        """Return a room; nothing where there is none."""
        return self._rooms.get(RoomId(room_id))

    def known(self, room_id: str) -> Room:
        """Return a room.

        Raises:
            UserError: There is none.
        """
        room = self.get(room_id)
        if room is None:
            raise UserError("rooms.unknown")
        return room

    def by_channel(self, channel_id: int) -> Room | None:
        """Return the room a channel is; nothing where it is none."""
        key = self._places.key_of(channel_id)
        if key is None:
            return None
        return next((room for room in self._rooms.values() if room.place == key), None)

    def channel_of(self, room_id: str) -> int | None:
        """Return Discord's ID of a room's channel; nothing where it is not there."""
        room = self.get(room_id)
        return None if room is None else self._places.get(room.place)

    async def add(
        self, by: int, *, name: str, audience: Audience, channel_id: int | None = None, **about: Any
    ) -> Room:
        """Add a room; its channel is made by set-up's own way afterwards.

        Args:
            by: The lead who does it.
            name: The name of its channel.
            audience: Whom it is for.
            channel_id: A channel that is there already, to be the room.
            about: Whatever else a `Room` holds.

        Raises:
            UserError: The channel is used for something else, the name is taken or none, or
                there are too many rooms.
        """
        async with self._changing:
            room_id = RoomId(new_id())
            room = Room(
                id=room_id,
                place=room_key(room_id),
                audience=audience,
                name=self._name(name),
                created_at=self._clock(),
                **about,
            )
            if len(self._rooms) >= MOST_ROOMS:
                raise UserError("rooms.too_many", most=MOST_ROOMS)
            if channel_id is not None and self._places.key_of(channel_id) is not None:
                raise UserError("rooms.channel_taken")
            await self._keep(room, by, AuditAction.ROOM_ADDED)
            if channel_id is not None:
                await self._places.save(room.place, channel_id)
        await self._tell(room)
        return room

    async def edit(self, by: int, room_id: str, **changes: Any) -> Room:
        """Change what a lead sets about a room.

        Raises:
            UserError: There is no such room, or the name is taken.
        """
        async with self._changing:
            room = self.known(room_id)
            if "name" in changes and changes["name"] != room.name:
                changes["name"] = self._name(changes["name"])
            room = replace(room, **changes)
            await self._keep(room, by, AuditAction.ROOM_CHANGED)
        await self._tell(room)
        return room

    async def pause(self, room_id: str, until: datetime | None) -> Room:
        """Close a room for posting until a moment, or end that; the caller writes the audit log.

        Raises:
            UserError: There is no such room.
        """
        return await self._set(room_id, paused_until=until)

    async def slow(self, room_id: str, seconds: int) -> Room:
        """Set how long a person waits between two posts; the caller writes the audit log.

        Raises:
            UserError: There is no such room.
        """
        return await self._set(room_id, slow_seconds=seconds)

    async def remove(self, by: int, room_id: str) -> None:
        """Forget a room with its lists.

        Raises:
            UserError: There is no such room.
        """
        async with self._changing:
            room = self.known(room_id)
            async with self._database.transaction() as tx:
                await self._store.drop(room.id, tx)
                await self._audit.record(
                    Subject.staff(by), AuditAction.ROOM_ENDED, PROGRAMME, tx=tx, room=room.id
                )
            del self._rooms[room.id]

    def _name(self, typed: str) -> str:
        name = channel_name(typed)
        if not name:
            raise UserError("rooms.no_name")
        if any(room.name == name for room in self._rooms.values()):
            raise UserError("rooms.name_taken", name=name)
        return name

    async def _set(self, room_id: str, **changes: Any) -> Room:
        async with self._changing:
            room = replace(self.known(room_id), **changes)
            await self._store.save(room)
            self._rooms[room.id] = room
        await self._tell(room)
        return room

    async def _keep(self, room: Room, by: int, action: AuditAction) -> None:
        async with self._database.transaction() as tx:
            await self._store.save(room, tx)
            await self._audit.record(Subject.staff(by), action, PROGRAMME, tx=tx, room=room.id)
        self._rooms[room.id] = room

    async def _tell(self, room: Room) -> None:
        for listener in self._listeners:
            await listener(room)
