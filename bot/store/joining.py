"""How far people came on the joining screens."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import ParticipantId
from bot.domain.joining import Answer, Progress
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us


class JoiningStore:
    """One row for everyone on their way in."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def progress(self, participant_id: ParticipantId) -> Progress:
        """Return what was answered so far."""
        row = await self._database.fetch_one(
            "SELECT * FROM joining WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        if row is None:
            return Progress()
        return Progress(
            zone_at=from_us(row["zone_at"]),
            daily_at=from_us(row["daily_at"]),
            hours_at=from_us(row["hours_at"]),
        )

    async def note(self, participant_id: ParticipantId, answer: Answer, at: datetime) -> None:
        """Keep that something was answered."""
        column = f"{answer}_at"
        await self._database.execute(
            f"INSERT INTO joining (participant_id, {column}) VALUES (:participant, :at) "  # noqa: S608 - our own column names
            f"ON CONFLICT (participant_id) DO UPDATE SET {column} = :at",
            {"participant": participant_id, "at": to_us(at)},
        )

    async def end(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Drop what was kept: the person is in."""
        await self.forget(participant_id, tx)

    async def unwelcomed(self) -> Sequence[ParticipantId]:
        """Return who is in and yet has a row: what follows on joining was cut off."""
        rows = await self._database.fetch_all(
            "SELECT participant_id FROM joining JOIN participants ON id = participant_id "
            "WHERE state = 'active'"
        )
        return [ParticipantId(row["participant_id"]) for row in rows]

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return everything kept here about a participant."""
        rows = await self._database.fetch_all(
            "SELECT * FROM joining WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        return [dict(row) for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's row."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM joining WHERE participant_id = :participant",
            {"participant": participant_id},
        )
