"""Check-in prompts on the real planner, dispatcher and database, with fakes around them."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.domain.checkin import CheckInState
from bot.domain.consent import ConsentKind
from bot.domain.delivery import Kinds
from bot.domain.localtime import find_zone
from bot.domain.participant import Participant
from bot.services.checkin_group import CheckInGroup, build_checkins
from bot.services.checkin_prompts import PROMPT
from bot.services.prompt_sets import DAILY, EXTRA
from bot.services.signals import NUDGE
from bot.store.aways import AwayStore
from bot.store.checkins import CheckInStore
from bot.store.database import SqliteDatabase
from bot.store.prompt_sets import PromptSetStore
from bot.store.signals import SignalStore
from bot.store.vault import Vault
from tests.fakes.checkin_group import ADA, FakeParticipants, person, sets
from tests.fakes.checkin_ports import FakeCases, FakeConsents
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import Delivery, join

KINDS = Kinds([PROMPT, NUDGE])
START = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Prompts:
    """The check-in services on a real database."""

    clock: FakeClock
    group: CheckInGroup
    delivery: Delivery
    store: CheckInStore
    people: FakeParticipants
    consents: FakeConsents

    @property
    def ada(self) -> Participant:
        """The one person there is."""
        return self.people.one

    async def become(self, **changes: Any) -> None:
        """Change what she chose, as settings do."""
        preferences = replace(self.ada.preferences, **changes)
        self.people.one = replace(self.ada, preferences=preferences)
        self.delivery.people.change(ADA, zone=find_zone(preferences.zone))
        await self.group.prompts.reschedule(self.ada)

    async def at(self, moment: datetime) -> None:
        """Do what is due at a moment."""
        self.clock.now = moment
        await self.delivery.run()

    async def until(self, end: datetime, step: timedelta = HOUR) -> None:
        """Let time pass with the bot running."""
        while self.clock.now < end:
            await self.at(min(self.clock.now + step, end))

    async def states(self) -> dict[date, CheckInState]:
        """Return where each day stands."""
        return {one.day: one.state for one in await self.store.since(ADA, date.min)}

    async def asked(self) -> list[date]:
        """Return the days whose prompt was sent, in order of sending."""
        rows = [row for row in await self.delivery.rows() if row.kind == PROMPT.name]
        return [row.nominal_date for row in rows if row.sent_at and row.nominal_date]

    async def answer(self, day: date) -> None:
        """Answer a day."""
        values = {"mood": "ok", "support": "some"}
        await self.group.checkins.answer(self.ada, day, 1, "en", values)


async def build(database: SqliteDatabase, vault: Vault, **changes: Any) -> Prompts:
    """Build it all around one person."""
    clock = FakeClock(START)
    await join(database, ADA, 7)
    people: Any = FakeParticipants(person(**changes))
    consents = FakeConsents({ConsentKind.DAILY_PROMPTS})
    store = CheckInStore(database, vault)
    delivery = Delivery(database, clock, kinds=KINDS)
    group = build_checkins(
        store=store,
        aways=AwayStore(database),
        signal_store=SignalStore(database),
        set_store=PromptSetStore(database),
        database=database,
        schedules=delivery.schedules,
        outbox=delivery.outbox,
        participants=people,
        consents=consents,
        cases=FakeCases(),
        shipped=sets(DAILY),
        extra=sets(EXTRA),
        clock=clock,
    )
    await group.sets.load()
    handlers: Any = {PROMPT.name: group.prompts}
    gateway = delivery.gateway
    delivery = Delivery(
        database,
        clock,
        kinds=KINDS,
        gateway=gateway,
        handlers=handlers,
        sweeps=[group.prompts.sweep, group.signals.sweep],
    )
    made = Prompts(clock, group, delivery, store, people, consents)
    await made.become()
    return made
