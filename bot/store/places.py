"""Where set-up's roles, channels and panels are."""

from collections.abc import Mapping

from bot.domain.place import PartKey, Place, part_key
from bot.store.database import Database


class PlaceStore:
    """Discord's IDs by our names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> Mapping[PartKey, Place]:
        """Return every place."""
        rows = await self._database.fetch_all("SELECT * FROM places")
        return {
            part_key(row["key"]): Place(
                key=part_key(row["key"]),
                discord_id=row["discord_id"],
                fingerprint=row["fingerprint"],
            )
            for row in rows
        }

    async def save(self, key: PartKey, discord_id: int, fingerprint: str = "") -> None:
        """Keep where something is."""
        await self._database.execute(
            "INSERT INTO places VALUES (:key, :id, :fingerprint) ON CONFLICT (key) "
            "DO UPDATE SET discord_id = :id, fingerprint = :fingerprint",
            {"key": key.value, "id": discord_id, "fingerprint": fingerprint},
        )

    async def drop(self, key: PartKey) -> None:
        """Forget where something was."""
        await self._database.execute("DELETE FROM places WHERE key = :key", {"key": key.value})
