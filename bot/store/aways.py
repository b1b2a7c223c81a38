"""When people are away."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.domain.away import Away
from bot.domain.ids import ParticipantId
from bot.store.database import Database, Queries, Transaction
from bot.store.times import to_us


class AwayStore:
    """Ranges of local dates; those of one person never overlap."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, tx: Transaction, away: Away, at: datetime) -> None:
        """Add a range."""
        await tx.execute(
            "INSERT INTO aways VALUES (:id, :participant, :first, :last, :at)",
            {
                "id": away.id,
                "participant": away.participant_id,
                "first": away.first.isoformat(),
                "last": away.last.isoformat(),
                "at": to_us(at),
            },
        )

    async def cut(self, tx: Transaction, participant_id: ParticipantId, day: date) -> int:
        """End everything that reaches a day or lies after it, and count it; earlier days stay."""
        # One statement where nothing is under way: this runs inside a person's command.
        rows = await tx.fetch_all(
            "DELETE FROM aways WHERE participant_id = :participant AND last_day >= :day "
            "RETURNING *",
            {"participant": participant_id, "day": day.isoformat()},
        )
        before = (day - timedelta(days=1)).isoformat()
        shortened = [
            {**dict(row), "last_day": before} for row in rows if row["first_day"] <= before
        ]
        if shortened:
            await tx.execute_many(
                "INSERT INTO aways VALUES "
                "(:id, :participant_id, :first_day, :last_day, :created_at)",
                shortened,
            )
        return len(rows)

    async def of(
        self,
        participant_id: ParticipantId,
        since: date = date.min,
        tx: Transaction | None = None,
    ) -> Sequence[Away]:
        """Return a person's ranges that reach a day or lie after it, in order."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT * FROM aways WHERE participant_id = :participant AND last_day >= :since "
            "ORDER BY first_day",
            {"participant": participant_id, "since": since.isoformat()},
        )
        return [
            Away(
                id=row["id"],
                participant_id=ParticipantId(row["participant_id"]),
                first=date.fromisoformat(row["first_day"]),
                last=date.fromisoformat(row["last_day"]),
            )
            for row in rows
        ]

    async def ranges(
        self, participant_ids: Collection[ParticipantId], tx: Transaction | None = None
    ) -> Mapping[ParticipantId, Sequence[tuple[date, date]]]:
        """Return the ranges of several people, both ends included."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT participant_id, first_day, last_day FROM aways "
            "WHERE participant_id IN (SELECT value FROM json_each(:ids)) ORDER BY first_day",
            {"ids": json.dumps(list(participant_ids))},
        )
        found: dict[ParticipantId, list[tuple[date, date]]] = {}
        for row in rows:
            days = (date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"]))
            found.setdefault(ParticipantId(row["participant_id"]), []).append(days)
        return found

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return when a participant was and will be away."""
        rows = await self._database.fetch_all(
            "SELECT first_day, last_day, created_at FROM aways "
            "WHERE participant_id = :participant ORDER BY first_day",
            {"participant": participant_id},
        )
        return [dict(row) for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's ranges."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM aways WHERE participant_id = :participant", {"participant": participant_id}
        )
