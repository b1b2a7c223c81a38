"""Builds the clocks of cases."""

from bot.app.stores import Stores
from bot.clock import Clock
from bot.config import DATA, Settings
from bot.content.ladder import load_ladder
from bot.outside import reach_of
from bot.services.audit import AuditService
from bot.services.case_clocks import CaseClocks
from bot.services.duty import DutyService
from bot.services.pages import Pages
from bot.services.programme import ProgrammeService
from bot.store.database import SqliteDatabase


def build_clocks(
    stores: Stores,
    database: SqliteDatabase,
    clock: Clock,
    *,
    settings: Settings,
    programme: ProgrammeService,
    duty: DutyService,
    pages: Pages,
    audit: AuditService,
) -> CaseClocks:
    """Build them on the operator's ladder; whoever comes on duty wakes what waits.

    Raises:
        ContentError: The ladder has faults; all of them are named.
    """
    clocks = CaseClocks(
        store=stores.case_clocks,
        cases=stores.cases,
        pages=pages,
        outbox=stores.outbox,
        duty=duty,
        programme=programme,
        ladder=load_ladder(DATA, settings.ladder_file),
        reach=reach_of(settings),
        audit=audit,
        database=database,
        clock=clock,
    )
    duty.on_change(clocks.duty_changed)
    return clocks
