"""Who of two would like danger words looked for in their thread."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import PairId, ParticipantId
from bot.domain.screening_wish import ScreeningWish
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us


class PairScreeningStore:
    """One row for each yes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def wants(self, pair_id: PairId, participant_id: ParticipantId) -> bool:
        """Whether a person said yes."""
        row = await self._database.fetch_one(
            "SELECT 1 FROM pair_screening WHERE pair_id = :pair "
            "AND participant_id = :participant AND until IS NULL",
            {"pair": pair_id, "participant": participant_id},
        )
        return row is not None

    async def say(
        self,
        pair_id: PairId,
        participant_id: ParticipantId,
        *,
        at: datetime,
        until: datetime | None,
        tx: Transaction,
    ) -> None:
        """Keep a yes, or until when one that is taken back still counts."""
        values = {
            "pair": pair_id,
            "participant": participant_id,
            "at": to_us(at),
            "until": None if until is None else to_us(until),
        }
        if until is None:
            await tx.execute(
                "INSERT INTO pair_screening VALUES (:pair, :participant, :at, :until) "
                "ON CONFLICT DO UPDATE SET at = :at, until = :until",
                values,
            )
        else:
            await tx.execute(
                "UPDATE pair_screening SET at = :at, until = :until WHERE pair_id = :pair "
                "AND participant_id = :participant AND until IS NULL",
                values,
            )

    async def wishes(self) -> Sequence[ScreeningWish]:
        """Return every yes in an open space that has a thread."""
        rows = await self._database.fetch_all(
            "SELECT s.pair_id, s.until, p.user_id, pairs.thread_id FROM pair_screening s "
            "JOIN participants p ON p.id = s.participant_id "
            "JOIN pairs ON pairs.id = s.pair_id "
            "WHERE pairs.state = 'open' AND pairs.thread_id IS NOT NULL"
        )
        return [
            ScreeningWish(
                pair_id=PairId(row["pair_id"]),
                user_id=row["user_id"],
                thread_id=row["thread_id"],
                until=from_us(row["until"]),
            )
            for row in rows
        ]

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what a person said."""
        rows = await self._database.fetch_all(
            "SELECT at, until IS NULL AS wanted FROM pair_screening "
            "WHERE participant_id = :participant ORDER BY at",
            {"participant": participant_id},
        )
        return [{"at": row["at"], "wanted": bool(row["wanted"])} for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete what a person said."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM pair_screening WHERE participant_id = :participant",
            {"participant": participant_id},
        )
