"""Closing: proposed by the owner, settled by the person, asked about a day later."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.case import CaseSource, CaseState, Resolution
from bot.domain.participant import ParticipantState
from bot.errors import UserError
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.desk import ANA, BEN, CLINICIAN, LEAD, MODERATOR, Desk


@pytest.fixture
async def desk(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Desk:
    return await Desk(database, vault, clock).begin()


async def test_who_asked_is_asked_before_it_closes(desk: Desk) -> None:
    case = await desk.asked_whether_settled()

    [question] = await desk.sent("case.closing")
    assert case.state is CaseState.CLAIMED
    assert case.closing is Resolution.TALKED
    assert question.participant_id == case.participant_id
    assert "closed" not in desk.clocks.told


async def test_a_yes_closes_it_and_its_owner_is_told(desk: Desk) -> None:
    case = await desk.asked_whether_settled()

    closed = await desk.care.closing.settled(case.id, ANA)

    [news] = await desk.sent("case.news")
    assert closed.state is CaseState.CLOSED
    assert closed.resolution is Resolution.TALKED
    assert news.args == {"what": "settled", "to": str(MODERATOR)}
    assert desk.clocks.told[-1] == "closed"


async def test_a_yes_pressed_twice_closes_once(desk: Desk) -> None:
    case = await desk.asked_whether_settled()

    results = await asyncio.gather(
        *(desk.care.closing.settled(case.id, ANA) for _ in range(2)), return_exceptions=True
    )

    assert (await desk.case(case)).is_closed
    assert (await desk.events(case)).count("settled") == 1
    assert any(not isinstance(result, Exception) for result in results)


async def test_a_not_yet_leaves_it_with_its_owner(desk: Desk) -> None:
    case = await desk.asked_whether_settled()

    stays = await desk.care.closing.not_yet(case.id, ANA)

    [news] = await desk.sent("case.news")
    assert (stays.state, stays.owner_id, stays.closing) == (CaseState.CLAIMED, MODERATOR, None)
    assert news.args["what"] == "not_yet"
    assert await desk.sent("case.closing") == []


async def test_an_answer_on_an_old_card_changes_nothing(desk: Desk) -> None:
    case = await desk.asked_whether_settled()
    await desk.care.closing.not_yet(case.id, ANA)

    with pytest.raises(UserError, match=r"care\.close\.not_asked"):
        await desk.care.closing.settled(case.id, ANA)

    assert not (await desk.case(case)).is_closed


@pytest.mark.parametrize("answer", ["settled", "not_yet", "here", "better", "not_really"])
async def test_nobody_answers_for_somebody_else(desk: Desk, answer: str) -> None:
    case = await desk.asked_whether_settled()

    with pytest.raises(UserError, match=r"core\.note_closed"):
        await getattr(desk.care.closing, answer)(case.id, BEN)


async def test_what_others_raised_closes_at_once_and_its_person_hears_nothing(desk: Desk) -> None:
    for source in (CaseSource.QUIET, CaseSource.LOW_TWICE, CaseSource.SCREEN, CaseSource.STAFF):
        case = await desk.claimed(source=source)

        closed = await desk.care.closing.close(
            case.id, desk.member(MODERATOR), Resolution.NOT_NEEDED
        )

        assert closed.is_closed, source
    personal = await desk.database.fetch_all(
        "SELECT kind FROM outbox WHERE participant_id IS NOT NULL"
    )
    assert personal == []


async def test_who_left_the_server_is_not_asked(desk: Desk) -> None:
    case = await desk.claimed()
    person = await desk.participants.find(ANA)
    assert person is not None
    await desk.participants.move(person, ParticipantState.LEFT)

    closed = await desk.care.closing.close(case.id, desk.member(MODERATOR), Resolution.NOT_REACHED)

    assert closed.is_closed
    assert await desk.sent("case.closing", waiting=False) == []


async def test_a_visitor_who_never_joined_is_not_asked(desk: Desk) -> None:
    case = await desk.claimed(user_id=BEN)

    closed = await desk.care.closing.close(case.id, desk.member(MODERATOR), Resolution.TALKED)

    assert closed.is_closed


async def test_asking_twice_is_refused(desk: Desk) -> None:
    case = await desk.asked_whether_settled()

    with pytest.raises(UserError, match=r"care\.close\.asked_already"):
        await desk.care.closing.close(case.id, desk.member(MODERATOR), Resolution.TALKED)


async def test_after_three_days_of_silence_a_clinician_may_close(desk: Desk) -> None:
    case = await desk.asked_whether_settled()
    clinician, moderator = desk.member(CLINICIAN), desk.member(MODERATOR)
    desk.later(hours=71)
    with pytest.raises(UserError, match=r"care\.close\.too_early"):
        await desk.care.closing.close_unanswered(case.id, clinician)
    desk.later(hours=1)
    with pytest.raises(UserError, match=r"care\.close\.clinician"):
        await desk.care.closing.close_unanswered(case.id, moderator)

    closed = await desk.care.closing.close_unanswered(case.id, clinician)

    assert closed.resolution is Resolution.TALKED


async def test_the_team_thinks_of_a_silence_in_three_days_and_not_of_an_answer(
    desk: Desk,
) -> None:
    case = await desk.asked_whether_settled()
    [reminder] = await desk.sent("case.news")

    await desk.care.closing.not_yet(case.id, ANA)

    assert reminder.due_at == desk.clock() + timedelta(hours=72)
    assert reminder.args["what"] == "unanswered"
    assert [row.args["what"] for row in await desk.sent("case.news")] == ["not_yet"]


async def test_no_case_closes_by_itself(desk: Desk) -> None:
    case = await desk.asked_whether_settled()

    desk.later(days=400)

    assert not (await desk.case(case)).is_closed


async def test_a_day_after_closing_the_person_is_asked_how_it_is(desk: Desk) -> None:
    await desk.closed()

    [question] = await desk.sent("case.followup")

    assert question.due_at == desk.clock() + timedelta(days=1)


@pytest.mark.parametrize("ending", [Resolution.NOT_WANTED, Resolution.NOT_REACHED])
async def test_who_wants_no_contact_is_left_in_peace(desk: Desk, ending: Resolution) -> None:
    case = await desk.claimed()
    await desk.care.closing.close(case.id, desk.member(MODERATOR), ending)
    await desk.care.closing.settled(case.id, ANA)

    assert await desk.sent("case.followup") == []


async def test_not_really_opens_it_again_for_anyone(desk: Desk) -> None:
    case = await desk.closed()
    desk.later(days=1)

    again = await desk.care.closing.not_really(case.id, ANA)
    twice = await desk.care.closing.not_really(case.id, ANA)

    assert (again.state, again.owner_id) == (CaseState.OPEN, None)
    assert again.handed_by == MODERATOR
    assert twice.state is CaseState.OPEN
    assert desk.clocks.told.count("reopened") == 1
    assert await desk.sent("case.followup") == []


async def test_not_really_after_a_new_request_leaves_that_one(desk: Desk) -> None:
    old = await desk.closed()
    await desk.opened()

    answer = await desk.care.closing.not_really(old.id, ANA)

    assert answer.is_closed
    assert len(await desk.stores.cases.unclosed()) == 1


async def test_anyone_who_may_know_opens_a_closed_case_again(desk: Desk) -> None:
    case = await desk.closed()

    again = await desk.care.closing.reopen(case.id, desk.member(CLINICIAN), "They called.")

    assert again.state is CaseState.OPEN
    with pytest.raises(UserError, match=r"care\.case\.not_closed"):
        await desk.care.closing.reopen(case.id, desk.member(CLINICIAN))


async def test_a_silent_person_is_told_once_a_day_that_somebody_wrote(desk: Desk) -> None:
    case = await desk.claimed()
    for _ in range(3):
        tried = await desk.care.closing.tried(case.id, desk.member(MODERATOR))

    assert tried.state is CaseState.UNREACHABLE
    assert len(await desk.sent("case.unreached")) == 1
    assert [row.args["what"] for row in await desk.sent("case.news")] == ["unanswered"]
    assert desk.clocks.told[-1] == "contacted"


async def test_a_silent_person_who_answers_is_written_to_again(desk: Desk) -> None:
    case = await desk.claimed()
    await desk.care.closing.tried(case.id, desk.member(MODERATOR))

    back = await desk.care.closing.here(case.id, ANA)

    assert (back.state, back.owner_id) == (CaseState.CLAIMED, MODERATOR)
    assert [row.args["what"] for row in await desk.sent("case.news")] == ["here"]


async def test_who_stays_silent_is_closed_as_not_reached_by_a_lead(desk: Desk) -> None:
    case = await desk.claimed()
    await desk.care.closing.tried(case.id, desk.member(MODERATOR))
    desk.later(hours=72)

    closed = await desk.care.closing.close_unanswered(case.id, desk.member(LEAD))

    assert closed.resolution is Resolution.NOT_REACHED


async def test_an_answer_and_a_clinicians_close_at_once_have_one_outcome(desk: Desk) -> None:
    case = await desk.asked_whether_settled()
    desk.later(hours=72)

    results = await asyncio.gather(
        desk.care.closing.not_yet(case.id, ANA),
        desk.care.closing.close_unanswered(case.id, desk.member(CLINICIAN)),
        return_exceptions=True,
    )

    assert sum(not isinstance(result, Exception) for result in results) == 1
