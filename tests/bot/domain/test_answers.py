"""From a filled-in form to answers, and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import (
    form_values,
    label_of,
    labels_ticked,
    read_answers,
    read_calls,
)
from bot.domain.checkin import Answers, Level
from bot.domain.prompt_set import (
    Meaning,
    MessageMe,
    PromptOption,
    PromptSet,
    Question,
    QuestionKind,
)

STEPS = tuple(PromptOption(value=f"v{place}", label=f"L{place}") for place in range(5))
MOOD = Question(
    key="mood", kind=QuestionKind.RADIO, label="Mood?", meaning=Meaning.MOOD, options=STEPS
)
NOTE = Question(key="note", kind=QuestionKind.TEXT, label="More?", meaning=Meaning.NOTE)
BOXES = Question(key="helped", kind=QuestionKind.CHECKBOXES, label="Helped?", options=STEPS)
CALL = Question(
    key="message_me",
    kind=QuestionKind.CHECKBOXES,
    label="Message me",
    meaning=Meaning.MESSAGE_ME,
    options=tuple(PromptOption(value=call.value, label=call.value) for call in MessageMe),
)
SET = PromptSet(id="own", version=1, title="T", questions=(MOOD, NOTE, BOXES, CALL))


def test_each_kind_of_question_is_read() -> None:
    answers = read_answers(
        SET, {"mood": "v3", "note": "  a walk \n", "helped": ["v0", "v4"], "message_me": ["alone"]}
    )

    assert answers.levels == {"mood": Level(level=3, top=4, meaning=Meaning.MOOD)}
    assert answers.texts == {"note": "a walk", "helped": "v0,v4"}


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"mood": "", "note": "   ", "helped": [], "message_me": []},
        {"mood": "unknown", "helped": ["unknown"], "other": "x"},
        {"mood": True, "note": False},
    ],
)
def test_what_was_left_out_or_is_unknown_is_not_there(values: dict[str, Any]) -> None:
    assert read_answers(SET, values) == Answers()


@pytest.mark.parametrize(
    ("ticked", "calls"),
    [
        (["alone", "contact"], {MessageMe.ALONE, MessageMe.CONTACT}),
        ("contact", {MessageMe.CONTACT}),
        (["other"], set()),
        (None, set()),
    ],
)
def test_calls_for_a_person(ticked: Any, calls: set[MessageMe]) -> None:
    assert read_calls(SET, {"message_me": ticked}) == calls


def test_a_set_without_the_question_has_no_calls() -> None:
    bare = PromptSet(id="own", version=1, title="T", questions=(MOOD,))

    assert not read_calls(bare, {"message_me": ["alone"]})


@given(
    mood=st.sampled_from([None, *(option.value for option in STEPS)]),
    note=st.text(max_size=50).map(str.strip),
    helped=st.lists(st.sampled_from([option.value for option in STEPS]), unique=True),
)
def test_an_answer_is_filled_in_as_it_was_given(
    mood: str | None, note: str, helped: list[str]
) -> None:
    given_values: dict[str, Any] = {"note": note, "helped": helped}
    if mood:
        given_values["mood"] = mood

    answers = read_answers(SET, given_values)

    assert read_answers(SET, form_values(SET, answers)) == answers


def test_a_choice_is_named_as_it_was_asked() -> None:
    assert label_of(MOOD, Level(level=3, top=4)) == "L3"
    assert label_of(MOOD, Level(level=9, top=9)) == "L4"
    assert labels_ticked(BOXES, "v1,gone,v2") == ["L1", "L2"]
