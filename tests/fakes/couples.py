"""Two people on real stores, and everything each of them can observe."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from bot.domain.case import CaseSource, Circle, Severity
from bot.domain.consent import ConsentKind
from bot.domain.delivery import DeliveryError, OutboxRow, Personal
from bot.domain.ids import ParticipantId, new_id
from bot.domain.offer import Candidate
from bot.domain.opening import Feature
from bot.domain.pair import Member, Pair, PairKind, Space
from bot.domain.participant import (
    Delivery,
    Participant,
    ParticipantState,
    Preferences,
)
from bot.domain.staff import StaffMember, StaffRole
from bot.services.audit import AuditService
from bot.services.everyday_group import build_everyday
from bot.services.pair_group import build_pairs
from bot.services.participants import ParticipantService
from bot.services.plan_group import build_plans
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService
from bot.store.agreements import AgreementStore
from bot.store.audit import AuditStore, HeadFile
from bot.store.database import SqliteDatabase
from bot.store.hard_days import HardDayStore
from bot.store.noticed import NoticedStore
from bot.store.offers import OfferStore
from bot.store.openings import OpeningStore
from bot.store.outbox import OutboxStore, outbox_row
from bot.store.pairs import PairStore
from bot.store.participants import ParticipantStore
from bot.store.pauses import PauseStore
from bot.store.plans import PlanStore
from bot.store.programme import ProgrammeStore
from bot.store.rituals import RitualStore
from bot.store.schedules import ScheduleStore
from bot.store.thanks import ThanksStore
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.couple_alone import Eraser, alone_of
from tests.fakes.couple_views import VIEWS

ADA, BEN, CAL = 101, 102, 103
LEAD = StaffMember(
    user_id=900,
    role=StaffRole.LEAD,
    locale="en",
    enrolled_at=datetime(2026, 1, 1, tzinfo=UTC),
)


CANDIDATES = {
    Feature.QUESTION: [
        Candidate(id=f"q{number}", theme=theme, level=1 + number % 3)
        for number in range(240)
        for theme in [("us", "hopes", "gratitude")[number % 3]]
    ],
    Feature.EXERCISE: [Candidate(id=f"e{n}", theme="trust", level=1) for n in range(60)],
    Feature.JOURNAL: [Candidate(id=f"j{n}", theme="journal", level=1) for n in range(60)],
}


class Hands:
    """Discord as far as couples need it: who sees the parent, which threads exist."""

    def __init__(self) -> None:
        self.seeing: set[int] = set()
        self.threads: dict[int, str] = {}
        self.held: set[int] = set()
        self.broken: DeliveryError | None = None
        self._next = 5000

    def _work(self) -> None:
        if self.broken is not None:
            raise self.broken

    async def open(self, pair: Pair) -> int:
        """Make a thread."""
        self._work()
        self._next += 1
        self.threads[self._next] = "open"
        self.seeing |= {member.user_id for member in pair.members if member.is_in}
        return self._next

    async def show(self, user_id: int, thread_id: int) -> None:
        """Give sight."""
        self._work()
        assert thread_id in self.threads
        self.seeing.add(user_id)

    async def hide(self, user_id: int) -> None:
        """Take sight."""
        self._work()
        self.seeing.discard(user_id)

    async def hold(self, members: Sequence[Member], *, still: bool) -> None:
        """Let people write, or not."""
        self._work()
        accounts = {member.user_id for member in members if member.is_in}
        self.held = self.held | accounts if still else self.held - accounts

    async def is_there(self, thread_id: int) -> bool:
        """Whether a thread is there."""
        return thread_id in self.threads

    async def shut(self, pair: Pair) -> None:
        """Shut a thread."""
        self._work()
        self.seeing -= {member.user_id for member in pair.members}
        if pair.thread_id is not None:
            self.threads[pair.thread_id] = "shut"


@dataclass
class Consents:
    """Everyone consents until they take it back."""

    refused: set[ParticipantId] = field(default_factory=set)

    async def given(self, participant_id: ParticipantId, kind: ConsentKind) -> bool:
        """Whether it holds."""
        return participant_id not in self.refused


@dataclass
class KeepApart:
    """The keep-apart list."""

    pairs: set[frozenset[int]] = field(default_factory=set)

    def others(self, user_id: int) -> frozenset[int]:
        """Return whom someone is kept apart from."""
        found = {one for pair in self.pairs if user_id in pair for one in pair}
        return frozenset(found - {user_id})


@dataclass
class Duty:
    """The team's conflicts."""

    barred: dict[int, set[int]] = field(default_factory=dict)

    def circle(self, people: Collection[int]) -> Circle:
        """Everyone on the team, unless someone is barred."""
        return Circle.LEADS if self.excluded(people) - set(people) else Circle.TEAM

    def excluded(self, people: Collection[int]) -> frozenset[int]:
        """Return who must learn nothing of these people."""
        return frozenset({*people, *(one for who in people for one in self.barred.get(who, ()))})


