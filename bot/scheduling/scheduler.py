"""The scheduler: plan, sweep, send, and wake up for the next thing due."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.scheduling.alarm import Alarm
from bot.scheduling.dispatcher import Dispatcher
from bot.scheduling.jobs import Job, Jobs
from bot.scheduling.live_messages import LiveMessages
from bot.scheduling.planner import Planner
from bot.scheduling.protocols import Sweep
from bot.store.bell import Bell
from bot.store.schedules import ScheduleStore

log = logging.getLogger(__name__)

SAFETY_TICK = timedelta(seconds=30)
AFTER_FAILURE = timedelta(seconds=30)
MOST_ROUNDS = 10


class Scheduler:
    """Everything that happens because time has come.

    Started, it keeps itself going: one loop plans and sweeps, one sends, so that ten thousand
    prompts on their way hold up no ladder. Tests and the demo do not start it and call `run_due`.
    """

    def __init__(
        self,
        *,
        planner: Planner,
        dispatcher: Dispatcher[Any],
        schedules: ScheduleStore,
        bell: Bell,
        clock: Clock,
        live: LiveMessages[Any] | None = None,
        sweeps: Sequence[Sweep] = (),
        jobs: Iterable[Job] = (),
    ) -> None:
        self._planner = planner
        self._dispatcher = dispatcher
        self._schedules = schedules
        self._clock = clock
        self._live = live
        self._sweeps = sweeps
        self._planning = asyncio.Lock()
        self._plan_alarm = Alarm("planning", self._plan_due, clock)
        self._send_alarm = Alarm("sending", self._send_due, clock)
        self._jobs = Jobs()
        for job in (Job(name="safety tick", when=SAFETY_TICK, run=self._tick), *jobs):
            self._jobs.add(job)
        bell.listen(self.poke)
        dispatcher.listen(self._send_alarm.poke)

    async def run_due(self, now: datetime | None = None) -> None:
        """Do everything that is due, until nothing is.

        Args:
            now: Up to when to plan and sweep; the clock's time unless given. Sending always goes
                by the clock.
        """
        for _ in range(MOST_ROUNDS):
            planned, _ = await self._plan(now or self._clock())
            sent = await self._dispatcher.drain()
            if not planned and not sent:
                return
        log.warning("there is still something due after %d rounds", MOST_ROUNDS)

    async def draw(self) -> None:
        """Bring the messages to date that are kept so in place."""
        if self._live is not None:
            await self._live.draw()

    def poke(self) -> None:
        """Look at once: a row was added or changed."""
        self._plan_alarm.poke()

    async def permission_back(self, scope: str) -> None:
        """Let what was kept for a channel go, once the bot may write there again."""
        await self._dispatcher.permission_back(scope)

    def start(self) -> None:
        """Keep going from now on."""
        self._plan_alarm.start()
        self._send_alarm.start()
        if self._live is not None:
            self._live.start()
        self._jobs.start()

    async def stop(self) -> None:
        """Stop; what is on its way has ten seconds to end."""
        self._jobs.stop()
        await self._plan_alarm.stop()
        await self._send_alarm.stop()
        if self._live is not None:
            await self._live.stop()
        await self._dispatcher.stop()

    async def _plan_due(self) -> datetime | None:
        _, wanted = await self._plan(self._clock())
        self._send_alarm.poke()
        return _earliest(await self._schedules.next_due(), wanted)

    async def _send_due(self) -> datetime | None:
        await self._dispatcher.pump()
        return await self._dispatcher.next_at()

    async def _plan(self, now: datetime) -> tuple[int, datetime | None]:
        async with self._planning:
            planned = await self._planner.run(now)
            wanted = None
            for sweep in self._sweeps:
                wanted = _earliest(wanted, await self._sweep(sweep, now))
            return planned, wanted

    async def _sweep(self, sweep: Sweep, now: datetime) -> datetime | None:
        try:
            return await sweep(now)
        except Exception:
            log.exception("a sweep failed")
            return now + AFTER_FAILURE

    async def _tick(self) -> None:
        self.poke()


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
