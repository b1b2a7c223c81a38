"""Who left the team, as long as something of it is still to be done."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.case import Case
from bot.domain.departure import OpenDeparture
from bot.store.cases import case_of
from bot.store.database import Database, Transaction
from bot.store.times import from_us, to_us


class DepartureStore:
    """What somebody who leaves had, and who still holds something in Discord."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, user_id: int, at: datetime, tx: Transaction) -> None:
        """Keep that somebody left and that Discord has to follow."""
        await tx.execute(
            "INSERT INTO departures (user_id, left_at) VALUES (:user, :at) "
            "ON CONFLICT (user_id) DO UPDATE SET left_at = :at, tries = 0",
            {"user": user_id, "at": to_us(at)},
        )

    async def open(self) -> Sequence[OpenDeparture]:
        """Return for whom Discord has not followed, the longest first."""
        rows = await self._database.fetch_all("SELECT * FROM departures ORDER BY left_at")
        return [
            OpenDeparture(
                user_id=row["user_id"], left_at=from_us(row["left_at"]), tries=row["tries"]
            )
            for row in rows
        ]

    async def refused(self, user_id: int) -> None:
        """Count a refusal."""
        await self._database.execute(
            "UPDATE departures SET tries = tries + 1 WHERE user_id = :user", {"user": user_id}
        )

    async def end(self, user_id: int) -> None:
        """Keep that Discord followed."""
        await self._database.execute(
            "DELETE FROM departures WHERE user_id = :user", {"user": user_id}
        )

    async def cases_of(self, user_id: int, tx: Transaction) -> Sequence[Case]:
        """Return the open cases somebody has, stands by, or is offered, the urgent first."""
        rows = await tx.fetch_all(
            "SELECT * FROM cases WHERE state <> 'closed' "
            "AND :user IN (owner_id, backup_id, offered_to) ORDER BY severity, opened_at",
            {"user": user_id},
        )
        return [case_of(row) for row in rows]

    async def about(self, case_id: str, tx: Transaction) -> int | None:
        """Return whom a case that came from a concern is about."""
        row = await tx.fetch_one(
            "SELECT about_id FROM concerns WHERE case_id = :case", {"case": case_id}
        )
        return None if row is None else row["about_id"]
