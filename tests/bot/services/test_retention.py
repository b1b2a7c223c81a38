"""Retention by the clock: what is over goes, what is not stays, each class for itself."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, open_app
from bot.domain.audit import Opened, Subject
from bot.domain.case import CaseSource, Resolution
from bot.domain.delivery import Kind, Personal, Priority
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant, ParticipantState, Preferences
from bot.domain.posted import Batch, Posted
from bot.domain.retention import CLASSES, DataClass
from bot.domain.staff import StaffRole
from bot.errors import KeyLostError, StoreError
from bot.services.clearing import Taken
from bot.services.erasure import Forgotten
from bot.store.times import to_us
from tests.fakes.clock import FakeClock
from tests.fakes.simulation import settings_in

NOTE = Kind(name="test.note", priority=Priority.REMINDER)
ANA, NINA = 812345678901234501, 812345678901234502


class Hands:
    """What would be done in Discord."""

    def __init__(self) -> None:
        self.removed: list[int] = []
        self.parted: list[Forgotten] = []
        self.refuses = False

    async def remove(self, batch: Batch) -> AsyncIterator[tuple[Posted, Taken]]:
        for one in batch.messages:
            if not self.refuses:
                self.removed.append(one.message_id)
            yield one, Taken.REFUSED if self.refuses else Taken.REMOVED

    async def part(self, forgotten: Forgotten) -> None:
        self.parted.append(forgotten)


@pytest.fixture
async def app(tmp_path: Path, clock: FakeClock) -> AsyncIterator[App]:
    async with open_app(settings_in(tmp_path), clock=clock) as app:
        yield app


@pytest.fixture
def hands() -> Hands:
    return Hands()


async def come_in(app: App, user_id: int = ANA) -> Participant:
    person = await app.services.participants.begin(user_id, Preferences())
    return await app.services.participants.move(person, ParticipantState.ACTIVE)


async def sent_note(app: App, person: ParticipantId, clock: FakeClock, message_id: int) -> str:
    """Add a note that was sent now."""
    row = await app.stores.outbox.add(NOTE, Personal(participant_id=person), due_at=clock())
    assert row is not None
    await app.database.execute(
        "UPDATE outbox SET state = 'sent', sent_at = :now, channel_id = 7, message_id = :message "
        "WHERE id = :id",
        {"id": row.id, "now": to_us(clock()), "message": message_id},
    )
    return row.id


async def count(app: App, table: str) -> int:
    row = await app.database.fetch_one(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return int(row["n"])


async def closed_case(app: App, detail: str = "please call") -> str:
    services = app.services
    nina = await services.team.enrol(NINA, StaffRole.CLINICIAN, by=None)
    await services.cases.ask(ANA, CaseSource.ASK, detail=detail)
    (case,) = await services.cases.own_requests(ANA)
    await services.case_desk.claim(case.id, nina)
    await services.case_closing.close(case.id, nina, Resolution.TALKED, "all is well")
    await services.case_closing.settled(case.id, case.user_id)
    return case.id


async def test_it_runs_once_a_day_and_counts(
    app: App, clock: FakeClock, hands: Hands, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    first = await app.services.retention.run_if_due(hands)
    clock.advance(timedelta(hours=19))
    again = await app.services.retention.run_if_due(hands)
    clock.advance(timedelta(hours=5))
    next_day = await app.services.retention.run_if_due(hands)

    assert set(first) == set(next_day) == {one.kind for one in CLASSES if not one.by}  # fmt: skip
    assert again == {}
    assert "notices 0, outbox 0, cases 0" in caplog.text


async def test_a_run_is_remembered_over_a_restart(
    tmp_path: Path, clock: FakeClock, hands: Hands
) -> None:
    async with open_app(settings_in(tmp_path), clock=clock) as app:
        await app.services.retention.run_if_due(hands)
    clock.advance(timedelta(hours=1))
    async with open_app(settings_in(tmp_path), clock=clock) as app:
        assert await app.services.retention.run_if_due(hands) == {}


async def test_notices_go_from_discord_before_the_bulk_limit(
    app: App, clock: FakeClock, hands: Hands
) -> None:
    person = await come_in(app)
    await sent_note(app, person.id, clock, 1)
    clock.advance(timedelta(days=1))
    await sent_note(app, person.id, clock, 2)
    clock.advance(timedelta(days=11, seconds=1))

    removed = await app.services.retention.run_if_due(hands)

    assert hands.removed == [1]
    assert removed[DataClass.NOTICES] == 1
    assert [one.message_id for one in await app.stores.outbox.posted_to(person.id)] == [2]
    assert await count(app, "outbox") == 2


async def test_the_teams_cards_go_once_the_case_is_closed(
    app: App, clock: FakeClock, hands: Hands
) -> None:
    await come_in(app)
    closed = await closed_case(app)
    await app.services.cases.ask(ANA)
    await app.database.execute(
        "UPDATE outbox SET state = 'sent', sent_at = :now, channel_id = 5, message_id = "
        "CASE WHEN subject_id = :closed THEN 1 ELSE 2 END WHERE kind LIKE 'case.%' "
        "AND participant_id IS NULL",
        {"now": to_us(clock()), "closed": closed},
    )
    clock.advance(timedelta(days=12, hours=1))

    await app.services.retention.run_if_due(hands)

    assert set(hands.removed) == {1}


async def test_a_notice_discord_keeps_is_tried_again_the_next_day(
    app: App, clock: FakeClock, hands: Hands
) -> None:
    person = await come_in(app)
    await sent_note(app, person.id, clock, 1)
    clock.advance(timedelta(days=12, hours=1))
    hands.refuses = True
    assert (await app.services.retention.run_if_due(hands))[DataClass.NOTICES] == 0

    hands.refuses = False
    clock.advance(timedelta(days=1))
    assert (await app.services.retention.run_if_due(hands))[DataClass.NOTICES] == 1


async def test_settled_messages_go_after_90_days_and_waiting_ones_stay(
    app: App, clock: FakeClock, hands: Hands
) -> None:
    person = await come_in(app)
    await sent_note(app, person.id, clock, 1)
    later = clock() + timedelta(days=200)
    await app.stores.outbox.add(NOTE, Personal(participant_id=person.id), due_at=later)

    clock.advance(timedelta(days=90))
    await app.services.retention.run_if_due(hands)
    assert await count(app, "outbox") == 2
    clock.advance(timedelta(days=1))
    removed = await app.services.retention.run_if_due(hands)

    assert removed[DataClass.OUTBOX] == 1
    assert await count(app, "outbox") == 1


async def test_a_closed_case_becomes_a_count_of_nobody(
    app: App, clock: FakeClock, hands: Hands
) -> None:
    await come_in(app)
    case_id = await closed_case(app)
    sealed = await app.stores.cases.seal_note(case_id, "event", "x")
    assert sealed is not None
    clock.advance(timedelta(days=90))
    await app.services.retention.run_if_due(hands)
    assert await count(app, "cases") == 1

    clock.advance(timedelta(days=1))
    removed = await app.services.retention.run_if_due(hands)

    assert removed[DataClass.CASES] == 1
    assert [await count(app, table) for table in ("cases", "case_events")] == [0, 0]
    rows = await app.database.fetch_all("SELECT * FROM case_counts")
    assert [tuple(row) for row in rows] == [(202601, "ask", 3, "talked", 1)]
    named = await app.database.fetch_all("SELECT * FROM audit_subjects WHERE case_id NOTNULL")
    assert list(named) == []
    with pytest.raises(KeyLostError):
        await app.vault.open(case_id, sealed, at="case_events.note", row="event")
    await app.services.audit.anchor()
    assert (await app.services.audit.verify()).fault is None


async def test_open_cases_are_never_reduced(app: App, clock: FakeClock, hands: Hands) -> None:
    await come_in(app)
    await app.services.cases.ask(ANA)
    clock.advance(timedelta(days=400))

    await app.services.retention.run_if_due(hands)

    assert await count(app, "cases") == 1


async def test_cases_of_a_month_are_counted_together(
    app: App, clock: FakeClock, hands: Hands
) -> None:
    await come_in(app)
    await closed_case(app)
    await closed_case(app)
    clock.advance(timedelta(days=100))

    await app.services.retention.run_if_due(hands)

    rows = await app.database.fetch_all("SELECT cases FROM case_counts")
    assert [row["cases"] for row in rows] == [2]


async def test_who_left_is_forgotten_after_a_year_as_by_themselves(
    app: App, clock: FakeClock, hands: Hands
) -> None:
    ana, bo = await come_in(app), await come_in(app, NINA)
    await app.services.participants.change(ana, thread_id=99)
    await app.services.membership.leave(ANA)
    clock.advance(timedelta(days=364))
    await app.services.retention.run_if_due(hands)
    assert hands.parted == []

    clock.advance(timedelta(days=2))
    removed = await app.services.retention.run_if_due(hands)

    assert removed[DataClass.LEFT] == 1
    assert [(one.user_id, one.thread_id) for one in hands.parted] == [(ANA, 99)]
    assert await app.services.participants.find(ANA) is None
    assert await app.services.participants.find(NINA) == bo
    assert app.services.profiles.get(ANA) is None


async def test_who_came_back_is_kept(app: App, clock: FakeClock, hands: Hands) -> None:
    await come_in(app)
    await app.services.membership.leave(ANA)
    clock.advance(timedelta(days=300))
    await app.services.membership.resume(ANA)
    clock.advance(timedelta(days=300))

    await app.services.retention.run_if_due(hands)

    assert await app.services.participants.find(ANA) is not None


async def test_why_something_was_opened_is_readable_for_a_year(
    app: App, clock: FakeClock, hands: Hands
) -> None:
    person = await come_in(app)
    subject = Subject.participant(person.id)
    await app.services.access.record(
        Subject.staff(NINA), subject, Opened.ANSWERS, reason="she asked me"
    )
    clock.advance(timedelta(days=365))
    await app.services.retention.run_if_due(hands)
    (line,) = await app.services.own_data.access(person)
    assert line.reason == "she asked me"

    clock.advance(timedelta(days=32))
    removed = await app.services.retention.run_if_due(hands)

    assert removed[DataClass.ACCESS] == 1
    assert await app.services.own_data.access(person) == []
    (line,) = await app.stores.access.openings(person.id)
    assert line.reason is None
    assert (await app.services.audit.verify()).fault is None


async def test_tries_of_the_private_word_go_after_an_hour(
    app: App, clock: FakeClock, hands: Hands
) -> None:
    person = await come_in(app)
    await app.stores.private_words.take_try(person.id, clock(), clock(), 5)
    clock.advance(timedelta(hours=1))

    removed = await app.services.retention.run_if_due(hands)

    assert removed[DataClass.WORD_TRIES] == 1


async def test_drafts_codes_and_tries_go_by_their_own_sweeps(app: App, clock: FakeClock) -> None:
    await app.services.drafts.keep(ANA, "checkin:v1:answer", {"note": "x"})
    await app.services.team.enrol(NINA, StaffRole.LEAD, by=None)
    await app.services.joining.issue_code(NINA)
    clock.advance(timedelta(hours=24))
    await app.run_due()
    assert await count(app, "drafts") == 0
    assert await count(app, "join_codes") == 1

    clock.advance(timedelta(days=13, seconds=1))
    await app.run_due()

    assert await count(app, "join_codes") == 0


async def test_one_class_that_fails_holds_up_no_other_and_is_tried_again(
    app: App, clock: FakeClock, hands: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    service: Any = app.services.retention

    async def broken(before: object) -> int:
        raise StoreError("locked")

    with monkeypatch.context() as broken_for_now:
        broken_for_now.setitem(service._purges, DataClass.OUTBOX, broken)
        first = await service.run_if_due(hands)

    assert DataClass.OUTBOX not in first
    assert DataClass.LEFT in first
    assert set(await service.run_if_due(hands)) == {DataClass.OUTBOX}


async def test_it_is_a_job_of_the_scheduler_that_also_runs_at_the_start(app: App) -> None:
    jobs = app.scheduler._jobs._scheduler.get_jobs()
    names = {job.name for job in jobs}
    assert {"retention", "retention at the start"} <= names
