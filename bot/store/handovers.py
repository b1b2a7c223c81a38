"""Handover notes, each sealed under a key of its own."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.domain.handover import Handover, HandoverId
from bot.domain.ids import ParticipantId
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

NOTE = "handovers.note"


class HandoverStore:
    """What one shift tells the next."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, note: Handover) -> bytes:
        """Seal a note before the transaction that keeps it."""
        body = {
            "text": note.text,
            "people": sorted(note.people),
            "apart": note.is_apart,
        }
        return await self._vault.seal(note.id, json.dumps(body), at=NOTE, row=note.id)

    async def add(self, note: Handover, sealed: bytes, tx: Transaction) -> None:
        """Keep a note."""
        await tx.execute(
            "INSERT INTO handovers VALUES (:id, :author, :at, :note)",
            {
                "id": note.id,
                "author": note.author_id,
                "at": to_us(note.written_at),
                "note": sealed,
            },
        )

    async def since(self, moment: datetime) -> Sequence[Handover]:
        """Return the notes written after a moment, the oldest first; none whose key is gone."""
        rows = await self._database.fetch_all(
            "SELECT * FROM handovers WHERE written_at > :since ORDER BY written_at, id",
            {"since": to_us(moment)},
        )
        reads = await self._database.fetch_all("SELECT * FROM handover_reads")
        found = []
        for row in rows:
            readers = frozenset(
                read["user_id"] for read in reads if read["handover_id"] == row["id"]
            )
            if (note := await self._open(row, readers)) is not None:
                found.append(note)
        return found

    async def mark_read(self, handover_ids: Sequence[str], user_id: int) -> None:
        """Keep who read which notes."""
        async with self._database.transaction() as tx:
            await tx.execute_many(
                "INSERT INTO handover_reads VALUES (:id, :user) ON CONFLICT DO NOTHING",
                [{"id": one, "user": user_id} for one in handover_ids],
            )

    async def purge(self, before: datetime, limit: int) -> int:
        """Delete old notes and their keys."""
        rows = await self._database.fetch_all(
            "SELECT id FROM handovers WHERE written_at < :before LIMIT :limit",
            {"before": to_us(before), "limit": limit},
        )
        for row in rows:
            await self._database.execute("DELETE FROM handovers WHERE id = :id", {"id": row["id"]})
            await self._vault.destroy(row["id"])
        return len(rows)

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete the notes that name a participant, with their keys."""
        into: Queries = tx or self._database
        person = await into.fetch_one(
            "SELECT user_id FROM participants WHERE id = :id", {"id": participant_id}
        )
        rows = [] if person is None else await into.fetch_all("SELECT * FROM handovers")
        for row in rows:
            note = await self._open(row, frozenset())
            if note is not None and person is not None and person["user_id"] in note.people:
                await into.execute("DELETE FROM handovers WHERE id = :id", {"id": note.id})
                await self._vault.destroy(note.id)

    async def _open(self, row: Row, readers: frozenset[int]) -> Handover | None:
        try:
            body = json.loads(
                await self._vault.open(row["id"], row["note"], at=NOTE, row=row["id"])
            )
        except KeyLostError:
            return None
        return Handover(
            id=HandoverId(row["id"]),
            author_id=row["author_id"],
            written_at=from_us(row["written_at"]),
            text=body["text"],
            people=frozenset(body["people"]),
            is_apart=body["apart"],
            read_by=readers,
        )
