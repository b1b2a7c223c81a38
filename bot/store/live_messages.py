"""Where the messages stand that are kept up to date in place."""

from bot.domain.delivery import SentRef
from bot.store.database import Database


class LiveMessageStore:
    """One message of each name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> SentRef | None:
        """Return where a message stands."""
        row = await self._database.fetch_one(
            "SELECT channel_id, message_id FROM live_messages WHERE name = :name", {"name": name}
        )
        if row is None:
            return None
        return SentRef(channel_id=row["channel_id"], message_id=row["message_id"])

    async def save(self, name: str, ref: SentRef) -> None:
        """Keep where a message stands."""
        await self._database.execute(
            "INSERT INTO live_messages VALUES (:name, :channel, :message) ON CONFLICT (name) "
            "DO UPDATE SET channel_id = :channel, message_id = :message",
            {"name": name, "channel": ref.channel_id, "message": ref.message_id},
        )

    async def drop(self, message_id: int) -> bool:
        """Forget a message that is gone; `False` where it was none of these."""
        return (
            await self._database.execute(
                "DELETE FROM live_messages WHERE message_id = :message", {"message": message_id}
            )
            == 1
        )
