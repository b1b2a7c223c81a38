"""Every table with something of a person in it can be exported, and is empty after `forget`."""

import json
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.app import Stores, build_erasure, build_stores
from bot.domain.ids import ParticipantId
from bot.store.database import SqliteDatabase
from bot.store.deletions import DeletionList
from bot.store.vault import Vault
from tests.fakes.simulation import settings_in
from tests.rows import MADE_UP, RowMaker

PERSON = ParticipantId("the-person-to-forget-0")
ACCOUNT = 812345678901234567
OTHER = ParticipantId("another-person-to-keep")
OTHER_ACCOUNT = 812345678901234568

OF_PARTICIPANT = re.compile(r"(.+_)?participant_id")
OF_ACCOUNT = re.compile(r"(.+_)?user_id|reporter_id|about_id")

NOT_OF_PARTICIPANTS: Mapping[str, str] = {
    "staff": "the care team; ended by `staff remove`",
    "duty": "the care team; goes with the row in staff",
    "shifts": "the care team; left to nobody as they leave",
    "handed_shifts": "the care team; left to nobody as they leave, deleted after 90 days",
    "ended_shifts": "the care team; deleted after 90 days",
    "volunteers": "the care team; goes with the row in staff",
    "handover_reads": "the care team; goes with the note after 30 days",
    "departures": "the care team; deleted once Discord follows",
    "confirmations": "what people of the team confirmed before going live",
}
"""Tables whose account is never a participant's as such, and why."""

NOT_EXPORTED: Mapping[str, str] = {
    "conflicts": "it would tell who on the team is close to whom",
    "keep_apart": "it would tell one person of the other",
    "hits": "a safety item; handed over in person",
    "colleague_notes": "the team's own words; handed over in person, with the safety items",
    "plan_pages": "a sealed page; handed over in person, with the safety items",
}
"""Tables that `forget` empties and no export shows, and why."""


@pytest.fixture
def stores(database: SqliteDatabase, vault: Vault) -> Stores:
    return build_stores(database, vault)


@pytest.fixture
def rows(database: SqliteDatabase, vault: Vault) -> RowMaker:
    return RowMaker(database, vault)


async def personal_columns(rows: RowMaker, table: str) -> dict[str, type]:
    """Return the columns of a table that name a person, and how: by our ID or by account."""
    if table in NOT_OF_PARTICIPANTS or table == "participants":
        return {}
    names = [column["name"] for column in await rows.columns(table)]
    return {name: str for name in names if OF_PARTICIPANT.fullmatch(name)} | {
        name: int for name in names if OF_ACCOUNT.fullmatch(name)
    }


async def fill(rows: RowMaker, person: str, account: int) -> dict[str, dict[str, Any]]:
    """Put one row about a person into every table that can hold one."""
    filled = {"participants": await rows.add("participants", id=person, user_id=account)}
    for table in await rows.tables():
        if columns := await personal_columns(rows, table):
            given = {name: person if kind is str else account for name, kind in columns.items()}
            filled[table] = await rows.add(table, **given)
    return filled


async def exported(stores: Stores, person: ParticipantId) -> str:
    """Return everything every store tells a person about themselves."""
    parts = [
        await store.export(person)
        for field in fields(stores)
        if hasattr(store := getattr(stores, field.name), "export")
    ]
    return json.dumps(parts, default=str)


async def occurrences(
    database: SqliteDatabase, rows: RowMaker, person: str, account: int
) -> dict[str, int]:
    """Count the rows in which a person is named, by table."""
    found: dict[str, int] = {}
    for table in await rows.tables():
        for row in await database.fetch_all(f"SELECT * FROM {table}"):
            if person in tuple(row) or account in tuple(row):
                found[table] = found.get(table, 0) + 1
    return found


def marks(table: str, values: Mapping[str, Any]) -> list[str]:
    """Return what only this row holds, as it would stand in an export."""
    made_up = [
        str(value)
        for value in values.values()
        if (isinstance(value, int) and value in MADE_UP)
        or (isinstance(value, str) and value.startswith(f"{table}-"))
    ]
    return [*made_up, f"marker of {table}"]


async def test_every_row_about_a_person_is_exported(rows: RowMaker, stores: Stores) -> None:
    filled = await fill(rows, PERSON, ACCOUNT)

    told = await exported(stores, PERSON)

    silent = [
        table
        for table, values in filled.items()
        if table not in NOT_EXPORTED and not any(mark in told for mark in marks(table, values))
    ]
    assert silent == [], "no store's export tells of these tables"


async def test_nothing_of_a_person_is_left_after_forget(
    rows: RowMaker, stores: Stores, database: SqliteDatabase, vault: Vault, tmp_path: Path
) -> None:
    await fill(rows, PERSON, ACCOUNT)
    await fill(rows, OTHER, OTHER_ACCOUNT)
    before = await occurrences(database, rows, OTHER, OTHER_ACCOUNT)
    settings = settings_in(tmp_path)

    await build_erasure(settings, stores, database, vault).forget(PERSON)

    assert await occurrences(database, rows, PERSON, ACCOUNT) == {}
    assert await occurrences(database, rows, OTHER, OTHER_ACCOUNT) == before
    assert set(await exported(stores, PERSON)) <= set("[], ")


async def test_forgetting_is_noted_outside_the_database_and_can_be_done_again(
    rows: RowMaker, stores: Stores, database: SqliteDatabase, vault: Vault, tmp_path: Path
) -> None:
    settings = settings_in(tmp_path)
    erasure = build_erasure(settings, stores, database, vault)
    await fill(rows, PERSON, ACCOUNT)
    await erasure.forget(PERSON)
    assert DeletionList(settings.data_dir).owners() == {PERSON}
    assert DeletionList(settings.keys_dir).owners() == {PERSON}
    # A backup of the database and of the keys came back.
    await fill(rows, PERSON, ACCOUNT)

    assert await erasure.replay() == 1

    assert await occurrences(database, rows, PERSON, ACCOUNT) == {}


async def test_exceptions_name_tables_that_exist(rows: RowMaker) -> None:
    tables = set(await rows.tables())
    assert {*NOT_OF_PARTICIPANTS, *NOT_EXPORTED} <= tables
