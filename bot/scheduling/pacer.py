"""The one pacer of everything sent unasked."""

import asyncio
from collections.abc import Awaitable, Callable

RATE = 45.0
"""Sends a second. Discord allows 50, and discord.py does not hold back by itself."""

BURST = 4
"""Turns that may be made up for after a pause or a delay; 45 and 4 stay under 50."""


class Pacer:
    """Hands out turns at an even rate, in the order they are asked for.

    Args:
        time: The loop's clock in seconds.
    """

    def __init__(
        self,
        time: Callable[[], float],
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        rate: float = RATE,
        burst: int = BURST,
    ) -> None:
        self._time = time
        self._sleep = sleep
        self._step = 1 / rate
        self._slack = burst * self._step
        self._next = float("-inf")

    async def wait(self) -> None:
        """Wait for the next turn."""
        now = self._time()
        turn = max(self._next, now - self._slack)
        self._next = turn + self._step
        if turn > now:
            await self._sleep(turn - now)
