"""Every table has a time it is kept for, and the README says the same as the code."""

import re
from typing import Any

from bot.app import build_stores
from bot.app.retention import build_retention
from bot.config import ROOT, Settings
from bot.domain.retention import CLASSES, JOINT_TABLES, LEFT_MONTHS, PROGRAMME_TABLES, DataClass
from bot.logs import KEEP_DAYS
from bot.store.backup import KEY_COPY_LIFE
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.meta.test_readme import check
from tests.rows import RowMaker

NOBODY: Any = None
PERSONAL = re.compile(r"(.+_)?participant_id")


async def personal_tables(rows: RowMaker) -> set[str]:
    """Return the tables whose rows go with a person, directly or through another table's."""
    tables = await rows.tables()
    parents = {table: {one for one, _ in (await rows.parents(table)).values()} for table in tables}
    found = {"participants"} | {
        table
        for table in tables
        for column in await rows.columns(table)
        if PERSONAL.fullmatch(column["name"])
    }
    while more := {table for table in tables if parents[table] & found} - found:
        found |= more
    return found


async def test_every_table_is_a_persons_or_has_a_class(
    database: SqliteDatabase, vault: Vault
) -> None:
    rows = RowMaker(database, vault)
    tables = set(await rows.tables())
    named = {table for one in CLASSES for table in one.tables}

    unnamed = tables - named - {*PROGRAMME_TABLES, *JOINT_TABLES} - await personal_tables(rows)

    assert unnamed == set(), "say in bot/domain/retention.py how long they are kept"
    assert named | set(PROGRAMME_TABLES) <= tables


def test_the_readme_says_how_long() -> None:
    check("How long things are kept", [[one.what, one.kept, one.then] for one in CLASSES])


def test_what_is_kept_elsewhere_is_kept_as_long_as_it_says() -> None:
    keep = {one.kind: one.keep for one in CLASSES}
    assert keep[DataClass.LOGS].days == KEEP_DAYS
    assert keep[DataClass.KEY_COPIES] == KEY_COPY_LIFE
    assert Settings.model_fields["left_months"].default == LEFT_MONTHS


def test_the_privacy_page_names_the_same_times() -> None:
    text = (ROOT / "PRIVACY.md").read_text(encoding="utf-8")
    for one in CLASSES:
        time = re.match(r"\d+ (hour|day|month|year)s?", one.kept)
        assert time is not None, one.kept
        if one.kind not in (DataClass.WORD_TRIES, DataClass.JOINING):
            assert time[0] in " ".join(text.split()), one.kind


def test_every_class_of_the_daily_run_is_wired(database: SqliteDatabase, vault: Vault) -> None:
    stores = build_stores(database, vault)
    service = build_retention(stores, NOBODY, Settings(_env_file=None), FakeClock())

    daily = {one.kind for one in CLASSES if not one.by}

    assert daily == {DataClass.NOTICES, DataClass.LEFT, *service._purges}
