"""A conflict added later: what was open is taken away from who must not know of it."""

import pytest

from bot.domain.case import CaseState, CaseThread, Circle
from bot.domain.delivery import Channel
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError
from bot.services.pages import REQUEST
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.desk import ANA, BEN, CLINICIAN, LEAD, MODERATOR, SECOND_LEAD, Desk

STAFF, LEADS = Channel(key="channel.staff"), Channel(key="channel.lead")


@pytest.fixture
async def desk(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Desk:
    return await Desk(database, vault, clock).begin()


async def post(desk: Desk, subject_id: str, address: Channel = STAFF) -> None:
    """Post a card of a case, as the dispatcher would."""
    row = await desk.stores.outbox.add(REQUEST, address, due_at=desk.clock(), subject_id=subject_id)
    assert row is not None
    await desk.database.execute(
        "UPDATE outbox SET state = 'sent', sent_at = due_at, channel_id = 1, message_id = 2 "
        "WHERE id = :id",
        {"id": row.id},
    )


async def test_what_was_open_goes_to_the_leads_and_its_cards_are_to_go(desk: Desk) -> None:
    case = await desk.opened()
    await post(desk, case.id)

    await desk.duty.keep_apart(MODERATOR, ANA)

    [page] = await desk.sent("case.request")
    assert (await desk.case(case)).circle is Circle.LEADS
    assert page.address == LEADS
    assert [one.message_id for one in await desk.care.circle.too_widely_posted()] == [2]


async def test_a_card_that_was_not_sent_yet_is_not_sent_any_more(desk: Desk) -> None:
    case = await desk.opened()
    await desk.stores.outbox.add(REQUEST, STAFF, due_at=desk.clock(), subject_id=case.id)

    await desk.duty.keep_apart(MODERATOR, ANA)

    assert [row.address for row in await desk.sent("case.request")] == [LEADS]


async def test_who_had_it_loses_it_and_it_rings_anew(desk: Desk) -> None:
    case = await desk.claimed(MODERATOR)

    await desk.duty.keep_apart(MODERATOR, ANA)

    left = await desk.case(case)
    assert (left.state, left.owner_id, left.handed_by) == (CaseState.OPEN, None, None)
    assert desk.clocks.told[-1] == "reopened"
    assert (await desk.events(case))[-1] == "released"


async def test_a_backup_and_an_offer_are_taken_back_too(desk: Desk) -> None:
    case = await desk.claimed(LEAD)
    await desk.care.handover.backup(case.id, desk.member(LEAD))
    await desk.care.handover.backup(case.id, desk.member(MODERATOR))
    await desk.care.handover.offer(case.id, desk.member(LEAD), MODERATOR)

    await desk.duty.keep_apart(MODERATOR, ANA)

    left = await desk.case(case)
    assert (left.owner_id, left.backup_id, left.offered_to) == (LEAD, None, None)


async def test_somebody_elses_case_stays_theirs(desk: Desk) -> None:
    case = await desk.claimed(CLINICIAN)

    await desk.duty.keep_apart(MODERATOR, ANA)

    kept = await desk.case(case)
    assert (kept.owner_id, kept.circle) == (CLINICIAN, Circle.LEADS)
    assert await desk.care.desk.contacted(case.id, desk.member(CLINICIAN))


async def test_a_closed_case_is_narrowed_and_not_posted_again(desk: Desk) -> None:
    case = await desk.closed()
    await post(desk, case.id)

    await desk.duty.keep_apart(MODERATOR, ANA)

    assert (await desk.case(case)).circle is Circle.LEADS
    assert await desk.sent("case.request") == []
    assert len(await desk.care.circle.too_widely_posted()) == 1


async def test_a_concern_about_a_person_is_theirs_too(desk: Desk) -> None:
    case = await desk.concern(about=BEN)

    await desk.duty.keep_apart(MODERATOR, BEN)

    assert (await desk.case(case)).circle is Circle.LEADS


async def test_a_lead_with_a_conflict_loses_the_leads_own_thread(desk: Desk) -> None:
    case = await desk.opened()
    await desk.duty.keep_apart(LEAD, ANA)
    await desk.care.desk.set_apart_thread(case.id, 77)

    await desk.duty.keep_apart(SECOND_LEAD, ANA)

    [thread] = await desk.care.circle.to_end()
    assert (thread.thread_id, thread.is_gone) == (77, True)
    assert await desk.care.desk.apart_thread(case.id) is None


async def test_a_conflict_about_somebody_else_changes_nothing(desk: Desk) -> None:
    case = await desk.claimed(MODERATOR)

    await desk.duty.keep_apart(MODERATOR, BEN)

    assert await desk.case(case) == case


async def test_ending_a_conflict_gives_nothing_back(desk: Desk) -> None:
    case = await desk.opened()
    await desk.duty.keep_apart(MODERATOR, ANA)

    await desk.duty.end_apart(MODERATOR, ANA)

    assert (await desk.case(case)).circle is Circle.LEADS
    with pytest.raises(UserError, match=r"care\.case\.unknown"):
        await desk.care.desk.visible(case.id, desk.member(MODERATOR))


async def test_a_silence_is_thought_of_where_those_read_who_may_know(desk: Desk) -> None:
    await desk.asked_whether_settled(LEAD)

    await desk.duty.keep_apart(MODERATOR, ANA)

    [reminder] = await desk.sent("case.news")
    assert reminder.address == LEADS


async def test_who_became_a_partner_since_loses_what_is_open(desk: Desk) -> None:
    case = await desk.claimed(MODERATOR)
    desk.duty.keep_from_kin(lambda user_id: frozenset({MODERATOR} if user_id == ANA else ()))

    await desk.care.circle.sweep(desk.clock())
    await desk.care.circle.sweep(desk.clock())

    left = await desk.case(case)
    assert (left.circle, left.owner_id) == (Circle.LEADS, None)
    assert (await desk.events(case)).count("released") == 1


async def test_who_joined_the_team_is_kept_from_their_own_case(desk: Desk) -> None:
    case = await desk.opened()
    member = StaffMember(user_id=ANA, role=StaffRole.LEAD, enrolled_at=desk.clock())
    await desk.stores.staff.save(member)
    await desk.staff.load()

    await desk.care.circle.sweep(desk.clock())

    assert (await desk.case(case)).circle is Circle.SOME_LEADS


async def let_in(desk: Desk, case_id: str, staff_id: int = MODERATOR, thread_id: int = 88) -> None:
    """Keep that somebody writes in a thread."""
    thread = CaseThread(thread_id=thread_id, case_id=case_id, staff_id=staff_id)
    async with desk.database.transaction() as tx:
        await desk.stores.case_work.keep_thread(thread, tx)


async def test_a_thread_ends_with_the_case(desk: Desk) -> None:
    case = await desk.asked_whether_settled()
    await let_in(desk, case.id)
    before = await desk.care.circle.to_end()

    await desk.care.closing.settled(case.id, ANA)

    [thread] = await desk.care.circle.to_end()
    assert before == []
    assert (thread.is_over, thread.is_gone) == (True, False)


async def test_a_thread_is_nobodys_once_the_case_is_somebody_elses(desk: Desk) -> None:
    case = await desk.claimed()
    await let_in(desk, case.id)
    await desk.care.handover.offer(case.id, desk.member(MODERATOR), CLINICIAN)

    await desk.care.desk.claim(case.id, desk.member(CLINICIAN))

    [thread] = await desk.care.circle.to_end()
    assert (thread.staff_id, thread.is_over) == (MODERATOR, False)


async def test_a_thread_ends_when_its_member_leaves_the_team(desk: Desk) -> None:
    case = await desk.claimed()
    await let_in(desk, case.id)

    await desk.stores.staff.remove(MODERATOR)

    assert len(await desk.care.circle.to_end()) == 1


async def test_a_thread_of_a_case_that_is_gone_is_to_go(desk: Desk) -> None:
    case = await desk.claimed()
    await let_in(desk, case.id)
    assert case.participant_id is not None

    await desk.stores.cases.forget(case.participant_id)

    [thread] = await desk.care.circle.to_end()
    assert thread.is_gone


async def test_sight_stays_as_long_as_another_thread_needs_it(desk: Desk) -> None:
    await let_in(desk, "one", thread_id=1)
    await let_in(desk, "two", thread_id=2)

    assert await desk.care.circle.others_of(MODERATOR, 1)
    await desk.care.circle.left(2)
    assert not await desk.care.circle.others_of(MODERATOR, 1)
