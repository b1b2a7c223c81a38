"""When each class of data was last gone through."""

from collections.abc import Mapping
from datetime import datetime

from bot.store.database import Database
from bot.store.times import from_us, to_us


class RetentionStore:
    """One row per class."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last(self) -> Mapping[str, datetime]:
        """Return when each class was gone through last."""
        rows = await self._database.fetch_all("SELECT class, ran_at FROM retention_runs")
        return {row["class"]: from_us(row["ran_at"]) for row in rows}

    async def note(self, kind: str, at: datetime, removed: int) -> None:
        """Keep that a class was gone through, and how much went."""
        await self._database.execute(
            "INSERT INTO retention_runs VALUES (:class, :at, :removed) "
            "ON CONFLICT DO UPDATE SET ran_at = :at, removed = :removed",
            {"class": kind, "at": to_us(at), "removed": removed},
        )
