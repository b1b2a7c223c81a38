"""Days people count from a date of their own, such as days without a drink."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.domain.goal import DayCount
from bot.domain.ids import ParticipantId
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_day, to_us


class DayCountStore:
    """One row per stretch of days; an ended one is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(
        self, participant_id: ParticipantId, tx: Transaction | None = None
    ) -> Sequence[DayCount]:
        """Return everything a person counted, in order."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT * FROM day_counts WHERE participant_id = :participant ORDER BY first_day",
            {"participant": participant_id},
        )
        return [_count(row) for row in rows]

    async def put(self, tx: Transaction, count: DayCount, next_at: datetime | None) -> None:
        """Keep a stretch, new or changed, and when its next milestone is told."""
        await tx.execute(
            "INSERT INTO day_counts VALUES (:id, :participant, :first, :last, :next) "
            "ON CONFLICT (id) DO UPDATE SET first_day = :first, last_day = :last, next_at = :next",
            {
                "id": count.id,
                "participant": count.participant_id,
                "first": count.first.isoformat(),
                "last": count.last.isoformat() if count.last else None,
                "next": to_us(next_at),
            },
        )

    async def drop(self, tx: Transaction, count: DayCount) -> None:
        """Delete a stretch."""
        await tx.execute("DELETE FROM day_counts WHERE id = :id", {"id": count.id})

    async def due(self, tx: Transaction, now: datetime, limit: int) -> Sequence[DayCount]:
        """Return those with a milestone to tell, the earliest first."""
        rows = await tx.fetch_all(
            "SELECT * FROM day_counts WHERE next_at <= :now ORDER BY next_at LIMIT :limit",
            {"now": to_us(now), "limit": limit},
        )
        return [_count(row) for row in rows]

    async def next_at(self) -> datetime | None:
        """Return when the next milestone is to be told."""
        row = await self._database.fetch_one(
            "SELECT min(next_at) FROM day_counts WHERE next_at IS NOT NULL"
        )
        return None if row is None else from_us(row[0])

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return everything a participant counted."""
        rows = await self._database.fetch_all(
            "SELECT * FROM day_counts WHERE participant_id = :participant ORDER BY first_day",
            {"participant": participant_id},
        )
        return [dict(row) for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete everything a participant counted."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM day_counts WHERE participant_id = :participant",
            {"participant": participant_id},
        )


def _count(row: Row) -> DayCount:
    return DayCount(
        id=row["id"],
        participant_id=ParticipantId(row["participant_id"]),
        first=date.fromisoformat(row["first_day"]),
        last=to_day(row["last_day"]),
    )
