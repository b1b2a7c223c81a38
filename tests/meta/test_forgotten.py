"""A person in every table is handed over whole, and afterwards found nowhere.

Rows for every table are made by looking at the schema, so a new table is in here by itself.
"""

import json
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Mapping
from contextlib import closing
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.app import App, open_app
from bot.app.stores import stores_that
from bot.domain.audit import Opened, Subject
from bot.domain.participant import Participant
from bot.domain.readable import OwnData, Section, is_technical
from bot.errors import KeyLostError
from bot.store.backup import FileKind, copy_live
from bot.store.deletions import DeletionList
from bot.text import Catalog
from bot.ui.data_page import column_title, columns_of, page, section_title
from tests.fakes.clock import FakeClock
from tests.fakes.simulation import settings_in
from tests.meta.test_personal_data import (
    ACCOUNT,
    NOT_EXPORTED,
    OTHER,
    OTHER_ACCOUNT,
    PERSON,
    exported,
    fill,
    marks,
    occurrences,
)
from tests.rows import SEALED, RowMaker

NOTE = "marker of case_events"
Filled = Mapping[str, Mapping[str, Any]]


@pytest.fixture
async def app(tmp_path: Path, clock: FakeClock) -> AsyncIterator[App]:
    async with open_app(settings_in(tmp_path), clock=clock) as app:
        yield app


@pytest.fixture
def rows(app: App) -> RowMaker:
    return RowMaker(app.database, app.vault)


@pytest.fixture
async def filled(app: App, rows: RowMaker) -> Filled:
    """One person in every table, with a note of the team and an opening; and somebody else."""
    await fill(rows, OTHER, OTHER_ACCOUNT)
    found = await fill(rows, PERSON, ACCOUNT)
    found["case_events"] = await rows.add("case_events", case_id=found["cases"]["id"])
    # The log's own name for the person was made up with the rows.
    await app.services.access.record(
        Subject.staff(1), Subject.participant(PERSON), Opened.ANSWERS, reason="marker of access"
    )
    return found


async def someone(app: App) -> Participant:
    person = await app.services.participants.by_id(PERSON)
    assert person is not None
    return person


def told(data: OwnData, *, safety: bool) -> str:
    return json.dumps([one.rows for one in data.sections if one.is_safety is safety], default=str)


def traces(filled: Filled) -> list[bytes]:
    """Return what only this person's rows hold, as it would stand in a file.

    The random name the audit log had for them stays in its lines, and means nothing.
    """
    values = {
        value
        for table, row in filled.items()
        if table != "audit_subjects"
        for value in row.values()
        if isinstance(value, str) and value.startswith(f"{table}-")
    }
    return [
        PERSON.encode(),
        ACCOUNT.to_bytes(8, "big"),
        str(ACCOUNT).encode(),
        *(value.encode() for value in sorted(values)),
    ]


async def test_the_host_hands_over_everything_and_self_service_no_safety_items(
    app: App, filled: Filled
) -> None:
    person = await someone(app)
    whole = await app.services.own_data.export_whole(person)
    own = await app.services.own_data.export(person)

    everything = told(whole, safety=False) + told(whole, safety=True)

    silent = [
        table
        for table, values in filled.items()
        if table not in NOT_EXPORTED
        and not any(mark in everything for mark in marks(table, values))
    ]
    assert silent == []
    assert {one.name for one in whole.sections if one.is_safety} == set(
        stores_that("export_safety", app.stores)
    )
    assert NOTE in told(whole, safety=True)
    assert NOTE not in json.dumps(own.plain())
    assert not any(one.is_safety for one in own.sections)


async def test_every_section_and_column_has_a_name_a_person_reads(
    app: App, filled: Filled, catalog: Catalog
) -> None:
    whole = await app.services.own_data.export_whole(await someone(app))
    words = catalog.words("en")

    nameless = []
    for section in whole.sections:
        name = f"{section.name}_safety" if section.is_safety else section.name
        if not words.has(f"data.table.{name}.title"):
            nameless.append(f"table.{name}.title")
        nameless += [
            f"column.{section.name}.{column}"
            for column in names_in(section)
            if not words.has(f"data.column.{section.name}.{column}")
            and not words.has(f"data.column.any.{column}")
        ]

    assert nameless == [], "add them to data/locales/{en,es}/data.toml"


