"""Whose lines are shown, and the check-back."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from bot.domain.case import CaseSource, Circle, Severity
from bot.domain.delivery import Address, Kind, OutboxRow, Personal
from bot.domain.ids import OutboxId, ParticipantId
from bot.domain.participant import (
    Delivery,
    Participant,
    ParticipantState,
    Preferences,
)
from bot.domain.place import PlaceKey
from bot.domain.programme import Programme
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import StoreError, UserError
from bot.services.crisis import CHECK_BACK, CrisisService
from bot.services.participants import ParticipantService
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService
from tests.fakes.clock import FakeClock

ANA = 42
STRANGER = 43


class FakeProgrammeStore:
    """One programme in memory."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    async def get(self) -> Programme:
        return self.programme

    async def save(self, programme: Programme) -> None:
        self.programme = programme


@dataclass
class FakeParticipantStore:
    """People in memory; everything this service does not ask for is left out."""

    people: dict[int, Participant]

    async def by_user(self, user_id: int) -> Participant | None:
        return self.people.get(user_id)

    async def profiles(self) -> list[object]:
        return []


@dataclass
class FakeOutbox:
    """Keeps rows by key, as the outbox does."""

    rows: dict[str, OutboxRow] = field(default_factory=dict)

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        expires_at: datetime | None = None,
        key: str | None = None,
    ) -> OutboxRow | None:
        assert key is not None
        if key in self.rows:
            return None
        self.rows[key] = OutboxRow(
            id=OutboxId(str(len(self.rows))),
            kind=kind.name,
            priority=kind.priority,
            address=address,
            due_at=due_at,
            send_after=due_at,
            expires_at=expires_at,
            key=key,
        )
        return self.rows[key]


@dataclass
class Outcome:
    """A stored request."""

    is_new: bool = True
    on_duty: bool = True
    nobody: bool = False
    next_on: datetime | None = None
    outside: str = ""


@dataclass
class FakeRequests:
    """Keeps requests until it is told to break."""

    broken: bool = False
    unreadable: bool = False
    asked: list[int] = field(default_factory=list)

    def next_on(self, people: Collection[int]) -> datetime | None:
        return None

    async def ask(
        self,
        user_id: int,
        source: CaseSource = CaseSource.ASK,
        severity: Severity = Severity.TODAY,
        detail: str | None = None,
    ) -> Outcome:
        if self.broken:
            raise StoreError("database disk image is malformed")
        self.asked.append(user_id)
        return Outcome(is_new=len(self.asked) == 1)

    async def own_requests(self, user_id: int) -> list[object]:
        if self.unreadable:
            raise StoreError("file is not a database")
        return [asked for asked in self.asked if asked == user_id]


@dataclass
class FakeDuty:
    """The team in memory."""

    kept: Circle = Circle.TEAM
    on: list[StaffMember] = field(default_factory=list)
    outside: str = ""

    def circle(self, people: Collection[int]) -> Circle:
        return self.kept

    def free_to_help(self, people: Collection[int], *, leads_only: bool) -> Sequence[StaffMember]:
        return [member for member in self.on if member.is_lead or not leads_only]


@dataclass
class Setting:
    """The service with what surrounds it."""

    service: CrisisService
    outbox: FakeOutbox
    requests: "FakeRequests"
    duty: "FakeDuty"
    clock: FakeClock


async def make_setting(
    clock: FakeClock, *, programme: Programme | None = None, **preferences: object
) -> Setting:
    chosen = replace(Preferences(delivery=Delivery.THREAD), **preferences)  # type: ignore[arg-type]  # by name
    ana = Participant(
        id=ParticipantId("ana"),
        user_id=ANA,
        state=ParticipantState.ACTIVE,
        created_at=clock(),
        preferences=chosen,
    )
    store = FakeParticipantStore({ANA: ana})
    profiles = Profiles(store)  # type: ignore[arg-type]  # only what is asked for
    profiles.note(ana)
    programmes = ProgrammeService(FakeProgrammeStore(programme or Programme()))
    await programmes.load()
    outbox = FakeOutbox()
    participants = ParticipantService(store, profiles, clock)  # type: ignore[arg-type]  # as above
    requests, duty = FakeRequests(), FakeDuty()
    service = CrisisService(
        profiles=profiles,
        programme=programmes,
        participants=participants,
        outbox=outbox,
        requests=requests,
        duty=duty,
        clock=clock,
    )
    return Setting(service=service, outbox=outbox, requests=requests, duty=duty, clock=clock)


async def test_ones_own_country_comes_before_the_programmes(clock: FakeClock) -> None:
    setting = await make_setting(clock, programme=Programme(country="US"), country="MX")

    assert setting.service.country(ANA, "en-GB") == "MX"


async def test_a_visitor_gets_the_programmes_country(clock: FakeClock) -> None:
    setting = await make_setting(clock, programme=Programme(country="US"))

    assert setting.service.country(STRANGER, "en-GB") == "US"
    assert setting.service.country(ANA, "en-US") == "US"


@pytest.mark.parametrize(
    ("locale", "country"),
    [("en-GB", "GB"), ("es-ES", "ES"), ("en-US", None), ("es-419", None), ("fr", None)],
)
async def test_a_language_names_a_country_only_where_it_is_plain(
    clock: FakeClock, locale: str, country: str | None
) -> None:
    setting = await make_setting(clock)

    assert setting.service.country(STRANGER, locale) == country


