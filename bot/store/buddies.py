"""Who would like a buddy, and who was offered to whom."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.buddy import Answer, Buddies, BuddyState, Wish
from bot.domain.ids import BuddyId, ParticipantId
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us

SELECT = (
    "SELECT buddies.*, first.user_id AS first_user_id, second.user_id AS second_user_id "
    "FROM buddies JOIN participants AS first ON first.id = first_participant_id "
    "JOIN participants AS second ON second.id = second_participant_id"
)
OF = "(first_participant_id = :participant OR second_participant_id = :participant)"


class BuddyStore:
    """Wishes, offers and who is whose buddy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def wish(self, participant_id: ParticipantId, at: datetime) -> None:
        """Keep that somebody would like a buddy; an earlier wish keeps its place."""
        await self._database.execute(
            "INSERT INTO buddy_wishes VALUES (:participant, :at) ON CONFLICT DO NOTHING",
            {"participant": participant_id, "at": to_us(at)},
        )

    async def unwish(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Keep that they would not, or have one now."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM buddy_wishes WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def wishes_for(self, participant_id: ParticipantId) -> bool:
        """Tell whether somebody would like a buddy."""
        row = await self._database.fetch_one(
            "SELECT 1 FROM buddy_wishes WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        return row is not None

    async def free(self, now: datetime) -> Sequence[Wish]:
        """Return who would like a buddy, is here, and waits for no answer."""
        rows = await self._database.fetch_all(
            "SELECT participant_id, user_id, code, wished_at FROM buddy_wishes "
            "JOIN participants ON participants.id = participant_id "
            "WHERE participants.state = 'active' AND NOT EXISTS (SELECT 1 FROM buddies "
            "WHERE buddies.state <> 'over' AND until_at > :now AND (first_participant_id = "
            "participant_id OR second_participant_id = participant_id)) ORDER BY wished_at",
            {"now": to_us(now)},
        )
        return [
            Wish(
                participant_id=ParticipantId(row["participant_id"]),
                user_id=row["user_id"],
                code=row["code"],
                wished_at=from_us(row["wished_at"]),
            )
            for row in rows
        ]

    async def tried(self) -> Collection[frozenset[ParticipantId]]:
        """Return every two who were offered to each other before."""
        rows = await self._database.fetch_all(
            "SELECT first_participant_id, second_participant_id FROM buddies"
        )
        return {
            frozenset(
                {
                    ParticipantId(row["first_participant_id"]),
                    ParticipantId(row["second_participant_id"]),
                }
            )
            for row in rows
        }

    async def add(self, buddies: Buddies, tx: Transaction) -> None:
        """Keep an offer."""
        await tx.execute(
            "INSERT INTO buddies (id, first_participant_id, second_participant_id, state, "
            "proposed_by, proposed_at, until_at) "
            "VALUES (:id, :first, :second, :state, :by, :at, :until)",
            {
                "id": buddies.id,
                "first": buddies.first,
                "second": buddies.second,
                "state": buddies.state.value,
                "by": buddies.proposed_by,
                "at": to_us(buddies.proposed_at),
                "until": to_us(buddies.until_at),
            },
        )

    async def get(self, buddy_id: str, tx: Transaction | None = None) -> Buddies | None:
        """Return an offer."""
        source: Queries = tx or self._database
        row = await source.fetch_one(f"{SELECT} WHERE buddies.id = :id", {"id": buddy_id})
        return None if row is None else _buddies(row)

    async def of(
        self, participant_id: ParticipantId, tx: Transaction | None = None
    ) -> Sequence[Buddies]:
        """Return what a person is part of and that is not over, the newest first."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            f"{SELECT} WHERE {OF} AND buddies.state <> 'over' ORDER BY proposed_at DESC",
            {"participant": participant_id},
        )
        return [_buddies(row) for row in rows]

    async def answer(
        self, buddies: Buddies, participant_id: ParticipantId, answer: Answer, tx: Transaction
    ) -> None:
        """Keep what one of the two said."""
        column = "first_answer" if participant_id == buddies.first else "second_answer"
        await tx.execute(
            f"UPDATE buddies SET {column} = :answer WHERE id = :id",  # noqa: S608 - our own columns
            {"id": buddies.id, "answer": answer.value},
        )

    async def start(self, buddies: Buddies, at: datetime, until: datetime, tx: Transaction) -> bool:
        """Let it start, where both said yes and it has not; `False` otherwise."""
        changed = await tx.execute(
            "UPDATE buddies SET state = 'started', started_at = :at, until_at = :until "
            "WHERE id = :id AND state = 'offered' AND first_answer = 'yes' "
            "AND second_answer = 'yes'",
            {"id": buddies.id, "at": to_us(at), "until": to_us(until)},
        )
        return changed == 1

    async def end_due(self, now: datetime, tx: Transaction) -> Sequence[Buddies]:
        """End what has had its time, and return it as it was."""
        rows = await tx.fetch_all(
            f"{SELECT} WHERE buddies.state <> 'over' AND until_at <= :now LIMIT 100",
            {"now": to_us(now)},
        )
        for row in rows:
            await tx.execute("UPDATE buddies SET state = 'over' WHERE id = :id", {"id": row["id"]})
        return [_buddies(row) for row in rows]

    async def next_end(self) -> datetime | None:
        """Return when the next one has had its time."""
        row = await self._database.fetch_one(
            "SELECT min(until_at) AS at FROM buddies WHERE state <> 'over'"
        )
        return None if row is None else from_us(row["at"])

    async def end_all(self, participant_id: ParticipantId) -> None:
        """End everything of somebody who left the server; for the other one it ends on its day."""
        for column in ("first", "second"):
            await self._database.execute(
                f"UPDATE buddies SET {column}_answer = CASE state WHEN 'started' THEN 'ended' "  # noqa: S608 - our own columns
                f"ELSE 'no' END WHERE {column}_participant_id = :participant AND state <> 'over'",
                {"participant": participant_id},
            )
        await self.unwish(participant_id)

    async def purge(self, before: datetime, limit: int) -> int:
        """Delete what was over before a moment, and count it."""
        return await self._database.execute(
            "DELETE FROM buddies WHERE rowid IN (SELECT rowid FROM buddies WHERE state = 'over' "
            "AND until_at < :before LIMIT :limit)",
            {"before": to_us(before), "limit": limit},
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return a participant's wish, and their own part of each offer: never the other's."""
        wishes = await self._database.fetch_all(
            "SELECT wished_at FROM buddy_wishes WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        rows = await self._database.fetch_all(
            "SELECT proposed_at, CASE WHEN first_participant_id = :participant THEN first_answer "  # noqa: S608 - a constant
            f"ELSE second_answer END AS answer FROM buddies WHERE {OF} ORDER BY proposed_at",
            {"participant": participant_id},
        )
        return [dict(row) for row in (*wishes, *rows)]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's wish and what they were part of."""
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        await into.execute("DELETE FROM buddy_wishes WHERE participant_id = :participant", params)
        await into.execute(f"DELETE FROM buddies WHERE {OF}", params)  # noqa: S608 - a constant


def _buddies(row: Row) -> Buddies:
    return Buddies(
        id=BuddyId(row["id"]),
        first=ParticipantId(row["first_participant_id"]),
        second=ParticipantId(row["second_participant_id"]),
        first_user_id=row["first_user_id"],
        second_user_id=row["second_user_id"],
        state=BuddyState(row["state"]),
        first_answer=Answer(row["first_answer"]),
        second_answer=Answer(row["second_answer"]),
        proposed_by=row["proposed_by"],
        proposed_at=from_us(row["proposed_at"]),
        started_at=from_us(row["started_at"]),
        until_at=from_us(row["until_at"]),
    )
