"""Prompt sets: the versioned questions of a check-in, and whether they fit one Discord modal."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

MOST_QUESTIONS = 5
TITLE_LENGTH = 45
LABEL_LENGTH = 45
DESCRIPTION_LENGTH = 100
OPTION_LENGTH = 100
TEXT_LENGTH = 4000
RADIO_OPTIONS = range(2, 11)
CHECKBOX_OPTIONS = range(1, 11)
KEY_PATTERN = re.compile(r"[a-z][a-z0-9_]{0,31}")


class QuestionKind(StrEnum):
    """How a question is answered."""

    RADIO = "radio"
    TEXT = "text"
    CHECKBOXES = "checkboxes"


class Meaning(StrEnum):
    """What a rule may read from the answer; a question without one is only kept and shown.

    The options of mood and support run from worst to best; those of urge, overwhelm and
    isolation run from none to most.
    """

    MOOD = "mood"
    URGE = "urge"
    SUPPORT = "support"
    OVERWHELM = "overwhelm"
    ISOLATION = "isolation"
    NOTE = "note"
    MESSAGE_ME = "message_me"


class MessageMe(StrEnum):
    """The two boxes that call for a person."""

    CONTACT = "contact"
    ALONE = "alone"


class FitRule(StrEnum):
    """Why a prompt set is refused."""

    NO_QUESTIONS = "no_questions"
    TOO_MANY_QUESTIONS = "too_many_questions"
    TITLE_LENGTH = "title_length"
    KEY_SHAPE = "key_shape"
    KEY_TWICE = "key_twice"
    MEANING_TWICE = "meaning_twice"
    MEANING_KIND = "meaning_kind"
    LABEL_LENGTH = "label_length"
    DESCRIPTION_LENGTH = "description_length"
    OPTION_COUNT = "option_count"
    OPTION_LENGTH = "option_length"
    OPTION_TWICE = "option_twice"
    OPTION_UNKNOWN = "option_unknown"
    TEXT_LENGTH = "text_length"


_KIND_OF_MEANING = {
    Meaning.NOTE: QuestionKind.TEXT,
    Meaning.MESSAGE_ME: QuestionKind.CHECKBOXES,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class PromptOption:
    """One choice of a question; ``value`` is stored, ``label`` is read."""

    value: str
    label: str
    description: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One field of the form."""

    key: str
    kind: QuestionKind
    label: str
    description: str = ""
    meaning: Meaning | None = None
    is_optional: bool = False
    options: tuple[PromptOption, ...] = ()
    max_length: int = 1000

    def option(self, value: str) -> PromptOption | None:
        """Find the option stored as ``value``."""
        return next((option for option in self.options if option.value == value), None)

    def level(self, value: str) -> int | None:
        """Give the place of ``value`` among the options, counted from 0."""
        for place, option in enumerate(self.options):
            if option.value == value:
                return place
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class PromptSet:
    """The questions of one version, in one language."""

    id: str
    version: int
    title: str
    questions: tuple[Question, ...]
    window_minutes: int = 720

    def question(self, key: str) -> Question | None:
        """Find a question by its key."""
        return next((question for question in self.questions if question.key == key), None)

    def asking(self, meaning: Meaning) -> Question | None:
        """Find the question that asks for ``meaning``."""
        return next((asked for asked in self.questions if asked.meaning is meaning), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Misfit:
    """One broken rule: of the whole set, or of the question with this key."""

    rule: FitRule
    question: str = ""
    values: dict[str, str | int] = field(default_factory=dict)


def find_misfits(prompt_set: PromptSet) -> tuple[Misfit, ...]:
    """List every reason why the set cannot be shown as one modal; empty when it fits."""
    return (*_set_misfits(prompt_set), *_question_misfits(prompt_set))


def _set_misfits(prompt_set: PromptSet) -> Iterator[Misfit]:
    count = len(prompt_set.questions)
    if count == 0:
        yield Misfit(rule=FitRule.NO_QUESTIONS)
    if count > MOST_QUESTIONS:
        values: dict[str, str | int] = {"count": count, "most": MOST_QUESTIONS}
        yield Misfit(rule=FitRule.TOO_MANY_QUESTIONS, values=values)
    if not 0 < len(prompt_set.title) <= TITLE_LENGTH:
        yield Misfit(rule=FitRule.TITLE_LENGTH, values={"most": TITLE_LENGTH})
    for key, times in Counter(question.key for question in prompt_set.questions).items():
        if times > 1:
            yield Misfit(rule=FitRule.KEY_TWICE, question=key)
    meanings = Counter(question.meaning for question in prompt_set.questions if question.meaning)
    for meaning, times in meanings.items():
        if times > 1:
            yield Misfit(rule=FitRule.MEANING_TWICE, values={"meaning": meaning.value})


def _question_misfits(prompt_set: PromptSet) -> Iterator[Misfit]:
    for question in prompt_set.questions:
        if not KEY_PATTERN.fullmatch(question.key):
            yield Misfit(rule=FitRule.KEY_SHAPE, question=question.key)
        if not 0 < len(question.label) <= LABEL_LENGTH:
            values: dict[str, str | int] = {"most": LABEL_LENGTH}
            yield Misfit(rule=FitRule.LABEL_LENGTH, question=question.key, values=values)
        if len(question.description) > DESCRIPTION_LENGTH:
            values = {"most": DESCRIPTION_LENGTH}
            yield Misfit(rule=FitRule.DESCRIPTION_LENGTH, question=question.key, values=values)
        if question.meaning is not None:
            wanted = _KIND_OF_MEANING.get(question.meaning, QuestionKind.RADIO)
            if question.kind is not wanted:
                values = {"meaning": question.meaning.value, "kind": wanted.value}
                yield Misfit(rule=FitRule.MEANING_KIND, question=question.key, values=values)
        yield from _option_misfits(question)


def _option_misfits(question: Question) -> Iterator[Misfit]:
    if question.kind is QuestionKind.TEXT:
        if question.options:
            values: dict[str, str | int] = {"least": 0, "most": 0}
            yield Misfit(rule=FitRule.OPTION_COUNT, question=question.key, values=values)
        if not 0 < question.max_length <= TEXT_LENGTH:
            yield Misfit(
                rule=FitRule.TEXT_LENGTH, question=question.key, values={"most": TEXT_LENGTH}
            )
        return
    allowed = RADIO_OPTIONS if question.kind is QuestionKind.RADIO else CHECKBOX_OPTIONS
    if len(question.options) not in allowed:
        values = {"least": allowed.start, "most": allowed.stop - 1}
        yield Misfit(rule=FitRule.OPTION_COUNT, question=question.key, values=values)
    for value, times in Counter(option.value for option in question.options).items():
        if times > 1:
            yield Misfit(rule=FitRule.OPTION_TWICE, question=question.key, values={"value": value})
    for option in question.options:
        longest = max(len(option.value), len(option.label), len(option.description))
        if not option.value or not option.label or longest > OPTION_LENGTH:
            values = {"value": option.value, "most": OPTION_LENGTH}
            yield Misfit(rule=FitRule.OPTION_LENGTH, question=question.key, values=values)
        if question.meaning is Meaning.MESSAGE_ME and option.value not in set(MessageMe):
            values = {"value": option.value}
            yield Misfit(rule=FitRule.OPTION_UNKNOWN, question=question.key, values=values)
