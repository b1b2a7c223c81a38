"""People who are never put together."""

from collections.abc import Sequence

from bot.domain.ids import ApartId, ParticipantId
from bot.domain.keep_apart import Apart
from bot.errors import KeyLostError
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

REASON = "keep_apart.reason"


class KeepApartStore:
    """The list; a reason is sealed under a key of its line's own."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def all(self) -> Sequence[Apart]:
        """Return the list without its reasons, the oldest first."""
        rows = await self._database.fetch_all("SELECT * FROM keep_apart ORDER BY added_at, id")
        return [
            Apart(
                id=ApartId(row["id"]),
                users=(row["low_user_id"], row["high_user_id"]),
                added_by=row["added_by"],
                added_at=from_us(row["added_at"]),
            )
            for row in rows
        ]

    async def reason(self, apart_id: str) -> str | None:
        """Return why two people are on the list."""
        row = await self._database.fetch_one(
            "SELECT reason FROM keep_apart WHERE id = :id", {"id": apart_id}
        )
        if row is None or row["reason"] is None:
            return None
        try:
            return await self._vault.open(apart_id, row["reason"], at=REASON, row=apart_id)
        except KeyLostError:
            return None

    async def seal(self, apart: Apart) -> bytes | None:
        """Seal a reason before the transaction that keeps it."""
        if not apart.reason:
            return None
        return await self._vault.seal(apart.id, apart.reason, at=REASON, row=apart.id)

    async def add(self, apart: Apart, sealed: bytes | None, tx: Transaction) -> bool:
        """Put two people on the list; `False` where they are on it."""
        low, high = sorted(apart.users)
        return (
            await tx.execute(
                "INSERT INTO keep_apart VALUES (:id, :low, :high, :reason, :by, :at) "
                "ON CONFLICT DO NOTHING",
                {
                    "id": apart.id,
                    "low": low,
                    "high": high,
                    "reason": sealed,
                    "by": apart.added_by,
                    "at": to_us(apart.added_at),
                },
            )
            == 1
        )

    async def remove(self, apart: Apart, tx: Transaction) -> bool:
        """Take two people off the list; `False` where they are not on it."""
        return await tx.execute("DELETE FROM keep_apart WHERE id = :id", {"id": apart.id}) == 1

    async def destroy(self, apart_id: str) -> None:
        """Make a reason unreadable for good."""
        await self._vault.destroy(apart_id)

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Take a participant off the list, with the keys of the reasons."""
        into: Queries = tx or self._database
        rows = await into.fetch_all(
            "DELETE FROM keep_apart WHERE "
            "(SELECT user_id FROM participants WHERE id = :participant) "
            "IN (low_user_id, high_user_id) RETURNING id",
            {"participant": participant_id},
        )
        for row in rows:
            await self._vault.destroy(row["id"])
