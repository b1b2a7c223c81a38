"""Staff leave: what ends, who has their requests then, and what Discord refuses."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.case import Case, CaseSource, Circle, Conflict, Severity
from bot.domain.ids import CaseId, new_id
from bot.domain.place import PlaceKey
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError
from bot.services.building import BuildError, Failure
from bot.services.departures import DepartureService
from bot.services.duty import DutyService
from bot.services.places import Places
from bot.services.profiles import Profiles
from bot.services.staff import StaffService
from bot.services.team import TeamService
from bot.store.case_work import CaseWorkStore
from bot.store.cases import CaseStore
from bot.store.database import SqliteDatabase
from bot.store.departures import DepartureStore
from bot.store.duty import DutyStore
from bot.store.outbox import OutboxStore
from bot.store.participants import ParticipantStore
from bot.store.places import PlaceStore
from bot.store.staff import StaffStore
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock

LEAD, LEAVER, HEIR = 1, 2, 3
PERSON = 42
ROLE = 900


class FakeAudit:
    def __init__(self) -> None:
        self.actions: list[str] = []

    async def record(self, actor: Any, action: Any, subject: Any, **facts: Any) -> None:
        self.actions.append(action.value)


class FakeClocks:
    """Keeps which cases' clocks were started over or stopped."""

    def __init__(self) -> None:
        self.started_over: list[str] = []
        self.stopped: list[str] = []

    async def reopened(self, case: Case, tx: Any) -> None:
        assert case.owner_id is None
        self.started_over.append(case.ref)

    async def claimed(self, case: Case, tx: Any) -> None:
        assert case.owner_id == HEIR
        self.stopped.append(case.ref)


class FakeRota:
    def turns_of(self, user_id: int, *, days: int) -> Sequence[str]:
        return ["Tuesday", "Friday"]


class FakeKeeper:
    """Holds roles, and refuses to take them as often as it is told."""

    def __init__(self, refusals: int = 0) -> None:
        self.held = {LEAVER: {ROLE}}
        self._refusals = refusals

    def held_by(self, user_id: int) -> frozenset[int] | None:
        return frozenset(self.held.get(user_id, ()))

    def holders(self, role_id: int) -> frozenset[int]:
        return frozenset(who for who, roles in self.held.items() if role_id in roles)

    async def give(self, user_id: int, role_id: int) -> None:
        self.held.setdefault(user_id, set()).add(role_id)

    async def take(self, user_id: int, role_id: int) -> None:
        if self._refusals:
            self._refusals -= 1
            raise BuildError(Failure.FORBIDDEN)
        self.held[user_id].discard(role_id)


class Team:
    """A lead, somebody who leaves and a colleague, on a real file."""

    def __init__(self, database: SqliteDatabase, vault: Vault, clock: FakeClock) -> None:
        self.database = database
        self.clock = clock
        self.staff_store = StaffStore(database)
        self.staff = StaffService(self.staff_store)
        self.cases = CaseStore(database, vault)
        self.duty_store = DutyStore(database)
        self.duty = DutyService(self.duty_store, self.staff, clock)
        self.places = Places(PlaceStore(database))
        self.audit = FakeAudit()
        self.clocks = FakeClocks()
        team = TeamService(
            store=self.staff_store,
            staff=self.staff,
            places=self.places,
            profiles=Profiles(ParticipantStore(database)),
            in_rooms=lambda _: False,
            audit=self.audit,
            transactor=database,
            clock=clock,
        )
        self.store = DepartureStore(database)
        self.departures = DepartureService(
            store=self.store,
            cases=self.cases,
            work=CaseWorkStore(database),
            clocks=self.clocks,
            team=team,
            staff=self.staff,
            duty=self.duty,
            rota=FakeRota(),
            outbox=OutboxStore(database),
            audit=self.audit,
            clock=clock,
        )

    async def fill(self) -> None:
        for user_id, role in (
            (LEAD, StaffRole.LEAD),
            (LEAVER, StaffRole.MODERATOR),
            (HEIR, StaffRole.MODERATOR),
        ):
            await self.staff_store.save(
                StaffMember(user_id=user_id, role=role, enrolled_at=self.clock())
            )
        await self.staff.load()
        await self.duty.load()
        await self.places.save(PlaceKey.ROLE_MODERATOR, ROLE)

    async def case(
        self,
        severity: Severity = Severity.TODAY,
        owner: int | None = LEAVER,
        circle: Circle = Circle.TEAM,
        person: int = PERSON,
    ) -> Case:
        now = self.clock()
        async with self.database.transaction() as tx:
            case = await self.cases.add(
                Case(
                    id=CaseId(new_id()),
                    ref="",
                    participant_id=None,
                    user_id=person,
                    source=CaseSource.STAFF,
                    severity=severity,
                    circle=circle,
                    opened_at=now,
                    paged_at=now,
                ),
                tx,
            )
            assert case is not None
            if owner is not None:
                await self.cases.claim(case.id, owner, now, tx)
        return case

    async def owner(self, case: Case) -> int | None:
        found = await self.cases.get(case.id)
        assert found is not None
        return found.owner_id

    async def told(self, kind: str) -> list[str]:
        rows = await self.database.fetch_all(
            "SELECT args FROM outbox WHERE kind = :kind ORDER BY rowid", {"kind": kind}
        )
        return [row["args"] for row in rows]


