"""Many prompts due in one minute: how long the loop stands still while they are planned."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from discord.utils import utcnow

from benchmarks.figures import Figure, middle, milliseconds
from bot.app import open_app
from bot.config import Settings
from tests.wire import fill
from tests.wire.bots import settings_of

PROMPTS = 5_000
ROUNDS = 3
TICK = 0.001
LIMIT = 0.020
KIND = "checkin.prompt"

T = TypeVar("T")


async def measure(directory: Path) -> list[Figure]:
    """Plan the same burst on a fresh store some times; the middle of the longest stalls."""
    stalls, quiet, taken = [], [], []
    for number in range(ROUNDS):
        settings = await _fill(directory / str(number))
        stall, still, seconds = await _plan(settings)
        stalls.append(stall)
        quiet.append(still)
        taken.append(seconds)
    stall = middle(stalls)
    return [
        Figure(
            row="burst",
            what=f"{PROMPTS:,} prompts due in one minute, longest stall of the loop",
            target=f"at most {milliseconds(LIMIT)}",
            measured=f"{milliseconds(stall)} (idle loop {milliseconds(middle(quiet))}; "
            f"planned in {milliseconds(middle(taken))})",
            passed=stall <= LIMIT,
            values={
                "stall_s": stall,
                "worst_stall_s": max(stalls),
                "idle_s": middle(quiet),
                "planned_s": middle(taken),
            },
        )
    ]


async def _fill(directory: Path) -> Settings:
    begun = utcnow() - timedelta(hours=1)
    at = (begun + timedelta(minutes=30)).time().replace(second=0, microsecond=0)
    await fill.found(directory, guild_id=1, now=begun, kind=KIND, at=at)
    fill.multiply(directory, [(10**18 + n, 2 * 10**18 + n) for n in range(PROMPTS)])
    return settings_of(directory)


async def _plan(settings: Settings) -> tuple[float, float, float]:
    async with open_app(settings) as app:
        # The planner alone: what it makes is then sent at the pacer's 45 a second.
        planner = app.scheduler._planner
        still, _ = await longest_stall(lambda: asyncio.sleep(0.5))
        begun = time.perf_counter()
        stall, planned = await longest_stall(lambda: planner.run(utcnow()))
        seconds = time.perf_counter() - begun
        if planned != PROMPTS:
            raise RuntimeError(f"{planned} of {PROMPTS} prompts were planned")
        return stall, still, seconds


async def longest_stall(work: Callable[[], Awaitable[T]]) -> tuple[float, T]:
    """How late the latest of many short sleeps came while ``work`` went on."""
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            begun = time.perf_counter()
            await asyncio.sleep(TICK)
            longest = max(longest, time.perf_counter() - begun - TICK)

    gc.collect()
    watching = asyncio.create_task(watch())
    await asyncio.sleep(0)
    try:
        result = await work()
        await asyncio.sleep(2 * TICK)  # For a stall at the very end to be seen.
    finally:
        watching.cancel()
    return longest, result
