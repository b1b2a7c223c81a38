"""Housekeeping jobs and the safety tick, run by APScheduler."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, time, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

SETTINGS = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
"""Late runs become one, and none is dropped: the default grace of a second loses whole bursts."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Something done at an interval or once a day.

    Attributes:
        when: The interval, or the time of day in UTC.
        at_start: Also once when the bot starts.
    """

    name: str
    when: timedelta | time
    run: Callable[[], Awaitable[object]]
    at_start: bool = False


class Jobs:
    """The machine's own timetable; rows, not jobs, hold what is due to people."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=SETTINGS)

    def add(self, job: Job) -> None:
        """Run a job from the start on."""
        run = _guarded(job)
        self._scheduler.add_job(run, _trigger(job.when), id=job.name, name=job.name)
        if job.at_start:
            name = f"{job.name} at the start"
            self._scheduler.add_job(run, id=name, name=name)

    def start(self) -> None:
        """Begin, on the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; a job that is running is cancelled."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def _trigger(when: timedelta | time) -> BaseTrigger:
    if isinstance(when, timedelta):
        return IntervalTrigger(seconds=when.total_seconds(), timezone=UTC)
    return CronTrigger(hour=when.hour, minute=when.minute, second=when.second, timezone=UTC)


def _guarded(job: Job) -> Callable[[], Awaitable[None]]:
    async def run() -> None:
        try:
            await job.run()
        except Exception:
            log.exception("the job %s failed", job.name)

    return run
