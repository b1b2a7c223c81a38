"""Retention: once a day every class of data is gone through, and what is over goes."""

import logging
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.audit import BOT, Subject
from bot.domain.ids import OutboxId, ParticipantId
from bot.domain.posted import Posted
from bot.domain.retention import CLASSES, OVERDUE, DataClass, Retention
from bot.errors import StoreError
from bot.services.clearing import Remover, take_down
from bot.services.erasure import Forgotten

log = logging.getLogger(__name__)

BATCH = 500
MOST_BATCHES = 1_000

Purge: TypeAlias = Callable[[datetime], Awaitable[int]]
"""Deletes what was settled before a moment, at most a batch, and counts it."""


class Runs(Protocol):
    """When each class was last gone through."""

    async def last(self) -> Mapping[str, datetime]: ...
    async def note(self, kind: str, at: datetime, removed: int) -> None: ...


class People(Protocol):
    """Who left."""

    async def left_before(self, moment: datetime, limit: int) -> Sequence[ParticipantId]: ...


class Outbox(Protocol):
    """What stands in Discord."""

    async def posted_before(self, moment: datetime, limit: int) -> Sequence[Posted]: ...
    async def posted_to(self, participant_id: ParticipantId) -> Sequence[Posted]: ...
    async def taken_down(self, outbox_ids: Collection[OutboxId]) -> None: ...


class Erasure(Protocol):
    """Forgets people."""

    async def forget(
        self, participant_id: ParticipantId, by: Subject | None = None
    ) -> Forgotten | None: ...


class Hands(Remover, Protocol):
    """What has to be done in Discord."""

    async def part(self, forgotten: Forgotten) -> Any:
        """Take away the roles, sight and thread of someone who was deleted."""


class RetentionService:
    """Deletes what was kept long enough."""

    def __init__(
        self,
        *,
        purges: Mapping[DataClass, Purge],
        runs: Runs,
        people: People,
        outbox: Outbox,
        erasure: Erasure,
        keep_left: timedelta,
        clock: Clock,
    ) -> None:
        self._purges = purges
        self._runs = runs
        self._people = people
        self._outbox = outbox
        self._erasure = erasure
        self._keep_left = keep_left
        self._clock = clock

    async def run_if_due(self, hands: Hands) -> Mapping[DataClass, int]:
        """Go through every class that was not gone through today, and count what went.

        A class that fails is tried again the next time; the others go on.
        """
        now, last = self._clock(), await self._runs.last()
        removed: dict[DataClass, int] = {}
        for one in CLASSES:
            ran = last.get(one.kind.value)
            if one.by or (ran is not None and now - ran < OVERDUE):
                continue
            try:
                removed[one.kind] = await self._run(one, now, hands)
                await self._runs.note(one.kind.value, now, removed[one.kind])
            except StoreError as error:
                log.warning("retention of %s failed: %s", one.kind.value, error)
        if removed:
            counts = ", ".join(f"{kind.value} {count}" for kind, count in removed.items())
            log.info("retention: %s", counts)
        return removed

    async def _run(self, one: Retention, now: datetime, hands: Hands) -> int:
        if one.kind is DataClass.NOTICES:
            return await self._take_down(now - one.keep, now, hands)
        if one.kind is DataClass.LEFT:
            return await self._forget_left(now - self._keep_left, hands)
        total = 0
        for _ in range(MOST_BATCHES):
            count = await self._purges[one.kind](now - one.keep)
            total += count
            if count < BATCH:
                break
        return total

    async def _take_down(self, before: datetime, now: datetime, hands: Hands) -> int:
        total = 0
        for _ in range(MOST_BATCHES):
            posted = await self._outbox.posted_before(before, BATCH)
            cleared = await take_down(posted, hands, self._outbox, now)
            total += cleared.removed + cleared.gone
            if len(posted) < BATCH or cleared.refused:
                break
        return total

    async def _forget_left(self, before: datetime, hands: Hands) -> int:
        total = 0
        for participant_id in await self._people.left_before(before, BATCH):
            forgotten = await self._erasure.forget(participant_id, BOT)
            total += 1
            if forgotten is not None:
                await hands.part(forgotten)
        return total
