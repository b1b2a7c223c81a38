"""The planner: from schedules that are due to rows of the outbox."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain.delivery import Circumstances, Kind, Kinds, Personal, Planned, Schedule
from bot.domain.ids import ParticipantId, ScheduleId
from bot.errors import StoreError
from bot.scheduling.pacer import RATE
from bot.scheduling.protocols import People, PlanHandler
from bot.scheduling.unfold import DueOccasion, decide_early, make_row, unfold
from bot.store.database import Database, Transaction
from bot.store.outbox import OutboxStore
from bot.store.schedules import ScheduleStore

log = logging.getLogger(__name__)

BATCH = 100
"""Schedules, and occurrences, in one transaction: 500 stall the loop for 25 ms, 100 for 5."""

MOST_BATCHES = 10_000
ASIDE = timedelta(hours=1)
CROWD = int(RATE * 10)
"""More due in one moment than ten seconds of sending takes are spread."""


class Planner:
    """Turns what is due into outbox rows, by each kind's catch-up rule."""

    def __init__(
        self,
        *,
        database: Database,
        schedules: ScheduleStore,
        outbox: OutboxStore,
        kinds: Kinds,
        handlers: Mapping[str, PlanHandler],
        people: People,
    ) -> None:
        self._database = database
        self._schedules = schedules
        self._outbox = outbox
        self._kinds = kinds
        self._handlers = handlers
        self._people = people

    async def run(self, now: datetime) -> int:
        """Plan until nothing is due, and count the schedules looked at."""
        is_crowded = await self._schedules.count_due(now) > CROWD
        total = 0
        for _ in range(MOST_BATCHES):
            count = await self._batch(now, is_crowded=is_crowded)
            total += count
            if count == 0:
                break
            await asyncio.sleep(0)
        return total

    async def _batch(self, now: datetime, *, is_crowded: bool) -> int:
        try:
            async with self._database.transaction() as tx:
                due = await self._schedules.due(tx, now, BATCH)
                await self._plan(tx, due, now, is_crowded=is_crowded)
                return len(due)
        except StoreError:
            raise
        except Exception:
            log.exception("a batch could not be planned; its schedules are taken one by one")
        return await self._singly(now, is_crowded=is_crowded)

    async def _singly(self, now: datetime, *, is_crowded: bool) -> int:
        due_ids = await self._schedules.due_ids(now, BATCH)
        for schedule_id in due_ids:
            try:
                async with self._database.transaction() as tx:
                    due = await self._schedules.due_one(tx, schedule_id, now)
                    await self._plan(tx, due, now, is_crowded=is_crowded)
            except StoreError:
                raise
            except Exception:
                log.exception("schedule %s could not be planned; it waits an hour", schedule_id)
                await self._schedules.set_aside(schedule_id, now + ASIDE)
        return len(due_ids)

    async def _plan(
        self, tx: Transaction, due: Sequence[Schedule], now: datetime, *, is_crowded: bool
    ) -> None:
        steps: list[tuple[ScheduleId, datetime, datetime | None]] = []
        found: list[DueOccasion] = []
        for schedule in due:
            if len(found) >= BATCH:
                break
            unfolded = unfold(schedule, now, BATCH - len(found))
            steps.append((schedule.id, unfolded.decided_until, unfolded.next_due_at))
            found += unfolded.due
        by_kind: defaultdict[str, list[DueOccasion]] = defaultdict(list)
        for one in await self._undecided(tx, found):
            by_kind[one.occasion.schedule.kind].append(one)
        for name, ours in by_kind.items():
            await self._plan_kind(tx, self._kinds[name], ours, now, is_crowded=is_crowded)
        await self._schedules.advance(tx, steps)

    async def _undecided(self, tx: Transaction, found: Sequence[DueOccasion]) -> list[DueOccasion]:
        """Leave out what has a row already: the clock jumped back, or the zone changed."""
        if not found:
            return []
        decided = await self._outbox.decided(
            tx,
            {one.occasion.schedule.id for one in found},
            min(one.occasion.occurrence.nominal_date for one in found),
        )
        return [one for one in found if one.key not in decided]

    async def _plan_kind(
        self,
        tx: Transaction,
        kind: Kind,
        found: Sequence[DueOccasion],
        now: datetime,
        *,
        is_crowded: bool,
    ) -> None:
        handler = self._handlers[kind.name]
        people = await self._people_of(tx, kind, found)
        early = [decide_early(kind, one, people) for one in found]
        asked = [one.occasion for one, closed in zip(found, early, strict=True) if closed is None]
        answers = await handler.plan(asked, now, tx) if asked else ()
        if len(answers) != len(asked):
            raise ValueError(f"{kind.name}: {len(answers)} decisions about {len(asked)} occasions")
        following = iter(answers)
        is_spread = is_crowded and kind.is_spread
        planned = [
            Planned(
                occasion=one.occasion,
                row=make_row(
                    kind, one.occasion, closed or next(following), now, is_spread=is_spread
                ),
            )
            for one, closed in zip(found, early, strict=True)
        ]
        await self._outbox.insert(tx, [one.row for one in planned])
        await handler.record(planned, tx)

    async def _people_of(
        self, tx: Transaction, kind: Kind, found: Sequence[DueOccasion]
    ) -> Mapping[ParticipantId, Circumstances]:
        if not kind.honours_away:
            return {}
        addresses = {one.occasion.schedule.address for one in found}
        return await self._people.circumstances(
            {who.participant_id for who in addresses if isinstance(who, Personal)}, tx
        )
