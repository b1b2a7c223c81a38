"""What the benchmarks run: a loopback Discord, the yardstick and Interlude."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from tests.wire.bots import INTERLUDE, READY, BotProcess, interlude_environment, running_bot
from tests.wire.loopback.process import LoopbackProcess
from tests.wire.loopback.remote import Remote

BARE = ("-m", "benchmarks.bare")
BARE_READY = "ready"


@dataclass(frozen=True, kw_only=True, slots=True)
class Discord:
    """A loopback Discord and the control of it."""

    process: LoopbackProcess
    remote: Remote


@contextlib.asynccontextmanager
async def discord() -> AsyncIterator[Discord]:
    """Run a loopback Discord for the length of a block, without a global limit."""
    process = LoopbackProcess()
    try:
        async with Remote(process.address) as remote:
            await remote.call("reset", per_second=None)
            yield Discord(process=process, remote=remote)
    finally:
        process.stop()


@contextlib.asynccontextmanager
async def bare_bot(place: Discord, file: Path) -> AsyncIterator[BotProcess]:
    """Run the yardstick until it is ready and for the length of a block."""
    async with running_bot([*BARE, str(file)], place.process.environment()) as bot:
        await bot.until_ready(BARE_READY)
        yield bot


@contextlib.asynccontextmanager
async def interlude(place: Discord, directory: Path) -> AsyncIterator[BotProcess]:
    """Run Interlude as an operator does until it is ready and for the length of a block."""
    environment = interlude_environment(place.process, directory)
    async with running_bot(INTERLUDE, environment) as bot:
        await bot.until_ready(READY)
        yield bot


@dataclass(frozen=True, kw_only=True, slots=True)
class Town:
    """A server with some people in it."""

    guild: int
    channel: int
    people: list[tuple[int, int]]

    @property
    def first(self) -> int:
        """Somebody."""
        return self.people[0][0]


async def furnish(place: Discord, people: int = 50) -> Town:
    """Make a server with people who have a DM channel with the bot."""
    guild = await place.remote.call("guild", name="Clinic")
    channel = await place.remote.call("channel", guild=guild, name="general")
    crowd = await place.remote.call("crowd", guild=guild, count=people)
    return Town(guild=guild, channel=channel, people=[(user, dm) for user, dm in crowd])
