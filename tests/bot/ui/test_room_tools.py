"""Cards of moderation, questions and buddies: they fit, lose no word, and name nobody."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.config import DATA
from bot.content import Content, load_content
from bot.domain.ids import ModerationId, ParticipantId, QuestionId
from bot.domain.moderation import (
    PAUSES,
    TIMEOUTS,
    Act,
    ActKind,
    ActState,
    ColleagueNote,
)
from bot.domain.question import Question
from bot.services.colleague_notes import PersonFile
from bot.text import Catalog, Words
from bot.ui.cards import Card
from bot.ui.forms import Form
from bot.ui.moderation import (
    done_card,
    duration,
    hide_form,
    pause_form,
    person_card,
    remove_form,
    resume_form,
    slow_form,
    timeout_form,
    told_card,
)
from bot.ui.questions import answer_form, answered_card, ask_form, for_all_card, question_card
from tests.fakes.clock import START
from tests.fakes.room_tools import ANA, MODERATOR, ROOM

MOST_TEXT = 4000
LONG = "*_~" * 600
UTC = ZoneInfo("UTC")
ACT = Act(
    id=ModerationId("a" * 22),
    kind=ActKind.HIDE,
    state=ActState.DONE,
    user_id=ANA,
    participant_id=ParticipantId("p" * 22),
    by_id=MODERATOR.user_id,
    note="details",
    reason=LONG[:1000],
    words=LONG[:1000],
    begun_at=START,
)
QUESTION = Question(
    id=QuestionId("q" * 22),
    participant_id=ParticipantId("p" * 22),
    user_id=ANA,
    for_all=True,
    text=LONG,
    answer=LONG,
    shown=LONG[:1000],
    asked_at=START,
)


@pytest.fixture(scope="module")
def content() -> Content:
    return load_content(DATA)


def length(card: Card) -> int:
    """Count the text of a card as Discord does."""
    parts = [card.title or "", card.footer or ""]
    parts += [card.body] if isinstance(card.body, str) else list(card.body)
    return sum(map(len, parts))


@pytest.mark.parametrize("locale", ["en", "es"])
def test_long_texts_fit_and_are_whole_in_a_file(
    catalog: Catalog, content: Content, locale: str
) -> None:
    words, texts = catalog.words(locale), content.texts(locale)
    told = told_card(words, texts, ACT, LONG, None)
    cards = [
        told,
        answered_card(words, QUESTION),
        for_all_card(words, QUESTION),
        question_card(words, QUESTION, "P-104"),
    ]

    for card in cards:
        assert length(card) < MOST_TEXT
        [file] = card.files
        assert LONG in file.content.decode()
    assert ACT.words in told.files[0].content.decode()


def test_a_persons_card_fits_with_ten_long_notes(words: Words) -> None:
    notes = [ColleagueNote(by_id=1, at=START, text=LONG) for _ in range(10)]
    acts = [replace(ACT, kind=ActKind.TIMEOUT, seconds=3600) for _ in range(10)]

    card = person_card(words, PersonFile(user_id=ANA, code="P-104", notes=notes, acts=acts), UTC)

    assert length(card) < MOST_TEXT
    assert "timeout (1 hour)" in "".join(card.body)


@pytest.mark.parametrize("kind", [ActKind.HIDE, ActKind.TIMEOUT, ActKind.REMOVE])
def test_a_person_is_told_neither_why_nor_by_whom(
    words: Words, content: Content, kind: ActKind
) -> None:
    act = replace(ACT, kind=kind, seconds=600, reason="Because of Ben.", words="")

    card = told_card(words, content.texts("en"), act, "my post", "community-room")

    text = "".join(card.body)
    assert "Ben" not in text
    assert str(MODERATOR.user_id) not in text
    assert card.rows


@pytest.mark.parametrize("locale", ["en", "es"])
def test_every_form_fits_discord(catalog: Catalog, content: Content, locale: str) -> None:
    words, name = catalog.words(locale), "a-room-with-a-rather-long-name"
    act_id = "a" * 22
    forms: list[Form] = [
        hide_form(words, content.texts(locale), act_id),
        timeout_form(words, act_id, 2**63),
        pause_form(words, act_id, ROOM, name),
        resume_form(words, act_id, ROOM, name),
        slow_form(words, act_id, ROOM, name, 21_600),
        remove_form(words, act_id, 2**63, [(ROOM, name)], ROOM.id),
        ask_form(words),
        answer_form(words, QUESTION, [(ROOM, name)]),
    ]

    for form in forms:
        modal = form.modal().to_dict()
        assert len(modal["title"]) <= 45
        for row in modal["components"]:
            assert len(row.get("label", "")) <= 45, row["label"]
            assert len(row.get("description") or "") <= 100, row["description"]


def test_every_length_of_time_has_its_words(words: Words) -> None:
    said = [duration(words, one) for one in (*TIMEOUTS, *PAUSES)]

    assert said[0] == "10 minutes"
    assert "1 hour" in said
    assert "28 days" in said
    assert duration(words, timedelta(minutes=90)) == "90 minutes"


@pytest.mark.parametrize("kind", ActKind)
def test_the_team_is_told_what_came_of_each(words: Words, kind: ActKind) -> None:
    for seconds in (0, 900) if kind is ActKind.TIMEOUT else (None, 0, 900):
        card = done_card(words, replace(ACT, kind=kind, seconds=seconds), is_refused=True)

        assert "Discord refused it for now" in "".join(card.body)
