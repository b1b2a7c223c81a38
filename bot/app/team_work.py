"""Builds what the team keeps an eye on: boards, reports, departures, rehearsals."""

from dataclasses import dataclass

from bot.app.stores import Stores
from bot.clock import Clock
from bot.services.audit import AuditService
from bot.services.board import Board
from bot.services.case_clocks import CaseClocks
from bot.services.departures import DepartureService
from bot.services.duty import DutyService
from bot.services.programme import ProgrammeService
from bot.services.rehearsals import RehearsalService
from bot.services.reports import ReportService
from bot.services.rota import RotaService
from bot.services.staff import StaffService
from bot.services.team import TeamService
from bot.store.database import SqliteDatabase


@dataclass(frozen=True, kw_only=True, slots=True)
class TeamWork:
    """What the team works together with."""

    board: Board
    reports: ReportService
    departures: DepartureService
    rehearsals: RehearsalService


def build_team_work(
    stores: Stores,
    database: SqliteDatabase,
    clock: Clock,
    *,
    programme: ProgrammeService,
    team: TeamService,
    staff: StaffService,
    duty: DutyService,
    rota: RotaService,
    clocks: CaseClocks,
    audit: AuditService,
) -> TeamWork:
    """Build it; somebody who leaves the team passes on what they have from here on."""
    return TeamWork(
        board=Board(
            cases=stores.cases,
            concerns=stores.concerns,
            messages=stores.live_messages,
            database=database,
            duty=duty,
        ),
        reports=ReportService(
            store=stores.reports,
            outbox=stores.outbox,
            programme=programme,
            duty=duty,
            ends=lambda: clocks.ladder.ends,
            clock=clock,
        ),
        departures=DepartureService(
            store=stores.departures,
            cases=stores.cases,
            work=stores.case_work,
            clocks=clocks,
            team=team,
            staff=staff,
            duty=duty,
            rota=rota,
            outbox=stores.outbox,
            audit=audit,
            clock=clock,
        ),
        rehearsals=RehearsalService(
            store=stores.rehearsals,
            cases=stores.cases,
            clocks=clocks,
            outbox=stores.outbox,
            audit=audit,
            transactor=database,
            clock=clock,
        ),
    )
