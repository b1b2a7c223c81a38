"""One participant under a clock that leaps from one due thing to the next."""

import heapq
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.app import App, open_app
from bot.app.scheduling import KINDS
from bot.domain.consent import ConsentKind
from bot.domain.delivery import OutboxRow
from bot.domain.goal import GoalPart, GoalTexts, PartState, Topic
from bot.domain.ids import GoalId, PartId
from bot.domain.participant import Participant, ParticipantState, Preferences
from bot.domain.recurrence import Rule
from bot.scheduling.dispatcher import STUCK, Dispatcher
from bot.scheduling.planner import Planner
from bot.scheduling.scheduler import Scheduler
from bot.services.alerts import Alerts
from bot.services.checkin_prompts import PROMPT
from bot.services.goal_reminders import REMINDER
from bot.services.pages import URGENT
from bot.services.people import People
from bot.services.progress import WEEKLY
from bot.store.bell import Bell
from bot.store.deliveries import DeliveryStore
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import FakeGateway, FakeRenderer, unpaced
from tests.fakes.screen import FakeScreen
from tests.fakes.simulation import read_once, settings_in

Deed = Callable[[], Awaitable[object]]


@dataclass
class Life:
    """A participant, everything that reaches them, and what they do.

    Attributes:
        outages: From when until when the process is down.
        runs: How often something was due.
    """

    app: App
    clock: FakeClock
    gateway: FakeGateway
    scheduler: Scheduler
    deliveries: DeliveryStore
    participant: Participant
    outages: Sequence[tuple[datetime, datetime]] = ()
    runs: int = 0
    deeds: list[tuple[datetime, int, Deed]] = field(default_factory=list)

    def do(self, at: datetime, deed: Deed) -> None:
        """Let something be done at a moment, or once the process is up again."""
        heapq.heappush(self.deeds, (at, len(self.deeds) + self.runs, deed))

    async def set_goal(self, name: str, rule: Rule) -> None:
        """Give the person a goal with reminders, whose name is its ID too."""
        part = GoalPart(
            id=PartId(name),
            goal_id=GoalId(name),
            participant_id=self.participant.id,
            topic=Topic.RECOVERY,
            state=PartState.ACTIVE,
            rule=rule,
            created_at=self.clock(),
            changed_at=self.clock(),
        )
        store, zone = self.app.stores.goals, self.participant.preferences.zone
        sealed = await store.seal(part, GoalTexts(what=name))
        async with self.app.database.transaction() as tx:
            await store.start(tx, part)
            await store.put_texts(tx, part, sealed)
            await self.app.services.goals.reminders.put(part, zone, agreed=True, tx=tx)

    async def live(self, until: datetime) -> None:
        """Let time pass until a moment, which itself is lived too."""
        while (moment := await self._next()) is not None and moment <= until:
            self.clock.now = max(self.clock.now, moment)
            while self.deeds and self.deeds[0][0] <= self.clock.now:
                await heapq.heappop(self.deeds)[2]()
            await self.scheduler.run_due()
            self.runs += 1
        self.clock.now = until

    async def rows(self) -> Sequence[OutboxRow]:
        """Return everything that was ever due to the person, in the order of time."""
        found = await self.app.database.fetch_all("SELECT id FROM outbox ORDER BY due_at, rowid")
        rows = [await self.app.stores.outbox.get(row["id"]) for row in found]
        return [row for row in rows if row is not None]

    async def _next(self) -> datetime | None:
        wanted = [
            await self.app.stores.schedules.next_due(),
            await self.deliveries.next_at(STUCK),
            await self.app.stores.checkins.next_over(),
            self.deeds[0][0] if self.deeds else None,
        ]
        moment = min((one for one in wanted if one is not None), default=None)
        for down, up in self.outages:
            if moment is not None and down <= moment < up:
                moment = up
        return moment


@asynccontextmanager
async def living(
    directory: Path, clock: FakeClock, preferences: dict[str, Any]
) -> AsyncIterator[Life]:
    """Let one person have joined a bot that is real but for Discord."""
    async with open_app(
        settings_in(directory), clock=clock, texts=read_once, screen=FakeScreen()
    ) as app:
        services, stores = app.services, app.stores
        participant = await services.participants.begin(1, Preferences(**preferences))
        participant = await services.participants.move(participant, ParticipantState.ACTIVE)
        await services.consents.give(participant, ConsentKind.DAILY_PROMPTS)
        people = People(
            participants=stores.participants,
            away=stores.aways,
            outbox=stores.outbox,
            profiles=services.profiles,
            duty=services.duty,
            clock=clock,
        )
        alerts = Alerts(stores.outbox, URGENT, services.case_clocks, clock)
        deliveries, gateway = DeliveryStore(app.database), FakeGateway()
        scheduler = Scheduler(
            planner=Planner(
                database=app.database,
                schedules=stores.schedules,
                outbox=stores.outbox,
                kinds=KINDS,
                handlers={
                    PROMPT.name: services.checkin_prompts,
                    WEEKLY.name: services.progress,
                    REMINDER.name: services.goals.reminders,
                },
                people=people,
            ),
            dispatcher=Dispatcher(
                database=app.database,
                deliveries=deliveries,
                kinds=KINDS,
                gateway=gateway,
                renderer=FakeRenderer(),
                people=people,
                escalation=alerts,
                alerts=alerts,
                listeners={PROMPT.name: services.checkin_prompts},
                clock=clock,
                pacer=unpaced(),
            ),
            schedules=stores.schedules,
            bell=Bell(),
            clock=clock,
            sweeps=[services.checkin_prompts.sweep],
        )
        yield Life(
            app=app,
            clock=clock,
            gateway=gateway,
            scheduler=scheduler,
            deliveries=deliveries,
            participant=await services.participants.active(1),
        )


def days(first: date, count: int) -> set[date]:
    """List some days in a row."""
    return {first + timedelta(days=place) for place in range(count)}
