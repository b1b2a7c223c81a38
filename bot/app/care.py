"""Builds the work on cases."""

from dataclasses import dataclass

from bot.app.stores import Stores
from bot.clock import Clock
from bot.services.audit import AccessLog, AuditService
from bot.services.case_book import CaseBook
from bot.services.case_circle import CaseCircle
from bot.services.case_closing import CaseClosing
from bot.services.case_desk import CaseDesk
from bot.services.case_handover import CaseHandover
from bot.services.case_notices import CaseNotices
from bot.services.case_ports import Clocks, Excerpts
from bot.services.duty import DutyService
from bot.services.pages import Pages
from bot.services.participants import ParticipantService
from bot.services.staff import StaffService
from bot.store.database import SqliteDatabase


@dataclass(frozen=True, kw_only=True, slots=True)
class Care:
    """What the team works on cases with."""

    book: CaseBook
    desk: CaseDesk
    handover: CaseHandover
    closing: CaseClosing
    circle: CaseCircle


def build_care(
    stores: Stores,
    database: SqliteDatabase,
    clock: Clock,
    *,
    participants: ParticipantService,
    staff: StaffService,
    duty: DutyService,
    pages: Pages,
    clocks: Clocks,
    audit: AuditService,
    access: AccessLog,
    excerpts: Excerpts | None = None,
) -> Care:
    """Build it on one book of cases; a new conflict narrows what is open."""
    book = CaseBook(
        cases=stores.cases,
        concerns=stores.concerns,
        database=database,
        participants=participants,
        duty=duty,
        audit=audit,
        clock=clock,
    )
    notices = CaseNotices(stores.outbox, clock)
    work = stores.case_work
    circle = CaseCircle(
        book=book,
        work=work,
        pages=pages,
        notices=notices,
        clocks=clocks,
        posts=stores.outbox,
    )

    async def narrow(staff_id: int, user_id: int) -> None:
        await circle.narrow_for(staff_id, user_id)

    duty.on_conflict(narrow)
    return Care(
        book=book,
        desk=CaseDesk(
            book=book, work=work, pages=pages, clocks=clocks, access=access, excerpts=excerpts
        ),
        handover=CaseHandover(book=book, work=work, staff=staff, notices=notices, clocks=clocks),
        closing=CaseClosing(book=book, work=work, notices=notices, clocks=clocks),
        circle=circle,
    )