@dataclass
class Cases:
    """What reached the team."""

    asked: list[tuple[int, CaseSource, Severity, str | None]] = field(default_factory=list)

    async def ask(
        self,
        user_id: int,
        source: CaseSource = CaseSource.ASK,
        severity: Severity = Severity.TODAY,
        detail: str | None = None,
    ) -> object:
        """Keep what was asked."""
        self.asked.append((user_id, source, severity, detail))
        return None


Observer: TypeAlias = Callable[["CoupleWorld", int], Awaitable[Any]]


@dataclass
class EverydayStores:
    """What the day-to-day features keep."""

    rituals: RitualStore
    thanks: ThanksStore
    hard_days: HardDayStore
    noticed: NoticedStore


@dataclass
class PlanStores:
    """What two people settle with each other."""

    plans: PlanStore
    agreements: AgreementStore


class CoupleWorld:
    """Ada, Ben and Cal, the services of shared spaces on real files, and a clock to move.

    Attributes:
        observers: What else a person can observe, as each feature shows it.
        draws: What decides whether a day is held; never, unless a test sets it.
    """

    def __init__(
        self, database: SqliteDatabase, vault: Vault, clock: FakeClock, head: HeadFile
    ) -> None:
        self.database, self.vault, self.clock = database, vault, clock
        self.hands, self.consents, self.keep_apart = Hands(), Consents(), KeepApart()
        self.duty, self.cases = Duty(), Cases()
        self.participant_store = ParticipantStore(database)
        self.profiles = Profiles(self.participant_store)
        self.participants = ParticipantService(self.participant_store, self.profiles, clock)
        self.programme = ProgrammeService(ProgrammeStore(database))
        self.outbox, self.schedules = OutboxStore(database), ScheduleStore(database)
        self.pair_store, self.opening_store = PairStore(database), OpeningStore(database, vault)
        self.offer_store = OfferStore(database, vault)
        self.audit = AuditService(AuditStore(database), head, database, clock)
        self.observers: list[Observer] = []
        self.draws: Callable[[str], bytes] = lambda _text: b"\xff\xff"
        group = build_pairs(
            store=self.pair_store,
            opening_store=self.opening_store,
            offer_store=self.offer_store,
            pause_store=PauseStore(database),
            candidates=CANDIDATES,
            database=database,
            schedules=self.schedules,
            outbox=self.outbox,
            participants=self.participants,
            profiles=self.profiles,
            consents=self.consents,
            keep_apart=self.keep_apart,
            programme=self.programme,
            duty=self.duty,
            cases=self.cases,
            audit=self.audit,
            draw=self._draw,
            clock=clock,
        )
        self.pairs, self.life, self.desk = group.pairs, group.life, group.desk
        self.invites, self.openings = group.invites, group.openings
        self.offers, self.pauses = group.offers, group.pauses
        self.heeded: list[tuple[int, str]] = []
        self.everyday = EverydayStores(
            RitualStore(database, vault),
            ThanksStore(database, vault),
            HardDayStore(database, vault),
            NoticedStore(database, vault),
        )
        everyday = build_everyday(
            self.everyday,
            pairs=self.pair_store,
            life=self.life,
            database=database,
            schedules=self.schedules,
            outbox=self.outbox,
            profiles=self.profiles,
            cases=self.cases,
            heed=lambda user_id, text: self.heeded.append((user_id, text)),
            clock=clock,
        )
        self.rituals, self.thanks = everyday.rituals, everyday.thanks
        self.hard_days, self.noticed = everyday.hard_days, everyday.noticed
        self.settling = PlanStores(PlanStore(database, vault), AgreementStore(database, vault))
        settling = build_plans(
            self.settling,
            pairs=self.pair_store,
            database=database,
            outbox=self.outbox,
            heed=lambda user_id, text: self.heeded.append((user_id, text)),
            clock=clock,
        )
        self.plans, self.agreements = settling.plans, settling.agreements
        self.observers += VIEWS
        self.eraser = Eraser()
        self.alone = alone_of(self, group, everyday.mail, vault)

    def _draw(self, text: str) -> bytes:
        return self.draws(text)

    async def join(self, user_id: int, **preferences: Any) -> Participant:
        """Let someone join."""
        participant = Participant(
            id=ParticipantId(new_id()),
            user_id=user_id,
            code=f"P-{user_id}",
            state=ParticipantState.ACTIVE,
            created_at=self.clock(),
            joined_at=self.clock(),
            preferences=replace(Preferences(delivery=Delivery.THREAD), **preferences),
        )
        await self.participant_store.add(participant)
        await self.participant_store.set_state(
            participant.id, ParticipantState.ACTIVE, self.clock()
        )
        found = await self.participants.find(user_id)
        assert found is not None
        self.profiles.note(found)
        return found

    async def person(self, user_id: int) -> Participant:
        """Return someone who joined, as they are now."""
        found = await self.participants.find(user_id)
        assert found is not None
        return found

    async def couple(self, kind: PairKind = PairKind.COUPLE) -> Pair:
        """Bring Ada and Ben together the whole way: wishes, talks, open."""
        for user_id in (ADA, BEN):
            if await self.participants.find(user_id) is None:
                await self.join(user_id)
        await self.invites.invite(await self.person(ADA), BEN, kind)
        await self.invites.invite(await self.person(BEN), ADA, kind)
        [pair] = await self.desk.waiting(LEAD)
        for member in pair.members:
            await self.desk.talked(pair.id, member.participant_id, LEAD)
        assert await self.desk.open(pair.id, LEAD, self.hands) is not None
        found = await self.pair_store.get(pair.id)
        assert found is not None
        return found

    async def space(self, user_id: int) -> Space:
        """Return someone's first space."""
        return (await self.pairs.spaces((await self.person(user_id)).id))[0]

    async def run(self, until: datetime | None = None) -> None:
        """Move the clock and let the services do what is due."""
        if until is not None:
            self.clock.now = until
        await self.life.sweep(self.clock(), self.hands)
        await self.openings.sweep(self.clock())
        await self.pauses.sweep(self.clock(), self.hands)
        await self.alone.turns.sweep(self.clock(), self.eraser)
        await self.alone.screening.load()
        await self.plans.sweep(self.clock())
        await self.agreements.sweep(self.clock())
        await self.hard_days.sweep(self.clock())

    async def notes(self, user_id: int) -> list[tuple[str, datetime, bool]]:
        """Return what was sent to someone: kind, when, and whether it opens still."""
        participant = await self.participants.find(user_id)
        rows = await self.database.fetch_all("SELECT * FROM outbox ORDER BY due_at, rowid")
        mine: list[OutboxRow] = [outbox_row(row) for row in rows]
        return [
            (row.kind, row.due_at, row.closed_at is None)
            for row in mine
            if participant is not None and row.address == Personal(participant_id=participant.id)
        ]

    async def seen_by(self, user_id: int) -> dict[str, Any]:
        """Return all that one person can observe of what the core of spaces does.

        What Discord shows (who sees what, threads), every note and its time, each list and
        each card's content; features add what they show.
        """
        me = await self.person(user_id)
        spaces = await self.pairs.spaces(me.id)
        found = []
        for space in spaces:
            opened = await self.openings.opened(space)
            found.append(
                (
                    space.kind,
                    space.partner_user_id,
                    space.zone,
                    space.opened_at,
                    [(one.mine, one.theirs, one.opening.opens_at) for one in opened],
                )
            )
        return {
            "sight": user_id in self.hands.seeing,
            "threads": sorted(self.hands.threads.values()) if spaces else None,
            "notes": await self.notes(user_id),
            "spaces": found,
            "closed": [pair.kind for pair in await self.pairs.closed_for(me.id)],
            "wishes": [(one.user_id, one.kind) for one in await self.invites.waiting(me)],
            "features": [await observe(self, user_id) for observe in self.observers],
            "export": await self.pair_store.export(me.id),
        }
