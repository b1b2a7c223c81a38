"""Copies of the database and of the wrapped keys, kept apart, and putting a database back."""

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from bot.errors import StartError

KEY_COPY_LIFE = timedelta(days=7)
STAMP = "%Y%m%d-%H%M%S"
KEY_COPY = re.compile(r"interlude-keys-(\d{8}-\d{6})\.db")
MAGIC = b"SQLite format 3\0"
SIDE_FILES = ("-wal", "-shm")


class FileKind(StrEnum):
    """What one of our SQLite files holds; the value is a table only it has."""

    DATABASE = "programme"
    KEYS = "owner_keys"


def database_copy_name(now: datetime) -> str:
    """Name a copy of the database."""
    return f"interlude-{now.strftime(STAMP)}.db"


def key_copy_name(now: datetime) -> str:
    """Name a copy of the wrapped keys."""
    return f"interlude-keys-{now.strftime(STAMP)}.db"


def kind_of(file: Path) -> FileKind | None:
    """Say what a file holds, nothing where it is not one of ours.

    Raises:
        sqlite3.Error: It is an SQLite file and damaged.
    """
    if not file.is_file():
        return None
    with file.open("rb") as stream:
        if stream.read(len(MAGIC)) != MAGIC:
            return None
    with _reading(file) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    return next((kind for kind in FileKind if kind.value in tables), None)


def holds_kind(directory: Path, kind: FileKind) -> Path | None:
    """Find a file of a kind in a directory; a damaged one may be one."""
    for file in sorted(directory.glob("*")):
        try:
            if kind_of(file) is kind:
                return file
        except (OSError, sqlite3.Error):
            continue
    return None


def copy_live(source: Path, target: Path, kind: FileKind) -> None:
    """Copy one of our files while it may be in use, and prove the copy whole.

    Raises:
        StartError: There is nothing to copy, the target exists or cannot be written, or the
            file is damaged.
    """
    if target.exists():
        raise StartError(f"{target} exists already, and a backup never overwrites. Name another.")
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        if kind_of(source) is not kind:
            raise StartError(
                f"{source} is missing or not a file of Interlude's, so it is not copied."
            )
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with _reading(source) as reader, closing(sqlite3.connect(part)) as writer:
            reader.backup(writer)
            writer.execute("PRAGMA journal_mode = DELETE")
        if (fault := integrity_fault(part)) is not None:
            raise StartError(f"{source} is damaged ({fault}), so it is not copied.")
        # Taking the name first: a file that came to be meanwhile is not overwritten either.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise StartError(f"{source} cannot be copied to {target} ({error}).") from error
    finally:
        part.unlink(missing_ok=True)


def integrity_fault(file: Path) -> str | None:
    """Read a whole SQLite file and say what is wrong with it first, if anything is."""
    try:
        with _reading(file) as connection:
            answer = str(connection.execute("PRAGMA integrity_check(1)").fetchone()[0])
    except sqlite3.Error as error:
        return str(error)
    return None if answer == "ok" else answer


def expire_key_copies(directory: Path, now: datetime) -> Sequence[Path]:
    """Delete our copies of the keys that are over seven days old, and return them.

    A key destroyed today is thus out of every copy within seven days.
    """
    old = [
        file
        for file in sorted(directory.iterdir())
        if (match := KEY_COPY.fullmatch(file.name))
        and now - datetime.strptime(match[1], STAMP).replace(tzinfo=UTC) > KEY_COPY_LIFE
    ]
    for file in old:
        file.unlink()
    return old


def put_in_place(fresh: Path, live: Path, aside: Path) -> None:
    """Replace the live database by a fresh file; the earlier one is kept aside.

    At no moment is there no database, and the earlier one's log never meets the fresh file.

    Raises:
        StartError: A file cannot be moved.
    """
    try:
        for suffix in ("", *SIDE_FILES):
            _beside(aside, suffix).unlink(missing_ok=True)
        if live.exists():
            shutil.copy2(live, aside)
        for suffix in SIDE_FILES:
            if _beside(live, suffix).exists():
                _beside(live, suffix).replace(_beside(aside, suffix))
        fresh.replace(live)
    except OSError as error:
        raise StartError(f"{live} cannot be replaced ({error}).") from error


def move_aside(file: Path, now: datetime) -> Path | None:
    """Rename a file and its side files, and return the new name, nothing where there is none.

    Raises:
        StartError: It cannot be renamed.
    """
    if not file.exists():
        return None
    aside = file.with_name(f"{file.name}.old-{now.strftime(STAMP)}")
    try:
        for suffix in SIDE_FILES:
            if _beside(file, suffix).exists():
                _beside(file, suffix).replace(_beside(aside, suffix))
        file.replace(aside)
    except OSError as error:
        raise StartError(f"{file} cannot be renamed ({error}).") from error
    return aside


def _beside(file: Path, suffix: str) -> Path:
    return file.with_name(file.name + suffix)


@contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        yield connection
