"""From the fork to ready, and memory at rest, above the yardstick's."""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.figures import Figure, megabytes, middle, milliseconds
from benchmarks.processes import Discord, bare_bot, discord, furnish, interlude

STARTS = 3
REST_SECONDS = 1.0
START_LIMIT = 1.5
MEMORY_LIMIT = 60 * 1024 * 1024


async def measure(directory: Path) -> list[Figure]:
    """Start both bots in turn, the first start of each left out."""
    async with discord() as place:
        await furnish(place)
        first = (await _bare(place, directory), await _own(place, directory))
        bare = [await _bare(place, directory) for _ in range(STARTS)]
        own = [await _own(place, directory) for _ in range(STARTS)]
    # Of each, the start that was disturbed least by the rest of the machine.
    times = min(ready for ready, _ in bare), min(ready for ready, _ in own)
    sizes = middle([size for _, size in bare]), middle([size for _, size in own])
    more_time, more_memory = times[1] - times[0], sizes[1] - sizes[0]
    return [
        Figure(
            row="start",
            what="start to ready, above bare",
            target=f"at most {START_LIMIT} s",
            measured=f"{milliseconds(more_time)} ({milliseconds(times[0])} -> "
            f"{milliseconds(times[1])}; first start {milliseconds(first[1][0])})",
            passed=more_time <= START_LIMIT,
            values={"bare_s": times[0], "own_s": times[1], "own_first_s": first[1][0]},
        ),
        Figure(
            row="memory",
            what="resident memory at rest, above bare",
            target=f"at most {megabytes(MEMORY_LIMIT)}",
            measured=f"{megabytes(more_memory)} ({megabytes(sizes[0])} -> {megabytes(sizes[1])})",
            passed=more_memory <= MEMORY_LIMIT,
            values={"bare_bytes": sizes[0], "own_bytes": sizes[1]},
        ),
    ]


async def _bare(place: Discord, directory: Path) -> tuple[float, int]:
    async with bare_bot(place, directory / "bare.db") as bot:
        await asyncio.sleep(REST_SECONDS)
        return bot.ready_after, bot.resident()


async def _own(place: Discord, directory: Path) -> tuple[float, int]:
    async with interlude(place, directory) as bot:
        await asyncio.sleep(REST_SECONDS)
        return bot.ready_after, bot.resident()
