"""The clocks of cases."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.domain.case import Severity
from bot.domain.ladder import CaseClock, ClockState
from bot.store.bell import Bell
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us


class CaseClockStore:
    """One row a case; whoever writes one rings the bell, so that it is looked at in time."""

    def __init__(
        self, database: Database, bell: Bell | None = None, case_bell: Bell | None = None
    ) -> None:
        self._database = database
        self._bell = bell or Bell()
        self._case_bell = case_bell or Bell()

    async def get(self, case_id: str, tx: Transaction | None = None) -> CaseClock | None:
        """Return a case's clock."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            "SELECT * FROM case_clocks WHERE case_id = :case", {"case": case_id}
        )
        return None if row is None else _clock(row)

    async def save(self, clock: CaseClock, tx: Transaction) -> None:
        """Keep a clock as it is now."""
        await tx.execute(
            "INSERT INTO case_clocks VALUES (:case, :state, :severity, :round, :started, :fired, "
            ":due, :seen) ON CONFLICT (case_id) DO UPDATE SET state = :state, "
            "severity = :severity, round = :round, started_at = :started, fired = :fired, "
            "due_at = :due, seen_at = :seen",
            {
                "case": clock.case_id,
                "state": clock.state.value,
                "severity": clock.severity.value,
                "round": clock.round,
                "started": to_us(clock.started_at),
                "fired": clock.fired,
                "due": to_us(clock.due_at),
                "seen": to_us(clock.seen_at),
            },
        )
        self._bell.ring()

    async def due(self, now: datetime, limit: int, tx: Transaction) -> Sequence[CaseClock]:
        """Return what is to be looked at, the most urgent first."""
        rows = await tx.fetch_all(
            "SELECT * FROM case_clocks WHERE due_at <= :now "
            "ORDER BY severity, due_at, case_id LIMIT :limit",
            {"now": to_us(now), "limit": limit},
        )
        return [_clock(row) for row in rows]

    async def next_due(self, tx: Transaction) -> datetime | None:
        """Return when there is something to look at next."""
        row = await tx.fetch_one("SELECT min(due_at) FROM case_clocks WHERE due_at IS NOT NULL")
        return None if row is None else from_us(row[0])

    async def set_back(self, now: datetime, tx: Transaction) -> int:
        """Let as much time have passed as before, where the machine's clock was put back.

        What waits for a time of day keeps it.
        """
        return await tx.execute(
            "UPDATE case_clocks SET started_at = started_at - (seen_at - :now), "
            "due_at = iif(state = 'morning', due_at, due_at - (seen_at - :now)), seen_at = :now "
            "WHERE seen_at > :now AND state <> 'stopped'",
            {"now": to_us(now)},
        )

    async def wake(self, now: datetime, tx: Transaction) -> int:
        """Let everything that waits for somebody to come be looked at now."""
        woken = await tx.execute(
            "UPDATE case_clocks SET due_at = :now WHERE state = 'morning' AND due_at > :now",
            {"now": to_us(now)},
        )
        if woken:
            self._bell.ring()
        return woken

    async def hurry(self, case_id: str, round_: int, fired: int, now: datetime) -> bool:
        """Let the next step be due now, unless another was done since; `False` where it was."""
        hurried = await self._database.execute(
            "UPDATE case_clocks SET due_at = :now WHERE case_id = :case AND round = :round "
            "AND fired = :fired AND due_at > :now AND state IN ('unclaimed', 'asked_again')",
            {"case": case_id, "round": round_, "fired": fired, "now": to_us(now)},
        )
        if hurried:
            self._bell.ring()
        return hurried == 1

    async def people(self, case_id: str, tx: Transaction | None = None) -> Collection[int]:
        """Return the accounts a case is about or was raised by."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT user_id AS who FROM cases WHERE id = :case UNION "
            "SELECT about_id FROM concerns WHERE case_id = :case AND about_id IS NOT NULL",
            {"case": case_id},
        )
        return [row["who"] for row in rows]

    async def expire_claim(self, case_id: str, tx: Transaction) -> bool:
        """Take a case from who has it and wrote no word; `False` where they did, or lost it."""
        changed = await tx.execute(
            "UPDATE cases SET state = 'open', owner_id = NULL, claimed_at = NULL, "
            "handed_by = owner_id, backup_id = NULL, backup_asked_at = NULL, offered_to = NULL, "
            "busy_until = NULL WHERE id = :id AND state = 'claimed' AND contacted_at IS NULL",
            {"id": case_id},
        )
        self._case_bell.ring()
        return changed == 1

    async def may_ring(
        self,
        case_id: str,
        about: str,
        severity: Severity,
        *,
        at: datetime,
        before: datetime,
        tx: Transaction,
    ) -> bool:
        """Keep that the team is rung for this, unless it was since `before` and as urgently.

        Args:
            about: What it is about, such as a class of risk; each has a time of its own.
        """
        rung = await tx.execute(
            "INSERT INTO case_rings VALUES (:case, :about, :severity, :at) "
            "ON CONFLICT (case_id, about) DO UPDATE SET severity = :severity, at = :at "
            "WHERE at <= :before OR at > :at OR severity > :severity",
            {
                "case": case_id,
                "about": about,
                "severity": severity.value,
                "at": to_us(at),
                "before": to_us(before),
            },
        )
        return rung == 1


def _clock(row: Row) -> CaseClock:
    return CaseClock(
        case_id=row["case_id"],
        state=ClockState(row["state"]),
        severity=Severity(row["severity"]),
        round=row["round"],
        started_at=from_us(row["started_at"]),
        fired=row["fired"],
        due_at=from_us(row["due_at"]),
        seen_at=from_us(row["seen_at"]),
    )
