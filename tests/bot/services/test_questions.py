"""Questions: who may know of them, where the answer goes, and what danger does."""

from dataclasses import dataclass, replace

import pytest

from bot.domain.case import CaseSource, Severity
from bot.domain.delivery import Channel
from bot.domain.place import PlaceKey
from bot.domain.question import MOST_OPEN, QuestionState
from bot.errors import UserError
from bot.services.questions import QuestionService
from bot.store.database import SqliteDatabase
from bot.store.questions import QuestionStore
from bot.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.room_tools import (
    ANA,
    LEAD,
    MODERATOR,
    ROOM,
    FakeAudit,
    FakeDuty,
    FakeOutbox,
    FakeRequests,
    FakeScreen,
    keep,
    person,
)

ANN = person("ana", ANA)
OTHER_LEAD = replace(LEAD, user_id=503)


@dataclass
class Inbox:
    """The team's inbox."""

    service: QuestionService
    duty: FakeDuty
    outbox: FakeOutbox
    requests: FakeRequests
    audit: FakeAudit


@pytest.fixture
async def inbox(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Inbox:
    await keep(database, ANN)
    duty, outbox, requests, audit = FakeDuty(), FakeOutbox(), FakeRequests(), FakeAudit()
    service = QuestionService(
        store=QuestionStore(database, vault),
        requests=requests,
        screen=FakeScreen(),
        duty=duty,
        outbox=outbox,
        audit=audit,
        database=database,
        clock=clock,
    )
    return Inbox(service, duty, outbox, requests, audit)


async def test_a_question_waits_for_the_team_and_is_answered_in_private(inbox: Inbox) -> None:
    asked = await inbox.service.ask(ANN, "When is the room open?", for_all=False)
    assert asked.outcome is None
    assert inbox.outbox.kinds() == ["question.waiting", "question.waiting"]

    await inbox.service.answer(asked.question.id, MODERATOR, "At six.")

    question = await inbox.service.own_one(asked.question.id, ANN.id)
    assert (question.text, question.answer) == ("When is the room open?", "At six.")
    assert inbox.outbox.kinds()[2:] == ["question.answered"]
    assert inbox.outbox.closed == [(question.id, frozenset({"question.waiting"}))]
    assert await inbox.service.inbox(MODERATOR) == []


async def test_one_of_two_answers_counts(inbox: Inbox) -> None:
    asked = await inbox.service.ask(ANN, "A question", for_all=False)
    await inbox.service.answer(asked.question.id, MODERATOR, "One.")

    with pytest.raises(UserError, match=r"questions\.settled_before"):
        await inbox.service.answer(asked.question.id, LEAD, "Two.")

    assert inbox.outbox.kinds().count("question.answered") == 1


async def test_danger_in_a_question_goes_to_the_team_at_once(inbox: Inbox) -> None:
    asked = await inbox.service.ask(ANN, "I am in danger", for_all=False)

    assert inbox.requests.asked == [(ANA, CaseSource.SCREEN, Severity.NOW)]
    assert asked.outcome is not None


async def test_danger_is_passed_on_even_where_the_inbox_is_full(inbox: Inbox) -> None:
    for number in range(MOST_OPEN):
        await inbox.service.ask(ANN, f"question {number}", for_all=False)
    with pytest.raises(UserError, match=r"questions\.too_many"):
        await inbox.service.ask(ANN, "one more", for_all=False)

    asked = await inbox.service.ask(ANN, "danger", for_all=False)

    assert asked.outcome is not None
    assert len(await inbox.service.inbox(MODERATOR)) == MOST_OPEN


async def test_a_partner_on_the_team_finds_no_trace_of_a_question(inbox: Inbox) -> None:
    inbox.duty.conflicts = {(MODERATOR.user_id, ANA)}
    asked = await inbox.service.ask(ANN, "About my partner", for_all=True)

    assert await inbox.service.inbox(MODERATOR) == []
    for act in (
        inbox.service.visible(asked.question.id, MODERATOR),
        inbox.service.visible("never-was", MODERATOR),
        inbox.service.answer(asked.question.id, MODERATOR, "x"),
    ):
        with pytest.raises(UserError, match=r"questions\.unknown"):
            await act
    places = {address for _, address, _ in inbox.outbox.added}
    assert places == {Channel(key=PlaceKey.CHANNEL_LEAD)}
    assert len(await inbox.service.inbox(LEAD)) == 1


async def test_no_channel_is_told_where_a_lead_must_not_know(inbox: Inbox) -> None:
    inbox.duty.conflicts = {(LEAD.user_id, ANA)}
    inbox.duty.leads |= {OTHER_LEAD.user_id}

    await inbox.service.ask(ANN, "A question", for_all=False)

    assert inbox.outbox.added == []
    assert await inbox.service.inbox(LEAD) == []
    assert len(await inbox.service.inbox(OTHER_LEAD)) == 1


async def test_an_answer_goes_to_a_room_only_with_a_yes_and_in_other_words(inbox: Inbox) -> None:
    private = await inbox.service.ask(ANN, "A question", for_all=False)
    public = await inbox.service.ask(ANN, "Mine and secret", for_all=True)
    answer = inbox.service.answer

    with pytest.raises(UserError, match=r"questions\.not_for_all"):
        await answer(private.question.id, MODERATOR, "At six.", room=ROOM, shown="When?")
    with pytest.raises(UserError, match=r"questions\.shown_empty"):
        await answer(public.question.id, MODERATOR, "At six.", room=ROOM)
    with pytest.raises(UserError, match=r"questions\.answer_empty"):
        await answer(public.question.id, MODERATOR, "")
    await answer(public.question.id, MODERATOR, "At six.", room=ROOM, shown="When?")

    kind, address, args = inbox.outbox.added[-1]
    assert (kind, address, args) == ("question.for_all", Channel(key="channel.room"), {})
    posted = await inbox.service.posted(public.question.id)
    assert posted is not None
    assert posted.shown == "When?"


async def test_a_question_is_taken_back_by_who_asked_alone(inbox: Inbox) -> None:
    asked = await inbox.service.ask(ANN, "A question", for_all=False)

    with pytest.raises(UserError, match=r"questions\.settled_before"):
        await inbox.service.withdraw(asked.question.id, person("ben", 9))
    await inbox.service.withdraw(asked.question.id, ANN)

    assert await inbox.service.inbox(MODERATOR) == []
    [own] = await inbox.service.own(ANN)
    assert own.state is QuestionState.WITHDRAWN
    with pytest.raises(UserError, match=r"core\.note_closed"):
        await inbox.service.own_one(asked.question.id, person("ben", 9).id)


async def test_an_empty_question_is_refused(inbox: Inbox) -> None:
    with pytest.raises(UserError, match=r"questions\.empty"):
        await inbox.service.ask(ANN, "", for_all=False)


async def test_a_question_nobody_may_read_is_refused_and_not_kept_unread(inbox: Inbox) -> None:
    inbox.duty.conflicts.add((LEAD.user_id, ANA))

    with pytest.raises(UserError, match=r"care\.ask\.nobody"):
        await inbox.service.ask(ANN, "When is the room open?", for_all=False)

    assert await inbox.service.own(ANN) == []
