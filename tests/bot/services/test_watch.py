"""Watching: what is queued, what follows from a finding, and how its failures are told."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.case import Case, CaseSource, Circle, Severity
from bot.domain.ids import CaseId
from bot.domain.participant import Participant
from bot.domain.risk import RiskClass, Tier
from bot.domain.room import Room
from bot.domain.staff import StaffMember
from bot.domain.watch import BACKLOG, QUEUE, TRIAL, Post, Verdict, Where
from bot.errors import UserError
from bot.services.cases import AskOutcome
from bot.services.lookout import Lookout
from bot.services.watch import WatchService
from bot.services.watch_desk import WatchDesk
from bot.services.watch_health import WatchHealth
from bot.store.database import SqliteDatabase
from bot.store.hits import HitStore
from bot.store.outbox import OutboxStore
from bot.store.vault import Vault
from tests.fakes.clock import START, FakeClock
from tests.fakes.room_tools import ANA, LEAD, MODERATOR, ROOM, keep, person
from tests.fakes.screen import FakeScreen

CHANNEL = 900
PAGE = f"#{RiskClass.SUICIDE_IMMINENT}"
LOOK = f"?{RiskClass.SELF_HARM}"


@dataclass
class FakeCases:
    """Takes requests, and lets everyone see them."""

    asked: list[tuple[int, Severity, str, Circle]] = field(default_factory=list)
    error: Exception | None = None

    async def ask(
        self,
        user_id: int,
        source: CaseSource = CaseSource.ASK,
        severity: Severity = Severity.TODAY,
        detail: str | None = None,
        *,
        about: str = "",
        within: Circle = Circle.TEAM,
    ) -> AskOutcome:
        if self.error is not None:
            raise self.error
        self.asked.append((user_id, severity, about, within))
        return AskOutcome(case=case(within), is_new=True, on_duty=False)

    async def visible(self, case_id: str, member: StaffMember) -> Case:
        return case(Circle.TEAM)

    async def get(self, case_id: str) -> Case | None:
        return case(Circle.TEAM)


def case(circle: Circle) -> Case:
    """Make a case about Ana."""
    return Case(
        id=CaseId("C" * 22),
        ref="K7Q2M",
        participant_id=person("ana", ANA).id,
        user_id=ANA,
        source=CaseSource.SCREEN,
        severity=Severity.NOW,
        circle=circle,
        opened_at=START,
        paged_at=START,
    )


@dataclass
class World:
    """Who is in the programme, where, and on duty."""

    circle_is: Circle = Circle.TEAM
    on: list[StaffMember] = field(default_factory=lambda: [MODERATOR])
    barred: frozenset[int] = frozenset()
    outside: str = ""
    logged: list[Any] = field(default_factory=list)

    def by_channel(self, channel_id: int) -> Room | None:
        return ROOM if channel_id == CHANNEL else None

    def get(self, user_id: int) -> StaffMember | None:
        return MODERATOR if user_id == MODERATOR.user_id else None

    async def find(self, user_id: int) -> Participant | None:
        return person("ana", ANA) if user_id == ANA else None

    def circle(self, people: Collection[int]) -> Circle:
        return self.circle_is

    def excluded(self, people: Collection[int]) -> frozenset[int]:
        return self.barred

    def on_duty(self) -> list[StaffMember]:
        return self.on

    def free_to_help(self, people: Collection[int], *, leads_only: bool) -> list[StaffMember]:
        return [one for one in self.on if one.is_lead or not leads_only]

    async def record(self, *facts: Any, **more: Any) -> None:
        self.logged.append(facts)


class Watching:
    """Everything about watching, on a real database."""

    def __init__(self, database: SqliteDatabase, vault: Vault, clock: FakeClock) -> None:
        self.database, self.clock = database, clock
        self.screen, self.world, self.cases = FakeScreen(), World(), FakeCases()
        self.lookout = Lookout(self.screen)
        self.hits = HitStore(database, vault)
        self.outbox = OutboxStore(database)
        self.watch = self.make(keeps=False)
        self.desk = WatchDesk(
            store=self.hits,
            watch=self.watch,
            cases=self.cases,
            duty=self.world,
            outbox=self.outbox,
            audit=self.world,
            clock=clock,
        )
        self.health = WatchHealth(
            store=self.hits, watch=self.watch, outbox=self.outbox, clock=clock
        )

    def make(self, *, keeps: bool) -> WatchService:
        return WatchService(
            store=self.hits,
            lookout=self.lookout,
            requests=self.cases,
            rooms=self.world,
            staff=self.world,
            participants=self.world,
            duty=self.world,
            outbox=self.outbox,
            database=self.database,
            clock=self.clock,
            keeps_excerpts=keeps,
        )

    async def post(self, text: str, message_id: int = 7) -> None:
        self.watch.heard(ANA, text, channel_id=CHANNEL, message_id=message_id)
        await self.watch.idle()

    async def rows(self) -> list[dict[str, Any]]:
        found = await self.database.fetch_all("SELECT * FROM hits ORDER BY found_at, rowid")
        return [dict(row) for row in found]

    async def sent(self) -> list[dict[str, Any]]:
        found = await self.database.fetch_all("SELECT * FROM outbox ORDER BY due_at, rowid")
        return [dict(row) for row in found]


@pytest.fixture
async def it(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Watching:
    await keep(database, person("ana", ANA))
    watching = Watching(database, vault, clock)
    await watching.hits.set_moment("started_at", clock() - TRIAL)
    return watching


async def test_only_rooms_are_screened_and_not_the_team(it: Watching) -> None:
    it.watch.heard(ANA, PAGE, channel_id=1, message_id=1)
    it.watch.heard(MODERATOR.user_id, PAGE, channel_id=CHANNEL, message_id=2)
    it.watch.heard(ANA, "", channel_id=CHANNEL, message_id=3)
    it.watch.heard(ANA, "in a thread", channel_id=5, parent_id=CHANNEL, message_id=4)
    await it.watch.idle()

    assert it.screen.seen == ["in a thread"]


async def test_the_same_finding_of_a_message_counts_once(it: Watching) -> None:
    for text in (PAGE, PAGE, f"?{RiskClass.SUICIDE_IMMINENT}"):
        await it.post(text)

    assert it.cases.asked == [(ANA, Severity.NOW, "suicide_imminent", Circle.TEAM)]
    [row] = await it.rows()
    assert (row["tier"], row["done"], row["excerpt"]) == ("page", 1, None)


async def test_in_the_trial_only_leads_may_know(it: Watching) -> None:
    await it.hits.set_moment("started_at", it.clock())
    await it.post(PAGE)
    it.clock.advance(TRIAL)
    await it.post(f"#{RiskClass.SELF_HARM}")

    assert [asked[3] for asked in it.cases.asked] == [Circle.LEADS, Circle.TEAM]


async def test_what_was_cut_off_is_finished_by_the_sweep(
    it: Watching, caplog: pytest.LogCaptureFixture
) -> None:
    it.cases.error = OSError("no disk")
    await it.post(PAGE)
    assert [row["done"] for row in await it.rows()] == [0]
    it.cases.error = None

    await it.watch.sweep(it.clock())
    await it.watch.sweep(it.clock())

    assert len(it.cases.asked) == 1
    assert [row["done"] for row in await it.rows()] == [1]
    assert "waits to be followed up" in caplog.text


async def test_nobody_gets_a_list_that_would_tell_whom_it_is_about(it: Watching) -> None:
    it.world.circle_is = Circle.SOME_LEADS
    await it.post(LOOK)

    assert it.cases.asked == [(ANA, Severity.TODAY, "self_harm", Circle.TEAM)]
    assert await it.desk.waiting(LEAD) == []


async def test_a_conflict_that_comes_later_makes_a_request_of_what_waits(it: Watching) -> None:
    await it.post(LOOK)
    it.world.circle_is = Circle.NOBODY

    await it.desk.sweep(it.clock())

    assert [asked[1] for asked in it.cases.asked] == [Severity.TODAY]
    assert await it.sent() == []


async def test_a_digest_comes_twice_a_shift_while_somebody_is_on(it: Watching) -> None:
    await it.post(LOOK)
    it.world.on = []
    await it.desk.sweep(it.clock())
    assert await it.sent() == []
    it.world.on = [MODERATOR]

    for _ in range(9):
        await it.desk.sweep(it.clock())
        it.clock.advance(timedelta(hours=1))

    keys = [row["channel_key"] for row in await it.sent()]
    assert keys == ["channel.staff"] * 3
    it.clock.advance(timedelta(hours=16))
    await it.desk.sweep(it.clock())
    assert {row["channel_key"] for row in (await it.sent())[3:]} == {
        "channel.staff",
        "channel.lead",
    }


async def test_a_verdict_takes_it_off_the_list_and_is_counted(it: Watching) -> None:
    await it.post(LOOK)
    [hit] = await it.desk.waiting(MODERATOR)
    await it.desk.judge(hit.id, MODERATOR, Verdict.NOT_A_RISK)
    marks = await it.desk.marks(it.clock(), it.clock() + timedelta(days=1))
    it.world.barred = frozenset({MODERATOR.user_id})

    assert await it.desk.waiting(MODERATOR) == []
    assert marks is not None
    assert (marks.right, marks.wrong) == (0, 1)
    with pytest.raises(UserError, match=r"watch\.unknown"):
        await it.desk.judge(hit.id, MODERATOR, Verdict.RIGHT)


async def test_only_the_author_opens_their_card(it: Watching) -> None:
    await it.post(PAGE)
    [row] = await it.rows()
    told = await it.desk.told(row["id"], person("ana", ANA).id)
    await it.desk.okay(row["id"], person("ana", ANA).id)

    assert told.is_on
    assert (await it.rows())[0]["said_okay"] == 1
    for handler in (it.desk.told, it.desk.okay):
        with pytest.raises(UserError):
            await handler(row["id"], person("ben", 602).id)


async def test_a_text_is_kept_only_where_the_operator_chose_to(it: Watching) -> None:
    it.watch = it.make(keeps=True)
    await it.post(f"words {LOOK}")
    [row] = await it.rows()
    [hit] = await it.hits.waiting()
    await it.desk.judge(hit.id, MODERATOR, Verdict.RIGHT)
    [(_, text)] = await it.hits.judged()
    now = it.clock()
    early = await it.hits.purge_excerpts(now, now, 10)
    late = await it.hits.purge_excerpts(now, now + timedelta(seconds=1), 10)

    assert b"words" not in row["excerpt"]
    assert text == f"words {LOOK}"
    assert (early, late) == (0, 1)
    assert [kept for _, kept in await it.hits.judged()] == [None]
    assert await it.hits.purge(now + timedelta(seconds=1), 10) == 1


async def test_a_burst_leaves_the_loop_alone(it: Watching) -> None:
    for number in range(500):
        it.watch.heard(ANA, f"fine {number}", channel_id=CHANNEL, message_id=number)
    assert it.watch.backlog == 500
    await it.watch.idle()

    assert it.watch.backlog == 0
    assert len(it.screen.seen) == 500


async def test_a_queue_that_is_full_drops_and_counts(it: Watching) -> None:
    post = Post(user_id=ANA, where=Where.ROOM, text="fine")
    for _ in range(QUEUE + 3):
        it.watch.offer(post)
    assert it.lookout.dropped == 3
    assert it.watch.backlog > BACKLOG
    await it.health.sweep(it.clock())

    assert it.health.is_down
    assert json.loads((await it.sent())[0]["args"])["why"] == "backlog"
    await it.watch.close()


async def test_a_fault_is_told_once_a_day_and_what_was_left_is_screened_later(
    it: Watching,
) -> None:
    changes: list[datetime | None] = []

    async def changed() -> None:
        changes.append(it.health.down_since)

    it.health.on_change(changed)
    await it.health.sweep(it.clock())
    it.screen.is_broken = True
    await it.post(PAGE)
    await it.post("#fail", 8)
    for _ in range(4):
        await it.health.sweep(it.clock())
        it.clock.advance(timedelta(minutes=2))
    assert [row["kind"] for row in await it.sent()] == ["watch.down"]
    it.screen.is_broken = False
    await it.health.sweep(it.clock())
    [_, back] = await it.sent()

    assert json.loads(back["args"])["late"] == "1"
    assert json.loads(back["args"])["count"] == "1"
    assert json.loads(back["args"])["posts"] == f"{CHANNEL}/8"
    assert [asked[0] for asked in it.cases.asked] == [ANA]
    assert changes == [START, None]
    assert not it.health.is_down


async def test_that_it_is_down_outlives_a_restart(it: Watching) -> None:
    it.screen.is_broken = True
    await it.health.sweep(it.clock())
    again = WatchHealth(store=it.hits, watch=it.watch, outbox=it.outbox, clock=it.clock)
    await again.load()

    assert again.down_since == START


async def test_what_is_asked_directly_is_never_broken_by_the_screen(it: Watching) -> None:
    found = it.lookout.screen("#fail")

    assert found.tier is Tier.NONE
    assert it.lookout.is_failing
    assert it.lookout.dropped == 1
