"""The care team's rows."""

from collections.abc import Sequence

from bot.domain.staff import StaffMember, StaffRole
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us


class StaffStore:
    """Who is enrolled."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, member: StaffMember, tx: Transaction | None = None) -> None:
        """Enrol a person, or change the role of one who is."""
        into: Queries = tx or self._database
        await into.execute(
            "INSERT INTO staff VALUES (:user, :role, :locale, :at, :by) "
            "ON CONFLICT (user_id) DO UPDATE SET role = :role, locale = :locale",
            {
                "user": member.user_id,
                "role": member.role.value,
                "locale": member.locale,
                "at": to_us(member.enrolled_at),
                "by": member.enrolled_by,
            },
        )

    async def remove(self, user_id: int, tx: Transaction | None = None) -> bool:
        """End a person's enrolment; `False` where there was none."""
        into: Queries = tx or self._database
        return await into.execute("DELETE FROM staff WHERE user_id = :user", {"user": user_id}) == 1

    async def get(self, user_id: int) -> StaffMember | None:
        """Return an enrolled person."""
        row = await self._database.fetch_one(
            "SELECT * FROM staff WHERE user_id = :user", {"user": user_id}
        )
        return None if row is None else _member(row)

    async def all(self) -> Sequence[StaffMember]:
        """Return everyone enrolled, longest first."""
        rows = await self._database.fetch_all("SELECT * FROM staff ORDER BY enrolled_at, user_id")
        return [_member(row) for row in rows]


def _member(row: Row) -> StaffMember:
    return StaffMember(
        user_id=row["user_id"],
        role=StaffRole(row["role"]),
        locale=row["locale"],
        enrolled_at=from_us(row["enrolled_at"]),
        enrolled_by=row["enrolled_by"],
    )
