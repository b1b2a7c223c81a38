"""Letting people in: the rules, on real stores."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.domain.audit import AuditAction, Subject
from bot.domain.joining import CODE_LIFE, MOST_TRIES, TRIES_WINDOW, Answer
from bot.domain.participant import Delivery, Participant
from bot.errors import StoreError, UserError
from bot.services.joining import JoiningService
from bot.services.participants import ParticipantService
from bot.services.profiles import Profiles
from bot.services.programme import ProgrammeService
from bot.store.database import SqliteDatabase
from bot.store.join_codes import JoinCodeStore
from bot.store.joining import JoiningStore
from bot.store.participants import ParticipantStore
from bot.store.programme import ProgrammeStore
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock

STAFF = 900


class SilentAudit:
    """An audit log that only counts."""

    def __init__(self) -> None:
        self.actions: list[AuditAction] = []

    async def record(
        self, actor: Subject, action: AuditAction, subject: Subject, *, tx: object = None
    ) -> None:
        self.actions.append(action)


@dataclass
class Door:
    """The service with what is around it."""

    joining: JoiningService
    participants: ParticipantService
    programme: ProgrammeService
    audit: SilentAudit
    clock: FakeClock

    async def code(self, number: str | None = None) -> str:
        return (await self.joining.issue_code(STAFF, number)).text


@pytest.fixture
async def door(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Door:
    people = ParticipantStore(database)
    profiles = Profiles(people)
    participants = ParticipantService(people, profiles, clock)
    programme = ProgrammeService(ProgrammeStore(database))
    await programme.change(joining_open=True, zone="Europe/Madrid", country="ES")
    audit = SilentAudit()
    joining = JoiningService(
        codes=JoinCodeStore(database),
        store=JoiningStore(database),
        people=people,
        participants=participants,
        profiles=profiles,
        programme=programme,
        audit=audit,
        mac=vault.mac,
        transactor=database,
        clock=clock,
    )
    return Door(joining, participants, programme, audit, clock)


async def refusal(work: object) -> str:
    with pytest.raises(UserError) as caught:
        await work  # type: ignore[misc]  # a coroutine
    return caught.value.key


async def test_two_people_with_one_code_one_gets_in(door: Door) -> None:
    text = await door.code("P-104")

    came = await asyncio.gather(
        *(door.joining.enter(user, "en", text) for user in (1, 2, 3)), return_exceptions=True
    )

    entered = [person for person in came if isinstance(person, Participant)]
    refused = [error.key for error in came if isinstance(error, UserError)]
    assert [person.code for person in entered] == ["P-104"]
    assert refused == ["join.code_wrong"] * 2


async def test_one_person_who_sends_the_form_twice_is_in_once(door: Door) -> None:
    text = await door.code()

    first, second = await asyncio.gather(
        door.joining.enter(1, "en", text), door.joining.enter(1, "en", text)
    )

    assert first.id == second.id


async def test_a_newcomer_begins_with_the_programmes_place_and_no_messages(door: Door) -> None:
    person = await door.joining.enter(1, "es", await door.code())

    assert person.adult_at == door.clock()
    assert person.preferences.locale == "es"
    assert person.preferences.zone == "Europe/Madrid"
    assert person.preferences.country == "ES"
    assert person.preferences.delivery is Delivery.NOTHING
    assert not person.is_active


async def test_wrong_used_expired_and_empty_share_one_sentence(door: Door) -> None:
    used, old = await door.code(), await door.code()
    await door.joining.enter(1, "en", used)
    door.clock.advance(CODE_LIFE)

    said = {
        await refusal(door.joining.enter(2, "en", typed)) for typed in (used, old, "x", "", None)
    }

    assert said == {"join.code_wrong"}


async def test_five_tries_an_hour(door: Door) -> None:
    right = await door.code()
    for _ in range(MOST_TRIES):
        assert await refusal(door.joining.enter(1, "en", "wrong")) == "join.code_wrong"

    assert await refusal(door.joining.enter(1, "en", right)) == "join.too_many_tries"
    await door.joining.enter(2, "en", await door.code())
    door.clock.advance(timedelta(hours=1))
    assert (await door.joining.enter(1, "en", right)).user_id == 1


async def test_without_codes_the_next_number_is_given(door: Door) -> None:
    await door.programme.change(codes=False)

    codes = [(await door.joining.enter(user, "en")).code for user in (1, 2)]

    assert codes == ["P-1", "P-2"]


async def test_a_closed_door_is_closed_with_any_code(door: Door) -> None:
    text = await door.code()
    await door.programme.change(joining_open=False)

    assert await refusal(door.joining.enter(1, "en", text)) == "join.closed"


@pytest.mark.parametrize("typed", ["Ana", "P-", "12345678"])
async def test_a_number_that_is_none_is_refused(door: Door, typed: str) -> None:
    assert await refusal(door.joining.issue_code(STAFF, typed)) == "join.number_unreadable"


async def test_a_number_in_use_is_refused_and_a_skipped_one_is_not(door: Door) -> None:
    await door.joining.enter(1, "en", await door.code("P-104"))

    assert await refusal(door.joining.issue_code(STAFF, "104")) == "join.number_taken"
    assert (await door.joining.issue_code(STAFF, "p 50")).code == "P-50"
    assert (await door.joining.issue_code(STAFF)).code == "P-105"


async def test_a_new_code_for_one_number_voids_the_old_one(door: Door) -> None:
    old, new = await door.code("P-7"), await door.code("P-7")

    assert await refusal(door.joining.enter(1, "en", old)) == "join.code_wrong"
    assert (await door.joining.enter(1, "en", new)).code == "P-7"


async def test_the_code_itself_is_nowhere_in_the_database(
    door: Door, database: SqliteDatabase
) -> None:
    text = await door.code()

    row = await database.fetch_one("SELECT digest FROM join_codes")
    assert row is not None
    assert text.replace("-", "").encode() not in bytes(row["digest"])
    assert len(row["digest"]) == 32


async def test_nobody_is_in_before_everything_is_answered_and_proven(door: Door) -> None:
    person = await door.joining.enter(1, "en", await door.code())
    assert await refusal(door.joining.finish(person)) == "join.hours_first"

    await door.joining.answered(person, Answer.ZONE)
    await door.joining.answered(person, Answer.DAILY)
    person = await door.participants.change(person, delivery=Delivery.DM)
    assert await refusal(door.joining.finish(person)) == "join.test_first"

    person = await door.participants.change(person, delivery_confirmed=True)
    assert (await door.joining.finish(person)).is_active


async def test_finishing_is_told_and_written_down(door: Door) -> None:
    told: list[Participant] = []

    async def listen(participant: Participant) -> None:
        told.append(participant)

    door.joining.on_joined(listen)
    person = await door.joining.enter(1, "en", await door.code())
    await door.joining.answered(person, Answer.ZONE)
    await door.joining.answered(person, Answer.DAILY)

    joined = await door.joining.finish(person)
    assert await door.joining.finish(joined) == joined

    assert told == [joined]
    assert joined.joined_at == door.clock()
    assert door.audit.actions == [AuditAction.CODE_ISSUED, AuditAction.JOINED]


async def test_what_was_cut_off_after_joining_is_made_up_for(door: Door) -> None:
    told: list[Participant] = []

    async def listen(participant: Participant) -> None:
        told.append(participant)
        if len(told) == 1:
            raise StoreError("locked")

    door.joining.on_joined(listen)
    person = await door.joining.enter(1, "en", await door.code())
    await door.joining.answered(person, Answer.ZONE)
    await door.joining.answered(person, Answer.DAILY)
    with pytest.raises(StoreError):
        await door.joining.finish(person)

    for _ in range(2):
        await door.joining.sweep(door.clock())
        door.clock.advance(TRIES_WINDOW)

    assert [one.id for one in told] == [person.id, person.id]


async def test_answers_after_joining_leave_no_row(door: Door, database: SqliteDatabase) -> None:
    person = await door.joining.enter(1, "en", await door.code())
    await door.joining.answered(person, Answer.ZONE)
    await door.joining.answered(person, Answer.DAILY)
    joined = await door.joining.finish(person)

    await door.joining.answered(joined, Answer.ZONE)

    assert await database.fetch_all("SELECT * FROM joining") == []


async def test_the_sweep_deletes_what_is_over(door: Door, database: SqliteDatabase) -> None:
    await door.code()
    assert await refusal(door.joining.enter(1, "en", "wrong")) == "join.code_wrong"
    door.clock.advance(CODE_LIFE)

    following = await door.joining.sweep(door.clock())

    assert following is not None
    assert following > door.clock()
    assert await database.fetch_all("SELECT * FROM join_codes") == []
    assert await database.fetch_all("SELECT * FROM join_tries") == []


async def test_who_has_not_begun_or_has_left_is_told_what_to_do(door: Door) -> None:
    assert await refusal(door.joining.here(1)) == "core.join_first"
    assert await refusal(door.participants.active(1)) == "core.join_first"
    await door.joining.enter(1, "en", await door.code())
    assert await refusal(door.participants.active(1)) == "join.finish_first"
