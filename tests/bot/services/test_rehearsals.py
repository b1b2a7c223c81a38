"""Rehearsals: one marked case, its steps, its end, and that nothing real is touched."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.case import Case, CaseEventKind, Severity
from bot.domain.rehearsal import LONGEST, NOBODY, Play, Rehearsal
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError
from bot.services.rehearsals import RehearsalService
from bot.store.cases import CaseStore
from bot.store.database import SqliteDatabase
from bot.store.outbox import OutboxStore
from bot.store.rehearsals import RehearsalStore
from bot.store.reports import ReportStore
from bot.store.vault import Vault
from tests.bot.services.test_departures import FakeAudit
from tests.fakes.clock import START, FakeClock

STEPS = ("take", "words", "close")
LEAD = StaffMember(user_id=1, role=StaffRole.LEAD, enrolled_at=START)
MODERATOR = StaffMember(user_id=2, role=StaffRole.MODERATOR, enrolled_at=START)


class FakeClocks:
    def __init__(self) -> None:
        self.ringing: dict[str, Case] = {}

    async def opened(self, case: Case, tx: Any) -> None:
        self.ringing[case.id] = case

    async def closed(self, case: Case, tx: Any) -> None:
        del self.ringing[case.id]


@pytest.fixture
def clocks() -> FakeClocks:
    return FakeClocks()


@pytest.fixture
def cases(database: SqliteDatabase, vault: Vault) -> CaseStore:
    return CaseStore(database, vault)


@pytest.fixture
def rehearsals(
    database: SqliteDatabase, cases: CaseStore, clocks: FakeClocks, clock: FakeClock
) -> RehearsalService:
    return RehearsalService(
        store=RehearsalStore(database),
        cases=cases,
        clocks=clocks,
        outbox=OutboxStore(database),
        audit=FakeAudit(),
        transactor=database,
        clock=clock,
    )


async def kinds(database: SqliteDatabase) -> list[tuple[str, str | None]]:
    rows = await database.fetch_all("SELECT kind, channel_key FROM outbox ORDER BY rowid")
    return [(row["kind"], row["channel_key"]) for row in rows]


@pytest.mark.parametrize(
    ("play", "severity"),
    [
        (Play.CRISIS, Severity.NOW),
        (Play.PAUSE, Severity.TODAY),
        (Play.SEPARATION, Severity.SOON),
    ],
)
async def test_a_play_makes_one_marked_case_of_nobody(
    rehearsals: RehearsalService,
    cases: CaseStore,
    clocks: FakeClocks,
    play: Play,
    severity: Severity,
) -> None:
    rehearsal = await rehearsals.start(play, LEAD)

    [case] = await cases.unclosed()
    assert (case.id, case.ref) == (rehearsal.case_id, rehearsal.case_ref)
    assert (case.is_drill, case.drill_calls_out) == (True, False)
    assert (case.user_id, case.participant_id) == (NOBODY, None)
    assert case.severity is severity
    assert list(clocks.ringing) == [case.id]


async def test_calling_outside_is_a_leads_choice(
    rehearsals: RehearsalService, cases: CaseStore
) -> None:
    await rehearsals.start(Play.CRISIS, LEAD, calls_out=True)

    [case] = await cases.unclosed()
    assert case.drill_calls_out


async def test_one_at_a_time(
    rehearsals: RehearsalService, cases: CaseStore, database: SqliteDatabase
) -> None:
    await rehearsals.start(Play.CRISIS, LEAD)

    with pytest.raises(UserError) as refused:
        await rehearsals.start(Play.PAUSE, LEAD)

    assert refused.value.key == "rehearsal.running"
    assert len(await cases.unclosed()) == 1
    assert await kinds(database) == [("rehearsal.play", "channel.staff")]


async def test_a_step_pressed_twice_stays_with_who_came_first(
    rehearsals: RehearsalService, clock: FakeClock
) -> None:
    begun = await rehearsals.start(Play.CRISIS, LEAD)

    first = await rehearsals.done(begun.id, "take", MODERATOR, STEPS)
    clock.advance(timedelta(minutes=1))
    again = await rehearsals.done(begun.id, "take", LEAD, STEPS)

    assert begun.next_step(STEPS) == "take"
    assert first.next_step(STEPS) == "words"
    assert again.done["take"].by == MODERATOR.user_id


@pytest.mark.parametrize(
    ("step", "is_over", "key"),
    [
        ("nonsense", False, "core.old_card"),
        ("take", True, "rehearsal.over"),
    ],
)
async def test_a_stale_card_changes_nothing(
    rehearsals: RehearsalService, step: str, is_over: bool, key: str
) -> None:
    begun = await rehearsals.start(Play.CRISIS, LEAD)
    if is_over:
        await rehearsals.end(begun.id, LEAD)

    with pytest.raises(UserError) as refused:
        await rehearsals.done(begun.id, step, MODERATOR, STEPS)

    assert refused.value.key == key
    assert not (await rehearsals.get(begun.id)).done


async def test_its_end_stops_the_clock_and_says_how_it_went(
    rehearsals: RehearsalService,
    cases: CaseStore,
    clocks: FakeClocks,
    database: SqliteDatabase,
    clock: FakeClock,
) -> None:
    begun = await rehearsals.start(Play.CRISIS, LEAD)
    clock.advance(timedelta(minutes=3))
    async with database.transaction() as tx:
        await cases.claim(begun.case_id, MODERATOR.user_id, clock(), tx)
        from_claim = {"at": clock(), "actor_id": MODERATOR.user_id, "tx": tx}
        await cases.record(begun.case_id, CaseEventKind.CLAIMED, **from_claim)

    ended = await rehearsals.end(begun.id, LEAD)
    await rehearsals.end(begun.id, LEAD)
    outcome = await rehearsals.outcome(begun.id)

    assert ended.is_over
    assert clocks.ringing == {}
    assert await cases.unclosed() == []
    assert outcome.claim == timedelta(minutes=3)
    assert outcome.contact is None
    assert (await kinds(database))[-1] == ("rehearsal.summary", "channel.staff")
    assert len(await kinds(database)) == 2
    assert (await rehearsals.start(Play.PAUSE, LEAD)).id != begun.id


async def test_nobody_has_to_end_it(rehearsals: RehearsalService, clock: FakeClock) -> None:
    begun = await rehearsals.start(Play.CRISIS, LEAD)

    wanted = await rehearsals.sweep(clock())
    clock.advance(LONGEST)
    await rehearsals.sweep(clock())

    assert wanted == begun.started_at + LONGEST
    assert (await rehearsals.get(begun.id)).is_over


async def test_it_is_in_no_report_and_no_count(
    rehearsals: RehearsalService, cases: CaseStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    begun = await rehearsals.start(Play.CRISIS, LEAD)
    await rehearsals.end(begun.id, LEAD)
    clock.advance(timedelta(days=100))

    assert await ReportStore(database).lines(START, clock()) == []
    assert await cases.reduce(clock(), 10) == 1
    assert await database.fetch_all("SELECT * FROM case_counts") == []


async def test_what_plays_with_more_than_a_case_comes_in_at_the_start(
    rehearsals: RehearsalService,
) -> None:
    begun: list[Rehearsal] = []

    async def make_space(rehearsal: Rehearsal, tx: Any) -> None:
        begun.append(rehearsal)

    rehearsals.on_start(Play.PAUSE, make_space)
    rehearsal = await rehearsals.start(Play.PAUSE, LEAD)

    assert begun == [rehearsal]
