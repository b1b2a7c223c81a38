"""What colleagues wrote down for one another about a person, each under a key of its own."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import ParticipantId, new_id
from bot.domain.moderation import ColleagueNote
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "colleague_notes.body"
OF_PERSON = (
    "(participant_id = :participant OR user_id = "
    "(SELECT user_id FROM participants WHERE id = :participant))"
)


class ColleagueNoteStore:
    """Read by the team alone."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, text: str) -> tuple[str, bytes]:
        """Seal a note under a new ID of its own, before a transaction is opened."""
        note_id = new_id()
        return note_id, await self._vault.seal(note_id, text, at=BODY, row=note_id)

    async def add(
        self,
        sealed: tuple[str, bytes],
        *,
        user_id: int,
        participant_id: ParticipantId | None,
        by_id: int,
        at: datetime,
        tx: Transaction,
    ) -> None:
        """Keep a note."""
        note_id, body = sealed
        await tx.execute(
            "INSERT INTO colleague_notes VALUES (:id, :user, :participant, :by, :body, :at)",
            {
                "id": note_id,
                "user": user_id,
                "participant": participant_id,
                "by": by_id,
                "body": body,
                "at": to_us(at),
            },
        )

    async def about(self, user_id: int, limit: int = 10) -> Sequence[ColleagueNote]:
        """Return the notes about a person, the newest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM colleague_notes WHERE user_id = :user ORDER BY at DESC, rowid DESC "
            "LIMIT :limit",
            {"user": user_id, "limit": limit},
        )
        return [
            ColleagueNote(by_id=row["by_id"], at=from_us(row["at"]), text=await self._text(row))
            for row in rows
        ]

    async def purge(self, before: datetime, limit: int) -> int:
        """Delete old notes with their keys, and count them."""
        rows = await self._database.fetch_all(
            "SELECT id FROM colleague_notes WHERE at < :before LIMIT :limit",
            {"before": to_us(before), "limit": limit},
        )
        await self._delete(rows, self._database)
        return len(rows)

    async def export_safety(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the notes about a participant; the team hands them over in person."""
        rows = await self._mine(participant_id, self._database)
        return [{"at": row["at"], "text": await self._text(row)} for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete the notes about a participant with their keys."""
        into: Queries = tx or self._database
        await self._delete(await self._mine(participant_id, into), into)

    async def _mine(self, participant_id: ParticipantId, source: Queries) -> Sequence[Row]:
        return await source.fetch_all(
            f"SELECT * FROM colleague_notes WHERE {OF_PERSON} ORDER BY at",  # noqa: S608 - a constant
            {"participant": participant_id},
        )

    async def _delete(self, rows: Sequence[Row], into: Queries) -> None:
        for row in rows:
            await into.execute("DELETE FROM colleague_notes WHERE id = :id", {"id": row["id"]})
        for row in rows:
            await self._vault.destroy(row["id"])

    async def _text(self, row: Row) -> str | None:
        try:
            return await self._vault.open(row["id"], row["body"], at=BODY, row=row["id"])
        except KeyLostError:
            return None
