"""Many schedules as rows, beside one APScheduler job for each person, in the same run."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from discord.utils import utcnow

from benchmarks.figures import Figure, megabytes, milliseconds
from benchmarks.many import DUE, Held
from bot.config import ROOT
from bot.store.times import to_us
from tests.wire import fill
from tests.wire.bots import database_file

PEOPLE = 20_000
EACH = 5
"""Schedules of each: 100,000 in all. APScheduler holds one job a person, a fifth as many, in its
own memory store; the time it takes to start grows faster than their number."""

SCHEDULES = PEOPLE * EACH
KIND = "checkin.prompt"
START_LIMIT = 0.25
MEMORY_LIMIT = 30 * 1024 * 1024
STALL_LIMIT = 0.020


async def measure(directory: Path) -> list[Figure]:
    """Hold and fire the same number that are due in both ways, each in its own process."""
    await _fill(directory / "full", PEOPLE)
    await _fill(directory / "empty", 0)
    rows = await _run("rows", str(directory))
    jobs = await _run("jobs", str(PEOPLE))
    return [
        _figure(
            "armed after a restart, above empty",
            f"at most {milliseconds(START_LIMIT)}",
            milliseconds(rows.start_s),
            milliseconds(jobs.start_s),
            passed=rows.start_s <= START_LIMIT,
            values={"rows_s": rows.start_s, "jobs_s": jobs.start_s},
        ),
        _figure(
            "memory of that",
            f"at most {megabytes(MEMORY_LIMIT)}",
            megabytes(rows.memory),
            megabytes(jobs.memory),
            passed=rows.memory <= MEMORY_LIMIT,
            values={"rows_bytes": rows.memory, "jobs_bytes": jobs.memory},
        ),
        _figure(
            f"longest stall of the loop with {DUE:,} due at once",
            f"at most {milliseconds(STALL_LIMIT)}",
            milliseconds(rows.stall_s),
            milliseconds(jobs.stall_s),
            passed=rows.stall_s <= STALL_LIMIT,
            values={"rows_s": rows.stall_s, "jobs_s": jobs.stall_s},
        ),
        _figure(
            "processor time for each that is due",
            "",
            f"{rows.each_s * 1e6:.0f} us, its check-in and outbox row written",
            f"{jobs.each_s * 1e6:.0f} us, nothing written",
            passed=None,
            values={"rows_s": rows.each_s, "jobs_s": jobs.each_s},
        ),
    ]


def _figure(
    what: str,
    target: str,
    rows: str,
    jobs: str,
    *,
    passed: bool | None,
    values: dict[str, float],
) -> Figure:
    return Figure(
        row="jobs",
        what=f"{SCHEDULES:,} schedules of {PEOPLE:,} people as rows, beside one APScheduler job "
        f"for each person: {what}",
        target=target,
        measured=f"{rows} (jobs: {jobs})",
        passed=passed,
        values=values,
    )


async def _fill(directory: Path, count: int) -> None:
    begun = utcnow() - timedelta(hours=1)
    at = (begun + timedelta(minutes=30)).time().replace(second=0, microsecond=0)
    await fill.found(directory, guild_id=1, now=begun, kind=KIND, at=at)
    people = [(10**18 + n, 2 * 10**18 + n) for n in range(count)]
    await asyncio.to_thread(fill.multiply, directory, people, EACH)
    with closing(sqlite3.connect(database_file(directory))) as database, database:
        # The rest has had today's already.
        database.execute(
            "UPDATE schedules SET decided_until = :now, next_due_at = next_due_at + :day "
            "WHERE rowid NOT IN (SELECT rowid FROM schedules LIMIT :due)",
            {
                "now": to_us(utcnow()),
                "day": timedelta(days=1) // timedelta(microseconds=1),
                "due": DUE,
            },
        )


async def _run(*arguments: str) -> Held:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "benchmarks.many",
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"benchmarks.many {arguments[0]} ended with {process.returncode}")
    return Held(**json.loads(told.splitlines()[-1]))
