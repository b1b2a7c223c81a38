"""Which prompt sets fit one modal."""

from dataclasses import replace

import pytest

from bot.domain.prompt_set import (
    FitRule,
    Meaning,
    PromptOption,
    PromptSet,
    Question,
    QuestionKind,
    find_misfits,
)


def options(count: int) -> tuple[PromptOption, ...]:
    return tuple(PromptOption(value=f"v{place}", label=f"L{place}") for place in range(count))


MOOD = Question(
    key="mood",
    kind=QuestionKind.RADIO,
    label="How are you?",
    meaning=Meaning.MOOD,
    options=options(5),
)
NOTE = Question(key="note", kind=QuestionKind.TEXT, label="More?", meaning=Meaning.NOTE)
BOXES = Question(
    key="message_me",
    kind=QuestionKind.CHECKBOXES,
    label="Message me",
    meaning=Meaning.MESSAGE_ME,
    options=(PromptOption(value="contact", label="A person"),),
)


def make_set(*questions: Question, title: str = "Check-in") -> PromptSet:
    return PromptSet(id="own", version=1, title=title, questions=questions)


def rules(prompt_set: PromptSet) -> list[FitRule]:
    return [misfit.rule for misfit in find_misfits(prompt_set)]


def test_a_plain_set_fits() -> None:
    assert find_misfits(make_set(MOOD, NOTE, BOXES)) == ()


@pytest.mark.parametrize("count", [2, 10])
def test_radio_takes_two_to_ten_options(count: int) -> None:
    assert rules(make_set(replace(MOOD, options=options(count)))) == []


@pytest.mark.parametrize(
    ("prompt_set", "rule"),
    [
        (make_set(), FitRule.NO_QUESTIONS),
        (
            make_set(*(replace(NOTE, key=f"n{place}", meaning=None) for place in range(6))),
            FitRule.TOO_MANY_QUESTIONS,
        ),
        (make_set(MOOD, title="x" * 46), FitRule.TITLE_LENGTH),
        (make_set(MOOD, title=""), FitRule.TITLE_LENGTH),
        (make_set(replace(MOOD, key="Bad Key")), FitRule.KEY_SHAPE),
        (make_set(MOOD, replace(MOOD, meaning=None)), FitRule.KEY_TWICE),
        (make_set(MOOD, replace(MOOD, key="again")), FitRule.MEANING_TWICE),
        (make_set(replace(NOTE, meaning=Meaning.MOOD)), FitRule.MEANING_KIND),
        (make_set(replace(MOOD, meaning=Meaning.NOTE)), FitRule.MEANING_KIND),
        (make_set(replace(MOOD, label="x" * 46)), FitRule.LABEL_LENGTH),
        (make_set(replace(MOOD, description="x" * 101)), FitRule.DESCRIPTION_LENGTH),
        (make_set(replace(MOOD, options=options(1))), FitRule.OPTION_COUNT),
        (make_set(replace(MOOD, options=options(11))), FitRule.OPTION_COUNT),
        (make_set(replace(NOTE, options=options(2))), FitRule.OPTION_COUNT),
        (make_set(replace(BOXES, meaning=None, options=())), FitRule.OPTION_COUNT),
        (make_set(replace(MOOD, options=options(1) * 2)), FitRule.OPTION_TWICE),
        (
            make_set(
                replace(MOOD, options=(*options(1), PromptOption(value="b", label="x" * 101)))
            ),
            FitRule.OPTION_LENGTH,
        ),
        (make_set(replace(BOXES, options=options(1))), FitRule.OPTION_UNKNOWN),
        (make_set(replace(NOTE, max_length=4001)), FitRule.TEXT_LENGTH),
    ],
)
def test_what_does_not_fit_is_named(prompt_set: PromptSet, rule: FitRule) -> None:
    assert rules(prompt_set) == [rule]


def test_every_misfit_is_listed_at_once() -> None:
    broken = make_set(replace(MOOD, label="", options=()), replace(NOTE, key="?"), title="")

    assert rules(broken) == [
        FitRule.TITLE_LENGTH,
        FitRule.LABEL_LENGTH,
        FitRule.OPTION_COUNT,
        FitRule.KEY_SHAPE,
    ]


def test_a_level_is_the_place_among_the_options() -> None:
    assert MOOD.level("v0") == 0
    assert MOOD.level("v4") == 4
    assert MOOD.level("other") is None
    assert MOOD.option("v2") == PromptOption(value="v2", label="L2")


def test_questions_are_found_by_key_and_meaning() -> None:
    prompt_set = make_set(MOOD, NOTE)

    assert prompt_set.question("note") is NOTE
    assert prompt_set.asking(Meaning.MOOD) is MOOD
    assert prompt_set.asking(Meaning.URGE) is None
