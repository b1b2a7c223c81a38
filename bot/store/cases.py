"""Cases and their timelines."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.case import (
    Case,
    CaseEvent,
    CaseEventKind,
    CaseSource,
    CaseState,
    Circle,
    Resolution,
    Severity,
    new_ref,
)
from bot.domain.ids import CaseId, ParticipantId, new_id
from bot.errors import KeyLostError
from bot.store.bell import Bell
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us
from bot.store.vault import Vault

NOTE = "case_events.note"
REF_TRIES = 20
ASKED = "source IN ('ask', 'checkin_contact', 'checkin_alone', 'left_note')"
# Also what they asked before they joined.
OF_PARTICIPANT = (
    "(participant_id = :participant OR user_id = "
    "(SELECT user_id FROM participants WHERE id = :participant))"
)


class CaseStore:
    """What the care team works on; notes are sealed under each case's own key."""

    def __init__(self, database: Database, vault: Vault, bell: Bell | None = None) -> None:
        self._database = database
        self._vault = vault
        self._bell = bell or Bell()

    async def add(self, case: Case, tx: Transaction) -> Case | None:
        """Add a case under a fresh reference.

        Returns:
            The case with its reference; nothing where the person has one of this kind open.
        """
        for _ in range(REF_TRIES):
            named = replace(case, ref=new_ref())
            try:
                added = await tx.execute(
                    "INSERT INTO cases (id, ref, participant_id, user_id, source, severity, "
                    "state, circle, opened_at, paged_at, is_drill, drill_calls_out) VALUES (:id, "
                    ":ref, :participant, :user, :source, :severity, :state, :circle, :opened, "
                    ":paged, :drill, :out) "
                    "ON CONFLICT (user_id, source) "
                    "WHERE state <> 'closed' AND source NOT IN ('concern', 'staff') DO NOTHING",
                    {
                        "id": named.id,
                        "ref": named.ref,
                        "participant": named.participant_id,
                        "user": named.user_id,
                        "source": named.source.value,
                        "severity": named.severity.value,
                        "state": named.state.value,
                        "circle": named.circle.value,
                        "opened": to_us(named.opened_at),
                        "paged": to_us(named.paged_at),
                        "drill": int(named.is_drill),
                        "out": int(named.drill_calls_out),
                    },
                )
            except sqlite3.IntegrityError:
                continue  # the reference is taken
            return named if added else None
        raise RuntimeError("no free case reference")

    async def get(self, case_id: str, tx: Transaction | None = None) -> Case | None:
        """Return a case."""
        source: Queries = tx or self._database
        row = await source.fetch_one("SELECT * FROM cases WHERE id = :id", {"id": case_id})
        return None if row is None else case_of(row)

    async def by_ref(self, ref: str) -> Case | None:
        """Return a case by its reference."""
        row = await self._database.fetch_one(
            "SELECT * FROM cases WHERE ref = :ref", {"ref": ref.strip().upper()}
        )
        return None if row is None else case_of(row)

    async def unclosed(self, tx: Transaction | None = None) -> Sequence[Case]:
        """Return what is left to do, the most urgent and oldest first."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            "SELECT * FROM cases WHERE state <> 'closed' "
            "ORDER BY severity, owner_id IS NOT NULL, opened_at"
        )
        return [case_of(row) for row in rows]

    async def unclosed_of(self, user_id: int) -> Sequence[Case]:
        """Return what is open about a person, the newest first."""
        rows = await self._database.fetch_all(
            "SELECT * FROM cases WHERE user_id = :user AND state <> 'closed' "
            "ORDER BY opened_at DESC",
            {"user": user_id},
        )
        return [case_of(row) for row in rows]

    async def claim(self, case_id: str, by: int, at: datetime, tx: Transaction) -> bool:
        """Give a case its owner; `False` where somebody on the team has it already."""
        changed = await tx.execute(
            "UPDATE cases SET state = 'claimed', owner_id = :by, claimed_at = :at, "
            "contacted_at = NULL, backup_id = NULL, backup_asked_at = NULL, offered_to = NULL, "
            "busy_until = NULL, tried_at = NULL, closing = NULL, closing_at = NULL "
            "WHERE id = :id AND (state IN ('open', 'handed_off') OR (state <> 'closed' "
            "AND owner_id NOT IN (SELECT user_id FROM staff)))",
            {"id": case_id, "by": by, "at": to_us(at)},
        )
        return changed == 1

    async def contact(self, case_id: str, by: int, at: datetime, tx: Transaction) -> bool:
        """Keep that the owner wrote; `False` where the case is not theirs or is closed."""
        changed = await tx.execute(
            "UPDATE cases SET state = 'in_contact', contacted_at = coalesce(contacted_at, :at), "
            "busy_until = NULL, tried_at = NULL WHERE id = :id AND :by IN (owner_id, backup_id) "
            "AND state IN ('claimed', 'in_contact', 'unreachable')",
            {"id": case_id, "by": by, "at": to_us(at)},
        )
        return changed == 1

    async def close(
        self, case_id: str, by: int, resolution: Resolution, at: datetime, tx: Transaction
    ) -> bool:
        """Close a case; `False` where it is not theirs or closed already."""
        changed = await tx.execute(
            "UPDATE cases SET state = 'closed', closed_at = :at, resolution = :resolution, "
            "closing = NULL, closing_at = NULL, offered_to = NULL, busy_until = NULL "
            "WHERE id = :id AND owner_id = :by AND state <> 'closed'",
            {"id": case_id, "by": by, "at": to_us(at), "resolution": resolution.value},
        )
        return changed == 1

    async def repage(
        self, case_id: str, severity: Severity, at: datetime, before: datetime, tx: Transaction
    ) -> bool:
        """Keep that the team is rung again, unless it was since `before`.

        A more urgent request always rings again, and lifts a case nobody owns yet.
        """
        changed = await tx.execute(
            "UPDATE cases SET paged_at = :at, severity = CASE WHEN owner_id IS NULL "
            "THEN min(severity, :severity) ELSE severity END "
            "WHERE id = :id AND state <> 'closed' "
            "AND (paged_at <= :before OR severity > :severity)",
            {
                "id": case_id,
                "severity": severity.value,
                "at": to_us(at),
                "before": to_us(before),
            },
        )
        return changed == 1

    async def narrow(self, case_id: str, circle: Circle, tx: Transaction) -> None:
        """Let fewer people learn of a case."""
        await tx.execute(
            "UPDATE cases SET circle = :circle WHERE id = :id",
            {"id": case_id, "circle": circle.value},
        )
        self._bell.ring()

    async def apart_thread(self, case_id: str) -> int | None:
        """Return the private thread of a case that not every lead may see."""
        row = await self._database.fetch_one(
            "SELECT apart_thread_id FROM cases WHERE id = :id", {"id": case_id}
        )
        return None if row is None else row["apart_thread_id"]

    async def set_apart_thread(self, case_id: str, thread_id: int) -> None:
        """Keep the private thread of a case."""
        await self._database.execute(
            "UPDATE cases SET apart_thread_id = :thread WHERE id = :id",
            {"id": case_id, "thread": thread_id},
        )

    async def seal_note(self, case_id: str, event_id: str, note: str | None) -> bytes | None:
        """Seal a note before the transaction that keeps it."""
        if not note:
            return None
        return await self._vault.seal(case_id, note, at=NOTE, row=event_id)

    async def record(
        self,
        case_id: str,
        kind: CaseEventKind,
        *,
        at: datetime,
        actor_id: int | None,
        tx: Transaction,
        event_id: str | None = None,
        sealed: bytes | None = None,
    ) -> None:
        """Add a line to a case's timeline."""
        await tx.execute(
            "INSERT INTO case_events VALUES (:id, :case, :at, :kind, :actor, :note)",
            {
                "id": event_id or new_id(),
                "case": case_id,
                "at": to_us(at),
                "kind": kind.value,
                "actor": actor_id,
                "note": sealed,
            },
        )
        self._bell.ring()

    async def timeline(self, case_id: str) -> Sequence[CaseEvent]:
        """Return a case's timeline, unsealed; a note whose key is lost is left empty."""
        rows = await self._database.fetch_all(
            "SELECT * FROM case_events WHERE case_id = :case ORDER BY at, rowid", {"case": case_id}
        )
        return [
            CaseEvent(
                at=from_us(row["at"]),
                kind=CaseEventKind(row["kind"]),
                actor_id=row["actor_id"],
                note=await self._note(case_id, row),
            )
            for row in rows
        ]

    async def _note(self, case_id: str, row: Row) -> str | None:
        if row["note"] is None:
            return None
        try:
            return await self._vault.open(case_id, row["note"], at=NOTE, row=row["id"])
        except KeyLostError:
            return None

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the requests a participant made themselves.

        What others told the team about them is left out, the same for everyone.
        """
        rows = await self._database.fetch_all(
            "SELECT ref, source, state, opened_at, claimed_at, contacted_at, closed_at "  # noqa: S608 - a constant
            "FROM cases "
            f"WHERE participant_id = :participant AND {ASKED} ORDER BY opened_at",
            {"participant": participant_id},
        )
        return [dict(row) for row in rows]

    async def export_safety(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return the timelines of the requests a participant made, the team's notes included.

        The team hands these over in person.
        """
        rows = await self._database.fetch_all(
            f"SELECT id, ref FROM cases WHERE participant_id = :participant AND {ASKED} "  # noqa: S608 - a constant
            "ORDER BY opened_at",
            {"participant": participant_id},
        )
        return [
            {"ref": row["ref"], "at": event.at, "event": event.kind.value, "note": event.note}
            for row in rows
            for event in await self.timeline(row["id"])
        ]

    async def reduce(self, before: datetime, limit: int) -> int:
        """Turn cases closed before a moment into counts, destroy their keys, and count them."""
        async with self._database.transaction() as tx:
            rows = await tx.fetch_all(
                "SELECT id, source, severity, resolution, is_drill, "
                "CAST(strftime('%Y%m', closed_at / 1000000, 'unixepoch') AS INTEGER) AS month "
                "FROM cases WHERE state = 'closed' AND closed_at < :before "
                "ORDER BY closed_at LIMIT :limit",
                {"before": to_us(before), "limit": limit},
            )
            own_keys = await tx.fetch_all(
                "SELECT id FROM concerns WHERE participant_id IS NULL "
                "AND case_id IN (SELECT value FROM json_each(:cases))",
                {"cases": json.dumps([row["id"] for row in rows])},
            )
            for row in rows:
                await tx.execute(
                    "INSERT INTO case_counts SELECT :month, :source, :severity, :ending, 1 "
                    "WHERE NOT :drill ON CONFLICT DO UPDATE SET cases = cases + 1",
                    {
                        "month": row["month"],
                        "source": row["source"],
                        "severity": row["severity"],
                        "ending": row["resolution"] or "",
                        "drill": row["is_drill"],
                    },
                )
                await tx.execute("DELETE FROM cases WHERE id = :id", {"id": row["id"]})
                await tx.execute(
                    "DELETE FROM audit_subjects WHERE case_id = :id", {"id": row["id"]}
                )
        for row in (*rows, *own_keys):
            await self._vault.destroy(row["id"])
        return len(rows)

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's cases and destroy their keys."""
        into: Queries = tx or self._database
        params = {"participant": participant_id}
        rows = await into.fetch_all(
            f"SELECT id FROM cases WHERE {OF_PARTICIPANT} UNION ALL SELECT id FROM concerns "  # noqa: S608 - a constant
            f"WHERE participant_id IS NULL AND case_id IN "
            f"(SELECT id FROM cases WHERE {OF_PARTICIPANT})",
            params,
        )
        await into.execute(
            "DELETE FROM audit_subjects WHERE case_id IN "  # noqa: S608 - a constant
            f"(SELECT id FROM cases WHERE {OF_PARTICIPANT})",
            params,
        )
        await into.execute(f"DELETE FROM cases WHERE {OF_PARTICIPANT}", params)  # noqa: S608 - a constant
        for row in rows:
            await self._vault.destroy(row["id"])
        self._bell.ring()


