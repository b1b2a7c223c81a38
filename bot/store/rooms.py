"""Rooms."""

import json
from collections.abc import Sequence

from bot.domain.ids import RoomId
from bot.domain.place import part_key
from bot.domain.room import Audience, Room
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us


class RoomStore:
    """The channels that the bot moderates."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> Sequence[Room]:
        """Return every room, the oldest first."""
        rows = await self._database.fetch_all("SELECT * FROM rooms ORDER BY created_at, id")
        return [_room(row) for row in rows]

    async def save(self, room: Room, tx: Transaction | None = None) -> None:
        """Keep a room as it is now."""
        into: Queries = tx or self._database
        await into.execute(
            "INSERT INTO rooms VALUES (:id, :place, :audience, :name, :forum, :rules, :slow, "
            ":hours, :hosts, :languages, :unhosted, :capacity, :taking, :paused, :at) "
            "ON CONFLICT (id) DO UPDATE SET audience = :audience, name = :name, rules = :rules, "
            "slow_seconds = :slow, hours = :hours, hosts = :hosts, languages = :languages, "
            "is_unhosted = :unhosted, capacity = :capacity, is_taking = :taking, "
            "paused_until = :paused",
            {
                "id": room.id,
                "place": room.place.value,
                "audience": room.audience,
                "name": room.name,
                "forum": int(room.is_forum),
                "rules": room.rules,
                "slow": room.slow_seconds,
                "hours": room.hours,
                "hosts": json.dumps(room.hosts),
                "languages": json.dumps(room.languages),
                "unhosted": int(room.is_unhosted),
                "capacity": room.capacity,
                "taking": int(room.is_taking),
                "paused": to_us(room.paused_until),
                "at": to_us(room.created_at),
            },
        )

    async def drop(self, room_id: RoomId, tx: Transaction | None = None) -> bool:
        """Delete a room with all that is about it; `False` where it is gone."""
        into: Queries = tx or self._database
        return await into.execute("DELETE FROM rooms WHERE id = :id", {"id": room_id}) == 1


def _room(row: Row) -> Room:
    return Room(
        id=RoomId(row["id"]),
        place=part_key(row["place"]),
        audience=Audience(row["audience"]),
        name=row["name"],
        is_forum=bool(row["is_forum"]),
        rules=row["rules"],
        slow_seconds=row["slow_seconds"],
        hours=row["hours"],
        hosts=tuple(json.loads(row["hosts"])),
        languages=tuple(json.loads(row["languages"])),
        is_unhosted=bool(row["is_unhosted"]),
        capacity=row["capacity"],
        is_taking=bool(row["is_taking"]),
        paused_until=from_us(row["paused_until"]),
        created_at=from_us(row["created_at"]),
    )
