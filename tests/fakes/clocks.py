"""Cases with their clocks on a real database, and a team that a test puts on and off duty."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.config import DATA
from bot.content.ladder import load_ladder
from bot.domain.audit import AuditAction, Fact, Subject
from bot.domain.case import Case, CaseSource, Circle, Resolution, Severity
from bot.domain.delivery import OutboxRow
from bot.domain.ids import CaseId, ParticipantId, new_id
from bot.domain.ladder import Ladder
from bot.domain.oncall import CallWay, OnCall, Rung, Volunteer
from bot.domain.programme import Programme
from bot.domain.staff import StaffMember, StaffRole
from bot.services.case_clock_ports import Reach
from bot.services.case_clocks import CaseClocks
from bot.services.pages import Pages
from bot.store.bell import Bell
from bot.store.case_clocks import CaseClockStore
from bot.store.cases import CaseStore
from bot.store.database import SqliteDatabase
from bot.store.outbox import OutboxStore
from bot.store.participants import ParticipantStore
from bot.store.staff import StaffStore
from bot.store.vault import Vault
from tests.fakes.clock import START, FakeClock
from tests.fakes.delivery import join

MOD, CLINICIAN, LEAD = 11, 12, 13
WEBHOOK = "outside.webhook"


def member(user_id: int, role: StaffRole = StaffRole.MODERATOR) -> StaffMember:
    """Make a member of the team."""
    return StaffMember(user_id=user_id, role=role, enrolled_at=START)


@dataclass
class FakeDuty:
    """Who may be rung, as a test says."""

    team: list[OnCall] = field(default_factory=list)
    planned: datetime | None = None
    kept: Circle = Circle.TEAM
    left: set[int] = field(default_factory=set)

    def put_on(self, user_id: int, rung: Rung = Rung.FIRST, *, lead: bool = False) -> None:
        """Put somebody on duty."""
        role = StaffRole.LEAD if lead else StaffRole.MODERATOR
        self.team.append(OnCall(member=member(user_id, role), rung=rung))

    def volunteer(self, user_id: int, way: CallWay = CallWay.WEBHOOK) -> None:
        """Let somebody who is off duty agree to be called."""
        agreed = Volunteer(user_id=user_id, way=way, target="somewhere")
        self.team.append(OnCall(member=member(user_id), rung=Rung.VOLUNTEER, volunteer=agreed))

    def callable_now(
        self, people: Collection[int], *, leads_only: bool, owner_id: int | None = None
    ) -> Sequence[OnCall]:
        """Return whom to ring."""
        return [one for one in self.team if one.member.is_lead or not leads_only]

    def next_on(self, people: Collection[int]) -> datetime | None:
        """Return when somebody is planned."""
        return self.planned

    def circle(self, people: Collection[int]) -> Circle:
        """Return who may know."""
        return self.kept

    def is_enrolled(self, user_id: int | None) -> bool:
        """Tell whether somebody is on the team."""
        return user_id is not None and user_id not in self.left


@dataclass
class FakeProgramme:
    """A programme in New York."""

    current: Programme = field(default_factory=lambda: Programme(zone="America/New_York"))


class FakeAudit:
    """Notes what is logged."""

    def __init__(self) -> None:
        self.lines: list[AuditAction] = []

    async def record(
        self,
        actor: Subject,
        action: AuditAction,
        subject: Subject,
        *,
        tx: Any = None,
        **facts: Fact,
    ) -> None:
        """Note it."""
        self.lines.append(action)


class Ward:
    """One process after another on the same rows."""

    def __init__(
        self,
        database: SqliteDatabase,
        vault: Vault,
        clock: FakeClock,
        *,
        reach: Reach | None = None,
        ladder: Ladder | None = None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.duty = FakeDuty()
        self.cases = CaseStore(database, vault)
        self.bell = Bell()
        self.rows = CaseClockStore(database, self.bell)
        self.outbox = OutboxStore(database)
        self.ladder = ladder or load_ladder(DATA)
        self.reach = reach or Reach(ways=frozenset(CallWay))
        self.audit = FakeAudit()
        self.restart()

    def restart(self) -> None:
        """Begin a new process: nothing is kept but the rows."""
        self.clocks = CaseClocks(
            store=self.rows,
            cases=self.cases,
            pages=Pages(self.outbox, self.clock),
            outbox=self.outbox,
            duty=self.duty,
            programme=FakeProgramme(),
            ladder=self.ladder,
            reach=self.reach,
            audit=self.audit,
            database=self.database,
            clock=self.clock,
        )

    async def person(self, user_id: int = 1) -> ParticipantId:
        """Let somebody have joined, and the team be enrolled."""
        staff = StaffStore(self.database)
        for one, role in ((MOD, "moderator"), (CLINICIAN, "clinician"), (LEAD, "lead")):
            await staff.save(member(one, StaffRole(role)))
        found = await ParticipantStore(self.database).by_user(user_id)
        return found.id if found else await join(self.database, f"person-{user_id}", user_id)

    async def open(
        self,
        severity: Severity = Severity.NOW,
        source: CaseSource = CaseSource.ASK,
        user_id: int = 1,
        **changes: Any,
    ) -> Case:
        """Open a case."""
        participant = await self.person(user_id)
        case = Case(
            id=CaseId(new_id()),
            ref="",
            participant_id=participant,
            user_id=user_id,
            source=source,
            severity=severity,
            circle=self.duty.kept,
            opened_at=self.clock(),
            paged_at=self.clock(),
            **changes,
        )
        async with self.database.transaction() as tx:
            opened = await self.cases.add(case, tx)
            assert opened is not None
            await self.clocks.opened(opened, tx)
        return opened

    async def claim(self, case: Case, by: int = MOD) -> bool:
        """Let somebody take a case."""
        async with self.database.transaction() as tx:
            won = await self.cases.claim(case.id, by, self.clock(), tx)
            if won:
                await self.clocks.claimed(await self.now(case, tx), tx)
        return won

    async def contact(self, case: Case, by: int = MOD) -> bool:
        """Let the owner write to the person."""
        async with self.database.transaction() as tx:
            done = await self.cases.contact(case.id, by, self.clock(), tx)
            if done:
                await self.clocks.contacted(await self.now(case, tx), tx)
        return done

    async def close(self, case: Case, by: int = MOD) -> bool:
        """Close a case."""
        async with self.database.transaction() as tx:
            done = await self.cases.close(case.id, by, Resolution.TALKED, self.clock(), tx)
            if done:
                await self.clocks.closed(await self.now(case, tx), tx)
        return done

    async def ask_again(self, case: Case, severity: Severity, about: str = "") -> bool:
        """Let the person ask again."""
        async with self.database.transaction() as tx:
            return await self.clocks.asked_again(await self.now(case, tx), severity, tx, about)

    async def now(self, case: Case, tx: Any = None) -> Case:
        """Return a case as it is now."""
        found = await self.cases.get(case.id, tx)
        assert found is not None
        return found

    async def run(self, until: timedelta = timedelta()) -> None:
        """Let time pass, with the bot awake at every moment it asks to be."""
        end = self.clock.now + until
        while True:
            wanted = await self.clocks.sweep(self.clock())
            if wanted is None or wanted > end:
                break
            self.clock.now = wanted
        self.clock.now = end

    async def sleep(self, time: timedelta) -> None:
        """Let time pass with no process, then start one."""
        self.clock.now += time
        self.restart()
        await self.run()

    async def sent(self, *kinds: str) -> list[OutboxRow]:
        """Return what was put in the outbox, in order."""
        found = await self.database.fetch_all("SELECT id FROM outbox ORDER BY rowid")
        rows = [await self.outbox.get(row["id"]) for row in found]
        return [row for row in rows if row and (not kinds or row.kind in kinds)]

    async def steps(self) -> list[tuple[int, int, datetime]]:
        """Return the steps done: round, number and moment."""
        rows = await self.sent("case.page", "case.request")
        done = []
        for row in rows:
            parts = (row.key or "").split(":")
            if len(parts) == 4:
                done.append((int(parts[2]), int(parts[3]), row.due_at))
        return done
