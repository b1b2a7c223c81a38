"""The log on a real database: nothing changes it, and what was taken out is named."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.audit import (
    BOT,
    OPERATOR,
    PROGRAMME,
    AuditAction,
    ChainFault,
    FaultKind,
    Opened,
    Subject,
)
from bot.domain.ids import CaseId, ParticipantId, new_id
from bot.domain.staff import StaffRole
from bot.services.audit import AccessLog, AuditService
from bot.store.access import AccessStore
from bot.store.audit import AuditStore, HeadFile
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock

STAFF = Subject.staff(812345678901234567)
PERSON = ParticipantId("p" * 22)
CASE = CaseId("c" * 22)


class InterruptedWorkError(Exception):
    """Ends a unit of work early."""


@pytest.fixture
def store(database: SqliteDatabase) -> AuditStore:
    return AuditStore(database)


@pytest.fixture
def head_file(tmp_path: Path) -> HeadFile:
    return HeadFile(tmp_path / "audit.head")


@pytest.fixture
def audit(
    store: AuditStore, head_file: HeadFile, database: SqliteDatabase, clock: FakeClock
) -> AuditService:
    return AuditService(store, head_file, database, clock)


@pytest.fixture
def access_store(database: SqliteDatabase, vault: Vault) -> AccessStore:
    return AccessStore(database, vault)


@pytest.fixture
def access(access_store: AccessStore, audit: AuditService, clock: FakeClock) -> AccessLog:
    return AccessLog(access_store, audit, clock)


async def fill(audit: AuditService, count: int) -> None:
    for _ in range(count):
        await audit.record(STAFF, AuditAction.CASE_NOTED, Subject.case(CASE))


async def tamper(database: SqliteDatabase, statement: str) -> None:
    """Do what only someone with the file in hand can do: without the triggers."""
    for trigger in await database.fetch_all("SELECT name FROM sqlite_master WHERE type='trigger'"):
        await database.execute(f"DROP TRIGGER {trigger['name']}")
    await database.execute(statement)


async def test_a_line_holds_ids_and_facts_only(
    audit: AuditService, store: AuditStore, clock: FakeClock
) -> None:
    await audit.record(
        OPERATOR, AuditAction.STAFF_ENROLLED, STAFF, role=StaffRole.CLINICIAN, again=False
    )

    (line,) = [entry async for entry in store.entries()]
    assert (line.actor, line.action) == ("operator", "staff.enrolled")
    assert line.facts == '{"again": false, "role": "clinician"}'
    assert str(STAFF.ref) not in repr(line)
    assert datetime.fromtimestamp(line.at / 1e6, UTC) == clock()


async def test_the_same_person_keeps_their_random_id(
    audit: AuditService, store: AuditStore
) -> None:
    await audit.record(STAFF, AuditAction.CASE_CLAIMED, Subject.case(CASE))
    await audit.record(STAFF, AuditAction.CASE_CLOSED, Subject.case(CASE))

    first, second = [entry async for entry in store.entries()]
    assert (first.actor, first.subject) == (second.actor, second.subject)
    assert first.subject != CASE


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'case.closed' WHERE id = 1",
        "DELETE FROM audit_entries WHERE id = 1",
        "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries WHERE id = 1",
        "UPDATE audit_segments SET last_hash = x'00'",
        "UPDATE audit_segments SET dropped_at = 1, last_id = 9",
        "DELETE FROM audit_segments",
    ],
)
async def test_nothing_changes_a_line_or_a_seal(
    audit: AuditService, database: SqliteDatabase, clock: FakeClock, statement: str
) -> None:
    await fill(audit, 1)
    clock.advance(timedelta(days=40))
    await fill(audit, 1)

    with pytest.raises(sqlite3.IntegrityError, match=r"audit log|sealed month"):
        await database.execute(statement)

    assert (await audit.verify()).fault is None


async def test_an_empty_and_a_whole_log_are_right(audit: AuditService) -> None:
    assert (await audit.verify()).count == 0

    await fill(audit, 5)

    verdict = await audit.verify()
    assert (verdict.count, verdict.fault) == (5, None)


@pytest.mark.parametrize(
    ("statement", "kind", "line"),
    [
        ("UPDATE audit_entries SET action = 'x' WHERE id = 1", FaultKind.CHANGED, 1),
        ("UPDATE audit_entries SET at = at + 1 WHERE id = 3", FaultKind.CHANGED, 3),
        ("UPDATE audit_entries SET facts = '[]' WHERE id = 5", FaultKind.CHANGED, 5),
        ("UPDATE audit_entries SET reason = x'00' WHERE id = 2", FaultKind.CHANGED, 2),
        ("DELETE FROM audit_entries WHERE id = 1", FaultKind.MISSING, 1),
        ("DELETE FROM audit_entries WHERE id IN (2, 3)", FaultKind.MISSING, 2),
        ("DELETE FROM audit_entries WHERE id > 3", FaultKind.CUT, 4),
        ("DELETE FROM audit_entries", FaultKind.CUT, 1),
    ],
)
async def test_the_first_broken_line_is_named(
    audit: AuditService, database: SqliteDatabase, statement: str, kind: FaultKind, line: int
) -> None:
    await fill(audit, 5)

    await tamper(database, statement)

    assert (await audit.verify()).fault == ChainFault(kind=kind, entry_id=line)


async def test_a_rewritten_tail_does_not_fit_the_hash_outside(
    audit: AuditService, store: AuditStore, database: SqliteDatabase, clock: FakeClock
) -> None:
    await fill(audit, 3)
    await tamper(database, "DELETE FROM audit_entries WHERE id = 3")
    forger = AuditService(store, HeadFile(Path("nowhere")), database, clock)
    async with database.transaction() as tx:
        await forger.record(STAFF, AuditAction.CASE_CLOSED, Subject.case(CASE), tx=tx)

    assert (await audit.verify()).fault == ChainFault(kind=FaultKind.CHANGED, entry_id=3)


@pytest.mark.parametrize("content", [None, "", "{}", '{"id": "one", "hash": 2}'])
async def test_a_lost_or_damaged_hash_outside_is_told(
    audit: AuditService, tmp_path: Path, content: str | None
) -> None:
    await fill(audit, 2)
    file = tmp_path / "audit.head"
    file.unlink()
    if content is not None:
        file.write_text(content, encoding="ascii")

    fault = (await audit.verify()).fault
    assert fault is not None
    assert fault.kind is FaultKind.HEAD


async def test_a_line_goes_with_the_unit_of_work_it_belongs_to(
    audit: AuditService, database: SqliteDatabase
) -> None:
    await fill(audit, 1)

    async def work() -> None:
        async with database.transaction() as tx:
            await audit.record(BOT, AuditAction.CASE_OPENED, Subject.case(CASE), tx=tx)
            raise InterruptedWorkError

    with pytest.raises(InterruptedWorkError):
        await work()
    assert (await audit.verify()).count == 1

    async with database.transaction() as tx:
        await audit.record(BOT, AuditAction.CASE_OPENED, Subject.case(CASE), tx=tx)
    assert (await audit.verify()).count == 2


async def test_the_sweep_writes_the_hash_of_a_unit_of_work_outside(
    audit: AuditService,
    head_file: HeadFile,
    store: AuditStore,
    database: SqliteDatabase,
    clock: FakeClock,
) -> None:
    async with database.transaction() as tx:
        await audit.record(BOT, AuditAction.CASE_OPENED, Subject.case(CASE), tx=tx)
    assert head_file.read() is None

    await audit.sweep(clock())

    assert head_file.read() == await store.head()


async def test_a_month_is_sealed_when_the_next_begins(
    audit: AuditService, store: AuditStore, clock: FakeClock
) -> None:
    await fill(audit, 2)
    assert await store.segments() == []

    clock.now = datetime(2026, 2, 1, tzinfo=UTC)
    await fill(audit, 1)

    (segment,) = await store.segments()
    assert (segment.month, segment.last_id, segment.is_dropped) == (202601, 2, False)
    assert (await audit.verify()).fault is None


async def test_a_clock_set_back_does_not_reopen_a_month(
    audit: AuditService, store: AuditStore, clock: FakeClock
) -> None:
    clock.now = datetime(2026, 2, 1, tzinfo=UTC)
    await fill(audit, 1)
    clock.now = datetime(2026, 1, 31, tzinfo=UTC)
    await fill(audit, 1)

    assert [entry.month async for entry in store.entries()] == [202602, 202602]
    assert await store.segments() == []


async def test_a_month_kept_long_enough_is_dropped_and_its_hash_stays(
    audit: AuditService, store: AuditStore, clock: FakeClock
) -> None:
    await fill(audit, 3)
    clock.now = datetime(2027, 12, 5, tzinfo=UTC)
    await fill(audit, 2)
    await audit.sweep(datetime(2028, 1, 31, tzinfo=UTC))
    assert (await audit.verify()).count == 5

    clock.now = datetime(2028, 2, 1, tzinfo=UTC)
    await audit.sweep(clock())

    lines = [entry async for entry in store.entries()]
    assert [line.id for line in lines] == [4, 5, 6]
    assert lines[-1].action == AuditAction.SEGMENT_DROPPED.value
    assert lines[-1].facts == '{"lines": 3, "month": 202601}'
    assert (await audit.verify()).fault is None


async def test_a_line_missing_after_a_dropped_month_is_named(
    audit: AuditService, database: SqliteDatabase, clock: FakeClock
) -> None:
    await fill(audit, 3)
    clock.now = datetime(2028, 2, 1, tzinfo=UTC)
    await fill(audit, 2)
    await audit.sweep(clock())

    await tamper(database, "DELETE FROM audit_entries WHERE id = 4")

    assert (await audit.verify()).fault == ChainFault(kind=FaultKind.MISSING, entry_id=4)


async def test_a_forged_seal_is_told(
    audit: AuditService, database: SqliteDatabase, clock: FakeClock
) -> None:
    await fill(audit, 2)
    clock.advance(timedelta(days=40))
    await fill(audit, 1)

    await tamper(database, "UPDATE audit_segments SET last_hash = x'00'")

    assert (await audit.verify()).fault == ChainFault(kind=FaultKind.SEAL, entry_id=2)


async def test_forgetting_a_participant_makes_their_lines_anonymous(
    audit: AuditService, store: AuditStore, database: SqliteDatabase
) -> None:
    person = Subject.participant(PERSON)
    await audit.record(person, AuditAction.JOINED, PROGRAMME)
    (before,) = await store.export(PERSON)
    assert before["done"] == [
        {"at": "2026-01-05T12:00:00+00:00", "action": "join.joined", "facts": {}}
    ]

    await store.forget(PERSON)

    assert await store.export(PERSON) == []
    assert await database.fetch_all("SELECT * FROM audit_subjects") == []
    assert (await audit.verify()).fault is None


async def test_the_lines_about_a_case_that_is_gone_become_anonymous_too(
    audit: AuditService, store: AuditStore, database: SqliteDatabase
) -> None:
    await audit.record(BOT, AuditAction.CASE_OPENED, Subject.case(CASE), about=new_id())

    await store.forget(PERSON)

    assert await database.fetch_all("SELECT * FROM audit_subjects") == []
    assert (await audit.verify()).fault is None


async def test_a_participant_learns_who_opened_what_and_why(
    access: AccessLog, access_store: AccessStore, database: SqliteDatabase
) -> None:
    person = Subject.participant(PERSON)
    await access.record(STAFF, person, Opened.ANSWERS, reason="She asked me to look")
    await access.record(STAFF, person, Opened.PERSON)
    await access.record(STAFF, Subject.case(CASE), Opened.CASE, reason="Not about her")

    exported = await access_store.export(PERSON)

    assert [(line["opened"], line["by"], line["reason"]) for line in exported] == [
        ("answers", STAFF.ref, "She asked me to look"),
        ("person", STAFF.ref, None),
    ]
    rows = await database.fetch_all("SELECT * FROM audit_entries")
    assert all(b"asked" not in bytes(row["reason"] or b"") for row in rows)


async def test_a_reason_is_unreadable_without_its_key(
    access: AccessLog, access_store: AccessStore, audit: AuditService, vault: Vault
) -> None:
    await access.record(STAFF, Subject.participant(PERSON), Opened.ANSWERS, reason="Because")

    await vault.destroy(PERSON)

    (line,) = await access_store.export(PERSON)
    assert line["reason"] is None
    assert (await audit.verify()).fault is None
