"""Cases, concerns and duty on a real file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.case import (
    Case,
    CaseEventKind,
    CaseSource,
    CaseState,
    Conflict,
    Resolution,
    Severity,
)
from bot.domain.concern import Concern
from bot.domain.ids import CaseId, ConcernId, ParticipantId, new_id
from bot.domain.participant import Participant
from bot.domain.staff import StaffMember, StaffRole
from bot.store.cases import CaseStore
from bot.store.concerns import ConcernStore
from bot.store.database import SqliteDatabase
from bot.store.duty import DutyStore
from bot.store.participants import ParticipantStore
from bot.store.staff import StaffStore
from bot.store.vault import Vault

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
USER = 42


@pytest.fixture
def cases(database: SqliteDatabase, vault: Vault) -> CaseStore:
    return CaseStore(database, vault)


@pytest.fixture
def concerns(database: SqliteDatabase, vault: Vault) -> ConcernStore:
    return ConcernStore(database, vault)


@pytest.fixture
async def ana(database: SqliteDatabase) -> ParticipantId:
    person = Participant(id=ParticipantId(new_id()), user_id=USER, created_at=NOW)
    await ParticipantStore(database).add(person)
    return person.id


def case(participant_id: ParticipantId | None = None, **changes: object) -> Case:
    made = Case(
        id=CaseId(new_id()),
        ref="",
        participant_id=participant_id,
        user_id=USER,
        source=CaseSource.ASK,
        severity=Severity.TODAY,
        opened_at=NOW,
        paged_at=NOW,
    )
    return replace(made, **changes)


async def add(cases: CaseStore, database: SqliteDatabase, made: Case) -> Case | None:
    async with database.transaction() as tx:
        return await cases.add(made, tx)


async def test_a_person_has_one_request_of_a_kind_open(
    cases: CaseStore, database: SqliteDatabase
) -> None:
    first = await add(cases, database, case())
    second = await add(cases, database, case())
    other = await add(cases, database, case(source=CaseSource.CHECKIN_ALONE))

    assert first is not None
    assert second is None
    assert other is not None
    assert [found.source for found in await cases.unclosed()] == [
        CaseSource.ASK,
        CaseSource.CHECKIN_ALONE,
    ]


async def test_concerns_open_as_many_cases_as_there_are(
    cases: CaseStore, database: SqliteDatabase
) -> None:
    made = [await add(cases, database, case(source=CaseSource.CONCERN)) for _ in range(2)]

    assert all(made)


async def test_a_case_goes_from_claim_to_close_by_its_owner(
    cases: CaseStore, database: SqliteDatabase
) -> None:
    made = await add(cases, database, case())
    assert made is not None
    await StaffStore(database).save(
        StaffMember(user_id=7, role=StaffRole.MODERATOR, enrolled_at=NOW)
    )

    async with database.transaction() as tx:
        assert await cases.claim(made.id, 7, NOW, tx)
        assert not await cases.claim(made.id, 8, NOW, tx)
        assert not await cases.contact(made.id, 8, NOW, tx)
        assert await cases.contact(made.id, 7, NOW, tx)
        assert not await cases.close(made.id, 8, Resolution.TALKED, NOW, tx)
        assert await cases.close(made.id, 7, Resolution.TALKED, NOW, tx)
        assert not await cases.close(made.id, 7, Resolution.TALKED, NOW, tx)
    closed = await cases.get(made.id)

    assert closed is not None
    assert closed.state is CaseState.CLOSED
    assert closed.resolution is Resolution.TALKED
    assert await cases.unclosed() == []


async def test_after_a_close_the_person_may_ask_anew(
    cases: CaseStore, database: SqliteDatabase
) -> None:
    made = await add(cases, database, case())
    async with database.transaction() as tx:
        await cases.claim(made.id, 7, NOW, tx)
        await cases.close(made.id, 7, Resolution.TALKED, NOW, tx)

    assert await add(cases, database, case()) is not None


async def test_a_repage_waits_unless_it_is_more_urgent(
    cases: CaseStore, database: SqliteDatabase
) -> None:
    made = await add(cases, database, case())
    soon, ago = NOW + timedelta(minutes=5), NOW - timedelta(minutes=5)

    async with database.transaction() as tx:
        assert not await cases.repage(made.id, Severity.TODAY, soon, ago, tx)
        assert await cases.repage(made.id, Severity.SOON, soon, ago, tx)
    raised = await cases.get(made.id)

    assert raised.severity is Severity.SOON


async def test_an_owned_case_keeps_its_severity(cases: CaseStore, database: SqliteDatabase) -> None:
    made = await add(cases, database, case())

    async with database.transaction() as tx:
        await cases.claim(made.id, 7, NOW, tx)
        assert await cases.repage(made.id, Severity.NOW, NOW, NOW, tx)
    kept = await cases.get(made.id)

    assert kept.severity is Severity.TODAY


async def test_a_note_is_sealed_in_the_file_and_read_by_the_store(
    cases: CaseStore, database: SqliteDatabase, ana: ParticipantId
) -> None:
    made = await add(cases, database, case(ana))
    event_id = new_id()
    sealed = await cases.seal_note(made.id, event_id, "prefers evenings")
    async with database.transaction() as tx:
        await cases.record(
            made.id, CaseEventKind.NOTE, at=NOW, actor_id=7, tx=tx, event_id=event_id, sealed=sealed
        )

    [event] = await cases.timeline(made.id)

    assert event.note == "prefers evenings"
    assert b"evenings" not in sealed


async def test_forgetting_a_person_ends_their_cases_and_keys(
    cases: CaseStore, concerns: ConcernStore, database: SqliteDatabase, ana: ParticipantId
) -> None:
    made = await add(cases, database, case(ana))
    exported = await cases.export(ana)

    await cases.forget(ana)

    assert [row["ref"] for row in exported] == [made.ref]
    assert await cases.get(made.id) is None
    assert await cases.export(ana) == []


async def test_a_concern_is_its_reporters_and_names_nobody_who_was_forgotten(
    cases: CaseStore, concerns: ConcernStore, database: SqliteDatabase, ana: ParticipantId
) -> None:
    made = await add(cases, database, case(None, source=CaseSource.CONCERN, user_id=7))
    concern = Concern(
        id=ConcernId(new_id()),
        case_id=made.id,
        participant_id=None,
        reporter_id=7,
        about_id=USER,
        reason="unkind",
        text="harsh words",
        channel_id=1,
        message_id=2,
        created_at=NOW,
    )
    sealed = await concerns.seal(concern)
    async with database.transaction() as tx:
        await concerns.add(concern, sealed, tx)

    assert await concerns.of_case(made.id) == concern
    assert await concerns.export(ana) == []
    await concerns.forget(ana)
    left = await concerns.of_case(made.id)
    assert left.about_id is None
    assert left.text == "harsh words"


async def test_duty_and_conflicts_are_kept_once(database: SqliteDatabase) -> None:
    duty = DutyStore(database)
    await StaffStore(database).save(
        StaffMember(user_id=7, role=StaffRole.MODERATOR, enrolled_at=NOW)
    )

    assert await duty.on(7, NOW)
    assert not await duty.on(7, NOW)
    assert list(await duty.all()) == [7]
    assert await duty.off(7)
    assert not await duty.off(7)
    conflict = Conflict(staff_id=7, user_id=USER)
    await duty.add_conflict(conflict)
    await duty.add_conflict(conflict)
    assert await duty.conflicts() == [conflict]
    assert await duty.remove_conflict(conflict)
    assert not await duty.remove_conflict(conflict)


async def test_whoever_leaves_the_team_is_off_duty(database: SqliteDatabase) -> None:
    staff, duty = StaffStore(database), DutyStore(database)
    await staff.save(StaffMember(user_id=7, role=StaffRole.MODERATOR, enrolled_at=NOW))
    await duty.on(7, NOW)

    await staff.remove(7)

    assert await duty.all() == {}
