"""A restart with many schedules, above one with an empty store."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

from discord.utils import utcnow

from benchmarks.figures import Figure, megabytes, middle, milliseconds
from benchmarks.processes import Discord, Town, discord, furnish, interlude
from tests.wire import fill

SCHEDULES = 100_000
EACH = 5
STARTS = 3
REST_SECONDS = 1.0
TIME_LIMIT = 0.25
MEMORY_LIMIT = 30 * 1024 * 1024
KIND = "checkin.prompt"


async def measure(directory: Path) -> list[Figure]:
    """Start Interlude on a full and on an empty store in turn."""
    full, empty = directory / "full", directory / "empty"
    async with discord() as place:
        town = await furnish(place, SCHEDULES // EACH)
        await _fill(full, town)
        for store in (full, empty):
            await _start(place, store)
        pairs = [(await _start(place, empty), await _start(place, full)) for _ in range(STARTS)]
    # Of each, the start that was disturbed least by the rest of the machine.
    times = min(low[0] for low, _ in pairs), min(high[0] for _, high in pairs)
    sizes = middle([low[1] for low, _ in pairs]), middle([high[1] for _, high in pairs])
    more_time, more_memory = times[1] - times[0], sizes[1] - sizes[0]
    what = f"restart with {SCHEDULES:,} schedules of {SCHEDULES // EACH:,} people, above empty"
    return [
        Figure(
            row="restart",
            what=what,
            target=f"at most {milliseconds(TIME_LIMIT)}",
            measured=f"{milliseconds(more_time)} ({milliseconds(times[0])} -> "
            f"{milliseconds(times[1])})",
            passed=more_time <= TIME_LIMIT,
            values={"empty_s": times[0], "full_s": times[1]},
        ),
        Figure(
            row="restart",
            what="memory of that restart, above empty",
            target=f"at most {megabytes(MEMORY_LIMIT)}",
            measured=f"{megabytes(more_memory)} ({megabytes(sizes[0])} -> {megabytes(sizes[1])})",
            passed=more_memory <= MEMORY_LIMIT,
            values={"empty_bytes": sizes[0], "full_bytes": sizes[1]},
        ),
    ]


async def _fill(directory: Path, town: Town) -> None:
    now = utcnow()
    at = (now - timedelta(hours=2)).time().replace(microsecond=0)
    await fill.found(directory, guild_id=town.guild, now=now, kind=KIND, at=at)
    await asyncio.to_thread(fill.multiply, directory, town.people, EACH)


async def _start(place: Discord, directory: Path) -> tuple[float, int]:
    async with interlude(place, directory) as bot:
        await asyncio.sleep(REST_SECONDS)
        return bot.ready_after, bot.resident()
