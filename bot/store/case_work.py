"""The team's work on cases: each step is one guarded update, so that of two at once one wins."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain.case import (
    Case,
    CaseState,
    CaseThread,
    Circle,
    Resolution,
    Severity,
    Step,
)
from bot.domain.ids import OutboxId
from bot.domain.posted import Posted
from bot.store.bell import Bell
from bot.store.cases import case_of
from bot.store.database import Database, Row, Transaction
from bot.store.times import from_us, to_us

OWNED = "state IN ('claimed', 'in_contact', 'unreachable')"
NOBODYS = (
    "owner_id = NULL, claimed_at = NULL, contacted_at = NULL, backup_id = NULL, "
    "backup_asked_at = NULL, offered_to = NULL, busy_until = NULL, tried_at = NULL, "
    "closing = NULL, closing_at = NULL"
)
ABOUT = "(user_id = :user OR id IN (SELECT case_id FROM concerns WHERE about_id = :user))"


class CaseWorkStore:
    """What happens to a case between its claim and its end."""

    def __init__(self, database: Database, bell: Bell | None = None) -> None:
        self._database = database
        self._bell = bell or Bell()

    async def ask_backup(self, case_id: str, by: int, at: datetime, tx: Transaction) -> bool:
        """Keep that the owner wants somebody beside them; `False` where it is not theirs."""
        return await self._change(
            f"SET backup_asked_at = :at WHERE id = :id AND owner_id = :by AND {OWNED}",
            {"id": case_id, "by": by, "at": to_us(at)},
            tx,
        )

    async def join_backup(self, case_id: str, by: int, tx: Transaction) -> bool:
        """Make a member the back-up; `False` where none is asked for, or somebody came first."""
        return await self._change(
            "SET backup_id = :by, backup_asked_at = NULL WHERE id = :id "
            f"AND backup_asked_at IS NOT NULL AND owner_id <> :by AND {OWNED}",
            {"id": case_id, "by": by},
            tx,
        )

    async def busy(self, case_id: str, by: int, until: datetime, tx: Transaction) -> bool:
        """Keep until when the owner is with someone else; `False` where it is not theirs."""
        return await self._change(
            f"SET busy_until = :until WHERE id = :id AND owner_id = :by AND {OWNED}",
            {"id": case_id, "by": by, "until": to_us(until)},
            tx,
        )

    async def offer(self, case_id: str, owner: int, to: int | None, tx: Transaction) -> bool:
        """Offer a case to a colleague, or to nobody; `False` where it changed hands meanwhile."""
        return await self._change(
            "SET offered_to = :to WHERE id = :id AND owner_id = :owner "
            f"AND offered_to IS NOT :to AND {OWNED}",
            {"id": case_id, "owner": owner, "to": to},
            tx,
        )

    async def take_over(self, case_id: str, by: int, at: datetime, tx: Transaction) -> bool:
        """Give an offered case to whom it was offered; `False` where it is offered no more."""
        return await self._change(
            "SET handed_by = owner_id, owner_id = :by, offered_to = NULL, "
            "busy_until = NULL, claimed_at = :at, backup_asked_at = NULL, "
            "backup_id = CASE WHEN backup_id = :by THEN NULL ELSE backup_id END "
            f"WHERE id = :id AND offered_to = :by AND {OWNED}",
            {"id": case_id, "by": by, "at": to_us(at)},
            tx,
        )

    async def let_go(
        self, case_id: str, owner: int, into: CaseState, at: datetime, tx: Transaction
    ) -> bool:
        """Let a case wait for somebody again; `False` where it changed hands meanwhile."""
        return await self._change(
            f"SET state = :into, handed_by = owner_id, {NOBODYS}, paged_at = :at "
            f"WHERE id = :id AND owner_id = :owner AND {OWNED}",
            {"id": case_id, "owner": owner, "into": into.value, "at": to_us(at)},
            tx,
        )

    async def rate(self, case_id: str, was: Severity, severity: Severity, tx: Transaction) -> bool:
        """Change a severity; `False` where it is closed or somebody else changed it first."""
        return await self._change(
            "SET severity = :severity WHERE id = :id AND severity = :was AND state <> 'closed'",
            {"id": case_id, "was": was.value, "severity": severity.value},
            tx,
        )

    async def tried(self, case_id: str, by: int, at: datetime, tx: Transaction) -> bool:
        """Keep that the owner wrote and heard nothing; `False` where it is not theirs."""
        return await self._change(
            "SET state = 'unreachable', tried_at = coalesce(tried_at, :at), "
            f"busy_until = NULL WHERE id = :id AND :by IN (owner_id, backup_id) AND {OWNED}",
            {"id": case_id, "by": by, "at": to_us(at)},
            tx,
        )

    async def here(self, case_id: str, tx: Transaction) -> bool:
        """Keep that a person answered; `False` where nobody waits for it."""
        return await self._change(
            "SET state = 'claimed', tried_at = NULL WHERE id = :id AND state = 'unreachable'",
            {"id": case_id},
            tx,
        )

    async def propose(
        self, case_id: str, by: int, ending: Resolution, at: datetime, tx: Transaction
    ) -> bool:
        """Keep how the owner would close a case; `False` where it is not theirs."""
        return await self._change(
            "SET closing = :ending, closing_at = :at, busy_until = NULL "
            f"WHERE id = :id AND owner_id = :by AND closing_at IS NULL AND {OWNED}",
            {"id": case_id, "by": by, "ending": ending.value, "at": to_us(at)},
            tx,
        )

    async def not_yet(self, case_id: str, tx: Transaction) -> bool:
        """Keep that it is not settled for the person; `False` where nobody asked them."""
        return await self._change(
            "SET closing = NULL, closing_at = NULL, tried_at = NULL, "
            "state = CASE WHEN state = 'unreachable' THEN 'claimed' ELSE state END "
            "WHERE id = :id AND closing_at IS NOT NULL AND state <> 'closed'",
            {"id": case_id},
            tx,
        )

    async def settle(self, case_id: str, at: datetime, tx: Transaction) -> bool:
        """Close a case as its owner proposed; `False` where nobody asked."""
        return await self._change(
            "SET state = 'closed', closed_at = :at, resolution = closing, "
            "closing = NULL, closing_at = NULL, offered_to = NULL, busy_until = NULL "
            "WHERE id = :id AND closing_at IS NOT NULL AND state <> 'closed'",
            {"id": case_id, "at": to_us(at)},
            tx,
        )

    async def close_unanswered(
        self, case_id: str, ending: Resolution, at: datetime, before: datetime, tx: Transaction
    ) -> bool:
        """Close a case whose person has said nothing since `before`; `False` where they did."""
        return await self._change(
            "SET state = 'closed', closed_at = :at, resolution = :ending, "
            "closing = NULL, closing_at = NULL, offered_to = NULL, busy_until = NULL "
            f"WHERE id = :id AND {OWNED} AND coalesce(closing_at, tried_at) <= :before",
            {"id": case_id, "ending": ending.value, "at": to_us(at), "before": to_us(before)},
            tx,
        )

    async def reopen(self, case_id: str, at: datetime, tx: Transaction) -> bool:
        """Open a closed case again; `False` where it is open, or the person asked anew since."""
        return await self._change(
            f"SET state = 'open', handed_by = owner_id, {NOBODYS}, "  # noqa: S608 - a constant
            "closed_at = NULL, resolution = NULL, reopened_at = :at, paged_at = :at "
            "WHERE id = :id AND state = 'closed' AND (source IN ('concern', 'staff') "
            "OR NOT EXISTS (SELECT 1 FROM cases other WHERE other.user_id = cases.user_id "
            "AND other.source = cases.source AND other.state <> 'closed'))",
            {"id": case_id, "at": to_us(at)},
            tx,
        )

    async def _change(self, sql: str, params: Mapping[str, Any], tx: Transaction) -> bool:
        self._bell.ring()
        return await tx.execute(f"UPDATE cases {sql}", params) == 1

    # --- The playbook

    async def steps(self, case_id: str) -> Sequence[Step]:
        """Return the steps of the playbook that were done, the first first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM case_steps WHERE case_id = :case ORDER BY at, step", {"case": case_id}
        )
        return [
            Step(name=row["step"], at=from_us(row["at"]), actor_id=row["actor_id"]) for row in rows
        ]

    async def set_steps(
        self, case_id: str, done: Collection[str], by: int, at: datetime, tx: Transaction
    ) -> None:
        """Keep which steps are done; one that was done before keeps who did it."""
        names = json.dumps(sorted(done))
        await tx.execute(
            "DELETE FROM case_steps WHERE case_id = :case "
            "AND step NOT IN (SELECT value FROM json_each(:steps))",
            {"case": case_id, "steps": names},
        )
        await tx.execute(
            "INSERT INTO case_steps SELECT :case, value, :at, :by FROM json_each(:steps) "
            "WHERE true ON CONFLICT DO NOTHING",
            {"case": case_id, "steps": names, "at": to_us(at), "by": by},
        )

    # --- Who may know

    async def of_person(self, user_id: int) -> Sequence[Case]:
        """Return every case about a person or raised by them, closed ones too."""
        rows = await self._database.fetch_all(
            f"SELECT * FROM cases WHERE {ABOUT}",  # noqa: S608 - a constant
            {"user": user_id},
        )
        return [case_of(row) for row in rows]

    async def strip(self, case_id: str, staff_id: int, tx: Transaction) -> bool:
        """Take a case from a member who must know nothing of it; `True` where they owned it."""
        await tx.execute(
            "UPDATE cases SET backup_id = CASE WHEN backup_id = :staff THEN NULL "
            "ELSE backup_id END, offered_to = CASE WHEN offered_to = :staff THEN NULL "
            "ELSE offered_to END, handed_by = CASE WHEN handed_by = :staff THEN NULL "
            "ELSE handed_by END WHERE id = :id",
            {"id": case_id, "staff": staff_id},
        )
        return await self._change(
            f"SET state = 'open', {NOBODYS} WHERE id = :id AND owner_id = :staff "
            "AND state <> 'closed'",
            {"id": case_id, "staff": staff_id},
            tx,
        )

    async def too_widely_posted(self) -> Sequence[Posted]:
        """Return the cards that stand where somebody reads who must not know of their case."""
        wide = {
            "channel.staff": [circle.value for circle in Circle if circle is not Circle.TEAM],
            "channel.lead": [Circle.SOME_LEADS.value, Circle.NOBODY.value],
        }
        rows = await self._database.fetch_all(
            "SELECT outbox.id, outbox.channel_id, outbox.message_id, outbox.sent_at FROM cases "
            "CROSS JOIN outbox ON outbox.subject_id = cases.id AND outbox.subject_id <> '' "
            "JOIN json_each(:wide) place ON place.key = outbox.channel_key "
            "WHERE cases.circle <> 'team' AND outbox.message_id IS NOT NULL "
            "AND outbox.sent_at IS NOT NULL AND outbox.kind LIKE 'case.%' "
            "AND cases.circle IN (SELECT value FROM json_each(place.value))",
            {"wide": json.dumps(wide)},
        )
        return [
            Posted(
                outbox_id=OutboxId(row["id"]),
                channel_id=row["channel_id"],
                message_id=row["message_id"],
                sent_at=from_us(row["sent_at"]),
            )
            for row in rows
        ]

    # --- Private threads

    async def drop_apart_thread(self, case_id: str, tx: Transaction) -> None:
        """Let the leads' thread of a case go: one of them must know of it no more."""
        await tx.execute(
            "INSERT INTO case_threads (thread_id, case_id, staff_id) "
            "SELECT apart_thread_id, id, NULL FROM cases "
            "WHERE id = :id AND apart_thread_id IS NOT NULL ON CONFLICT DO NOTHING",
            {"id": case_id},
        )
        await tx.execute("UPDATE cases SET apart_thread_id = NULL WHERE id = :id", {"id": case_id})

    async def thread_of(self, case_id: str) -> CaseThread | None:
        """Return the thread in which a member of the team and a case's person write."""
        row = await self._database.fetch_one(
            "SELECT * FROM case_threads WHERE case_id = :case AND staff_id IS NOT NULL "
            "ORDER BY rowid DESC LIMIT 1",
            {"case": case_id},
        )
        return None if row is None else _thread(row)

    async def keep_thread(self, thread: CaseThread, tx: Transaction) -> None:
        """Keep a thread, or who is in it now."""
        await tx.execute(
            "INSERT INTO case_threads VALUES (:thread, :case, :staff, 1) "
            "ON CONFLICT (thread_id) DO UPDATE SET staff_id = :staff, may_read = 1",
            {"thread": thread.thread_id, "case": thread.case_id, "staff": thread.staff_id},
        )

    async def threads(self) -> Sequence[CaseThread]:
        """Return every thread of a case there still is, closed ones too."""
        rows = await self._database.fetch_all("SELECT * FROM case_threads ORDER BY rowid")
        return [_thread(row) for row in rows]

    async def threads_to_end(self) -> Sequence[CaseThread]:
        """Return the threads somebody can read whose they are no more.

        That is where the case is closed, gone, or somebody else's, and where no one is to be in it.
        """
        rows = await self._database.fetch_all(
            "SELECT thread.*, cases.id IS NULL OR thread.staff_id IS NULL AS is_gone, "
            "cases.state = 'closed' AS is_over "
            "FROM case_threads thread LEFT JOIN cases ON cases.id = thread.case_id "
            "WHERE cases.id IS NULL OR thread.staff_id IS NULL OR (thread.may_read = 1 AND "
            "(cases.state = 'closed' OR cases.owner_id IS NOT thread.staff_id "
            "OR thread.staff_id NOT IN (SELECT user_id FROM staff)))"
        )
        return [
            replace(_thread(row), is_gone=bool(row["is_gone"]), is_over=bool(row["is_over"]))
            for row in rows
        ]

    async def thread_left(self, thread_id: int) -> None:
        """Keep that the member of the team cannot read a thread any more."""
        await self._database.execute(
            "UPDATE case_threads SET may_read = 0 WHERE thread_id = :thread", {"thread": thread_id}
        )

    async def thread_ended(self, thread_id: int) -> None:
        """Forget a thread that is no more."""
        await self._database.execute(
            "DELETE FROM case_threads WHERE thread_id = :thread", {"thread": thread_id}
        )


def _thread(row: Row) -> CaseThread:
    return CaseThread(
        thread_id=row["thread_id"],
        case_id=row["case_id"],
        staff_id=row["staff_id"],
        may_read=bool(row["may_read"]),
    )
