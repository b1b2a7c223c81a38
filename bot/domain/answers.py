"""From what a form was filled in with to answers, and back."""

from collections.abc import Collection, Mapping, Sequence

from bot.domain.case import CaseSource
from bot.domain.checkin import Answers, Level
from bot.domain.draft import FormValue
from bot.domain.prompt_set import Meaning, MessageMe, PromptSet, Question, QuestionKind

BETWEEN = ","


def read_answers(prompt_set: PromptSet, values: Mapping[str, FormValue]) -> Answers:
    """Read the answers to a version's questions; what is not one of its options is left out.

    The call for a person is no answer: it goes to the team and is not kept with the day.
    """
    levels: dict[str, Level] = {}
    texts: dict[str, str] = {}
    for question in prompt_set.questions:
        if question.meaning is Meaning.MESSAGE_ME:
            continue
        given = _given(values.get(question.key))
        if question.kind is QuestionKind.TEXT:
            text = given[0].strip() if given else ""
            if text:
                texts[question.key] = text
        elif question.kind is QuestionKind.RADIO:
            level = question.level(given[0]) if given else None
            if level is not None:
                top = len(question.options) - 1
                levels[question.key] = Level(level=level, top=top, meaning=question.meaning)
        else:
            ticked = [value for value in given if question.option(value)]
            if ticked:
                texts[question.key] = BETWEEN.join(ticked)
    return Answers(levels=levels, texts=texts)


def read_calls(prompt_set: PromptSet, values: Mapping[str, FormValue]) -> Collection[MessageMe]:
    """Read which boxes that call for a person were ticked."""
    question = prompt_set.asking(Meaning.MESSAGE_ME)
    if question is None:
        return frozenset()
    known = {call.value: call for call in MessageMe}
    return frozenset(known[value] for value in _given(values.get(question.key)) if value in known)


def form_values(prompt_set: PromptSet, answers: Answers) -> Mapping[str, FormValue]:
    """Write answers as what the form was filled in with; nothing that calls for a person."""
    values: dict[str, FormValue] = {}
    for question in prompt_set.questions:
        level = answers.levels.get(question.key)
        if level is not None and level.level < len(question.options):
            values[question.key] = question.options[level.level].value
        elif (text := answers.texts.get(question.key)) is not None:
            is_text = question.kind is QuestionKind.TEXT
            values[question.key] = text if is_text else text.split(BETWEEN)
    return values


def label_of(question: Question, level: Level) -> str:
    """Name a choice as the version it was made in names it."""
    return question.options[min(level.level, len(question.options) - 1)].label


def labels_ticked(question: Question, text: str) -> Sequence[str]:
    """Name the boxes ticked."""
    options = (question.option(value) for value in text.split(BETWEEN))
    return [option.label for option in options if option]


def _given(value: FormValue | None) -> Sequence[str]:
    if value is None or isinstance(value, bool):
        return ()
    if isinstance(value, str):
        return (value,) if value else ()
    return value


def call_source(calls: Collection[MessageMe]) -> CaseSource:
    """Say what the boxes ask for: one person to talk to, *alone* where that is one of them."""
    alone = MessageMe.ALONE in calls
    return CaseSource.CHECKIN_ALONE if alone else CaseSource.CHECKIN_CONTACT