@pytest.fixture
async def team(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Team:
    team = Team(database, vault, clock)
    await team.fill()
    return team


async def test_all_they_had_waits_for_somebody_again(team: Team) -> None:
    urgent, later = await team.case(Severity.NOW), await team.case()
    other = await team.case(owner=HEIR)

    departure = await team.departures.leave(LEAVER, by=LEAD)

    assert (departure.freed, departure.handed, departure.turns) == (2, 0, 2)
    assert [await team.owner(case) for case in (urgent, later, other)] == [None, None, HEIR]
    assert team.clocks.started_over == [urgent.ref, later.ref]
    assert team.staff.get(LEAVER) is None
    assert "staff.removed" in team.audit.actions
    lines = [event.kind.value for event in await team.cases.timeline(urgent.id)]
    assert lines == ["released"]


async def test_a_colleague_takes_what_can_wait_and_the_urgent_rings_anew(team: Team) -> None:
    urgent, later = await team.case(Severity.SOON), await team.case()

    departure = await team.departures.leave(LEAVER, by=LEAD, to=HEIR)

    assert (departure.freed, departure.handed) == (1, 1)
    assert await team.owner(urgent) is None
    assert await team.owner(later) == HEIR
    assert team.clocks.started_over == [urgent.ref]
    assert team.clocks.stopped == [later.ref]
    assert await team.told("staff.handed") == ['{"to":"3","count":"1"}']


async def test_nothing_goes_to_a_colleague_who_must_not_know_of_it(team: Team) -> None:
    await team.duty_store.add_conflict(Conflict(staff_id=HEIR, user_id=PERSON))
    await team.duty.load()
    theirs = await team.case()
    among_leads = await team.case(circle=Circle.LEADS, person=43)

    departure = await team.departures.leave(LEAVER, by=LEAD, to=HEIR)

    assert (departure.freed, departure.handed) == (2, 0)
    assert await team.owner(theirs) is None
    assert await team.owner(among_leads) is None
    assert await team.told("staff.handed") == []


async def test_what_not_every_lead_may_know_of_is_passed_on_and_not_counted(team: Team) -> None:
    secret = await team.case(circle=Circle.SOME_LEADS)

    departure = await team.departures.leave(LEAVER, by=LEAD)

    assert await team.owner(secret) is None
    assert departure.freed == 0


async def test_standing_by_and_being_asked_end_without_a_clock(team: Team) -> None:
    case = await team.case(owner=HEIR)
    await team.database.execute(
        "UPDATE cases SET backup_id = :who, offered_to = :who WHERE id = :id",
        {"who": LEAVER, "id": case.id},
    )

    await team.departures.leave(LEAVER, by=LEAD)

    found = await team.cases.get(case.id)
    assert found is not None
    assert (found.owner_id, found.backup_id, found.offered_to) == (HEIR, None, None)
    assert team.clocks.started_over == []


async def test_whom_they_must_not_know_of_holds_again_when_they_come_back(team: Team) -> None:
    await team.duty_store.add_conflict(Conflict(staff_id=LEAVER, user_id=PERSON))
    await team.departures.leave(LEAVER, by=LEAD)
    await team.staff_store.save(
        StaffMember(user_id=LEAVER, role=StaffRole.MODERATOR, enrolled_at=team.clock())
    )
    await team.staff.load()
    await team.duty.load()

    assert LEAVER in team.duty.excluded([PERSON])


@pytest.mark.parametrize(
    ("who", "to", "key"),
    [
        (LEAD, None, "people.last_lead"),
        (99, None, "people.not_enrolled"),
        (LEAVER, LEAVER, "people.leaves.not_colleague"),
        (LEAVER, 99, "people.leaves.not_colleague"),
    ],
)
async def test_a_refusal_changes_nothing(team: Team, who: int, to: int | None, key: str) -> None:
    case = await team.case()

    with pytest.raises(UserError) as refused:
        await team.departures.leave(who, by=LEAD, to=to)

    assert refused.value.key == key
    assert await team.owner(case) == LEAVER
    assert team.staff.get(LEAVER) is not None
    assert await team.store.open() == []


async def test_what_discord_refuses_is_tried_again_and_told_twice(team: Team) -> None:
    keeper = FakeKeeper(refusals=2)
    departure = await team.departures.leave(LEAVER, by=LEAD)

    failure = await team.departures.follow(keeper, departure)
    [still] = await team.store.open()
    await team.departures.retry(keeper)
    team.clock.advance(timedelta(minutes=5))
    await team.departures.retry(keeper)
    await team.departures.retry(keeper)

    assert failure is Failure.FORBIDDEN
    assert still.tries == 1
    assert keeper.held[LEAVER] == set()
    assert await team.store.open() == []
    first, second = await team.told("staff.departed")
    assert '"failure":"forbidden"' in first
    assert '"late":"1"' in second


async def test_a_crash_before_discord_follows_is_made_up_for(team: Team) -> None:
    keeper = FakeKeeper()
    await team.departures.leave(LEAVER, by=None)

    await team.departures.retry(keeper)

    assert keeper.held[LEAVER] == set()
    assert await team.store.open() == []
