"""The database: one writer behind a FIFO lock, one reader, plain SQL."""

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

import aiosqlite

from bot.errors import StartError, StoreError

log = logging.getLogger(__name__)

BUSY_SECONDS = 2.0
CHECKPOINT_WAITS = (0.05, 0.2, 1.0)
BROKEN = ("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_PROTOCOL")
NOTHING: Mapping[str, Any] = {}

PRAGMAS = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA recursive_triggers = ON;
PRAGMA secure_delete = ON;
"""

Row = sqlite3.Row
Params = Mapping[str, Any]


class Queries(Protocol):
    """What both a transaction and the database answer.

    Parameters are named and bound from mappings only: a sequence would bind by position and
    silently swap values.
    """

    async def execute(self, sql: str, params: Params = NOTHING) -> int:
        """Run one statement and return how many rows it changed."""

    async def fetch_all(self, sql: str, params: Params = NOTHING) -> Sequence[Row]:
        """Return every row."""

    async def fetch_one(self, sql: str, params: Params = NOTHING) -> Row | None:
        """Return the first row, or nothing."""


class Transaction(Queries, Protocol):
    """Statements that take effect together; reads see its own writes."""

    async def execute_many(self, sql: str, rows: Iterable[Params]) -> int:
        """Run one statement for many rows and return how many rows it changed."""


class Database(Queries, Protocol):
    """The store's way to the database."""

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Open a transaction; commits at the end, rolls back on an exception.

        Inside it, await nothing but its own statements: everyone else waits.
        """


@asynccontextmanager
async def _store_errors() -> AsyncIterator[None]:
    try:
        yield
    except sqlite3.IntegrityError:
        raise
    except (sqlite3.Error, ValueError) as error:
        # aiosqlite says ValueError("no active connection") once a connection broke.
        raise StoreError(str(error)) from error


class _Connection:
    # Every call is one trip to the connection's thread; a cursor that is closed, or asked for its
    # rows, costs one more each.
    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def execute(self, sql: str, params: Params = NOTHING) -> int:
        async with _store_errors():
            return (await self._connection.execute(sql, params)).rowcount

    async def execute_many(self, sql: str, rows: Iterable[Params]) -> int:
        async with _store_errors():
            return (await self._connection.executemany(sql, rows)).rowcount

    async def fetch_all(self, sql: str, params: Params = NOTHING) -> Sequence[Row]:
        async with _store_errors():
            return list(await self._connection.execute_fetchall(sql, params))

    async def fetch_one(self, sql: str, params: Params = NOTHING) -> Row | None:
        rows = await self.fetch_all(sql, params)
        return rows[0] if rows else None

    async def close(self) -> None:
        await self._connection.close()


class SqliteDatabase:
    """SQLite through aiosqlite: WAL, one writer connection and one reader connection."""

    def __init__(
        self, writer: aiosqlite.Connection, reader: aiosqlite.Connection, file: Path
    ) -> None:
        self._writer = _Connection(writer)
        self._reader = _Connection(reader)
        self._file = file
        self._lock = asyncio.Lock()
        self._renewing = asyncio.Lock()
        self._is_closed = False

    async def execute(self, sql: str, params: Params = NOTHING) -> int:
        """Run one statement on the writer; it commits by itself."""
        async with self._lock:
            return await self._writer.execute(sql, params)

    async def fetch_all(self, sql: str, params: Params = NOTHING) -> Sequence[Row]:
        """Return every row, as of the last commit."""
        reader = self._reader
        try:
            return await reader.fetch_all(sql, params)
        except StoreError as error:
            if self._is_closed or not _is_broken(error):
                raise
            return await (await self._renewed(reader)).fetch_all(sql, params)

    async def fetch_one(self, sql: str, params: Params = NOTHING) -> Row | None:
        """Return the first row as of the last commit, or nothing."""
        rows = await self.fetch_all(sql, params)
        return rows[0] if rows else None

    async def _renewed(self, broken: _Connection) -> _Connection:
        """Open the reader's connection anew, once for all who met the broken one.

        Raises:
            StoreError: It cannot be opened.
        """
        async with self._renewing:
            if self._reader is broken:
                log.warning("the reader's connection broke and is opened again")
                async with _store_errors():
                    self._reader = _Connection(await _connect(self._file))
                try:
                    await broken.close()
                except (sqlite3.Error, ValueError) as error:
                    log.info("what was left of the broken connection: %s", error)
            return self._reader

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Open a transaction on the writer; callers are served in order."""
        async with self._lock:
            try:
                await self._writer.execute("BEGIN IMMEDIATE")
            except asyncio.CancelledError:
                # The connection's thread begins it all the same, and nobody would end it.
                await asyncio.shield(self._roll_back())
                raise
            try:
                yield self._writer
                await self._writer.execute("COMMIT")
            except BaseException:
                await asyncio.shield(self._roll_back())
                raise

    async def _roll_back(self) -> None:
        try:
            await self._writer.execute("ROLLBACK")
        except StoreError as error:
            log.warning("a transaction could not be rolled back: %s", error)

    async def checkpoint(self) -> bool:
        """Write the log into the file and empty it, so that it holds nothing deleted any more.

        Returns:
            Whether it was emptied; not while somebody else reads from it.
        """
        for wait in (*CHECKPOINT_WAITS, None):
            async with self._lock:
                # Readers are waited for without the lock: nobody else waits meanwhile.
                await self._writer.execute("PRAGMA busy_timeout = 0")
                row = await self._writer.fetch_one("PRAGMA wal_checkpoint(TRUNCATE)")
                await self._writer.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
            if row is not None and row[0] == 0:
                return True
            if wait is not None:
                await asyncio.sleep(wait)
        return False

    async def close(self) -> None:
        """Close both connections."""
        self._is_closed = True
        await self._reader.close()
        await self._writer.close()


async def _connect(file: Path) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(
        file, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False
    )
    try:
        connection.row_factory = sqlite3.Row
        for pragma in PRAGMAS.strip().splitlines():
            await connection.execute(pragma)
    except sqlite3.Error:
        await connection.close()
        raise
    return connection


def _is_broken(error: StoreError) -> bool:
    """Tell whether a connection can answer nothing any more, rather than this one question."""
    cause = error.__cause__
    if isinstance(cause, ValueError) or "closed" in str(cause):
        return True
    name = getattr(cause, "sqlite_errorname", "")
    return name.startswith(BROKEN)


@asynccontextmanager
async def open_database(file: Path) -> AsyncIterator[SqliteDatabase]:
    """Open the database file, making it where it is not there.

    Raises:
        StartError: The file or its directory cannot be written, or it is not a database.
    """
    connections: list[aiosqlite.Connection] = []
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(2):
            connections.append(await _connect(file))  # noqa: PERF401 - the first is closed where the second fails
        await connections[0].execute("BEGIN IMMEDIATE")
        await connections[0].execute("ROLLBACK")
    except (sqlite3.Error, OSError) as error:
        for connection in connections:
            await connection.close()
        raise StartError(
            f"The database {file} cannot be used ({error}). Check that the directory exists, has "
            "room and belongs to the user who runs Interlude, or name another one in "
            "INTERLUDE_DATA_DIR."
        ) from error
    writer, reader = connections
    database = SqliteDatabase(writer, reader, file)
    try:
        yield database
    finally:
        await database.close()
