"""Fakes around planner and dispatcher, and a way to build both on a real database."""

import asyncio
import zlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.delivery import (
    Address,
    CatchUp,
    Circumstances,
    Close,
    Decision,
    DeliveryError,
    Kind,
    Kinds,
    Occasion,
    OutboxRow,
    Personal,
    Planned,
    Priority,
    Send,
    SentRef,
)
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant
from bot.scheduling.brakes import Brakes
from bot.scheduling.dispatcher import Dispatcher
from bot.scheduling.pacer import Pacer
from bot.scheduling.planner import Planner
from bot.scheduling.protocols import Sweep
from bot.scheduling.scheduler import Scheduler
from bot.store.bell import Bell
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore
from bot.store.outbox import OutboxStore
from bot.store.participants import ParticipantStore
from bot.store.schedules import ScheduleStore
from tests.fakes.clock import FakeClock

PAGE = Kind(
    name="page",
    priority=Priority.CASE,
    is_page=True,
    honours_away=False,
    honours_quiet=False,
)
RECEIPT = Kind(name="receipt", priority=Priority.RECEIPT, honours_away=False, honours_quiet=False)
SUMMARY = Kind(name="summary", priority=Priority.REMINDER, catch_up=CatchUp.SEND_LATE)
REMINDER = Kind(name="reminder", priority=Priority.REMINDER, catch_up=CatchUp.MERGE)
PROMPT = Kind(name="prompt", priority=Priority.PROMPT, catch_up=CatchUp.CLOSE, is_spread=True)
KINDS = Kinds([PAGE, RECEIPT, SUMMARY, REMINDER, PROMPT])


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One message as Discord has it."""

    address: Address
    rendered: str
    nonce: str
    ref: SentRef


class FakeGateway:
    """A Discord that remembers nonces and refuses what it is told to.

    Attributes:
        sent: Every message, in order.
        tries: Every nonce that was sent, again and again.
        hold: Cleared, sends hang until it is set.
        died: Raised after a message was taken, as if the process had been killed.
    """

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.tries: list[str] = []
        self.looked_up: list[str] = []
        self.recreated: list[Address] = []
        self.personal_scope: str | None = None
        self.hold = asyncio.Event()
        self.hold.set()
        self.begun = asyncio.Event()
        self.arrived = asyncio.Event()
        self.died: BaseException | None = None
        self.blind: Exception | None = None
        self.most_at_once = 0
        self._at_once = 0
        self._nonces: dict[str, SentRef] = {}
        self._refusals: list[tuple[Address | None, BaseException, int | None]] = []

    def refuse(
        self, error: BaseException, address: Address | None = None, times: int | None = None
    ) -> None:
        """Refuse the next sends to an address, or to anyone; for good unless `times` is given."""
        self._refusals.append((address, error, times))

    def allow(self) -> None:
        """Refuse nothing any more."""
        self._refusals.clear()

    def forget_nonces(self) -> None:
        """Let a second send with an old nonce make a second message, as after some minutes."""
        self._nonces.clear()

    def scope(self, address: Address) -> str:
        """Name the channel, or the parent of all personal threads."""
        if isinstance(address, Personal):
            return self.personal_scope or address.participant_id
        return address.key

    async def send(self, address: Address, rendered: str, *, nonce: str) -> SentRef:
        """Take a message."""
        self.tries.append(nonce)
        self.begun.set()
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            await self.hold.wait()
        finally:
            self._at_once -= 1
        if error := self._next_refusal(address):
            raise error
        if nonce not in self._nonces:
            ref = SentRef(channel_id=1000, message_id=len(self.sent) + 1)
            self._nonces[nonce] = ref
            self.sent.append(Sent(address=address, rendered=rendered, nonce=nonce, ref=ref))
        self.arrived.set()
        if self.died is not None:
            raise self.died
        return self._nonces[nonce]

    async def find(self, row: OutboxRow) -> SentRef | None:
        """Look through the history."""
        self.looked_up.append(row.id)
        if self.blind is not None:
            raise self.blind
        return next((message.ref for message in self.sent if message.nonce == row.id), None)

    async def recreate(self, address: Address) -> None:
        """Make a place again."""
        self.recreated.append(address)

    def _next_refusal(self, address: Address) -> BaseException | None:
        for index, (whose, error, times) in enumerate(self._refusals):
            if whose in {None, address}:
                if times == 1:
                    del self._refusals[index]
                elif times is not None:
                    self._refusals[index] = whose, error, times - 1
                return error
        return None


class FakeRenderer:
    """Lays a row out as its kind."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    async def render(self, row: OutboxRow) -> str:
        """Lay out a row."""
        if self.error is not None:
            raise self.error
        return row.kind


class FakePeople:
    """People in UTC who are always there, unless told otherwise."""

    def __init__(self) -> None:
        self.default: Circumstances | None = Circumstances(zone=UTC)
        self.known: dict[ParticipantId, Circumstances] = {}
        self.other_ways = 0
        self.unreachable: list[ParticipantId] = []

    def change(self, participant_id: ParticipantId, **changes: Any) -> None:
        """Change a person's circumstances."""
        now = self.known.get(participant_id, Circumstances(zone=UTC))
        self.known[participant_id] = replace(now, **changes)

    async def circumstances(
        self, participant_ids: Collection[ParticipantId], tx: Any = None
    ) -> Mapping[ParticipantId, Circumstances]:
        """Return the circumstances of each."""
        found = {one: self.known.get(one, self.default) for one in participant_ids}
        return {one: circumstances for one, circumstances in found.items() if circumstances}

    async def mark_unreachable(self, participant_id: ParticipantId) -> bool:
        """Note it; another way is left as often as `other_ways` says."""
        self.unreachable.append(participant_id)
        self.other_ways -= 1
        return self.other_ways >= 0


