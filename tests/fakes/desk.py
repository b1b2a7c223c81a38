"""The team's desk on a real file, without Discord: people, cases and clocks that only note."""

from datetime import timedelta
from typing import Any

from bot.app.care import build_care
from bot.app.stores import build_stores
from bot.domain.case import Case, CaseSource, Resolution, Severity
from bot.domain.concern import Concern
from bot.domain.delivery import OutboxRow
from bot.domain.ids import CaseId, ConcernId, new_id
from bot.domain.participant import Participant, ParticipantState, Preferences
from bot.domain.staff import StaffMember, StaffRole
from bot.services.audit import AccessLog, AuditService
from bot.services.case_book import CaseBook
from bot.services.duty import DutyService
from bot.services.pages import Pages
from bot.services.participants import ParticipantService
from bot.services.profiles import Profiles
from bot.services.staff import StaffService
from bot.store.database import SqliteDatabase
from bot.store.outbox import outbox_row
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock

ANA, BEN = 101, 102
MODERATOR, CLINICIAN, LEAD, SECOND_LEAD = 1, 2, 3, 4

TEAM = {
    MODERATOR: StaffRole.MODERATOR,
    CLINICIAN: StaffRole.CLINICIAN,
    LEAD: StaffRole.LEAD,
    SECOND_LEAD: StaffRole.LEAD,
}


class NotedClocks:
    """Notes what the clocks of cases are told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def __getattr__(self, name: str) -> Any:
        async def note(case: Case, *_: Any) -> None:
            self.told.append(name)

        return note


class NoHead:
    """The place outside the database where the log's last hash would go."""

    def read(self) -> None:
        return None

    def write(self, head: object) -> None:
        """Keep nothing."""


class Desk:
    """Everything of the team's side of care, with Ana in the programme and four on the team."""

    def __init__(self, database: SqliteDatabase, vault: Vault, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.stores = build_stores(database, vault)
        self.clocks: Any = NotedClocks()
        profiles = Profiles(self.stores.participants)
        self.participants = ParticipantService(self.stores.participants, profiles, clock)
        self.staff = StaffService(self.stores.staff)
        self.duty = DutyService(self.stores.duty, self.staff, clock)
        head: Any = NoHead()
        self.audit = AuditService(self.stores.audit, head, database, clock)
        self.care = build_care(
            self.stores,
            database,
            clock,
            participants=self.participants,
            staff=self.staff,
            duty=self.duty,
            pages=Pages(self.stores.outbox, clock),
            clocks=self.clocks,
            audit=self.audit,
            access=AccessLog(self.stores.access, self.audit, clock),
        )
        self.book: CaseBook = self.care.book

    async def begin(self) -> "Desk":
        """Enrol the team and let Ana join."""
        for user_id, role in TEAM.items():
            member = StaffMember(user_id=user_id, role=role, enrolled_at=self.clock())
            await self.stores.staff.save(member)
        await self.staff.load()
        await self.duty.load()
        await self.join(ANA)
        return self

    async def join(self, user_id: int, **preferences: Any) -> Participant:
        """Let somebody join."""
        person = await self.participants.begin(user_id, Preferences(**preferences))
        return await self.participants.move(person, ParticipantState.ACTIVE)

    def member(self, user_id: int) -> StaffMember:
        """Return somebody on the team."""
        found = self.staff.get(user_id)
        assert found is not None
        return found

    async def opened(
        self,
        user_id: int = ANA,
        source: CaseSource = CaseSource.ASK,
        severity: Severity = Severity.TODAY,
    ) -> Case:
        """Open a case."""
        person = await self.participants.find(user_id)
        case = Case(
            id=CaseId(new_id()),
            ref="",
            participant_id=person.id if person else None,
            user_id=user_id,
            source=source,
            severity=severity,
            circle=self.duty.circle([user_id]),
            opened_at=self.clock(),
            paged_at=self.clock(),
        )
        async with self.database.transaction() as tx:
            added = await self.stores.cases.add(case, tx)
        assert added is not None
        return added

    async def concern(self, about: int | None = BEN) -> Case:
        """Let Ana raise a concern."""
        case = await self.opened(source=CaseSource.CONCERN)
        concern = Concern(
            id=ConcernId(new_id()),
            case_id=case.id,
            participant_id=case.participant_id,
            reporter_id=ANA,
            about_id=about,
            reason="unkind",
            text="harsh words",
            channel_id=None,
            message_id=None,
            created_at=self.clock(),
        )
        sealed = await self.stores.concerns.seal(concern)
        async with self.database.transaction() as tx:
            await self.stores.concerns.add(concern, sealed, tx)
        return case

    async def claimed(self, by: int = MODERATOR, **changes: Any) -> Case:
        """Open a case and let somebody take it."""
        case = await self.opened(**changes)
        return await self.care.desk.claim(case.id, self.member(by))

    async def asked_whether_settled(self, by: int = MODERATOR) -> Case:
        """Let the owner of a new case propose to close it."""
        case = await self.claimed(by)
        return await self.care.closing.close(case.id, self.member(by), Resolution.TALKED)

    async def closed(self, by: int = MODERATOR) -> Case:
        """Close a case with its person's yes."""
        case = await self.asked_whether_settled(by)
        return await self.care.closing.settled(case.id, ANA)

    async def case(self, case: Case) -> Case:
        """Return a case as it is now."""
        found = await self.stores.cases.get(case.id)
        assert found is not None
        return found

    async def sent(self, kind: str, *, waiting: bool = True) -> list[OutboxRow]:
        """Return what is on its way of a kind, or everything of it that ever was."""
        where = " AND state = 'pending'" if waiting else ""
        rows = await self.database.fetch_all(
            f"SELECT * FROM outbox WHERE kind = :kind{where} ORDER BY rowid",
            {"kind": kind},
        )
        return [outbox_row(row) for row in rows]

    async def events(self, case: Case) -> list[str]:
        """Return the kinds of a case's timeline, the first first."""
        return [event.kind.value for event in await self.stores.cases.timeline(case.id)]

    async def audited(self) -> list[str]:
        """Return what the audit log holds, the first first."""
        return [entry.action async for entry in self.stores.audit.entries()]

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.clock.advance(timedelta(**by))
