"""Fills a data directory as many people would have, without playing them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, time
from pathlib import Path
from typing import Any

from bot.domain.delivery import Kind, Personal
from bot.domain.ids import ParticipantId, new_id
from bot.domain.participant import Delivery, Participant, ParticipantState, Preferences
from bot.domain.recurrence import Daily, Rule, Slot
from bot.store.database import open_database
from bot.store.migrate import load_migrations, migrate
from bot.store.outbox import OutboxStore
from bot.store.participants import ParticipantStore
from bot.store.schedules import ScheduleStore
from tests.wire.bots import database_file

Row = dict[str, Any]
PERSON_TABLES = ("participants", "preferences")


async def found(directory: Path, *, guild_id: int, now: datetime, kind: str, at: time) -> None:
    """Make the database with one active participant and one daily schedule: the pattern."""
    person = Participant(
        id=ParticipantId(new_id()),
        user_id=1,
        code="P-1",
        state=ParticipantState.ACTIVE,
        created_at=now,
        adult_at=now,
        preferences=Preferences(
            checkins=True, delivery=Delivery.DM, delivery_confirmed=True, dm_channel_id=1
        ),
    )
    async with open_database(database_file(directory)) as database:
        await migrate(database, load_migrations())
        store = ParticipantStore(database)
        await store.add(person)
        await store.set_state(person.id, ParticipantState.ACTIVE, now)
        await ScheduleStore(database).put(
            kind=kind,
            address=Personal(participant_id=person.id),
            rule=Rule(dates=Daily(), slots=(Slot(at=at),)),
            zone="UTC",
            now=now,
        )
        await database.execute("UPDATE programme SET guild_id = :guild", {"guild": guild_id})


def multiply(directory: Path, people: Sequence[tuple[int, int]], schedules_each: int = 1) -> None:
    """Turn the pattern into as many people as are given by their user and DM channel IDs."""
    with closing(sqlite3.connect(database_file(directory))) as database, database:
        database.row_factory = sqlite3.Row
        patterns = {
            table: dict(database.execute(f"SELECT * FROM {table}").fetchone())
            for table in (*PERSON_TABLES, "schedules")
        }
        database.execute("DELETE FROM participants")
        database.execute("DELETE FROM schedules")
        rows = list(_people(patterns, people))
        for table in PERSON_TABLES:
            _insert(database, table, [row[table] for row in rows])
        owners = [row["participants"]["id"] for row in rows]
        schedules = _schedules(patterns["schedules"], owners, schedules_each)
        _insert(database, "schedules", list(schedules))


async def enqueue(directory: Path, kind: Kind, now: datetime) -> list[str]:
    """Let one message of a kind be due for everyone; the outbox IDs."""
    async with open_database(database_file(directory)) as database:
        people = await database.fetch_all("SELECT id FROM participants ORDER BY user_id")
        outbox = OutboxStore(database)
        added = []
        async with database.transaction() as tx:
            for person in people:
                address = Personal(participant_id=ParticipantId(person["id"]))
                added.append(await outbox.add(kind, address, due_at=now, tx=tx))
    return [row.id for row in added if row is not None]


def outbox(directory: Path) -> list[Row]:
    """Every row of the outbox as the bot last left it."""
    file = f"file:{database_file(directory)}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute("SELECT * FROM outbox ORDER BY due_at, id")]


def let_time_pass(directory: Path, minutes: int) -> None:
    """Make everything on its way look claimed earlier, as if the bot had been down that long."""
    earlier = minutes * 60 * 1_000_000
    with closing(sqlite3.connect(database_file(directory))) as database, database:
        database.execute(
            "UPDATE outbox SET claimed_at = claimed_at - :earlier WHERE state = 'sending'",
            {"earlier": earlier},
        )


def _people(
    patterns: Mapping[str, Row], people: Sequence[tuple[int, int]]
) -> Iterator[dict[str, Row]]:
    for number, (user_id, channel_id) in enumerate(people):
        person = new_id()
        own = {"id": person, "user_id": user_id, "code": f"P-{number}"}
        chosen = {"participant_id": person, "dm_channel_id": channel_id}
        yield {
            "participants": patterns["participants"] | own,
            "preferences": patterns["preferences"] | chosen,
        }


def _schedules(pattern: Row, owners: Sequence[str], each: int) -> Iterator[Row]:
    for owner in owners:
        for number in range(each):
            subject = str(number) if number else ""
            yield pattern | {"id": new_id(), "participant_id": owner, "subject_id": subject}


def _insert(database: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    if not rows:
        return
    names = ", ".join(rows[0])
    slots = ", ".join(f":{name}" for name in rows[0])
    database.executemany(f"INSERT INTO {table} ({names}) VALUES ({slots})", rows)