def names_in(section: Section) -> set[str]:
    """Return the columns a person reads, also those inside of others."""
    nested = {
        str(name)
        for row in section.rows
        for value in row.values()
        for part in (value if isinstance(value, list) else [value])
        if isinstance(part, Mapping)
        for name in part
        if re.fullmatch(r"[a-z_]+", str(name))
    }
    free = {"text"} if section.name == "drafts" else set()
    inner = set() if section.name == "checkins" else nested - free
    return set(columns_of(section)) | {name for name in inner if not is_technical(name)}


@pytest.mark.parametrize("locale", ["en", "es"])
async def test_the_page_shows_every_section(
    app: App, filled: Filled, catalog: Catalog, locale: str
) -> None:
    whole = await app.services.own_data.export_whole(await someone(app))
    words = catalog.words(locale)

    text = page(words, ZoneInfo("UTC"), whole, lambda row: [("?", str(row["texts"]))])

    for section in whole.sections:
        assert escape(section_title(words, section)) in text
        for column in columns_of(section):
            assert escape(column_title(words, section.name, column)) in text
    assert NOTE in text
    assert "marker of checkins" in text


async def test_nothing_is_found_anywhere_afterwards(
    app: App,
    rows: RowMaker,
    filled: Filled,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    files = [app.settings.database_file, app.settings.keys_file]
    looked_for = traces(filled)
    others = await occurrences(app.database, rows, OTHER, OTHER_ACCOUNT)
    copy_live(files[0], tmp_path / "backup.db", FileKind.DATABASE)
    assert all(trace in bytes_of(files) for trace in looked_for[:2])

    await app.services.own_data.delete(await someone(app))

    assert await occurrences(app.database, rows, PERSON, ACCOUNT) == {}
    assert await occurrences(app.database, rows, OTHER, OTHER_ACCOUNT) == others
    assert set(await exported(app.stores, PERSON)) <= set("[], ")
    left = bytes_of(files)
    assert [trace for trace in looked_for if trace in left] == []
    assert all(wal.stat().st_size == 0 for wal in logs_of(files) if wal.exists())
    assert str(ACCOUNT) not in caplog.text
    assert "marker of" not in caplog.text
    assert app.services.profiles.by_id(PERSON) is None
    assert DeletionList(app.settings.data_dir).owners() == {PERSON}
    await app.services.audit.anchor()
    assert (await app.services.audit.verify()).fault is None


async def test_an_older_backup_cannot_be_read_with_todays_keys(
    app: App, filled: Filled, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    copy_live(app.settings.database_file, backup, FileKind.DATABASE)
    await app.services.own_data.delete(await someone(app))

    readable, tried = [], 0
    with closing(sqlite3.connect(backup)) as database:
        database.row_factory = sqlite3.Row
        for place, (owner, row, _) in SEALED.items():
            table, column = place.split(".")
            plain = {k: v for k, v in filled[table].items() if not isinstance(v, bytes)}
            where = " AND ".join(f"{name} IS :{name}" for name in plain)
            (sealed,) = database.execute(f"SELECT * FROM {table} WHERE {where}", plain)
            tried += 1
            try:
                await app.vault.open(
                    owner.format(**sealed), sealed[column], at=place, row=row.format(**sealed)
                )
            except KeyLostError:
                continue
            readable.append(place)

    assert readable == []
    assert tried == len(SEALED)


async def test_a_reader_under_way_does_not_keep_the_log_alive(
    app: App, filled: Filled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.CHECKPOINT_WAITS", ())
    with closing(sqlite3.connect(app.settings.database_file)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM participants").fetchone()
        assert not await app.database.checkpoint()

    assert await app.database.checkpoint()


def logs_of(files: list[Path]) -> list[Path]:
    return [file.with_name(file.name + "-wal") for file in files]


def bytes_of(files: list[Path]) -> bytes:
    return b"".join(file.read_bytes() for file in (*files, *logs_of(files)) if file.exists())
