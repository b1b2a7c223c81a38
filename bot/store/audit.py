"""The audit and access log: lines are only ever added, each with the hash of the one before."""

import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.domain.audit import GENESIS, Entry, Head, NewEntry, Segment, Subject, SubjectKind
from bot.domain.ids import ParticipantId, new_id
from bot.errors import StoreError
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us

PAGE = 1_000
COLUMN_OF: Mapping[SubjectKind, str] = {
    SubjectKind.PARTICIPANT: "participant_id",
    SubjectKind.CASE: "case_id",
    SubjectKind.STAFF: "staff_id",
}


class AuditStore:
    """The lines, the months that are over, and who the random IDs stand for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, entry: NewEntry, tx: Transaction | None = None) -> None:
        """Add a line; the first of a new month seals the month before."""
        if tx is not None:
            await self._append(entry, tx)
            return
        async with self._database.transaction() as own:
            await self._append(entry, own)

    async def head(self) -> Head | None:
        """Return the last line and its hash, nothing for an empty log."""
        last = await _last(self._database)
        return None if last is None else Head(id=last.id, hash=last.digest())

    async def entries(self) -> AsyncIterator[Entry]:
        """Return the lines in their order, a page at a time."""
        after = 0
        while rows := await self._database.fetch_all(
            "SELECT * FROM audit_entries WHERE id > :after ORDER BY id LIMIT :page",
            {"after": after, "page": PAGE},
        ):
            for row in rows:
                yield _entry(row)
            after = rows[-1]["id"]

    async def segments(self) -> Sequence[Segment]:
        """Return the months that are over."""
        rows = await self._database.fetch_all("SELECT * FROM audit_segments ORDER BY month")
        return [
            Segment(
                month=row["month"],
                last_id=row["last_id"],
                last_hash=bytes(row["last_hash"]),
                is_dropped=row["dropped_at"] is not None,
            )
            for row in rows
        ]

    async def drop(self, month: int, at: datetime, tx: Transaction) -> int:
        """Delete a sealed month's lines, keep its hash, and return how many there were."""
        marked = await tx.execute(
            "UPDATE audit_segments SET dropped_at = :at "
            "WHERE month = :month AND dropped_at IS NULL",
            {"month": month, "at": to_us(at)},
        )
        if not marked:
            return 0
        return await tx.execute("DELETE FROM audit_entries WHERE month = :month", {"month": month})

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return what a participant did themselves, under the name the log knows them by."""
        known = await self._database.fetch_one(
            "SELECT id FROM audit_subjects WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        if known is None:
            return []
        rows = await self._database.fetch_all(
            "SELECT at, action, facts FROM audit_entries WHERE actor = :actor ORDER BY id",
            {"actor": known["id"]},
        )
        done = [
            {
                "at": from_us(row["at"]).isoformat(),
                "action": row["action"],
                "facts": json.loads(row["facts"]),
            }
            for row in rows
        ]
        return [{"known_as": known["id"], "done": done}]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Make the lines about a participant anonymous, and those about cases that are gone."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM audit_subjects WHERE participant_id = :participant OR "
            "(case_id IS NOT NULL AND case_id NOT IN (SELECT id FROM cases))",
            {"participant": participant_id},
        )

    async def _append(self, entry: NewEntry, tx: Transaction) -> None:
        last, at = await _last(tx), to_us(entry.at)
        # The machine's clock may be set back: a month that is over stays over.
        month = max(_month(entry.at), last.month if last else 0)
        if last is not None and month > last.month:
            await tx.execute(
                "INSERT INTO audit_segments VALUES (:month, :id, :hash, :at, NULL)",
                {"month": last.month, "id": last.id, "hash": last.digest(), "at": at},
            )
        await tx.execute(
            "INSERT INTO audit_entries VALUES (:id, :month, :at, :actor, :action, :subject, "
            ":facts, :reason_row, :reason, :previous)",
            {
                "id": last.id + 1 if last else 1,
                "month": month,
                "at": at,
                "actor": await _name(entry.actor, tx),
                "action": entry.action,
                "subject": await _name(entry.subject, tx),
                "facts": entry.facts,
                "reason_row": entry.reason.row if entry.reason else None,
                "reason": entry.reason.blob if entry.reason else None,
                "previous": last.digest() if last else GENESIS,
            },
        )


class HeadFile:
    """The hash of the last line in a file of its own, so that a cut tail is seen."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> Head | None:
        """Return what was written last, nothing where nothing was.

        Raises:
            StoreError: The file cannot be read or is damaged.
        """
        if not self._file.exists():
            return None
        try:
            values = json.loads(self._file.read_text(encoding="ascii"))
            return Head(id=int(values["id"]), hash=bytes.fromhex(values["hash"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise StoreError(f"{self._file} cannot be read: {error}") from error

    def write(self, head: Head) -> None:
        """Replace it; a crash leaves the old one or the new one, never half.

        Raises:
            StoreError: The file cannot be written.
        """
        fresh = self._file.with_suffix(".new")
        try:
            with fresh.open("w", encoding="ascii") as stream:
                json.dump({"id": head.id, "hash": head.hash.hex()}, stream)
                stream.flush()
                os.fsync(stream.fileno())
            fresh.replace(self._file)
        except OSError as error:
            raise StoreError(f"{self._file} cannot be written: {error}") from error


async def _name(subject: Subject, tx: Transaction) -> str:
    column = COLUMN_OF.get(subject.kind)
    if column is None:
        return subject.kind.value
    row = await tx.fetch_one(
        f"SELECT id FROM audit_subjects WHERE {column} = :ref",  # noqa: S608 - our own column names
        {"ref": subject.ref},
    )
    if row is not None:
        return str(row["id"])
    made = new_id()
    await tx.execute(
        f"INSERT INTO audit_subjects (id, {column}) VALUES (:id, :ref)",  # noqa: S608 - our own column names
        {"id": made, "ref": subject.ref},
    )
    return made


async def _last(queries: Queries) -> Entry | None:
    row = await queries.fetch_one("SELECT * FROM audit_entries ORDER BY id DESC LIMIT 1")
    return None if row is None else _entry(row)


def _month(moment: datetime) -> int:
    return moment.year * 100 + moment.month


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        month=row["month"],
        at=row["at"],
        actor=row["actor"],
        action=row["action"],
        subject=row["subject"],
        facts=row["facts"],
        reason_row=row["reason_row"],
        reason=None if row["reason"] is None else bytes(row["reason"]),
        previous=bytes(row["previous"]),
    )
