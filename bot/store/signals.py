"""Heads-ups found, and what a person is sent or asked once only."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.case import CaseSource
from bot.domain.ids import ParticipantId, new_id
from bot.domain.signal import Marks, Signal
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us


class SignalStore:
    """A heads-up stays pending until the team has it or the consent is gone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, tx: Transaction, participant_id: ParticipantId, source: CaseSource, at: datetime
    ) -> None:
        """Note a heads-up that is still to be passed on."""
        await tx.execute(
            "INSERT INTO signals (id, participant_id, source, found_at) "
            "VALUES (:id, :participant, :source, :at)",
            {
                "id": new_id(),
                "participant": participant_id,
                "source": source.value,
                "at": to_us(at),
            },
        )

    async def was_found(
        self, tx: Transaction, participant_id: ParticipantId, source: CaseSource, since: datetime
    ) -> bool:
        """Tell whether a heads-up of a kind was found after a moment."""
        row = await tx.fetch_one(
            "SELECT 1 FROM signals WHERE participant_id = :participant AND source = :source "
            "AND found_at > :since AND withdrawn = 0",
            {"participant": participant_id, "source": source.value, "since": to_us(since)},
        )
        return row is not None

    async def pending(self, limit: int = 100) -> Sequence[Signal]:
        """Return what the team does not have yet, the oldest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM signals WHERE passed_at IS NULL AND withdrawn = 0 "
            "ORDER BY found_at LIMIT :limit",
            {"limit": limit},
        )
        return [_signal(row) for row in rows]

    async def take(self, signal_id: str, at: datetime) -> bool:
        """Mark a heads-up as passed on; `False` where someone else was first."""
        taken = await self._database.execute(
            "UPDATE signals SET passed_at = :at WHERE id = :id AND passed_at IS NULL",
            {"id": signal_id, "at": to_us(at)},
        )
        return taken == 1

    async def withdraw(self, signal_id: str) -> None:
        """Drop a heads-up whose consent is gone."""
        await self._database.execute(
            "UPDATE signals SET withdrawn = 1 WHERE id = :id AND passed_at IS NULL",
            {"id": signal_id},
        )

    async def marks(self, participant_id: ParticipantId, tx: Transaction | None = None) -> Marks:
        """Return what a person was sent and asked."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            "SELECT * FROM checkin_marks WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        if row is None:
            return Marks()
        return Marks(nudged_at=from_us(row["nudged_at"]), offered_at=from_us(row["offered_at"]))

    async def mark_nudged(
        self, tx: Transaction, participant_id: ParticipantId, at: datetime
    ) -> None:
        """Note that the private nudge of this silence went out."""
        await tx.execute(
            "INSERT INTO checkin_marks (participant_id, nudged_at) VALUES (:participant, :at) "
            "ON CONFLICT (participant_id) DO UPDATE SET nudged_at = :at",
            {"participant": participant_id, "at": to_us(at)},
        )

    async def mark_offered(self, participant_id: ParticipantId, at: datetime) -> bool:
        """Note that the heads-ups were offered; `False` where they were before."""
        marked = await self._database.execute(
            "INSERT INTO checkin_marks (participant_id, offered_at) VALUES (:participant, :at) "
            "ON CONFLICT (participant_id) DO UPDATE SET offered_at = :at WHERE offered_at IS NULL",
            {"participant": participant_id, "at": to_us(at)},
        )
        return marked == 1

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the heads-ups about a participant and what they were sent and asked once."""
        found = await self._database.fetch_all(
            "SELECT source, found_at, passed_at, withdrawn FROM signals "
            # What two people are in would tell one of the other.
            "WHERE participant_id = :participant AND source <> 'both_quiet' ORDER BY found_at",
            {"participant": participant_id},
        )
        marks = await self._database.fetch_all(
            "SELECT nudged_at, offered_at FROM checkin_marks WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        return [dict(row) for row in (*found, *marks)]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's heads-ups and marks."""
        into: Queries = tx or self._database
        for table in ("signals", "checkin_marks"):
            await into.execute(
                f"DELETE FROM {table} WHERE participant_id = :participant",  # noqa: S608 - our own names
                {"participant": participant_id},
            )


def _signal(row: Row) -> Signal:
    return Signal(
        id=row["id"],
        participant_id=ParticipantId(row["participant_id"]),
        source=CaseSource(row["source"]),
        found_at=from_us(row["found_at"]),
    )
