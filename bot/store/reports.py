"""What the weekly report reads of the cases."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.case import CaseSource, Circle, Resolution, Severity
from bot.domain.report import CaseLine
from bot.store.database import Database
from bot.store.times import from_us, to_us


class ReportStore:
    """Reads cases as lines without a person; rehearsals are left out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lines(self, start: datetime, end: datetime) -> Sequence[CaseLine]:
        """Return what was opened in a time."""
        rows = await self._database.fetch_all(
            "SELECT source, severity, circle, user_id, resolution, opened_at, "
            "(SELECT about_id FROM concerns WHERE case_id = cases.id) AS about_id, "
            "(SELECT min(at) FROM case_events WHERE case_id = cases.id AND kind = 'claimed') "
            "AS claimed_at, "
            "(SELECT min(at) FROM case_events WHERE case_id = cases.id AND kind = 'contacted') "
            "AS contacted_at, "
            "(SELECT count(*) FROM case_events WHERE case_id = cases.id AND kind = 'reopened') "
            "AS reopened "
            "FROM cases WHERE opened_at >= :start AND opened_at < :end AND is_drill = 0",
            {"start": to_us(start), "end": to_us(end)},
        )
        return [
            CaseLine(
                source=CaseSource(row["source"]),
                severity=Severity(row["severity"]),
                circle=Circle(row["circle"]),
                people=tuple(filter(None, (row["user_id"], row["about_id"]))),
                resolution=Resolution(row["resolution"]) if row["resolution"] else None,
                opened_at=from_us(row["opened_at"]),
                claimed_at=from_us(row["claimed_at"]),
                contacted_at=from_us(row["contacted_at"]),
                reopened=row["reopened"],
            )
            for row in rows
        ]
