"""Words made with the composer."""

import json
from collections.abc import Sequence
from datetime import datetime

from bot.domain.ids import PairId, ParticipantId, SayingId
from bot.domain.saying import Saying
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

BODY = "sayings.body"


class SayingStore:
    """A saying is its author's until it is sent, and can't be changed after."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def seal(self, saying: Saying) -> bytes:
        """Lock the words, before a transaction is opened."""
        body = json.dumps({"parts": saying.parts, "text": saying.text}, ensure_ascii=False)
        return await self._vault.seal(saying.participant_id, body, at=BODY, row=saying.id)

    async def save(self, saying: Saying, sealed: bytes, tx: Transaction) -> bool:
        """Keep a draft, new or changed; `False` where it was sent meanwhile."""
        kept = await tx.execute(
            "INSERT INTO sayings (id, participant_id, frame, body, at) "
            "VALUES (:id, :participant, :frame, :body, :at) "
            "ON CONFLICT (id) DO UPDATE SET body = :body, at = :at WHERE sent_at IS NULL",
            {
                "id": saying.id,
                "participant": saying.participant_id,
                "frame": saying.frame,
                "body": sealed,
                "at": to_us(saying.at),
            },
        )
        return kept == 1

    async def drafts(
        self, participant_id: ParticipantId, tx: Transaction | None = None
    ) -> Sequence[Saying]:
        """Return what a person made and did not send, the newest first."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT * FROM sayings WHERE participant_id = :participant AND sent_at IS NULL "
            "ORDER BY at DESC",
            {"participant": participant_id},
        )
        return [await self._saying(row) for row in rows]

    async def get(self, saying_id: str) -> Saying | None:
        """Return one, sent or not."""
        row = await self._database.fetch_one(
            "SELECT * FROM sayings WHERE id = :id", {"id": saying_id}
        )
        return None if row is None else await self._saying(row)

    async def send(
        self, saying_id: SayingId, pair_id: PairId, at: datetime, tx: Transaction
    ) -> bool:
        """Mark a draft as sent; `False` where it was, or is gone."""
        sent = await tx.execute(
            "UPDATE sayings SET sent_at = :at, pair_id = :pair WHERE id = :id AND sent_at IS NULL",
            {"id": saying_id, "pair": pair_id, "at": to_us(at)},
        )
        return sent == 1

    async def drop(self, saying_id: str, participant_id: ParticipantId) -> None:
        """Delete a draft."""
        await self._database.execute(
            "DELETE FROM sayings WHERE id = :id AND participant_id = :participant "
            "AND sent_at IS NULL",
            {"id": saying_id, "participant": participant_id},
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what a person made, unsealed."""
        rows = await self._database.fetch_all(
            "SELECT * FROM sayings WHERE participant_id = :participant ORDER BY at",
            {"participant": participant_id},
        )
        return [
            {"text": (await self._saying(row)).text, "at": row["at"], "sent_at": row["sent_at"]}
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete what a person made."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM sayings WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def _saying(self, row: Row) -> Saying:
        author = ParticipantId(row["participant_id"])
        try:
            body = json.loads(await self._vault.open(author, row["body"], at=BODY, row=row["id"]))
        except KeyLostError:
            body = {"parts": [], "text": ""}
        return Saying(
            id=SayingId(row["id"]),
            participant_id=author,
            frame=row["frame"],
            parts=tuple(body["parts"]),
            text=body["text"],
            at=from_us(row["at"]),
            pair_id=PairId(row["pair_id"]) if row["pair_id"] else None,
            sent_at=from_us(row["sent_at"]),
        )
