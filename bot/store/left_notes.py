"""Notes left in closed rooms, each sealed under its author's key, or its own."""

from collections.abc import Sequence

from bot.domain.ids import LeftNoteId, ParticipantId, RoomId
from bot.domain.left_note import LeftNote
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "left_notes.body"


class LeftNoteStore:
    """What waits for the next shift."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def add(self, note: LeftNote) -> None:
        """Keep a note until somebody is on."""
        sealed = await self._vault.seal(
            note.participant_id or note.id, note.text or "", at=BODY, row=note.id
        )
        await self._database.execute(
            "INSERT INTO left_notes VALUES (:id, (SELECT id FROM rooms WHERE id = :room), "
            ":participant, :user, :body, :at)",
            {
                "id": note.id,
                "room": note.room_id,
                "participant": note.participant_id,
                "user": note.user_id,
                "body": sealed,
                "at": to_us(note.left_at),
            },
        )

    async def waiting(self) -> Sequence[LeftNote]:
        """Return every note that waits, the oldest first."""
        rows = await self._database.fetch_all("SELECT * FROM left_notes ORDER BY left_at, id")
        return [await self._note(row) for row in rows]

    async def drop(self, note: LeftNote) -> None:
        """Delete a note: it is in a case now."""
        await self._database.execute("DELETE FROM left_notes WHERE id = :id", {"id": note.id})
        if note.participant_id is None:
            await self._vault.destroy(note.id)

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the notes of a participant that still wait."""
        rows = await self._database.fetch_all(
            "SELECT * FROM left_notes WHERE participant_id = :participant ORDER BY left_at, id",
            {"participant": participant_id},
        )
        notes = [await self._note(row) for row in rows]
        return [
            {"left_at": row["left_at"], "text": note.text}
            for row, note in zip(rows, notes, strict=True)
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's notes that still wait; one from before they joined has a key."""
        into: Queries = tx or self._database
        rows = await into.fetch_all(
            "DELETE FROM left_notes WHERE participant_id = :participant OR user_id = "
            "(SELECT user_id FROM participants WHERE id = :participant) RETURNING id",
            {"participant": participant_id},
        )
        for row in rows:
            await self._vault.destroy(row["id"])

    async def _note(self, row: Row) -> LeftNote:
        owner = row["participant_id"] or row["id"]
        text: str | None
        try:
            text = await self._vault.open(owner, row["body"], at=BODY, row=row["id"])
        except KeyLostError:
            text = None
        room = row["room_id"]
        participant = row["participant_id"]
        return LeftNote(
            id=LeftNoteId(row["id"]),
            room_id=None if room is None else RoomId(room),
            participant_id=None if participant is None else ParticipantId(participant),
            user_id=row["user_id"],
            text=text,
            left_at=from_us(row["left_at"]),
        )
