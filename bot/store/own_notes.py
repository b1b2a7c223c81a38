"""What people keep for themselves alone."""

from collections.abc import Sequence

from bot.domain.ids import OwnNoteId, ParticipantId
from bot.domain.own_note import OwnKind, OwnNote
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "own_notes.body"


class OwnNoteStore:
    """Sealed under their author's key, and shown to nobody else."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, note: OwnNote) -> bytes:
        """Lock the words, before a transaction is opened."""
        return await self._vault.seal(note.participant_id, note.text, at=BODY, row=note.id)

    async def add(self, note: OwnNote, sealed: bytes, tx: Transaction) -> None:
        """Keep a note."""
        await tx.execute(
            "INSERT INTO own_notes VALUES (:id, :participant, :kind, :body, :at)",
            {
                "id": note.id,
                "participant": note.participant_id,
                "kind": note.kind.value,
                "body": sealed,
                "at": to_us(note.at),
            },
        )

    async def count(self, participant_id: ParticipantId, kind: OwnKind, tx: Transaction) -> int:
        """Count the notes of a kind."""
        row = await tx.fetch_one(
            "SELECT count(*) AS n FROM own_notes WHERE participant_id = :participant "
            "AND kind = :kind",
            {"participant": participant_id, "kind": kind.value},
        )
        return 0 if row is None else int(row["n"])

    async def of(
        self, participant_id: ParticipantId, kind: OwnKind, limit: int
    ) -> Sequence[OwnNote]:
        """Return a person's notes of a kind, the newest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM own_notes WHERE participant_id = :participant AND kind = :kind "
            "ORDER BY at DESC, rowid DESC LIMIT :limit",
            {"participant": participant_id, "kind": kind.value, "limit": limit},
        )
        return [await self._note(row) for row in rows]

    async def drop(self, note_id: str, participant_id: ParticipantId) -> None:
        """Delete a note."""
        await self._database.execute(
            "DELETE FROM own_notes WHERE id = :id AND participant_id = :participant",
            {"id": note_id, "participant": participant_id},
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return a person's notes, unsealed."""
        rows = await self._database.fetch_all(
            "SELECT * FROM own_notes WHERE participant_id = :participant ORDER BY at",
            {"participant": participant_id},
        )
        return [
            {"kind": row["kind"], "text": (await self._note(row)).text, "at": row["at"]}
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a person's notes."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM own_notes WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def _note(self, row: Row) -> OwnNote:
        author = ParticipantId(row["participant_id"])
        try:
            text = await self._vault.open(author, row["body"], at=BODY, row=row["id"])
        except KeyLostError:
            text = ""
        return OwnNote(
            id=OwnNoteId(row["id"]),
            participant_id=author,
            kind=OwnKind(row["kind"]),
            text=text,
            at=from_us(row["at"]),
        )
