"""Migrations: from empty, from every older version with rows, and never backwards."""

import sqlite3
from pathlib import Path

import pytest

from bot.errors import StartError, StoreError
from bot.store.database import open_database
from bot.store.migrate import Migration, load_migrations, migrate, schema_version, statements
from bot.store.vault import Vault
from tests.rows import RowMaker

MIGRATIONS = load_migrations()
NEWEST = MIGRATIONS[-1].number


def step(number: int, sql: str) -> Migration:
    return Migration(number=number, name=f"{number:04}_test", sql=sql)


def test_numbers_are_unique_and_in_order() -> None:
    numbers = [migration.number for migration in MIGRATIONS]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1


async def test_from_empty_every_migration_is_applied_once(tmp_path: Path) -> None:
    async with open_database(tmp_path / "test.db") as database:
        assert await schema_version(database) == 0
        assert await migrate(database, MIGRATIONS) == MIGRATIONS
        assert await schema_version(database) == NEWEST
        assert await migrate(database, MIGRATIONS) == []


@pytest.mark.parametrize(
    "version", [migration.number for migration in MIGRATIONS[:-1]], ids=lambda n: f"from {n}"
)
async def test_rows_of_an_older_version_are_kept(
    tmp_path: Path, vault: Vault, version: int
) -> None:
    older = [migration for migration in MIGRATIONS if migration.number <= version]
    async with open_database(tmp_path / "test.db") as database:
        await migrate(database, older)
        rows = RowMaker(database, vault)
        tables = [table for table in await rows.tables() if not await is_one_row(rows, table)]
        for table in tables:
            await rows.add(table)

        await migrate(database, MIGRATIONS)

        assert await schema_version(database) == NEWEST
        for table in set(tables) & set(await rows.tables()):
            assert await database.fetch_all(f"SELECT * FROM {table}"), f"{table} lost its rows"
        assert await database.fetch_all("PRAGMA foreign_key_check") == []


async def is_one_row(rows: RowMaker, table: str) -> bool:
    """Tell whether a table's only row is made by its migration."""
    return table in {"programme", "join_numbers", "watch_state"}


async def test_a_newer_database_is_refused_with_both_numbers(tmp_path: Path) -> None:
    async with open_database(tmp_path / "test.db") as database:
        await database.execute(f"PRAGMA user_version = {NEWEST + 7}")
        with pytest.raises(StartError, match=rf"schema {NEWEST + 7}.*knows {NEWEST}"):
            await migrate(database, MIGRATIONS)


async def test_a_failing_step_leaves_the_database_as_it_was_before_it(tmp_path: Path) -> None:
    good = step(1, "CREATE TABLE a (x TEXT) STRICT;")
    bad = step(2, "CREATE TABLE b (x TEXT) STRICT;\nINSERT INTO nowhere VALUES (1);")
    async with open_database(tmp_path / "test.db") as database:
        with pytest.raises(StoreError, match="nowhere"):
            await migrate(database, [good, bad])

        assert await schema_version(database) == 1
        rows = await database.fetch_all("SELECT name FROM sqlite_master")
        assert [row["name"] for row in rows] == ["a"]


async def test_a_step_that_breaks_a_rule_is_taken_back(tmp_path: Path) -> None:
    bad = step(1, "CREATE TABLE a (x TEXT UNIQUE) STRICT;\nINSERT INTO a VALUES ('1'), ('1');")
    async with open_database(tmp_path / "test.db") as database:
        with pytest.raises(sqlite3.IntegrityError):
            await migrate(database, [bad])
        assert await schema_version(database) == 0


def test_a_trigger_keeps_its_inner_semicolons() -> None:
    trigger = (
        "CREATE TRIGGER t BEFORE DELETE ON a\nBEGIN\n    SELECT RAISE(ABORT, 'no; never');\nEND;\n"
    )
    script = f"CREATE TABLE a (x TEXT) STRICT;\n{trigger}-- the end\nDROP TABLE a;\n"
    assert [part.strip().splitlines()[0] for part in statements(script)] == [
        "CREATE TABLE a (x TEXT) STRICT;",
        "CREATE TRIGGER t BEFORE DELETE ON a",
        "-- the end",
    ]


def test_an_unfinished_statement_is_a_fault() -> None:
    with pytest.raises(ValueError, match="unfinished"):
        list(statements("CREATE TABLE a (x TEXT)"))


def test_only_numbered_files_are_migrations(tmp_path: Path) -> None:
    for name in ("0002_b.sql", "0001_a.sql", "notes.txt", "1_c.sql"):
        (tmp_path / name).write_text("SELECT 1;", encoding="utf-8")
    assert [migration.name for migration in load_migrations(tmp_path)] == ["0001_a", "0002_b"]