async def test_a_check_back_goes_to_the_outbox_for_the_hour_asked(clock: FakeClock) -> None:
    setting = await make_setting(clock)

    due_at = await setting.service.check_back(ANA, 3)

    (row,) = setting.outbox.rows.values()
    assert due_at == clock() + timedelta(hours=3)
    assert row.due_at == due_at
    assert row.kind == "crisis.check_back"
    assert row.address == Personal(participant_id=ParticipantId("ana"))
    assert row.expires_at is not None
    assert row.expires_at > due_at


async def test_two_presses_in_one_minute_are_one_check_back(clock: FakeClock) -> None:
    setting = await make_setting(clock)

    await setting.service.check_back(ANA, 3)
    clock.advance(timedelta(seconds=2))
    await setting.service.check_back(ANA, 3)

    assert len(setting.outbox.rows) == 1


async def test_nothing_is_sent_to_who_wants_no_messages(clock: FakeClock) -> None:
    setting = await make_setting(clock, delivery=Delivery.NOTHING)

    with pytest.raises(UserError) as refused:
        await setting.service.check_back(ANA, 3)

    assert refused.value.key == "crisis.check_back.off"
    assert setting.outbox.rows == {}


async def test_nothing_is_sent_to_who_has_not_joined(clock: FakeClock) -> None:
    setting = await make_setting(clock)

    with pytest.raises(UserError) as refused:
        await setting.service.check_back(STRANGER, 3)

    assert refused.value.key == "core.join_first"
    assert setting.outbox.rows == {}


async def test_a_check_back_is_offered_to_who_joined(clock: FakeClock) -> None:
    setting = await make_setting(clock)

    assert setting.service.checks_back(ANA)
    assert not setting.service.checks_back(STRANGER)


def test_quiet_hours_do_not_hold_what_the_person_asked_for() -> None:
    assert not CHECK_BACK.honours_quiet
    assert not CHECK_BACK.honours_away


def member(user_id: int, role: StaffRole, clock: FakeClock) -> StaffMember:
    return StaffMember(user_id=user_id, role=role, enrolled_at=clock())


async def test_a_call_for_a_person_is_kept_as_a_request(clock: FakeClock) -> None:
    setting = await make_setting(clock)

    first = await setting.service.ask(ANA)
    second = await setting.service.ask(ANA)

    assert setting.requests.asked == [ANA, ANA]
    assert (first.is_new, second.is_new) == (True, False)
    assert first.page is None


async def test_without_a_database_the_team_is_told_from_memory(clock: FakeClock) -> None:
    setting = await make_setting(clock)
    setting.requests.broken = True
    setting.duty.on = [member(7, StaffRole.MODERATOR, clock)]

    asked = await setting.service.ask(STRANGER)

    assert asked.page is not None
    assert asked.page.user_id == STRANGER
    assert list(asked.page.places) == [PlaceKey.CHANNEL_STAFF, PlaceKey.CHANNEL_LEAD]
    assert list(asked.page.ring) == [7]
    assert asked.on_duty


async def test_with_a_lead_in_conflict_no_channel_is_safe(clock: FakeClock) -> None:
    setting = await make_setting(clock)
    setting.requests.broken = True
    setting.duty.kept = Circle.SOME_LEADS

    asked = await setting.service.ask(ANA)

    assert asked.page is not None
    assert list(asked.page.places) == []


async def test_with_nobody_left_there_is_no_page_but_an_outside_number(clock: FakeClock) -> None:
    setting = await make_setting(clock)
    setting.requests.broken = True
    setting.duty.kept = Circle.NOBODY
    setting.duty.outside = "555 0100"

    asked = await setting.service.ask(ANA)

    assert asked.page is None
    assert asked.nobody
    assert asked.outside == "555 0100"


async def test_with_a_conflict_only_the_leads_are_told(clock: FakeClock) -> None:
    setting = await make_setting(clock)
    setting.requests.broken = True
    setting.duty.kept = Circle.LEADS
    setting.duty.on = [
        member(7, StaffRole.MODERATOR, clock),
        member(8, StaffRole.LEAD, clock),
    ]

    asked = await setting.service.ask(ANA)

    assert asked.page is not None
    assert list(asked.page.places) == [PlaceKey.CHANNEL_LEAD]
    assert list(asked.page.ring) == [8]


async def test_nobody_on_duty_is_said(clock: FakeClock) -> None:
    setting = await make_setting(clock)
    setting.requests.broken = True

    asked = await setting.service.ask(ANA)

    assert not asked.on_duty


async def test_pressing_again_rings_nobody_twice_within_ten_minutes(clock: FakeClock) -> None:
    setting = await make_setting(clock)
    setting.requests.broken = True

    first = await setting.service.ask(ANA)
    assert first.page is not None
    setting.service.posted(first.page)
    clock.advance(timedelta(minutes=9))
    second = await setting.service.ask(ANA)
    clock.advance(timedelta(minutes=2))
    third = await setting.service.ask(ANA)

    assert second.page is not None
    assert second.page.is_repeat
    assert third.page is not None
    assert not third.page.is_repeat


async def test_a_page_that_reached_no_one_is_tried_again(clock: FakeClock) -> None:
    setting = await make_setting(clock)
    setting.requests.broken = True

    await setting.service.ask(ANA)
    again = await setting.service.ask(ANA)

    assert again.page is not None
    assert not again.page.is_repeat


async def test_what_was_stored_but_cannot_be_read_goes_to_the_team_directly(
    clock: FakeClock,
) -> None:
    setting = await make_setting(clock)
    setting.requests.unreadable = True

    asked = await setting.service.ask(ANA)

    assert setting.requests.asked == [ANA]
    assert asked.page is not None
