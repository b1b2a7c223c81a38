"""Test notes: the last one of each person."""

from bot.domain.ids import OutboxId, ParticipantId
from bot.domain.joining import Trial
from bot.domain.participant import Delivery
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us


class TrialStore:
    """One row for everyone who was ever sent a test note."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(
        self, participant_id: ParticipantId, tx: Transaction | None = None
    ) -> Trial | None:
        """Return the last test note of a person."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            "SELECT * FROM delivery_trials WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        if row is None:
            return None
        return Trial(
            outbox_id=OutboxId(row["outbox_id"]),
            way=Delivery(row["way"]),
            at=from_us(row["at"]),
        )

    async def put(self, participant_id: ParticipantId, trial: Trial, tx: Transaction) -> None:
        """Keep the newest test note; the one before counts no more."""
        await tx.execute(
            "INSERT INTO delivery_trials VALUES (:participant, :outbox, :way, :at) "
            "ON CONFLICT (participant_id) DO UPDATE SET outbox_id = :outbox, way = :way, at = :at",
            {
                "participant": participant_id,
                "outbox": trial.outbox_id,
                "way": trial.way.value,
                "at": to_us(trial.at),
            },
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return everything kept here about a participant."""
        rows = await self._database.fetch_all(
            "SELECT way, at FROM delivery_trials WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        return [dict(row) for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's row."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM delivery_trials WHERE participant_id = :participant",
            {"participant": participant_id},
        )
