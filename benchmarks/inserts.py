"""Inserts while a long report runs, beside inserts in quiet."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from benchmarks.figures import Figure, milliseconds, quantile
from bot.store.database import Database, open_database

ROUNDS = 15
COUNT = 300
SCHEMA = "CREATE TABLE entries (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT) STRICT"
INSERT = "INSERT INTO entries (at, text) VALUES (:at, :text)"
# Heavy on purpose: a report of about 110 ms on the reader connection.
REPORT = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :size)
SELECT sum(n * n % 7) AS total, (SELECT count(*) FROM entries) AS kept FROM numbers
"""
REPORT_SECONDS = 0.11
LIMIT = 2.0


async def measure(directory: Path) -> list[Figure]:
    """Compare the slowest hundredth of inserts, with and without a report."""
    async with open_database(directory / "inserts.db") as database:
        await database.execute(SCHEMA)
        size = await _calibrate(database)
        await _insert(database, COUNT)
        quiet: list[float] = []
        busy: list[float] = []
        for _ in range(ROUNDS):
            quiet.append(quantile(await _insert(database, COUNT), 0.99))
            busy.append(quantile(await _insert_during_reports(database, size), 0.99))
    # Of each, the round that was disturbed least by the rest of the machine.
    before, during = min(quiet), min(busy)
    return [
        Figure(
            row="insert",
            what="insert p99 while 110 ms reports run, against the quiet one",
            target=f"at most {LIMIT:.0f} x",
            measured=f"{during / before:.2f} x ({milliseconds(before)} -> {milliseconds(during)})",
            passed=during <= LIMIT * before,
            values={"quiet_p99_s": before, "during_p99_s": during, "report_size": size},
        )
    ]


async def _calibrate(database: Database) -> int:
    """Find how many numbers make a report of about the wanted length here."""
    size = 20_000
    begun = time.perf_counter()
    await database.fetch_all(REPORT, {"size": size})
    return max(size, int(size * REPORT_SECONDS / (time.perf_counter() - begun)))


async def _insert(database: Database, count: int) -> list[float]:
    taken = []
    for number in range(count):
        begun = time.perf_counter()
        await database.execute(INSERT, {"at": number, "text": "x" * 100})
        taken.append(time.perf_counter() - begun)
    return taken


async def _insert_during_reports(database: Database, size: int) -> list[float]:
    done = asyncio.Event()

    async def report() -> None:
        while not done.is_set():
            await database.fetch_all(REPORT, {"size": size})

    reports = asyncio.create_task(report())
    try:
        return await _insert(database, COUNT)
    finally:
        done.set()
        await reports
