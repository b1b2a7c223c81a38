"""What was written where danger words were found, each under a key of its own."""

from datetime import datetime

from bot.domain.ids import ParticipantId, new_id
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Transaction
from bot.store.times import to_us
from bot.store.vault import Vault

BODY = "case_excerpts.body"


class ExcerptStore:
    """The few texts that are kept for a while."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def keep(self, case_id: str, text: str, at: datetime) -> None:
        """Keep the latest text of a case; an earlier one goes."""
        await self._drop("case_id = :case", {"case": case_id})
        excerpt_id = new_id()
        sealed = await self._vault.seal(excerpt_id, text, at=BODY, row=excerpt_id)
        await self._database.execute(
            "INSERT INTO case_excerpts SELECT :id, id, :body, :at FROM cases WHERE id = :case",
            {"id": excerpt_id, "case": case_id, "body": sealed, "at": to_us(at)},
        )

    async def of_case(self, case_id: str) -> str | None:
        """Return a case's text; nothing where none is kept, or its key is gone."""
        row = await self._database.fetch_one(
            "SELECT id, body FROM case_excerpts WHERE case_id = :case", {"case": case_id}
        )
        if row is None:
            return None
        try:
            return await self._vault.open(row["id"], row["body"], at=BODY, row=row["id"])
        except KeyLostError:
            return None

    async def purge(self, before: datetime, limit: int) -> int:
        """Delete the texts of cases closed before a moment, and count them."""
        return await self._drop(
            "case_id IN (SELECT id FROM cases WHERE state = 'closed' AND closed_at < :before) "
            "LIMIT :limit",
            {"before": to_us(before), "limit": limit},
        )

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete the texts of a participant's cases and destroy their keys."""
        await self._drop(
            "case_id IN (SELECT id FROM cases WHERE participant_id = :participant OR user_id = "
            "(SELECT user_id FROM participants WHERE id = :participant))",
            {"participant": participant_id},
            tx,
        )

    async def _drop(
        self, where: str, params: dict[str, object], tx: Transaction | None = None
    ) -> int:
        into: Queries = tx or self._database
        rows = await into.fetch_all(f"SELECT id FROM case_excerpts WHERE {where}", params)  # noqa: S608 - our own conditions
        for row in rows:
            await into.execute("DELETE FROM case_excerpts WHERE id = :id", {"id": row["id"]})
            await self._vault.destroy(row["id"])
        return len(rows)
