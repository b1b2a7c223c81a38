"""The weekly report: which week, whose cases, and that it is posted once."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.domain.case import CaseSource, Circle, Severity
from bot.domain.programme import Programme
from bot.domain.report import CaseLine, Marks, Scope
from bot.services.programme import ProgrammeService
from bot.services.reports import ReportService
from bot.store.cases import CaseStore
from bot.store.database import SqliteDatabase
from bot.store.outbox import OutboxStore
from bot.store.programme import ProgrammeStore
from bot.store.reports import ReportStore
from bot.store.vault import Vault
from tests.bot.domain.test_report import LADDER_ENDS
from tests.fakes.clock import FakeClock
from tests.rows import RowMaker

MONDAY = date(2025, 12, 29)


class FakeLines:
    def __init__(self, *lines: CaseLine) -> None:
        self._lines = lines
        self.asked: list[tuple[datetime, datetime]] = []

    async def lines(self, start: datetime, end: datetime) -> Sequence[CaseLine]:
        self.asked.append((start, end))
        return self._lines


class FakeDuty:
    """Puts some people's cases among the leads."""

    def __init__(self, *apart: int) -> None:
        self._apart = apart

    def circle(self, people: Collection[int]) -> Circle:
        return Circle.LEADS if set(people) & set(self._apart) else Circle.TEAM


class FakeScreen:
    async def marks(self, start: datetime, end: datetime) -> Marks:
        return Marks(right=7, wrong=6)


def lines(circle: Circle, count: int, *people: int) -> list[CaseLine]:
    opened_at = datetime(2025, 12, 30, tzinfo=UTC)
    one = CaseLine(
        source=CaseSource.ASK,
        severity=Severity.TODAY,
        circle=circle,
        people=people,
        resolution=None,
        opened_at=opened_at,
        claimed_at=None,
        contacted_at=None,
        reopened=0,
    )
    return [one] * count


@pytest.fixture
async def programme(database: SqliteDatabase) -> ProgrammeService:
    service = ProgrammeService(ProgrammeStore(database))
    service.current = Programme(zone="America/New_York", joining_open=True)
    return service


def service(
    store: Any,
    database: SqliteDatabase,
    programme: ProgrammeService,
    clock: FakeClock,
    duty: FakeDuty | None = None,
) -> ReportService:
    reports = ReportService(
        store=store,
        outbox=OutboxStore(database),
        programme=programme,
        duty=duty or FakeDuty(),
        ends=lambda: LADDER_ENDS,
        clock=clock,
    )
    reports.count_marks(FakeScreen())
    return reports


async def test_each_scope_counts_what_all_its_readers_may_know_of(
    database: SqliteDatabase, programme: ProgrammeService, clock: FakeClock
) -> None:
    store = FakeLines(
        *lines(Circle.TEAM, 5, 1),
        *lines(Circle.TEAM, 6, 2),
        *lines(Circle.LEADS, 7, 3),
        *lines(Circle.SOME_LEADS, 8, 4),
        *lines(Circle.NOBODY, 9, 5),
    )
    # Somebody was put on the conflict list of account 2 after its cases were opened.
    reports = service(store, database, programme, clock, FakeDuty(2))

    team = await reports.of_week(MONDAY, Scope.TEAM)
    leads = await reports.of_week(MONDAY, Scope.LEADS)

    assert team.total == 5
    assert team.marks is None
    assert leads.total == 5 + 6 + 7
    assert leads.marks == {"right": 7, "wrong": 6}


async def test_a_week_is_the_programmes_own(
    database: SqliteDatabase, programme: ProgrammeService, clock: FakeClock
) -> None:
    store = FakeLines()
    clock.now = datetime(2026, 3, 9, 3, tzinfo=UTC)  # still Sunday in New York
    reports = service(store, database, programme, clock)

    report = await reports.of_week(reports.monday(), Scope.TEAM)

    # The night of the change to summer time: the week has an hour less.
    assert store.asked == [
        (datetime(2026, 3, 2, 5, tzinfo=UTC), datetime(2026, 3, 9, 4, tzinfo=UTC))
    ]
    assert (report.first, report.last) == (date(2026, 3, 2), date(2026, 3, 8))
    assert reports.monday(1) == date(2026, 2, 23)


async def test_monday_morning_brings_last_week_once(
    database: SqliteDatabase, programme: ProgrammeService, clock: FakeClock
) -> None:
    clock.now = datetime(2026, 1, 5, 12, 59, tzinfo=UTC)  # 7:59 in New York
    reports = service(FakeLines(*lines(Circle.LEADS, 1, 1)), database, programme, clock)

    first = await reports.sweep(clock())
    before = await database.fetch_all("SELECT * FROM outbox")
    clock.advance(timedelta(days=2))
    second = await reports.sweep(clock())
    await reports.sweep(clock())
    after_restart = service(FakeLines(*lines(Circle.LEADS, 1, 1)), database, programme, clock)
    await after_restart.sweep(clock())
    [row] = await database.fetch_all("SELECT * FROM outbox")

    assert first == datetime(2026, 1, 5, 13, tzinfo=UTC)
    assert before == []
    assert second == datetime(2026, 1, 12, 13, tzinfo=UTC)
    assert row["channel_key"] == "channel.lead"
    assert "2025-12-29" in row["args"]


async def test_a_week_without_a_request_is_not_reported(
    database: SqliteDatabase, programme: ProgrammeService, clock: FakeClock
) -> None:
    clock.advance(timedelta(days=1))
    store = FakeLines(*lines(Circle.SOME_LEADS, 9, 1))

    assert await service(store, database, programme, clock).sweep(clock()) is not None
    assert await database.fetch_all("SELECT * FROM outbox") == []


async def test_a_programme_that_is_not_live_has_no_report(
    database: SqliteDatabase, programme: ProgrammeService, clock: FakeClock
) -> None:
    programme.current = Programme(joining_open=False)
    clock.advance(timedelta(days=3))

    assert await service(FakeLines(), database, programme, clock).sweep(clock()) is None
    assert await database.fetch_all("SELECT * FROM outbox") == []


async def test_the_store_reads_first_times_and_leaves_rehearsals_out(
    database: SqliteDatabase, vault: Vault
) -> None:
    rows = RowMaker(database, vault)
    opened_at = datetime(2026, 1, 5, 12, tzinfo=UTC)
    start = int(opened_at.timestamp() * 1_000_000)
    given = {
        "severity": 1,
        "circle": "team",
        "state": "closed",
        "resolution": "talked",
        "opened_at": start,
        "user_id": 42,
    }
    real = await rows.add("cases", **given)
    await rows.add("cases", **given, is_drill=1)
    await rows.add("concerns", case_id=real["id"], about_id=43)
    for minutes, kind in ((9, "claimed"), (2, "claimed"), (4, "contacted"), (5, "reopened")):
        at = start + minutes * 60_000_000
        await rows.add("case_events", case_id=real["id"], at=at, kind=kind)

    store = ReportStore(database)
    [line] = await store.lines(opened_at, opened_at + timedelta(days=1))
    later = await store.lines(opened_at + timedelta(seconds=1), opened_at + timedelta(days=1))

    assert line.claimed_at == opened_at + timedelta(minutes=2)
    assert line.contacted_at == opened_at + timedelta(minutes=4)
    assert line.reopened == 1
    assert line.people == (42, 43)
    assert later == []
    assert len(await CaseStore(database, vault).unclosed()) == 0
