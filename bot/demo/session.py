"""One running demo: the real bot, the simulated Discord, and the lock around both."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import discord
import simcord

from bot.clock import Clock
from bot.config import Settings
from bot.demo.marks import Marks
from bot.demo.world import World, build_world
from bot.errors import StoreError

log = logging.getLogger(__name__)

STEP = timedelta(minutes=15)
SETTLE_SECONDS = 60
PEEK_SECONDS = 0.3
DOWN: dict[str, Any] = {
    "method": "*",
    "path": "*",
    "status": 503,
    "code": 0,
    "message": "Service Unavailable (the demo's outage)",
    "times": None,
}
TROUBLES = (TimeoutError, simcord.SetupError, discord.DiscordException, StoreError)


class App(Protocol):
    """What the demo needs of the application."""

    @property
    def bot(self) -> discord.Client:
        """The real bot."""

    async def run_due(self) -> None:
        """Do what is due at the clock's time."""

    async def draw_boards(self) -> None:
        """Bring the messages to date that are kept so in place."""


class Opener(Protocol):
    """How the application is opened; `bot.app.open_app` in earnest."""

    def __call__(self, settings: Settings, *, clock: Clock) -> AbstractAsyncContextManager[App]:
        """Open the application on the settings' data directory."""


def make_fast() -> None:
    """Let SimCord look for the end of work every millisecond instead of every fifty."""
    defaults = simcord.Env._settle_internal.__kwdefaults__  # noqa: SLF001 - no public switch
    assert defaults is not None
    defaults["idle"] = 0.001


def know_members(bot: discord.Client) -> None:
    """Let a bot learn the members of its servers before it is ready, as Discord does.

    SimCord gives the servers 0 seconds to arrive, and with that Python 3.11 never asks for
    their members: a bot that starts in a server that exists already would know nobody.
    """
    state: Any = bot._connection  # noqa: SLF001 - there is no public way to wait
    become_ready = state._delay_ready  # noqa: SLF001 - as above

    async def after_members() -> None:
        arrived = state._ready_state  # noqa: SLF001 - as above
        while not arrived.empty():
            guild = arrived.get_nowait()
            await state.chunk_guild(guild)
            state.dispatch("guild_available", guild)
        await become_ready()

    state._delay_ready = after_members  # noqa: SLF001 - as above


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """Something to try on the page, as whom and where."""

    who: str
    place: str
    title: str
    text: str


