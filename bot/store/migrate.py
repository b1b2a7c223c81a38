"""Numbered migrations, forward only, each in a transaction."""

import logging
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import StartError
from bot.store.database import Database

log = logging.getLogger(__name__)

DIRECTORY = Path(__file__).parent / "migrations"
NAME = re.compile(r"(\d{4})_[a-z_]+\.sql")


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """One step of the schema."""

    number: int
    name: str
    sql: str


def load_migrations(directory: Path = DIRECTORY) -> Sequence[Migration]:
    """Read the migrations in their order."""
    return [
        Migration(number=int(match[1]), name=file.stem, sql=file.read_text(encoding="utf-8"))
        for file in sorted(directory.iterdir())
        if (match := NAME.fullmatch(file.name))
    ]


async def schema_version(database: Database) -> int:
    """Return the number of the last migration applied, `0` for an empty database."""
    row = await database.fetch_one("PRAGMA user_version")
    return 0 if row is None else int(row[0])


async def migrate(database: Database, migrations: Sequence[Migration]) -> Sequence[Migration]:
    """Apply what is not yet applied and return it.

    Raises:
        StartError: The database was made by a newer version.
    """
    version = await schema_version(database)
    newest = max((step.number for step in migrations), default=0)
    if version > newest:
        raise StartError(
            f"The database is from a newer version of Interlude (schema {version}, this version "
            f"knows {newest}). Install the newer version, or restore a backup made with this one."
        )
    due = [step for step in migrations if step.number > version]
    for step in due:
        async with database.transaction() as tx:
            for statement in statements(step.sql):
                await tx.execute(statement)
            await tx.execute(f"PRAGMA user_version = {step.number}")
        log.info("migration %s applied", step.name)
    return due


def statements(script: str) -> Iterator[str]:
    """Split a script into its statements; triggers keep their inner semicolons."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError(f"an unfinished statement: {pending.strip()[:80]}")
