"""The database on a real file: transactions, readers, order, and what a broken file says."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StartError, StoreError
from bot.store.database import SqliteDatabase, open_database


class ChangedMindError(Exception):
    """Ends a transaction early."""


@pytest.fixture
async def notes(tmp_path: Path) -> AsyncIterator[SqliteDatabase]:
    """A database with one table."""
    async with open_database(tmp_path / "notes.db") as database:
        await database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT")
        yield database


async def texts(database: SqliteDatabase) -> list[str]:
    return [row["text"] for row in await database.fetch_all("SELECT text FROM notes ORDER BY id")]


async def add(database: SqliteDatabase, text: str) -> int:
    return await database.execute("INSERT INTO notes (text) VALUES (:text)", {"text": text})


async def test_a_statement_commits_by_itself_and_counts_rows(notes: SqliteDatabase) -> None:
    assert await add(notes, "one") == 1
    assert await notes.execute("UPDATE notes SET text = 'two'") == 1
    assert await notes.execute("DELETE FROM notes WHERE text = 'three'") == 0
    assert await texts(notes) == ["two"]


async def test_fetch_one_returns_the_first_row_or_nothing(notes: SqliteDatabase) -> None:
    assert await notes.fetch_one("SELECT * FROM notes") is None
    await add(notes, "one")
    row = await notes.fetch_one("SELECT * FROM notes")
    assert row is not None
    assert row["text"] == "one"


async def test_a_transaction_sees_its_own_writes_and_readers_do_not(notes: SqliteDatabase) -> None:
    async with notes.transaction() as tx:
        await tx.execute_many(
            "INSERT INTO notes (text) VALUES (:text)", [{"text": "one"}, {"text": "two"}]
        )
        inside = await tx.fetch_all("SELECT * FROM notes")
        outside = await texts(notes)
    assert (len(inside), outside) == (2, [])
    assert await texts(notes) == ["one", "two"]


async def test_an_exception_takes_the_whole_transaction_back(notes: SqliteDatabase) -> None:
    async def work() -> None:
        async with notes.transaction() as tx:
            await tx.execute("INSERT INTO notes (text) VALUES ('one')")
            raise ChangedMindError

    with pytest.raises(ChangedMindError):
        await work()

    assert await texts(notes) == []
    assert await add(notes, "later") == 1


async def test_a_broken_rule_takes_the_transaction_back_and_keeps_its_name(
    notes: SqliteDatabase,
) -> None:
    async def work() -> None:
        async with notes.transaction() as tx:
            await tx.execute("INSERT INTO notes VALUES (1, 'one')")
            await tx.execute("INSERT INTO notes VALUES (1, 'again')")

    with pytest.raises(sqlite3.IntegrityError):
        await work()

    assert await texts(notes) == []


async def test_a_cancelled_transaction_lets_the_next_one_in(notes: SqliteDatabase) -> None:
    inside = asyncio.Event()

    async def work() -> None:
        async with notes.transaction() as tx:
            await tx.execute("INSERT INTO notes (text) VALUES ('one')")
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert await add(notes, "two") == 1
    assert await texts(notes) == ["two"]


async def test_a_transaction_cut_off_as_it_begins_lets_the_next_one_in(
    notes: SqliteDatabase,
) -> None:
    async def begin() -> None:
        async with notes.transaction():
            raise AssertionError("it was cut off before")

    task = asyncio.create_task(begin())
    await asyncio.sleep(0)  # The statement is with the connection's thread now.
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    async with notes.transaction() as tx:
        await tx.execute("INSERT INTO notes (text) VALUES ('kept')")
    assert await texts(notes) == ["kept"]


async def test_transactions_are_served_in_the_order_they_asked(notes: SqliteDatabase) -> None:
    async def work(number: int) -> None:
        async with notes.transaction() as tx:
            count = await tx.fetch_one("SELECT count(*) AS n FROM notes")
            assert count is not None
            await tx.execute(
                "INSERT INTO notes (text) VALUES (:text)", {"text": f"{number}:{count['n']}"}
            )

    await asyncio.gather(*(work(number) for number in range(20)))

    assert await texts(notes) == [f"{number}:{number}" for number in range(20)]


async def test_foreign_keys_and_strict_types_hold(notes: SqliteDatabase) -> None:
    await notes.execute(
        "CREATE TABLE parts (note_id INTEGER REFERENCES notes (id) ON DELETE CASCADE) STRICT"
    )
    with pytest.raises(sqlite3.IntegrityError):
        await notes.execute("INSERT INTO parts VALUES (7)")
    with pytest.raises(sqlite3.IntegrityError):
        await notes.execute("INSERT INTO parts VALUES ('seven')")

    await notes.execute("INSERT INTO notes VALUES (7, 'x')")
    await notes.execute("INSERT INTO parts VALUES (7)")
    await notes.execute("DELETE FROM notes")

    assert await notes.fetch_all("SELECT * FROM parts") == []


async def test_deleted_text_does_not_stay_in_the_file(tmp_path: Path) -> None:
    async with open_database(tmp_path / "notes.db") as notes:
        await notes.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT")
        await add(notes, "a-very-particular-word")
        await notes.execute("DELETE FROM notes")
    # Closing checkpoints the log and removes it.
    assert b"a-very-particular-word" not in (tmp_path / "notes.db").read_bytes()
    assert not (tmp_path / "notes.db-wal").exists()


async def test_a_locked_database_is_a_store_error(
    notes: SqliteDatabase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await notes.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(tmp_path / "notes.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            await add(notes, "one")
        assert await texts(notes) == []
        other.execute("ROLLBACK")
    assert await add(notes, "one") == 1


async def test_a_missing_table_is_a_store_error(notes: SqliteDatabase) -> None:
    with pytest.raises(StoreError, match="no such table"):
        await notes.fetch_all("SELECT * FROM elsewhere")


async def test_a_closed_database_is_a_store_error(tmp_path: Path) -> None:
    async with open_database(tmp_path / "notes.db") as notes:
        pass
    with pytest.raises(StoreError):
        await notes.fetch_all("SELECT 1")


async def test_a_reader_that_broke_is_opened_again(notes: SqliteDatabase) -> None:
    await add(notes, "one")
    await notes._reader.close()

    both = await asyncio.gather(texts(notes), texts(notes))

    assert both == [["one"], ["one"]]
    assert await texts(notes) == ["one"]


async def test_a_question_that_is_wrong_opens_no_other_reader(notes: SqliteDatabase) -> None:
    reader = notes._reader

    with pytest.raises(StoreError):
        await notes.fetch_all("SELECT * FROM nowhere")

    assert notes._reader is reader


async def test_parameters_are_bound_by_name(notes: SqliteDatabase) -> None:
    await notes.execute(
        "INSERT INTO notes VALUES (:id, :text)", {"text": "); DROP TABLE notes; --", "id": 3}
    )
    row = await notes.fetch_one("SELECT * FROM notes WHERE id = :id", {"id": 3})
    assert row is not None
    assert row["text"] == "); DROP TABLE notes; --"


@pytest.mark.parametrize(
    "content", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
async def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.db"
    file.write_bytes(content)
    with pytest.raises(StartError, match=r"cannot be used .* Check that"):
        async with open_database(file):
            pytest.fail("it opened")


async def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StartError, match="INTERLUDE_DATA_DIR"):
        async with open_database(tmp_path / "file" / "x.db"):
            pytest.fail("it opened")
