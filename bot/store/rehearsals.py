"""Rehearsals and what was done in them."""

import sqlite3
from datetime import datetime

from bot.domain.case import CaseEventKind, Resolution
from bot.domain.rehearsal import Play, Rehearsal, StepDone
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us


class RehearsalStore:
    """One rehearsal at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, rehearsal: Rehearsal, tx: Transaction) -> bool:
        """Begin a rehearsal; `False` where one is going on."""
        try:
            await tx.execute(
                "INSERT INTO rehearsals VALUES (:id, :play, :case, :ref, :by, :at, NULL)",
                {
                    "id": rehearsal.id,
                    "play": rehearsal.play.value,
                    "case": rehearsal.case_id,
                    "ref": rehearsal.case_ref,
                    "by": rehearsal.started_by,
                    "at": to_us(rehearsal.started_at),
                },
            )
        except sqlite3.IntegrityError:
            return False
        return True

    async def get(self, rehearsal_id: str, tx: Transaction | None = None) -> Rehearsal | None:
        """Return a rehearsal."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            "SELECT * FROM rehearsals WHERE id = :id", {"id": rehearsal_id}
        )
        return None if row is None else await self._read(row, source)

    async def running(self) -> Rehearsal | None:
        """Return the one that is going on."""
        row = await self._database.fetch_one("SELECT * FROM rehearsals WHERE ended_at IS NULL")
        return None if row is None else await self._read(row, self._database)

    async def step(
        self, rehearsal_id: str, step: str, by: int, at: datetime, tx: Transaction
    ) -> None:
        """Keep that a step was done; who came first stays."""
        await tx.execute(
            "INSERT INTO rehearsal_steps VALUES (:id, :step, :by, :at) ON CONFLICT DO NOTHING",
            {"id": rehearsal_id, "step": step, "by": by, "at": to_us(at)},
        )

    async def end(self, rehearsal_id: str, at: datetime, tx: Transaction) -> bool:
        """End a rehearsal and close its case; `False` where it is over already."""
        changed = await tx.execute(
            "UPDATE rehearsals SET ended_at = :at WHERE id = :id AND ended_at IS NULL",
            {"id": rehearsal_id, "at": to_us(at)},
        )
        await tx.execute(
            "UPDATE cases SET state = 'closed', closed_at = :at, resolution = :ending "
            "WHERE is_drill = 1 AND state <> 'closed' "
            "AND id = (SELECT case_id FROM rehearsals WHERE id = :id)",
            {"id": rehearsal_id, "at": to_us(at), "ending": Resolution.NOT_NEEDED.value},
        )
        return changed == 1

    async def first(self, case_id: str, kind: CaseEventKind) -> datetime | None:
        """Return when something first happened to a case."""
        row = await self._database.fetch_one(
            "SELECT min(at) AS at FROM case_events WHERE case_id = :case AND kind = :kind",
            {"case": case_id, "kind": kind.value},
        )
        return None if row is None or row["at"] is None else from_us(row["at"])

    async def _read(self, row: Row, source: Queries) -> Rehearsal:
        steps = await source.fetch_all(
            "SELECT * FROM rehearsal_steps WHERE rehearsal_id = :id", {"id": row["id"]}
        )
        return Rehearsal(
            id=row["id"],
            play=Play(row["play"]),
            case_id=row["case_id"],
            case_ref=row["case_ref"],
            started_by=row["started_by"],
            started_at=from_us(row["started_at"]),
            ended_at=from_us(row["ended_at"]),
            done={
                one["step"]: StepDone(by=one["done_by"], at=from_us(one["done_at"]))
                for one in steps
            },
        )
