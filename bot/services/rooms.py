"""The rooms, kept in memory too: every message asks which room it is in."""

from collections.abc import Sequence
from typing import Any, Protocol

from bot.domain.ids import RoomId
from bot.domain.room import Room
from bot.errors import UserError
from bot.services.places import Places


class RoomStore(Protocol):
    """What this service needs of the store."""

    async def all(self) -> Sequence[Room]: ...
    async def save(self, room: Room, tx: Any = None) -> None: ...
    async def drop(self, room_id: RoomId, tx: Any = None) -> bool: ...


class RoomService:
    """Which rooms there are, and where."""

    def __init__(self, store: RoomStore, places: Places) -> None:
        self._store = store
        self._places = places
        self._rooms: dict[RoomId, Room] = {}

    async def load(self) -> None:
        """Read every room."""
        self._rooms = {room.id: room for room in await self._store.all()}

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
        return next((room for room in self._rooms.values() if room.place == key), None)

    def channel_of(self, room_id: str) -> int | None:
        """Return Discord's ID of a room's channel; nothing where it is not there."""
        room = self.get(room_id)
        return None if room is None else self._places.get(room.place)
