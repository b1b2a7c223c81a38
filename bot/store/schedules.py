"""Schedules: what recurs, and when to look at it next."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.domain.delivery import Address, Channel, Personal, Schedule
from bot.domain.ids import ParticipantId, ScheduleId, new_id
from bot.domain.localtime import find_zone
from bot.domain.recurrence import Rule, next_due
from bot.store.bell import Bell
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us

BY_SUBJECT = (
    "ifnull(participant_id, channel_key) = :address AND kind = :kind AND subject_id = :subject"
)
DUE = "paused = 0 AND next_due_at <= :now"


class ScheduleStore:
    """Everything that recurs, one row each."""

    def __init__(self, database: Database, bell: Bell | None = None) -> None:
        self._database = database
        self._bell = bell or Bell()

    async def put(
        self,
        *,
        kind: str,
        address: Address,
        rule: Rule,
        zone: str,
        now: datetime,
        subject_id: str = "",
        tx: Transaction | None = None,
    ) -> ScheduleId:
        """Make the one schedule of this kind, address and subject, or change its rule.

        A changed rule counts from now on: what it would have brought earlier today does not come.

        Raises:
            UnknownZoneError: There is no such zone.
        """
        if tx is None:
            async with self._database.transaction() as own:
                return await self.put(
                    kind=kind,
                    address=address,
                    rule=rule,
                    zone=zone,
                    now=now,
                    subject_id=subject_id,
                    tx=own,
                )
        await tx.execute(
            "INSERT INTO schedules (id, kind, participant_id, channel_key, subject_id, rule, zone, "
            "decided_until, next_due_at) VALUES (:id, :kind, :participant_id, :channel_key, "
            ":subject, :rule, :zone, :now, :next) "
            "ON CONFLICT (ifnull(participant_id, channel_key), kind, subject_id) DO UPDATE "
            "SET rule = :rule, zone = :zone, decided_until = max(decided_until, :now), "
            "next_due_at = :next WHERE rule <> :rule OR zone <> :zone",
            {
                **_key(kind, address, subject_id),
                "id": new_id(),
                **address_columns(address),
                "rule": rule.to_text(),
                "zone": zone,
                "now": to_us(now),
                "next": to_us(next_due(rule, find_zone(zone), now)),
            },
        )
        row = await tx.fetch_one(
            f"SELECT id FROM schedules WHERE {BY_SUBJECT}",  # noqa: S608 - a constant
            _key(kind, address, subject_id),
        )
        assert row is not None
        self._bell.ring()
        return ScheduleId(row["id"])

    async def find(
        self, *, kind: str, address: Address, subject_id: str = "", tx: Transaction | None = None
    ) -> Schedule | None:
        """Return the schedule of this kind, address and subject."""
        source: Queries = tx or self._database
        row = await source.fetch_one(
            f"SELECT * FROM schedules WHERE {BY_SUBJECT}",  # noqa: S608 - a constant
            _key(kind, address, subject_id),
        )
        return None if row is None else _schedule(row)

    async def remove(
        self, *, kind: str, address: Address, subject_id: str = "", tx: Transaction | None = None
    ) -> bool:
        """Delete a schedule; `False` where there was none."""
        into: Queries = tx or self._database
        removed = await into.execute(
            f"DELETE FROM schedules WHERE {BY_SUBJECT}",  # noqa: S608 - a constant
            _key(kind, address, subject_id),
        )
        return removed == 1

    async def remove_subject(
        self,
        subject_id: str,
        *,
        participant_id: ParticipantId | None = None,
        tx: Transaction,
    ) -> int:
        """Delete everything that recurs about something, for one person or everyone."""
        return await tx.execute(
            "DELETE FROM schedules WHERE subject_id = :subject "
            "AND (:participant IS NULL OR participant_id = :participant)",
            {"subject": subject_id, "participant": participant_id},
        )

    async def pause(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Stop everything that recurs for a person, as when they leave the server."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE schedules SET paused = 1 WHERE participant_id = :participant",
            {"participant": participant_id},
        )

    async def resume(
        self, participant_id: ParticipantId, now: datetime, tx: Transaction | None = None
    ) -> None:
        """Let it go on; what fell into the pause does not come."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE schedules SET paused = 0, decided_until = max(decided_until, :now), "
            "next_due_at = :now WHERE participant_id = :participant AND paused = 1",
            {"participant": participant_id, "now": to_us(now)},
        )
        self._bell.ring()

    async def due(self, tx: Transaction, now: datetime, limit: int) -> Sequence[Schedule]:
        """Return what is due, the earliest first.

        Raises:
            ValueError: A row cannot be read.
        """
        rows = await tx.fetch_all(
            f"SELECT * FROM schedules WHERE {DUE} ORDER BY next_due_at LIMIT :limit",  # noqa: S608 - a constant
            {"now": to_us(now), "limit": limit},
        )
        return [_schedule(row) for row in rows]

    async def due_ids(self, now: datetime, limit: int) -> Sequence[ScheduleId]:
        """Return the IDs of what is due, without reading the rules."""
        rows = await self._database.fetch_all(
            f"SELECT id FROM schedules WHERE {DUE} ORDER BY next_due_at LIMIT :limit",  # noqa: S608 - a constant
            {"now": to_us(now), "limit": limit},
        )
        return [ScheduleId(row["id"]) for row in rows]

    async def due_one(
        self, tx: Transaction, schedule_id: ScheduleId, now: datetime
    ) -> Sequence[Schedule]:
        """Return one schedule if it is still due.

        Raises:
            ValueError: The row cannot be read.
        """
        rows = await tx.fetch_all(
            f"SELECT * FROM schedules WHERE id = :id AND {DUE}",  # noqa: S608 - a constant
            {"id": schedule_id, "now": to_us(now)},
        )
        return [_schedule(row) for row in rows]

    async def count_due(self, now: datetime) -> int:
        """Count what is due."""
        row = await self._database.fetch_one(
            f"SELECT count(*) FROM schedules WHERE {DUE}",  # noqa: S608 - a constant
            {"now": to_us(now)},
        )
        return 0 if row is None else int(row[0])

    async def next_due(self) -> datetime | None:
        """Return when to look next."""
        row = await self._database.fetch_one(
            "SELECT min(next_due_at) FROM schedules WHERE paused = 0 AND next_due_at IS NOT NULL"
        )
        return None if row is None else from_us(row[0])

    async def advance(
        self, tx: Transaction, steps: Iterable[tuple[ScheduleId, datetime, datetime | None]]
    ) -> None:
        """Keep how far each schedule is decided, and when to look at it next."""
        await tx.execute_many(
            "UPDATE schedules SET decided_until = :until, next_due_at = :next WHERE id = :id",
            [
                {"id": schedule_id, "until": to_us(until), "next": to_us(following)}
                for schedule_id, until, following in steps
            ],
        )

    async def set_aside(self, schedule_id: ScheduleId, until: datetime) -> None:
        """Look at a schedule again later; nothing of it is lost."""
        await self._database.execute(
            "UPDATE schedules SET next_due_at = :until WHERE id = :id",
            {"id": schedule_id, "until": to_us(until)},
        )

    async def fast_forward(self, moment: datetime, tx: Transaction | None = None) -> None:
        """Take everything up to a moment as decided, as after a restore."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE schedules SET decided_until = max(decided_until, :moment)",
            {"moment": to_us(moment)},
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return everything kept here about a participant."""
        rows = await self._database.fetch_all(
            "SELECT * FROM schedules WHERE participant_id = :participant",
            {"participant": participant_id},
        )
        return [{**dict(row), "rule": json.loads(row["rule"])} for row in rows]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant's schedules."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM schedules WHERE participant_id = :participant",
            {"participant": participant_id},
        )


def address_of(row: Row) -> Address:
    """Read who or where a row is for."""
    if row["participant_id"] is not None:
        return Personal(participant_id=ParticipantId(row["participant_id"]))
    return Channel(key=row["channel_key"])


def address_id(address: Address) -> str:
    """Return the participant's ID or the channel's key."""
    return address.participant_id if isinstance(address, Personal) else address.key


def address_columns(address: Address) -> dict[str, object]:
    """Write who or where a row is for."""
    if isinstance(address, Personal):
        return {"participant_id": address.participant_id, "channel_key": None}
    return {"participant_id": None, "channel_key": address.key}


def _key(kind: str, address: Address, subject_id: str) -> dict[str, object]:
    return {"address": address_id(address), "kind": kind, "subject": subject_id}


def _schedule(row: Row) -> Schedule:
    return Schedule(
        id=ScheduleId(row["id"]),
        kind=row["kind"],
        address=address_of(row),
        subject_id=row["subject_id"],
        rule=Rule.from_text(row["rule"]),
        zone=row["zone"],
        decided_until=from_us(row["decided_until"]),
        next_due_at=from_us(row["next_due_at"]),
        is_paused=bool(row["paused"]),
    )
