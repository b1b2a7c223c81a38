"""An Interlude of one test: its directory, its people and its process."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from discord.utils import utcnow

from bot.services.crisis import CHECK_BACK
from tests.wire import fill
from tests.wire.bots import INTERLUDE, READY, BotProcess, interlude_environment, running_bot
from tests.wire.loopback.process import LoopbackProcess
from tests.wire.loopback.remote import Remote
from tests.wire.place import Place

T = TypeVar("T")

SENDS = "/channels/*/messages"
WAIT_SECONDS = 20


class Home:
    """An Interlude's directory, and the process on it."""

    def __init__(self, directory: Path, loopback: LoopbackProcess, wire: Remote) -> None:
        self.directory = directory
        self.wire = wire
        self.environment = interlude_environment(loopback, directory)

    @contextlib.asynccontextmanager
    async def started(self, **changed: str) -> AsyncIterator[BotProcess]:
        """Run the bot for the length of a block, whether or not it gets ready."""
        async with running_bot(INTERLUDE, self.environment | changed) as bot:
            yield bot

    @contextlib.asynccontextmanager
    async def ready(self) -> AsyncIterator[BotProcess]:
        """Run the bot for the length of a block, ready at its beginning."""
        async with self.started() as bot:
            await bot.until_ready(READY)
            yield bot

    async def people(self, place: Place, *users: int) -> list[int]:
        """Let these people have joined, with notes by DM; their DM channels."""
        now = utcnow()
        at = (now - timedelta(hours=2)).time().replace(microsecond=0)
        await fill.found(self.directory, guild_id=place.guild, now=now, kind="wire.none", at=at)
        known = [(user, int(await self.wire.call("dm", user=user))) for user in users]
        fill.multiply(self.directory, known, 0)
        return [channel for _, channel in known]

    async def until(self, find: Callable[[], T | None]) -> T:
        """Wait until ``find`` finds something in the database."""
        async with asyncio.timeout(WAIT_SECONDS):
            while (found := find()) is None:  # noqa: ASYNC110 - nothing signals another process
                await asyncio.sleep(0.02)
            return found

    async def until_states(self, *states: str) -> None:
        """Wait until the notes are in these states."""

        def settled() -> bool | None:
            return True if self.states() == sorted(states) else None

        try:
            await self.until(settled)
        except TimeoutError:
            pytest.fail(f"not {states}: {fill.outbox(self.directory)}")

    def states(self) -> list[str]:
        """The states of the notes, without what the operator is told of them."""
        rows = fill.outbox(self.directory)
        return sorted(str(row["state"]) for row in rows if row["kind"] == CHECK_BACK.name)
