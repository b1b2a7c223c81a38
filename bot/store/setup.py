"""What set-up is in the middle of, and what the team confirmed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.place import PartKey, part_key
from bot.domain.readiness import Confirmation, ConfirmationKind
from bot.store.database import Database
from bot.store.times import from_us, to_us


class SetupStore:
    """Set-up's own notes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, key: PartKey, at: datetime) -> None:
        """Note that a thing is about to be made; the first note of it stands."""
        await self._database.execute(
            "INSERT INTO begun_places VALUES (:key, :at) ON CONFLICT (key) DO NOTHING",
            {"key": key.value, "at": to_us(at)},
        )

    async def finish(self, key: PartKey) -> None:
        """Note that a thing was made, or surely was not."""
        await self._database.execute(
            "DELETE FROM begun_places WHERE key = :key", {"key": key.value}
        )

    async def begun(self) -> Mapping[PartKey, datetime]:
        """Return what was begun and never finished."""
        rows = await self._database.fetch_all("SELECT key, begun_at FROM begun_places")
        return {part_key(row["key"]): from_us(row["begun_at"]) for row in rows}

    async def confirm(self, confirmation: Confirmation) -> None:
        """Keep a person's word; given again, it counts from the later day."""
        await self._database.execute(
            "INSERT INTO confirmations VALUES (:kind, :subject, :user, :at) "
            "ON CONFLICT (kind, subject, user_id) DO UPDATE SET at = :at",
            {
                "kind": confirmation.kind.value,
                "subject": confirmation.subject,
                "user": confirmation.user_id,
                "at": to_us(confirmation.at),
            },
        )

    async def take_back(self, kind: ConfirmationKind) -> None:
        """Drop every confirmation of a kind."""
        await self._database.execute(
            "DELETE FROM confirmations WHERE kind = :kind", {"kind": kind.value}
        )

    async def confirmations(self, kind: ConfirmationKind) -> Sequence[Confirmation]:
        """Return every confirmation of a kind, oldest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM confirmations WHERE kind = :kind ORDER BY at, user_id",
            {"kind": kind.value},
        )
        return [
            Confirmation(
                kind=ConfirmationKind(row["kind"]),
                subject=row["subject"],
                user_id=row["user_id"],
                at=from_us(row["at"]),
            )
            for row in rows
        ]