def case_of(row: Row) -> Case:
    """Read a row."""
    return Case(
        id=CaseId(row["id"]),
        ref=row["ref"],
        participant_id=None
        if row["participant_id"] is None
        else ParticipantId(row["participant_id"]),
        user_id=row["user_id"],
        source=CaseSource(row["source"]),
        severity=Severity(row["severity"]),
        state=CaseState(row["state"]),
        circle=Circle(row["circle"]),
        owner_id=row["owner_id"],
        opened_at=from_us(row["opened_at"]),
        paged_at=from_us(row["paged_at"]),
        claimed_at=from_us(row["claimed_at"]),
        contacted_at=from_us(row["contacted_at"]),
        closed_at=from_us(row["closed_at"]),
        resolution=None if row["resolution"] is None else Resolution(row["resolution"]),
        is_drill=bool(row["is_drill"]),
        drill_calls_out=bool(row["drill_calls_out"]),
        backup_id=row["backup_id"],
        backup_asked_at=from_us(row["backup_asked_at"]),
        offered_to=row["offered_to"],
        handed_by=row["handed_by"],
        busy_until=from_us(row["busy_until"]),
        tried_at=from_us(row["tried_at"]),
        closing=None if row["closing"] is None else Resolution(row["closing"]),
        closing_at=from_us(row["closing_at"]),
        reopened_at=from_us(row["reopened_at"]),
    )