class Session:
    """The bot and its simulated Discord; every move happens under one lock."""

    def __init__(self, settings: Settings, *, opener: Opener, start: datetime) -> None:
        self.lock = asyncio.Lock()
        self.marks = Marks()
        self.version = 0
        self.moving = False
        self.ready = False
        self.closing = False
        self.restarts = 0
        self.hints: list[Hint] = []
        self.troubles: deque[tuple[datetime, str]] = deque(maxlen=100)
        self.beat = asyncio.Event()
        self.env: simcord.Env
        self.world: World
        self.app: App
        self._settings = settings
        self._opener = opener
        self._start = start
        self._stack = AsyncExitStack()
        self._closed_dms: dict[str, dict[str, Any]] = {}
        self._seen = 0

    def now(self) -> datetime:
        """Return the simulated moment; it is the bot's clock as well."""
        return self.env.now() if hasattr(self, "env") else self._start

    def changed(self) -> None:
        """Wake every page: something may look different now."""
        self.version += 1
        self._seen = len(self.env.backend.transcript)
        self.tick()

    def tick(self) -> None:
        """Wake every page to set its clock."""
        beat, self.beat = self.beat, asyncio.Event()
        beat.set()

    async def start(self) -> None:
        """Open the application and connect it to a fresh world."""
        self.app = await self._open_app()
        self.env = simcord.Env(self.app.bot, check_errors=False, settle_timeout=SETTLE_SECONDS)
        self.world = build_world(self.env, start=self._start)
        await self.env.start()
        self.changed()

    async def close(self) -> None:
        """Disconnect, then close the application."""
        self.closing = True
        self.tick()
        async with self.lock:
            if hasattr(self, "env"):
                await self.env.shutdown()
            await self._stack.aclose()

    async def restart(self) -> None:
        """Close the application and open a new one on the same data."""
        async with self.lock:
            await self._stack.aclose()
            self._stack = AsyncExitStack()
            self.app = await self._open_app()
            await self.env.restart_bot(self.app.bot)
            self.restarts += 1
        await self.run_due()

    async def _open_app(self) -> App:
        app = await self._stack.enter_async_context(self._opener(self._settings, clock=self.now))
        know_members(app.bot)
        return app

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[World]:
        """Take the lock for one action; the pages are told afterwards.

        Where it takes long they are told once before, and show that the bot is thinking.
        """
        try:
            async with self.lock:
                peeking = asyncio.get_running_loop().call_later(PEEK_SECONDS, self.changed)
                try:
                    with self.env.time_context():
                        yield self.world
                finally:
                    peeking.cancel()
        finally:
            self.changed()

    async def run_due(self) -> None:
        """Let the bot do what is due now."""
        async with self.turn():
            await self.work()

    async def work(self) -> None:
        """Let the bot do what is due; only within a turn.

        In earnest the scheduler wakes up by itself when something is due or was added.
        """
        try:
            await self.app.run_due()
            await self.app.draw_boards()
            await self.env.settle(idle=0.001)
        except TROUBLES as error:
            self.trouble(error)

    async def advance(self, until: datetime) -> None:
        """Move the clock, stopping at each quarter of an hour to do what is due."""
        self.moving = True
        try:
            while self.now() < until:
                now = self.now()
                quarter = now - timedelta(
                    minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond
                )
                await self._step((min(until, quarter + STEP) - now).total_seconds())
        finally:
            self.moving = False
            self.changed()

    async def _step(self, seconds: float) -> None:
        async with self.lock:
            with self.env.time_context():
                try:
                    await self.env.advance_time(seconds)
                except TROUBLES as error:
                    self.trouble(error)
                await self.work()
        # Other people's turns come in between.
        if len(self.env.backend.transcript) != self._seen:
            self.changed()
        else:
            self.tick()
        await asyncio.sleep(0)

    async def pump(self) -> None:
        """Move the clock by the time that really passes, once a second, until cancelled."""
        loop = asyncio.get_running_loop()
        last = loop.time()
        while True:
            await asyncio.sleep(1)
            now = loop.time()
            passed, last = now - last, now
            if not self.moving:
                await self._step(passed)

    def trouble(self, error: BaseException) -> None:
        """Keep a failure for the event log instead of ending the demo."""
        log.info("the demo went on after %s", type(error).__name__)
        self.troubles.append((self.now(), f"{type(error).__name__}: {error}"))

    # What the buttons of the page do to Discord itself.

    @property
    def is_down(self) -> bool:
        """Whether every call to Discord fails."""
        return DOWN in self.env.backend.faults

    def set_down(self, *, down: bool) -> None:
        """Let every call to Discord fail, or work again."""
        faults = self.env.backend.faults
        faults[:] = [fault for fault in faults if fault is not DOWN]
        if down:
            faults.insert(0, DOWN)
        self.changed()

    def has_closed_dms(self, key: str) -> bool:
        """Whether a persona takes no direct messages."""
        return key in self._closed_dms

    def set_dms(self, key: str, *, closed: bool) -> None:
        """Close or open a persona's direct messages."""
        faults = self.env.backend.faults
        if fault := self._closed_dms.pop(key, None):
            faults[:] = [one for one in faults if one is not fault]
        if closed:
            channel = self.world.actor(key).user.dm_channel
            fault = {
                "method": "POST",
                "path": f"/channels/{channel.id}/messages",
                "status": 403,
                "code": 50007,
                "message": "Cannot send messages to this user",
                "times": None,
            }
            faults.append(fault)
            self._closed_dms[key] = fault
        self.changed()


@asynccontextmanager
async def open_session(
    settings: Settings, *, opener: Opener, start: datetime
) -> AsyncIterator[Session]:
    """Run a session; everything is closed in reverse at the end."""
    make_fast()
    session = Session(settings, opener=opener, start=start.astimezone(UTC))
    try:
        await session.start()
        yield session
    finally:
        await session.close()
