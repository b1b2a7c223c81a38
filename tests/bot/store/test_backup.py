"""Putting files in place and aside: nothing is lost when it stops half way."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import StartError
from bot.store.backup import FileKind, copy_live, integrity_fault, kind_of, move_aside, put_in_place

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def make(file: Path, table: str = "programme", rows: int = 1) -> None:
    with closing(sqlite3.connect(file)) as database, database:
        database.execute(f"CREATE TABLE {table} (x TEXT)")
        database.executemany(f"INSERT INTO {table} VALUES (?)", [("x" * 500,)] * rows)


def count(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        return int(database.execute("SELECT count(*) FROM programme").fetchone()[0])


def test_files_are_told_by_what_they_hold(tmp_path: Path) -> None:
    make(tmp_path / "a", "programme")
    make(tmp_path / "b", "owner_keys")
    make(tmp_path / "c", "something")
    (tmp_path / "d").write_text("text", encoding="ascii")
    (tmp_path / "e").mkdir()
    kinds = [kind_of(tmp_path / name) for name in "abcdef"]
    assert kinds == [FileKind.DATABASE, FileKind.KEYS, None, None, None, None]


def test_a_copy_of_the_wrong_kind_is_refused(tmp_path: Path) -> None:
    make(tmp_path / "a", "owner_keys")
    with pytest.raises(StartError, match="not a file of Interlude's"):
        copy_live(tmp_path / "a", tmp_path / "b", FileKind.DATABASE)
    assert not (tmp_path / "b").exists()


def test_damage_is_named(tmp_path: Path) -> None:
    make(tmp_path / "a", rows=200)
    assert integrity_fault(tmp_path / "a") is None
    with (tmp_path / "a").open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * 8192)
    assert integrity_fault(tmp_path / "a")


def test_the_earlier_log_never_meets_the_fresh_file(tmp_path: Path) -> None:
    live, fresh, aside = tmp_path / "live.db", tmp_path / "fresh.db", tmp_path / "aside.db"
    make(fresh, rows=2)
    make(live, rows=5)
    with closing(sqlite3.connect(live)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO programme VALUES ('in the log only')")
        writer.commit()
        put_in_place(fresh, live, aside)
        assert not (tmp_path / "live.db-wal").exists()
    assert (count(live), count(aside)) == (2, 6)


def test_a_second_restore_replaces_what_was_kept_aside(tmp_path: Path) -> None:
    live, fresh, aside = tmp_path / "live.db", tmp_path / "fresh.db", tmp_path / "aside.db"
    make(live, rows=1)
    (tmp_path / "aside.db-wal").write_bytes(b"from an earlier restore")
    make(aside, rows=9)
    make(fresh, rows=2)

    put_in_place(fresh, live, aside)

    assert (count(live), count(aside)) == (2, 1)


def test_what_is_moved_aside_takes_its_log_along(tmp_path: Path) -> None:
    for name in ("keys.db", "keys.db-wal"):
        (tmp_path / name).touch()
    assert move_aside(tmp_path / "keys.db", NOW) == tmp_path / "keys.db.old-20260105-120000"
    assert {file.name for file in tmp_path.iterdir()} == {
        "keys.db.old-20260105-120000",
        "keys.db.old-20260105-120000-wal",
    }
    assert move_aside(tmp_path / "keys.db", NOW) is None
