"""Who is in which room, and what each room was last brought to."""

from collections.abc import Sequence

from bot.domain.ids import ParticipantId, RoomId
from bot.domain.room import Membership, MemberState, RoomState
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us


class RoomMemberStore:
    """The lists at the doors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> Sequence[Membership]:
        """Return everyone in every room, who came first before who came later."""
        rows = await self._database.fetch_all(
            "SELECT * FROM room_members ORDER BY since, participant_id"
        )
        return [
            Membership(
                room_id=RoomId(row["room_id"]),
                participant_id=ParticipantId(row["participant_id"]),
                state=MemberState(row["state"]),
                rules_mark=row["rules_mark"],
                since=from_us(row["since"]),
            )
            for row in rows
        ]

    async def save(self, membership: Membership, tx: Transaction | None = None) -> None:
        """Put a person on a room's list."""
        into: Queries = tx or self._database
        await into.execute(
            "INSERT INTO room_members VALUES (:room, :participant, :state, :mark, :since) "
            "ON CONFLICT (room_id, participant_id) DO UPDATE SET state = :state, "
            "rules_mark = :mark, since = :since",
            {
                "room": membership.room_id,
                "participant": membership.participant_id,
                "state": membership.state,
                "mark": membership.rules_mark,
                "since": to_us(membership.since),
            },
        )

    async def drop(
        self, room_id: RoomId, participant_id: ParticipantId, tx: Transaction | None = None
    ) -> bool:
        """Take a person off a room's list; `False` where they were not on it."""
        into: Queries = tx or self._database
        return (
            await into.execute(
                "DELETE FROM room_members WHERE room_id = :room AND participant_id = :participant",
                {"room": room_id, "participant": participant_id},
            )
            == 1
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the rooms a participant is in."""
        rows = await self._database.fetch_all(
            "SELECT m.state, m.since, r.name, r.audience "
            "FROM room_members m JOIN rooms r ON r.id = m.room_id "
            "WHERE m.participant_id = :participant ORDER BY m.since",
            {"participant": participant_id},
        )
        return [
            {
                "room": row["name"] or row["audience"],
                "state": row["state"],
                "came_at": row["since"],
            }
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Take a participant off every list."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM room_members WHERE participant_id = :participant",
            {"participant": participant_id},
        )


class RoomStateStore:
    """What each room was last brought to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> Sequence[RoomState]:
        """Return every room's state."""
        rows = await self._database.fetch_all("SELECT * FROM room_states")
        return [
            RoomState(
                room_id=RoomId(row["room_id"]),
                is_open=bool(row["is_open"]),
                since=from_us(row["since"]),
                card_id=row["card_id"],
                card_mark=row["card_mark"],
                trouble=row["trouble"],
                retry_at=from_us(row["retry_at"]),
            )
            for row in rows
        ]

    async def save(self, state: RoomState) -> None:
        """Keep a room's state; one whose room is gone meanwhile is let go."""
        await self._database.execute(
            "INSERT INTO room_states SELECT :room, :open, :since, :card, :mark, :trouble, :retry "
            "WHERE EXISTS (SELECT 1 FROM rooms WHERE id = :room) "
            "ON CONFLICT (room_id) DO UPDATE SET is_open = :open, since = :since, "
            "card_id = :card, card_mark = :mark, trouble = :trouble, retry_at = :retry",
            {
                "room": state.room_id,
                "open": int(state.is_open),
                "since": to_us(state.since),
                "card": state.card_id,
                "mark": state.card_mark,
                "trouble": state.trouble,
                "retry": to_us(state.retry_at),
            },
        )
