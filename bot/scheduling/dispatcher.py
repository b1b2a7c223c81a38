"""The dispatcher: claims what may go and sends it at an even pace."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic

from bot.clock import Clock
from bot.domain.delivery import Circumstances, Close, Kinds, OutboxRow, Priority, Reason
from bot.domain.ids import OutboxId, ParticipantId
from bot.scheduling.brakes import Brakes
from bot.scheduling.marks import Marks
from bot.scheduling.pacer import Pacer
from bot.scheduling.protocols import (
    Alerts,
    Escalation,
    Gateway,
    Listener,
    People,
    Rendered,
    Renderer,
)
from bot.scheduling.refusals import Refusals
from bot.scheduling.scopes import Scopes
from bot.scheduling.sender import Sender
from bot.scheduling.verdicts import Pause, Verdict, judge
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore
from bot.store.schedules import address_id

log = logging.getLogger(__name__)

IN_FLIGHT = 24
"""Sends on their way at once: 45 a second at half a second each."""

BATCH = 5
"""Rows claimed at once: what a page must wait for, a tenth of a second."""

CASES_TO_ONE_PLACE = 3
"""Cases on their way to one place; of anything else, one, which also keeps their order."""

STUCK = timedelta(minutes=2)
"""On its way for longer, a row was left by a process that died."""

SOON = timedelta(seconds=1)
STOP_SECONDS = 10.0


class Dispatcher(Generic[Rendered]):
    """Sends the outbox."""

    def __init__(
        self,
        *,
        database: Database,
        deliveries: DeliveryStore,
        kinds: Kinds,
        gateway: Gateway[Rendered],
        renderer: Renderer[Rendered],
        people: People,
        escalation: Escalation,
        alerts: Alerts,
        listeners: Mapping[str, Listener],
        clock: Clock,
        pacer: Pacer,
        brakes: Brakes | None = None,
    ) -> None:
        self._deliveries = deliveries
        self._kinds = kinds
        self._gateway = gateway
        self._people = people
        self._alerts = alerts
        self._clock = clock
        self._pacer = pacer
        self._brakes = brakes or Brakes()
        self._scopes = Scopes(database=database, deliveries=deliveries, alerts=alerts)
        self._marks = Marks(
            database=database, deliveries=deliveries, kinds=kinds, listeners=listeners
        )
        self._sender = Sender(
            kinds=kinds,
            gateway=gateway,
            renderer=renderer,
            alerts=alerts,
            refusals=Refusals(
                kinds=kinds,
                gateway=gateway,
                people=people,
                escalation=escalation,
                alerts=alerts,
                marks=self._marks,
                scopes=self._scopes,
                clock=clock,
            ),
            marks=self._marks,
            scopes=self._scopes,
            brakes=self._brakes,
            clock=clock,
        )
        self._lock = asyncio.Lock()
        self._flying: dict[OutboxId, tuple[asyncio.Task[None], OutboxRow]] = {}
        self._left: dict[OutboxId, datetime] = {}
        self._landed: Callable[[], None] = lambda: None

    def listen(self, landed: Callable[[], None]) -> None:
        """Call `landed` whenever a send ends and makes room for another."""
        self._landed = landed

    async def drain(self) -> int:
        """Send until nothing may go, wait for the last to end, and count them."""
        total = 0
        while True:
            launched = await self.pump()
            total += launched
            tasks = [task for task, _ in self._flying.values()]
            if tasks:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            elif not launched:
                return total

    async def pump(self) -> int:
        """Start as many sends as may be on their way at once, and count them."""
        async with self._lock:
            await self._scopes.refresh(self._clock())
            launched = await self._look_up_stuck()
            while (room := IN_FLIGHT - len(self._flying)) > 0:
                now = self._clock()
                rows = await self._ready(now, min(room, BATCH))
                if not rows:
                    break
                launched += await self._launch_all(await self._claim(rows, now))
            return launched

    async def next_at(self) -> datetime | None:
        """Return when to pump again, unless a send ends or a row is added before."""
        wanted, now = await self._deliveries.next_at(STUCK), self._clock()
        # What could go and does not, waits for a place that is busy or for the brakes.
        return now + SOON if wanted is not None and wanted <= now else wanted

    async def permission_back(self, scope: str) -> None:
        """Let everything kept for a scope go, once someone has given the permission back."""
        await self._scopes.reopen(scope)
        self._landed()

    async def stop(self) -> None:
        """Let what is on its way end, for ten seconds at most.

        What does not end is looked up at the next start.
        """
        tasks = [task for task, _ in self._flying.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _ready(self, now: datetime, limit: int) -> Sequence[OutboxRow]:
        least = self._brakes.least(now)
        if least is None:
            return ()
        flying = Counter(address_id(row.address) for _, row in self._flying.values())
        return await self._deliveries.ready(
            now,
            limit,
            least=least,
            busy=list(flying),
            full=[place for place, count in flying.items() if count >= CASES_TO_ONE_PLACE],
        )

    async def _claim(self, rows: Sequence[OutboxRow], now: datetime) -> Sequence[OutboxRow]:
        """Claim rows; a claim committed while the loop is being stopped is given back."""
        taking = asyncio.ensure_future(self._take(rows, now))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            await self._give_back(await taking)
            raise

    async def _take(self, rows: Sequence[OutboxRow], now: datetime) -> Sequence[OutboxRow]:
        chosen: list[OutboxRow] = []
        for row in rows:
            is_case = row.priority is Priority.CASE
            if is_case or row.address not in {other.address for other in chosen}:
                chosen.append(row)
        people = await self._people.circumstances(
            {row.participant_id for row in chosen if row.participant_id is not None}
        )
        overtaken = await self._deliveries.overtaken([row.id for row in chosen], now)
        judged = [
            (row, self._judge(row, people, now, is_overtaken=row.id in overtaken)) for row in chosen
        ]
        claimed = await self._marks.take(judged, now)
        for row, verdict in judged:
            if isinstance(verdict, Pause):
                await self._alerts.held(row)
        return claimed

    def _judge(
        self,
        row: OutboxRow,
        people: Mapping[ParticipantId, Circumstances],
        now: datetime,
        *,
        is_overtaken: bool,
    ) -> Verdict:
        try:
            return judge(
                row,
                kind=self._kinds.get(row.kind),
                who=people.get(row.participant_id) if row.participant_id else None,
                scope=self._gateway.scope(row.address),
                paused=self._scopes,
                is_overtaken=is_overtaken,
                now=now,
            )
        except Exception:
            log.exception("row %s of %s cannot be judged and is closed", row.id, row.kind)
            return Close(reason=Reason.BROKEN)

    async def _look_up_stuck(self) -> int:
        launched, now = 0, self._clock()
        for row in await self._deliveries.stuck(now, STUCK):
            left_at = self._left.get(row.id)
            is_known = row.id in self._flying or (left_at and now - left_at < STUCK)
            if len(self._flying) < IN_FLIGHT and not is_known:
                await self._pacer.wait()
                self._launch(row, self._sender.look_up)
                launched += 1
        return launched

    async def _launch_all(self, rows: Sequence[OutboxRow]) -> int:
        waiting = deque(rows)
        try:
            while waiting:
                await self._pacer.wait()
                self._launch(waiting.popleft(), self._sender.send)
        finally:
            await self._give_back(waiting)  # The loop is being stopped: they were never sent.
        return len(rows)

    async def _give_back(self, rows: Iterable[OutboxRow]) -> None:
        for row in rows:
            await self._marks.put_off(row, row.send_after, row.reason, row.doubtful_since)

    def _launch(self, row: OutboxRow, body: Callable[[OutboxRow], Awaitable[None]]) -> None:
        task = asyncio.create_task(self._fly(row, body), name=f"outbox {row.id}")
        self._flying[row.id] = task, row

    async def _fly(self, row: OutboxRow, body: Callable[[OutboxRow], Awaitable[None]]) -> None:
        try:
            await body(row)
        except Exception:
            log.exception("row %s of %s is left on its way, to be looked up", row.id, row.kind)
            self._left[row.id] = self._clock()
        else:
            self._left.pop(row.id, None)
        finally:
            del self._flying[row.id]
            self._landed()
