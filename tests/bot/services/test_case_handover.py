"""Sharing a case: back-up, a breathing space, hand-over, severity, the playbook."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.case import CaseSource, CaseState, Resolution, Severity
from bot.errors import UserError
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.desk import (
    ANA,
    BEN,
    CLINICIAN,
    LEAD,
    MODERATOR,
    SECOND_LEAD,
    Desk,
)


@pytest.fixture
async def desk(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Desk:
    return await Desk(database, vault, clock).begin()


async def test_backup_is_asked_for_and_one_colleague_joins(desk: Desk) -> None:
    case = await desk.claimed()
    handover = desk.care.handover
    await handover.backup(case.id, desk.member(MODERATOR))

    results = await asyncio.gather(
        *(handover.backup(case.id, desk.member(who)) for who in (CLINICIAN, LEAD)),
        return_exceptions=True,
    )

    joined = await desk.case(case)
    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert joined.backup_id in (CLINICIAN, LEAD)
    assert joined.owner_id == MODERATOR
    assert [row.args["what"] for row in await desk.sent("case.news")] == ["backup"]


async def test_nobody_reads_along_as_backup_unasked(desk: Desk) -> None:
    case = await desk.claimed(CLINICIAN)

    with pytest.raises(UserError, match=r"care\.backup\.not_asked"):
        await desk.care.handover.backup(case.id, desk.member(MODERATOR))

    assert await desk.care.desk.open_file(case.id, desk.member(MODERATOR)) is None


async def test_a_backup_reads_and_writes_in_the_owners_place(desk: Desk) -> None:
    case = await desk.claimed(CLINICIAN)
    await desk.care.handover.backup(case.id, desk.member(CLINICIAN))
    await desk.care.handover.backup(case.id, desk.member(MODERATOR))

    file = await desk.care.desk.open_file(case.id, desk.member(MODERATOR))
    contacted = await desk.care.desk.contacted(case.id, desk.member(MODERATOR))

    assert file is not None
    assert contacted.state is CaseState.IN_CONTACT
    assert contacted.owner_id == CLINICIAN


async def test_with_someone_now_puts_a_quarter_of_an_hour_on_the_clock(desk: Desk) -> None:
    case = await desk.claimed()

    busy = await desk.care.handover.busy(case.id, desk.member(MODERATOR))

    assert busy.busy_until == desk.clock() + timedelta(minutes=15)
    assert desk.clocks.told[-1] == "postponed"
    with pytest.raises(UserError, match=r"care\.busy\.already"):
        await desk.care.handover.busy(case.id, desk.member(MODERATOR))
    desk.later(minutes=15)
    assert await desk.care.handover.busy(case.id, desk.member(MODERATOR))


async def test_an_offered_case_stays_until_the_colleague_takes_it(desk: Desk) -> None:
    case = await desk.claimed()

    offered = await desk.care.handover.offer(case.id, desk.member(MODERATOR), CLINICIAN)
    taken = await desk.care.desk.claim(case.id, desk.member(CLINICIAN))

    assert offered.owner_id == MODERATOR
    assert (taken.owner_id, taken.handed_by, taken.offered_to) == (CLINICIAN, MODERATOR, None)
    assert await desk.events(case) == ["claimed", "offered", "taken_over"]


async def test_a_case_offered_elsewhere_meanwhile_is_not_taken(desk: Desk) -> None:
    case = await desk.claimed()
    await desk.care.handover.offer(case.id, desk.member(MODERATOR), CLINICIAN)
    await desk.care.handover.offer(case.id, desk.member(MODERATOR), LEAD)

    with pytest.raises(UserError, match=r"care\.case\.taken"):
        await desk.care.desk.claim(case.id, desk.member(CLINICIAN))


async def test_a_colleague_who_cannot_take_it_says_so(desk: Desk) -> None:
    case = await desk.claimed()
    await desk.care.handover.offer(case.id, desk.member(MODERATOR), CLINICIAN)

    await desk.care.handover.decline(case.id, desk.member(CLINICIAN))

    told = [row.args for row in await desk.sent("case.news")]
    assert told[-1] == {"what": "declined", "to": str(MODERATOR)}
    assert (await desk.case(case)).offered_to is None
    with pytest.raises(UserError, match=r"care\.hand\.offer_gone"):
        await desk.care.handover.decline(case.id, desk.member(CLINICIAN))


async def test_handed_to_the_next_shift_a_case_waits_and_rings_anew(desk: Desk) -> None:
    case = await desk.claimed()

    waiting = await desk.care.handover.to_next_shift(
        case.id, desk.member(MODERATOR), "Prefers the evening."
    )
    taken = await desk.care.desk.claim(case.id, desk.member(CLINICIAN))

    assert (waiting.state, waiting.owner_id, waiting.handed_by) == (
        CaseState.HANDED_OFF,
        None,
        MODERATOR,
    )
    assert desk.clocks.told == ["claimed", "reopened", "claimed"]
    assert taken.owner_id == CLINICIAN


async def test_what_the_last_owner_asked_the_person_is_taken_back(desk: Desk) -> None:
    case = await desk.claimed()
    await desk.care.closing.close(case.id, desk.member(MODERATOR), Resolution.TALKED)
    await desk.care.handover.to_next_shift(case.id, desk.member(MODERATOR))

    assert await desk.sent("case.closing") == []
    assert len(await desk.sent("case.closing", waiting=False)) == 1


async def test_a_lead_hands_over_for_somebody_who_cannot(desk: Desk) -> None:
    case = await desk.claimed()

    with pytest.raises(UserError, match=r"care\.case\.not_owner"):
        await desk.care.handover.to_next_shift(case.id, desk.member(CLINICIAN))
    waiting = await desk.care.handover.to_next_shift(case.id, desk.member(LEAD))

    assert waiting.state is CaseState.HANDED_OFF


async def test_who_must_not_know_of_a_case_is_in_no_list_of_colleagues(desk: Desk) -> None:
    case = await desk.claimed()
    await desk.duty.keep_apart(CLINICIAN, ANA)

    colleagues = await desk.care.handover.colleagues(case.id, desk.member(MODERATOR))

    assert [one.user_id for one in colleagues] == [LEAD, SECOND_LEAD]
    with pytest.raises(UserError, match=r"care\.hand\.not_possible"):
        await desk.care.handover.offer(case.id, desk.member(MODERATOR), CLINICIAN)


async def test_only_a_person_changes_a_severity_and_the_clock_follows(desk: Desk) -> None:
    case = await desk.claimed()

    rated = await desk.care.handover.rate(case.id, desk.member(MODERATOR), Severity.NOW, "Pills.")

    assert rated.severity is Severity.NOW
    assert desk.clocks.told[-1] == "changed"
    assert (await desk.events(case))[-1] == "severity_1"
    assert "case.rated" in await desk.audited()


async def test_two_changes_of_severity_at_once_have_one_winner(desk: Desk) -> None:
    case = await desk.opened()
    levels = ((CLINICIAN, Severity.NOW), (MODERATOR, Severity.SOON))

    results = await asyncio.gather(
        *(desk.care.handover.rate(case.id, desk.member(who), level) for who, level in levels),
        return_exceptions=True,
    )

    assert sum(not isinstance(result, Exception) for result in results) == 1


async def test_somebody_elses_case_keeps_its_severity(desk: Desk) -> None:
    case = await desk.claimed()

    with pytest.raises(UserError, match=r"care\.case\.not_owner"):
        await desk.care.handover.rate(case.id, desk.member(CLINICIAN), Severity.WATCH)


async def test_steps_are_ticked_by_the_owner_and_kept(desk: Desk) -> None:
    case = await desk.claimed()
    owner = desk.member(MODERATOR)
    await desk.care.desk.tick(case.id, owner, ["record", "reach"])

    _, steps = await desk.care.desk.tick(case.id, owner, ["record"])

    assert [(step.name, step.actor_id) for step in steps] == [("record", MODERATOR)]
    with pytest.raises(UserError, match=r"care\.case\.not_owner"):
        await desk.care.desk.tick(case.id, desk.member(CLINICIAN), ["reach"])


async def test_who_was_let_go_leaves_a_case_for_anyone(desk: Desk) -> None:
    case = await desk.claimed()
    await desk.stores.staff.remove(MODERATOR)
    await desk.staff.load()

    assert desk.book.is_free(await desk.case(case))
    taken = await desk.care.desk.claim(case.id, desk.member(CLINICIAN))
    assert taken.owner_id == CLINICIAN


async def test_a_receipt_says_each_time_that_somebody_picked_it_up(desk: Desk) -> None:
    case = await desk.claimed()
    await desk.care.handover.to_next_shift(case.id, desk.member(MODERATOR))
    before = len(await desk.sent("case.receipt"))
    desk.later(minutes=1)
    await desk.care.desk.claim(case.id, desk.member(CLINICIAN))

    assert (before, len(await desk.sent("case.receipt"))) == (1, 2)


async def test_a_case_whose_person_deleted_their_data_is_unknown(desk: Desk) -> None:
    case = await desk.claimed()
    assert case.participant_id is not None
    await desk.stores.cases.forget(case.participant_id)

    for act in (
        desk.care.desk.contacted(case.id, desk.member(MODERATOR)),
        desk.care.handover.busy(case.id, desk.member(MODERATOR)),
        desk.care.closing.tried(case.id, desk.member(MODERATOR)),
    ):
        with pytest.raises(UserError, match=r"care\.case\.unknown"):
            await act


async def test_a_heads_up_is_not_written_to_in_a_thread(desk: Desk) -> None:
    quiet = await desk.claimed(source=CaseSource.QUIET)
    visitor = await desk.claimed(user_id=BEN)

    with pytest.raises(UserError, match=r"care\.thread\.not_asked"):
        await desk.care.circle.may_write(quiet.id, desk.member(MODERATOR))
    with pytest.raises(UserError, match=r"care\.thread\.not_here"):
        await desk.care.circle.may_write(visitor.id, desk.member(MODERATOR))
