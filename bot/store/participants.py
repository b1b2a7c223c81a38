"""Participants and their preferences."""

import json
from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime, time
from typing import Any

from bot.domain.ids import ParticipantId
from bot.domain.participant import (
    Delivery,
    Pace,
    Participant,
    ParticipantState,
    Preferences,
    Profile,
    SafeContact,
)
from bot.store.database import Database, Queries, Row, Transaction
from bot.store.times import from_us, to_us

COLUMNS = [column.name for column in fields(Preferences)]
SELECT = "SELECT * FROM participants JOIN preferences ON preferences.participant_id = id"


class ParticipantStore:
    """Who joined, and what they chose."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, participant: Participant, tx: Transaction | None = None) -> bool:
        """Add a participant; `False` where this account is already one."""
        into: Queries = tx or self._database
        added = await into.execute(
            "INSERT INTO participants (id, user_id, code, state, created_at, adult_at) "
            "VALUES (:id, :user_id, :code, :state, :created_at, :adult_at) ON CONFLICT DO NOTHING",
            {
                "id": participant.id,
                "user_id": participant.user_id,
                "code": participant.code,
                "state": participant.state.value,
                "created_at": to_us(participant.created_at),
                "adult_at": to_us(participant.adult_at),
            },
        )
        if not added:
            return False
        names = ", ".join(COLUMNS)
        slots = ", ".join(f":{name}" for name in COLUMNS)
        await into.execute(
            f"INSERT INTO preferences (participant_id, {names}) VALUES (:participant, {slots})",  # noqa: S608 - our own column names
            {"participant": participant.id, **_encode(participant.preferences)},
        )
        return True

    async def by_user(self, user_id: int) -> Participant | None:
        """Return the participant behind a Discord account."""
        row = await self._database.fetch_one(f"{SELECT} WHERE user_id = :user", {"user": user_id})
        return None if row is None else _participant(row)

    async def by_id(self, participant_id: ParticipantId) -> Participant | None:
        """Return a participant by ID."""
        row = await self._database.fetch_one(
            f"{SELECT} WHERE id = :participant", {"participant": participant_id}
        )
        return None if row is None else _participant(row)

    async def by_ids(
        self, participant_ids: Collection[ParticipantId], tx: Transaction | None = None
    ) -> Sequence[Participant]:
        """Return those participants that are there."""
        source: Queries = tx or self._database
        rows = await source.fetch_all(
            f"{SELECT} WHERE id IN (SELECT value FROM json_each(:ids))",  # noqa: S608 - a constant
            {"ids": json.dumps(list(participant_ids))},
        )
        return [_participant(row) for row in rows]

    async def by_code(self, code: str) -> Participant | None:
        """Return a participant by the pseudonymous ID."""
        row = await self._database.fetch_one(f"{SELECT} WHERE code = :code", {"code": code})
        return None if row is None else _participant(row)

    async def here(self) -> Sequence[int]:
        """Return the accounts of everyone who has not left."""
        rows = await self._database.fetch_all(
            "SELECT user_id FROM participants WHERE state <> 'left'"
        )
        return [row["user_id"] for row in rows]

    async def left_before(self, moment: datetime, limit: int) -> Sequence[ParticipantId]:
        """Return those who left the server before a moment, the earliest first."""
        rows = await self._database.fetch_all(
            "SELECT id FROM participants WHERE state = 'left' AND left_at < :moment "
            "ORDER BY left_at LIMIT :limit",
            {"moment": to_us(moment), "limit": limit},
        )
        return [ParticipantId(row["id"]) for row in rows]

    async def threads(self) -> Collection[int]:
        """Return every personal thread that belongs to somebody."""
        rows = await self._database.fetch_all(
            "SELECT thread_id FROM preferences WHERE thread_id IS NOT NULL"
        )
        return {row["thread_id"] for row in rows}

    async def profiles(self) -> Sequence[Profile]:
        """Return what the process keeps in memory of everyone."""
        rows = await self._database.fetch_all(
            "SELECT id, user_id, locale, country, zone, state FROM participants "
            "JOIN preferences ON preferences.participant_id = id"
        )
        active = ParticipantState.ACTIVE.value
        return [
            Profile(ParticipantId(person), user, locale, country, zone, state == active)
            for person, user, locale, country, zone, state in rows
        ]

    async def save_preferences(
        self,
        participant_id: ParticipantId,
        preferences: Preferences,
        tx: Transaction | None = None,
    ) -> None:
        """Replace what a participant chose."""
        into: Queries = tx or self._database
        assignments = ", ".join(f"{name} = :{name}" for name in COLUMNS)
        await into.execute(
            f"UPDATE preferences SET {assignments} WHERE participant_id = :participant",  # noqa: S608 - our own column names
            {"participant": participant_id, **_encode(preferences)},
        )

    async def set_state(
        self,
        participant_id: ParticipantId,
        state: ParticipantState,
        at: datetime,
        tx: Transaction | None = None,
    ) -> bool:
        """Move a participant to a state; `False` where they were in it already."""
        into: Queries = tx or self._database
        changed = await into.execute(
            "UPDATE participants SET state = :state, "
            "joined_at = CASE WHEN :state = 'active' THEN coalesce(joined_at, :at) "
            "ELSE joined_at END, "
            "left_at = CASE WHEN :state = 'left' THEN :at ELSE NULL END "
            "WHERE id = :participant AND state <> :state",
            {"participant": participant_id, "state": state.value, "at": to_us(at)},
        )
        return changed == 1

    async def set_code(
        self, participant_id: ParticipantId, code: str, tx: Transaction | None = None
    ) -> None:
        """Tie a participant to a pseudonymous ID."""
        into: Queries = tx or self._database
        await into.execute(
            "UPDATE participants SET code = :code WHERE id = :participant",
            {"participant": participant_id, "code": code},
        )

    async def set_adult(self, participant_id: ParticipantId, at: datetime) -> None:
        """Keep when a person said that they are 18 or over."""
        await self._database.execute(
            "UPDATE participants SET adult_at = :at WHERE id = :participant",
            {"participant": participant_id, "at": to_us(at)},
        )

    async def export(self, participant_id: ParticipantId) -> list[dict[str, object]]:
        """Return everything kept here about a participant."""
        row = await self._database.fetch_one(
            f"{SELECT} WHERE id = :participant", {"participant": participant_id}
        )
        return [] if row is None else [dict(row)]

    async def forget(self, participant_id: ParticipantId, tx: Transaction | None = None) -> None:
        """Delete a participant; what refers to them goes too."""
        into: Queries = tx or self._database
        await into.execute(
            "DELETE FROM participants WHERE id = :participant", {"participant": participant_id}
        )


def _encode(preferences: Preferences) -> dict[str, Any]:
    return {name: _plain(getattr(preferences, name)) for name in COLUMNS}


def _plain(value: object) -> object:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, bool):
        return int(value)
    return value


def _participant(row: Row) -> Participant:
    return Participant(
        id=ParticipantId(row["id"]),
        user_id=row["user_id"],
        code=row["code"],
        state=ParticipantState(row["state"]),
        created_at=from_us(row["created_at"]),
        adult_at=from_us(row["adult_at"]),
        joined_at=from_us(row["joined_at"]),
        left_at=from_us(row["left_at"]),
        preferences=Preferences(
            zone=row["zone"],
            locale=row["locale"],
            country=row["country"],
            checkins=bool(row["checkins"]),
            weekday_time=time.fromisoformat(row["weekday_time"]),
            weekend_time=time.fromisoformat(row["weekend_time"]),
            pace=Pace(row["pace"]),
            quiet_start=time.fromisoformat(row["quiet_start"]),
            quiet_end=time.fromisoformat(row["quiet_end"]),
            delivery=Delivery(row["delivery"]),
            delivery_confirmed=bool(row["delivery_confirmed"]),
            reachable=bool(row["reachable"]),
            dm_channel_id=row["dm_channel_id"],
            thread_id=row["thread_id"],
            safe_contact=SafeContact(row["safe_contact"]),
            safe_hours=row["safe_hours"],
        ),
    )
