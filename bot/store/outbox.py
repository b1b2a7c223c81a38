"""The outbox as services see it: add, snooze, silence, open."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from bot.domain.delivery import Address, Args, Kind, OutboxRow, OutboxState, Priority, Reason
from bot.domain.ids import OutboxId, ParticipantId, ScheduleId, new_id
from bot.domain.note import Note
from bot.domain.posted import Posted
from bot.store.bell import Bell
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.schedules import address_columns, address_of
from bot.store.times import from_us, to_day, to_us

NO_ARGS: Args = MappingProxyType({})

COLUMNS = (
    "id, kind, priority, participant_id, channel_key, subject_id, args, schedule_id, nominal_date, "
    "slot, attempt, key, due_at, send_after, expires_at, state, reason, closed_at"
)
INSERT = (
    f"INSERT INTO outbox ({COLUMNS}) VALUES ({', '.join(':' + c for c in COLUMNS.split(', '))})"  # noqa: S608 - our own column names
)
WAITING = "state IN ('pending', 'paused')"
POSTED = (
    "SELECT id, channel_id, message_id, sent_at FROM outbox "
    "WHERE message_id IS NOT NULL AND channel_id IS NOT NULL AND sent_at IS NOT NULL"
)
ABOUT = (
    "(subject_id = :participant OR subject_id IN "
    "(SELECT id FROM cases WHERE participant_id = :participant OR user_id = "
    "(SELECT user_id FROM participants WHERE id = :participant)))"
)


class OutboxStore:
    """One row for every message, from planned to settled."""

    def __init__(self, database: Database, bell: Bell | None = None) -> None:
        self._database = database
        self._bell = bell or Bell()

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        subject_id: str = "",
        args: Args = NO_ARGS,
        expires_at: datetime | None = None,
        key: str | None = None,
        tx: Transaction | None = None,
    ) -> OutboxRow | None:
        """Add a one-off message.

        Args:
            key: Makes adding safe to repeat: nothing is added, and nothing returned, where a row
                with this key exists.
        """
        row = OutboxRow(
            id=OutboxId(new_id()),
            kind=kind.name,
            priority=kind.priority,
            address=address,
            subject_id=subject_id,
            args=args,
            key=key,
            due_at=due_at,
            send_after=due_at,
            expires_at=expires_at,
        )
        into: Queries = tx or self._database
        added = await into.execute(f"{INSERT} ON CONFLICT (key) DO NOTHING", _plain(row))
        self._bell.ring()
        return row if added else None

    async def again(
        self,
        row: OutboxRow,
        *,
        due_at: datetime,
        expires_at: datetime | None = None,
        tx: Transaction | None = None,
    ) -> OutboxRow | None:
        """Add the next attempt of a message, as for a snooze; nothing if there is one already."""
        following = OutboxRow(
            id=OutboxId(new_id()),
            kind=row.kind,
            priority=row.priority,
            address=row.address,
            subject_id=row.subject_id,
            args=row.args,
            schedule_id=row.schedule_id,
            nominal_date=row.nominal_date,
            slot=row.slot,
            attempt=row.attempt + 1,
            key=None if row.schedule_id else f"again:{row.id}",
            due_at=due_at,
            send_after=due_at,
            expires_at=expires_at,
        )
        into: Queries = tx or self._database
        added = await into.execute(f"{INSERT} ON CONFLICT DO NOTHING", _plain(following))
        self._bell.ring()
        return following if added else None

    async def insert(self, tx: Transaction, rows: Iterable[OutboxRow]) -> None:
        """Add what the planner made."""
        await tx.execute_many(INSERT, [_plain(row) for row in rows])

    async def decided(
        self, tx: Transaction, schedule_ids: Collection[ScheduleId], since: date
    ) -> Collection[tuple[str, date, str]]:
        """Return the schedule, nominal date and slot of what the planner made before."""
        rows = await tx.fetch_all(
            "SELECT schedule_id, nominal_date, slot FROM outbox WHERE attempt = 0 "
            "AND schedule_id IN (SELECT value FROM json_each(:schedules)) "
            "AND nominal_date >= :since",
            {"schedules": json.dumps(list(schedule_ids)), "since": since.isoformat()},
        )
        return {
            (row["schedule_id"], date.fromisoformat(row["nominal_date"]), row["slot"])
            for row in rows
        }

    async def get(self, outbox_id: OutboxId) -> OutboxRow | None:
        """Return a row by ID."""
        row = await self._database.fetch_one(
            "SELECT * FROM outbox WHERE id = :id", {"id": outbox_id}
        )
        return None if row is None else outbox_row(row)

    async def note(self, outbox_id: OutboxId) -> Note | None:
        """Return what waits behind a personal notice."""
        row = await self.get(outbox_id)
        return None if row is None else _note(row)

    async def merged(self, outbox_id: OutboxId) -> Sequence[Note]:
        """Return the notes that one notice carries besides its own."""
        rows = await self._database.fetch_all(
            "SELECT * FROM outbox WHERE merged_into = :id ORDER BY due_at, rowid",
            {"id": outbox_id},
        )
        return [note for row in rows if (note := _note(outbox_row(row)))]

    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        participant_id: ParticipantId | None = None,
        subject_id: str | None = None,
        schedule_id: ScheduleId | None = None,
        nominal_date: date | None = None,
        slot: str | None = None,
        kinds: Collection[str] | None = None,
        also_sent: bool = False,
        tx: Transaction | None = None,
    ) -> int:
        """Silence everything that fits all that is given, and count it.

        What waits is not sent; with `also_sent`, notices already sent no longer open.

        Raises:
            ValueError: Neither a person, a subject nor a schedule is given.
        """
        if participant_id is None and subject_id is None and schedule_id is None:
            raise ValueError("say whose, or about what")
        chosen = {
            "participant_id = :participant": participant_id,
            # Naming the empty one lets the index be used, which leaves it out.
            "subject_id = :subject AND subject_id <> ''": subject_id,
            "schedule_id = :schedule": schedule_id,
            "nominal_date = :day": nominal_date.isoformat() if nominal_date else None,
            "slot = :slot": slot,
            "kind IN (SELECT value FROM json_each(:kinds))": (
                None if kinds is None else json.dumps(list(kinds))
            ),
        }
        where = [condition for condition, value in chosen.items() if value is not None]
        params: Mapping[str, Any] = {
            "participant": participant_id,
            "subject": subject_id,
            "schedule": schedule_id,
            "day": chosen["nominal_date = :day"],
            "slot": slot,
            "kinds": chosen["kind IN (SELECT value FROM json_each(:kinds))"],
            "now": to_us(now),
            "reason": reason,
        }
        states = (
            "state IN ('pending', 'paused', 'sending', 'sent', 'uncertain')"
            if also_sent
            else WAITING
        )
        into: Queries = tx or self._database
        return await into.execute(
            "UPDATE outbox SET closed_at = :now, "  # noqa: S608 - our own conditions
            f"reason = CASE WHEN {WAITING} THEN :reason ELSE reason END, "
            f"state = CASE WHEN {WAITING} THEN 'closed' ELSE state END "
            f"WHERE closed_at IS NULL AND {states} AND {' AND '.join(where)}",
            params,
        )

    async def close_before(
        self, moment: datetime, now: datetime, tx: Transaction | None = None
    ) -> int:
        """Close whatever was due before a moment and is not settled, as after a restore."""
        into: Queries = tx or self._database
        return await into.execute(
            "UPDATE outbox SET state = 'closed', closed_at = :now, reason = :reason "
            "WHERE state IN ('pending', 'paused', 'sending') AND due_at < :moment",
            {"moment": to_us(moment), "now": to_us(now), "reason": Reason.RESTORED.value},
        )

    async def prune(self, before: datetime, limit: int = -1) -> int:
        """Delete what was settled before a moment, at most so many, and count it."""
        return await self._database.execute(
            "DELETE FROM outbox WHERE rowid IN (SELECT rowid FROM outbox "
            "WHERE state IN ('sent', 'uncertain', 'failed', 'closed') "
            "AND max(due_at, ifnull(sent_at, 0)) < :before LIMIT :limit)",
            {"before": to_us(before), "limit": limit},
        )

    async def posted_to(self, participant_id: ParticipantId) -> Sequence[Posted]:
        """Return what was posted to a participant and is still there, the newest first."""
        rows = await self._database.fetch_all(
            f"{POSTED} AND participant_id = :participant ORDER BY sent_at DESC",
            {"participant": participant_id},
        )
        return [_posted(row) for row in rows]

    async def posted_about(self, participant_id: ParticipantId) -> Sequence[Posted]:
        """Return what was posted to the team about a participant and is still there."""
        rows = await self._database.fetch_all(
            f"{POSTED} AND participant_id IS NULL AND {ABOUT}", {"participant": participant_id}
        )
        return [_posted(row) for row in rows]

    async def posted_before(self, moment: datetime, limit: int) -> Sequence[Posted]:
        """Return what was sent before a moment, is still there and has had its time.

        That is personal notices, and the team's cards of cases that are closed.
        """
        rows = await self._database.fetch_all(
            f"{POSTED} AND sent_at < :moment AND (participant_id IS NOT NULL OR "  # noqa: S608 - our own columns
            "(kind LIKE 'case.%' AND NOT EXISTS "
            "(SELECT 1 FROM cases WHERE cases.id = subject_id AND cases.state <> 'closed'))) "
            "ORDER BY sent_at LIMIT :limit",
            {"moment": to_us(moment), "limit": limit},
        )
        return [_posted(row) for row in rows]

    async def taken_down(self, outbox_ids: Collection[OutboxId]) -> None:
        """Keep that messages are not in Discord any more."""
        await self._database.execute(
            "UPDATE outbox SET channel_id = NULL, message_id = NULL "
            "WHERE id IN (SELECT value FROM json_each(:ids))",
            {"ids": json.dumps(list(outbox_ids))},
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return everything kept here about a participant."""
        rows = await self._database.fetch_all(
            "SELECT * FROM outbox WHERE participant_id = :participant ORDER BY due_at, rowid",
            {"participant": participant_id},
        )
        return [{**dict(row), "args": json.loads(row["args"])} for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete every message to a participant or about them, sent or not.

        A message about a case that is gone already goes too.
        """
        into: Queries = tx or self._database
        await into.execute(
            f"DELETE FROM outbox WHERE participant_id = :participant OR {ABOUT} OR "  # noqa: S608 - a constant
            "(kind LIKE 'case.%' AND subject_id NOT IN (SELECT id FROM cases))",
            {"participant": participant_id},
        )


def outbox_row(row: Row) -> OutboxRow:
    """Read a row."""
    return OutboxRow(
        id=OutboxId(row["id"]),
        kind=row["kind"],
        priority=Priority(row["priority"]),
        address=address_of(row),
        subject_id=row["subject_id"],
        args=json.loads(row["args"]),
        schedule_id=row["schedule_id"],
        nominal_date=to_day(row["nominal_date"]),
        slot=row["slot"],
        attempt=row["attempt"],
        key=row["key"],
        due_at=from_us(row["due_at"]),
        send_after=from_us(row["send_after"]),
        expires_at=from_us(row["expires_at"]),
        state=OutboxState(row["state"]),
        reason=row["reason"],
        tries=row["tries"],
        claimed_at=from_us(row["claimed_at"]),
        doubtful_since=from_us(row["doubtful_since"]),
        scope=row["scope"],
        sent_at=from_us(row["sent_at"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        closed_at=from_us(row["closed_at"]),
        merged_into=row["merged_into"],
    )


def _plain(row: OutboxRow) -> dict[str, object]:
    return {
        "id": row.id,
        "kind": row.kind,
        "priority": int(row.priority),
        **address_columns(row.address),
        "subject_id": row.subject_id,
        "args": json.dumps(dict(row.args), separators=(",", ":")) if row.args else "{}",
        "schedule_id": row.schedule_id,
        "nominal_date": row.nominal_date.isoformat() if row.nominal_date else None,
        "slot": row.slot,
        "attempt": row.attempt,
        "key": row.key,
        "due_at": to_us(row.due_at),
        "send_after": to_us(row.send_after),
        "expires_at": to_us(row.expires_at),
        "state": row.state.value,
        "reason": row.reason,
        "closed_at": to_us(row.closed_at),
    }


def _posted(row: Row) -> Posted:
    return Posted(
        outbox_id=OutboxId(row["id"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        sent_at=from_us(row["sent_at"]),
    )


def _note(row: OutboxRow) -> Note | None:
    if row.participant_id is None:
        return None
    return Note(
        id=row.id,
        kind=row.kind,
        participant_id=row.participant_id,
        args=row.args,
        sent_at=row.sent_at,
        is_open=row.closed_at is None,
    )
