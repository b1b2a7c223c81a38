"""One process that holds many people's reminders, in either way: what ``jobs`` measures.

``python -m benchmarks.many rows DIRECTORY`` opens a store; ``... jobs COUNT`` gives each person a
job of APScheduler. Both print their figures as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from datetime import UTC, timedelta
from pathlib import Path

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from discord.utils import utcnow

from benchmarks.burst import longest_stall
from bot.app import open_app
from tests.wire.bots import settings_of

DUE = 5_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What holding and firing cost.

    Attributes:
        start_s: Until everything is armed after a restart, above an empty start.
        memory: What that took, in bytes.
        each_s: Processor time for each one that was due.
        stall_s: The longest stall of the loop while they were handled.
    """

    start_s: float
    memory: int
    each_s: float
    stall_s: float


async def hold_rows(directory: Path) -> Held:
    """Open a full store beside an empty one, then plan what is due."""
    await _open(directory / "empty")  # Everything is imported and compiled by now.
    empty_s, _ = await _open(directory / "empty")
    full_s, memory = await _open(directory / "full")
    async with open_app(settings_of(directory / "full")) as app:
        planner = app.scheduler._planner
        spent = time.process_time()
        stall, planned = await longest_stall(lambda: planner.run(utcnow()))
        spent = time.process_time() - spent
    if planned != DUE:
        raise RuntimeError(f"{planned} of {DUE} were planned")
    return Held(start_s=full_s - empty_s, memory=memory, each_s=spent / DUE, stall_s=stall)


async def _open(directory: Path) -> tuple[float, int]:
    before, begun = _resident(), time.perf_counter()
    async with open_app(settings_of(directory)) as app:
        await app.stores.schedules.next_due()
        return time.perf_counter() - begun, _resident() - before


async def hold_jobs(count: int) -> Held:
    """Give each person a daily job, as must be done anew at each start, then let some be due.

    The jobs do nothing, and no row is written: what they cost is APScheduler's part alone.
    """
    done = asyncio.Event()
    fired = 0

    async def remind(person: str) -> None:
        nonlocal fired
        fired += 1
        if fired == DUE:
            done.set()

    settings = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=settings)
    scheduler.start(paused=True)
    later, now = utcnow() + timedelta(hours=6), utcnow()
    before, begun = _resident(), time.perf_counter()
    for number in range(count):
        trigger = CronTrigger(hour=later.hour, minute=number % 60, timezone=UTC)
        due = {"next_run_time": now} if number < DUE else {}
        scheduler.add_job(remind, trigger, args=[f"person {number}"], id=str(number), **due)
    start_s, memory = time.perf_counter() - begun, _resident() - before

    async def fire() -> None:
        scheduler.resume()
        await done.wait()

    spent = time.process_time()
    stall, _ = await longest_stall(fire)
    spent = time.process_time() - spent
    scheduler.shutdown(wait=False)
    return Held(start_s=start_s, memory=memory, each_s=spent / DUE, stall_s=stall)


def _resident() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmRSS in /proc/self/status")


def main() -> None:
    """Measure what the command line names."""
    way, what = sys.argv[1:]
    work = hold_rows(Path(what)) if way == "rows" else hold_jobs(int(what))
    print(json.dumps(asdict(asyncio.run(work))))


if __name__ == "__main__":
    main()
