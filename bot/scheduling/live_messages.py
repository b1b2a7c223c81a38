"""Messages that are kept up to date in place: edited seldom, and the last change always shown."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from bot.clock import Clock
from bot.domain.delivery import DeliveryError, TryLaterError
from bot.scheduling.alarm import Alarm
from bot.scheduling.pacer import Pacer

log = logging.getLogger(__name__)

GAP = timedelta(seconds=5)
"""Between two edits of one message; Discord takes about five in five seconds a channel."""

SLOW_TICK = timedelta(minutes=5)
"""How often it is looked at when nothing said that it changed."""

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)

Rendered = TypeVar("Rendered")


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture(Generic[Rendered]):
    """What a message should show.

    Attributes:
        mark: Tells it from another; where it is the same, nothing is sent.
    """

    rendered: Rendered
    mark: str


class Painter(Protocol[Rendered]):
    """Knows what each message should show, and how to show it."""

    async def paint(self, name: str) -> Picture[Rendered] | None:
        """Say what a message should show; nothing where it has no place yet."""

    async def show(self, name: str, rendered: Rendered) -> None:
        """Bring the message to it, posted anew where it is gone.

        Raises:
            DeliveryError: Discord refused, or did not answer.
        """


@dataclass(kw_only=True, slots=True)
class _Standing:
    is_due: bool = True
    mark: str | None = None
    not_before: datetime | None = None
    look_at: datetime | None = None
    failures: int = 0


class LiveMessages(Generic[Rendered]):
    """Edits each message at most every few seconds; changes in between become one edit."""

    def __init__(
        self, names: Iterable[str], painter: Painter[Rendered], clock: Clock, pacer: Pacer
    ) -> None:
        self._painter = painter
        self._clock = clock
        self._pacer = pacer
        self._standings = {name: _Standing() for name in names}
        self._lock = asyncio.Lock()
        self._alarm = Alarm("live messages", self.draw, clock)

    def touch(self) -> None:
        """Say that what they show may have changed."""
        for standing in self._standings.values():
            standing.is_due = True
        self._alarm.poke()

    def lost(self) -> None:
        """Say that one of them may be gone: all are brought to Discord again."""
        for standing in self._standings.values():
            standing.mark = None
        self.touch()

    def start(self) -> None:
        """Keep them up to date from now on, at once for the first time."""
        self._alarm.start()

    async def stop(self) -> None:
        """Stop."""
        await self._alarm.stop()

    async def draw(self) -> datetime:
        """Bring to date what may be edited now, and return when to be called next."""
        async with self._lock:
            for name, standing in self._standings.items():
                now = self._clock()
                if (standing.look_at or now) <= now:
                    standing.is_due = True
                if standing.is_due and (standing.not_before or now) <= now:
                    await self._draw(name, standing)
            return min(self._next(standing) for standing in self._standings.values())

    async def _draw(self, name: str, standing: _Standing) -> None:
        standing.is_due = False  # A touch from here on counts for the next time.
        try:
            wanted = await self._painter.paint(name)
            if wanted is None:
                standing.mark = None
            elif wanted.mark != standing.mark:
                await self._pacer.wait()
                await self._painter.show(name, wanted.rendered)
                standing.mark = wanted.mark
                standing.not_before = self._clock() + GAP
        except DeliveryError as error:
            self._put_off(name, standing, error)
        except Exception:
            standing.is_due = True
            standing.not_before = self._clock() + FIRST_WAIT
            log.exception("the message %s could not be drawn", name)
        else:
            standing.failures = 0
        standing.look_at = self._clock() + SLOW_TICK

    def _put_off(self, name: str, standing: _Standing, error: DeliveryError) -> None:
        wait = min(FIRST_WAIT * 2**standing.failures, LONGEST_WAIT)
        if isinstance(error, TryLaterError) and error.after is not None:
            wait = max(wait, error.after)
        standing.mark = None
        standing.is_due = True
        standing.not_before = self._clock() + wait
        if not standing.failures:
            log.warning("the message %s waits: %s %s", name, type(error).__name__, error)
        standing.failures += 1

    def _next(self, standing: _Standing) -> datetime:
        now = self._clock()
        if standing.is_due:
            return standing.not_before or now
        return standing.look_at or now
