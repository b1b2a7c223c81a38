"""An alarm: runs one coroutine function at the time it asks for, or at once when poked."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock

log = logging.getLogger(__name__)

AFTER_FAILURE = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)


class Alarm:
    """One loop with one delay, which every poke cuts short.

    Args:
        body: Does what is due and returns when to be called again; nothing means when poked.
    """

    def __init__(
        self, name: str, body: Callable[[], Awaitable[datetime | None]], clock: Clock
    ) -> None:
        self._name = name
        self._body = body
        self._clock = clock
        self._poked = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Run from now on, at once for the first time."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=self._name)

    def poke(self) -> None:
        """Run at once, and again if it is running."""
        self._poked.set()

    async def stop(self) -> None:
        """Stop, in the middle of the body if need be."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._poked.clear()
            try:
                wanted = await self._body()
            except Exception:
                log.exception("%s failed and goes on", self._name)
                wanted = self._clock() + AFTER_FAILURE
            await self._wait(wanted)

    async def _wait(self, wanted: datetime | None) -> None:
        delay = LONGEST_DELAY
        if wanted is not None:
            delay = min(max(wanted - self._clock(), timedelta()), LONGEST_DELAY)
        loop = asyncio.get_running_loop()
        timer = loop.call_later(delay.total_seconds(), self._poked.set)
        try:
            await self._poked.wait()
        finally:
            timer.cancel()
