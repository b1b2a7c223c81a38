"""Who is on duty, and who must not see whose cases."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.case import Conflict
from bot.domain.ids import ParticipantId
from bot.store.database import Database, Queries, Transaction
from bot.store.times import from_us, to_us


class DutyStore:
    """Duty and conflicts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def on(self, user_id: int, at: datetime) -> bool:
        """Put a member on duty; `False` where they are."""
        return (
            await self._database.execute(
                "INSERT INTO duty VALUES (:user, :at) ON CONFLICT DO NOTHING",
                {"user": user_id, "at": to_us(at)},
            )
            == 1
        )

    async def off(self, user_id: int) -> bool:
        """Take a member off duty; `False` where they are not on."""
        return (
            await self._database.execute(
                "DELETE FROM duty WHERE user_id = :user", {"user": user_id}
            )
            == 1
        )

    async def all(self) -> Mapping[int, datetime]:
        """Return who is on duty and since when, the longest first."""
        rows = await self._database.fetch_all("SELECT * FROM duty ORDER BY since, user_id")
        return {row["user_id"]: from_us(row["since"]) for row in rows}

    async def conflicts(self) -> Sequence[Conflict]:
        """Return every conflict."""
        rows = await self._database.fetch_all("SELECT * FROM conflicts")
        return [Conflict(staff_id=row["staff_id"], user_id=row["user_id"]) for row in rows]

    async def add_conflict(self, conflict: Conflict) -> None:
        """Keep a conflict."""
        await self._database.execute(
            "INSERT INTO conflicts VALUES (:staff, :user) ON CONFLICT DO NOTHING",
            {"staff": conflict.staff_id, "user": conflict.user_id},
        )

    async def remove_conflict(self, conflict: Conflict) -> bool:
        """End a conflict; `False` where there was none."""
        return (
            await self._database.execute(
                "DELETE FROM conflicts WHERE staff_id = :staff AND user_id = :user",
                {"staff": conflict.staff_id, "user": conflict.user_id},
            )
            == 1
        )

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete the conflicts about a participant."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM conflicts WHERE user_id = "
            "(SELECT user_id FROM participants WHERE id = :participant)",
            {"participant": participant_id},
        )
