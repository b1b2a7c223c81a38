"""Refused forms, sealed, for a day."""

import json
from datetime import datetime

from bot.domain.draft import Draft
from bot.domain.ids import ParticipantId
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

PLACE = "drafts.form_values"


class DraftStore:
    """What people typed into forms that were refused; each under a key of its own."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def save(self, draft: Draft) -> None:
        """Keep a draft."""
        sealed = await self._vault.seal(
            draft.id, json.dumps(dict(draft.values)), at=PLACE, row=draft.id
        )
        await self._database.execute(
            "INSERT INTO drafts VALUES (:id, :user, :route, :form_values, :expires)",
            {
                "id": draft.id,
                "user": draft.user_id,
                "route": draft.route,
                "form_values": sealed,
                "expires": to_us(draft.expires_at),
            },
        )

    async def get(self, draft_id: str, user_id: int, now: datetime) -> Draft | None:
        """Return a draft to its author while it lasts."""
        row = await self._database.fetch_one(
            "SELECT * FROM drafts WHERE id = :id AND user_id = :user AND expires_at > :now",
            {"id": draft_id, "user": user_id, "now": to_us(now)},
        )
        if row is None:
            return None
        text = await self._vault.open(draft_id, row["form_values"], at=PLACE, row=draft_id)
        return Draft(
            id=draft_id,
            user_id=user_id,
            route=row["route"],
            values=json.loads(text),
            expires_at=from_us(row["expires_at"]),
        )

    async def purge(self, now: datetime) -> int:
        """Delete the drafts whose day is over, and their keys; return how many."""
        return await self._delete("expires_at <= :now", {"now": to_us(now)})

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return a participant's drafts."""
        rows = await self._database.fetch_all(
            f"SELECT id, route, expires_at, form_values FROM drafts WHERE {OF_PARTICIPANT}",  # noqa: S608 - a constant
            {"participant": participant_id},
        )
        return [
            {
                "route": row["route"],
                "expires_at": row["expires_at"],
                "values": json.loads(
                    await self._vault.open(row["id"], row["form_values"], at=PLACE, row=row["id"])
                ),
            }
            for row in rows
        ]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's drafts and their keys."""
        await self._delete(OF_PARTICIPANT, {"participant": participant_id}, tx)

    async def _delete(
        self, where: str, params: dict[str, object], tx: Transaction | None = None
    ) -> int:
        into: Queries = tx or self._database
        rows = await into.fetch_all(f"SELECT id FROM drafts WHERE {where}", params)  # noqa: S608 - our own conditions
        await into.execute(f"DELETE FROM drafts WHERE {where}", params)  # noqa: S608 - our own conditions
        for row in rows:
            await self._vault.destroy(row["id"])
        return len(rows)


OF_PARTICIPANT = "user_id = (SELECT user_id FROM participants WHERE id = :participant)"