@dataclass
class FakeHandler:
    """A service that sends everything, within a window if it has one, and keeps what it is told.

    Attributes:
        poison: A subject at which it fails.
    """

    window: timedelta | None = None
    closes: str | None = None
    poison: str | None = None
    asked: list[Occasion] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    settled_rows: list[OutboxRow] = field(default_factory=list)
    deaf: Exception | None = None

    async def plan(
        self, occasions: Sequence[Occasion], now: datetime, tx: Any
    ) -> Sequence[Decision]:
        """Decide about each occasion."""
        self.asked += occasions
        return [self._decide(occasion) for occasion in occasions]

    async def record(self, planned: Sequence[Planned], tx: Any) -> None:
        """Keep what was decided."""
        self.planned += planned

    async def settled(self, row: OutboxRow, tx: Any) -> None:
        """Keep what became of a row."""
        if self.deaf is not None:
            raise self.deaf
        self.settled_rows.append(row)

    def _decide(self, occasion: Occasion) -> Decision:
        if self.poison and occasion.schedule.subject_id == self.poison:
            raise RuntimeError("a poisoned subject")
        if self.closes is not None:
            return Close(reason=self.closes)
        due_at = occasion.occurrence.due_at
        return Send(expires_at=due_at + self.window if self.window else None)


class FakeEscalation:
    """Notes the pages that failed."""

    def __init__(self) -> None:
        self.failed: list[tuple[OutboxRow, DeliveryError]] = []
        self.error: Exception | None = None

    async def page_failed(self, row: OutboxRow, error: DeliveryError) -> None:
        """Note it."""
        self.failed.append((row, error))
        if self.error is not None:
            raise self.error


class FakeAlerts:
    """Notes what the operator is told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.held_rows: list[OutboxRow] = []

    async def uncertain(self, row: OutboxRow) -> None:
        """Note it."""
        self.told.append(("uncertain", row.id))

    async def failed(self, row: OutboxRow, error: DeliveryError) -> None:
        """Note it."""
        self.told.append(("failed", row.id))

    async def held(self, row: OutboxRow) -> None:
        """Note it."""
        self.held_rows.append(row)

    async def permission_lost(self, scope: str) -> None:
        """Note it."""
        self.told.append(("permission_lost", scope))

    async def permission_back(self, scope: str) -> None:
        """Note it."""
        self.told.append(("permission_back", scope))

    async def sending_stopped(self, until: datetime) -> None:
        """Note it."""
        self.told.append(("sending_stopped", until.isoformat()))


def unpaced() -> Pacer:
    """A pacer on a clock of its own that takes no time."""
    elapsed = 0.0

    async def sleep(seconds: float) -> None:
        nonlocal elapsed
        elapsed += seconds
        await asyncio.sleep(0)

    return Pacer(lambda: elapsed, sleep)


class Delivery:
    """Planner, dispatcher and scheduler on a real database, with fakes around them."""

    def __init__(
        self,
        database: Database,
        clock: FakeClock | Callable[[], datetime],
        *,
        kinds: Kinds = KINDS,
        gateway: FakeGateway | None = None,
        pacer: Pacer | None = None,
        brakes: Brakes | None = None,
        sweeps: Sequence[Sweep] = (),
        handlers: Mapping[str, FakeHandler] | None = None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.kinds = kinds
        self.bell = Bell()
        self.schedules = ScheduleStore(database, self.bell)
        self.outbox = OutboxStore(database, self.bell)
        self.deliveries = DeliveryStore(database)
        self.gateway = gateway or FakeGateway()
        self.renderer = FakeRenderer()
        self.people = FakePeople()
        self.escalation = FakeEscalation()
        self.alerts = FakeAlerts()
        self.handlers = dict(handlers or {name: FakeHandler() for name in kinds})
        self.planner = Planner(
            database=database,
            schedules=self.schedules,
            outbox=self.outbox,
            kinds=kinds,
            handlers=self.handlers,
            people=self.people,
        )
        self.dispatcher = Dispatcher(
            database=database,
            deliveries=self.deliveries,
            kinds=kinds,
            gateway=self.gateway,
            renderer=self.renderer,
            people=self.people,
            escalation=self.escalation,
            alerts=self.alerts,
            listeners=self.handlers,
            clock=clock,
            pacer=pacer or unpaced(),
            brakes=brakes,
        )
        self.scheduler = Scheduler(
            planner=self.planner,
            dispatcher=self.dispatcher,
            schedules=self.schedules,
            bell=self.bell,
            clock=clock,
            sweeps=sweeps,
        )

    async def run(self) -> None:
        """Do everything that is due."""
        await self.scheduler.run_due()

    async def rows(self) -> list[OutboxRow]:
        """Return the whole outbox in the order of time."""
        found = await self.database.fetch_all("SELECT id FROM outbox ORDER BY due_at, rowid")
        rows = [await self.outbox.get(row["id"]) for row in found]
        return [row for row in rows if row]


async def join(database: Database, name: str, user_id: int = 0) -> ParticipantId:
    """Add a participant to the database."""
    participant_id = ParticipantId(name)
    await ParticipantStore(database).add(
        Participant(
            id=participant_id,
            user_id=user_id or zlib.crc32(name.encode()),
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )
    return participant_id
