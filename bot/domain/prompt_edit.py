"""Editing a prompt set: the same questions in every language, only the wording differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from bot.domain.prompt_set import PromptOption, PromptSet, Question, QuestionKind

DEFAULT_LOCALE = "en"
WINDOW_MINUTES = range(30, 1441)
SHORT_WORD = 3
"""Words this short, such as *OK* or *No*, are the same in many languages."""

Sets: TypeAlias = Mapping[str, PromptSet]
"""One version in every language."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Edition:
    """One published version of a set.

    Attributes:
        is_shipped: Its wording came with the program.
        published_by: The Discord account of the one who published it, if a person did.
    """

    set_id: str
    version: int
    sets: Sets
    is_shipped: bool
    published_at: datetime
    published_by: int | None = None

    def texts(self, locale: str) -> PromptSet:
        """Give the questions in a language, in English where it is not there."""
        return in_language(self.sets, locale)

    @property
    def window_minutes(self) -> int:
        """For how long an answer is on time."""
        return self.texts(DEFAULT_LOCALE).window_minutes


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """How one question reads in one language.

    Attributes:
        options: The labels, in order; the first is the lowest of a scale.
    """

    label: str
    description: str = ""
    options: Sequence[str] = ()


def in_language(sets: Sets, locale: str) -> PromptSet:
    """Give a set in a language, in English where it is not there."""
    return sets.get(locale) or sets[DEFAULT_LOCALE]


def retitle(sets: Sets, locale: str, title: str, window_minutes: int) -> Sets:
    """Change the title in one language and the window in all."""
    return {
        code: replace(
            one, title=title if code == locale else one.title, window_minutes=window_minutes
        )
        for code, one in sets.items()
    }


def reword(sets: Sets, locale: str, key: str, wording: Wording, *, is_optional: bool) -> Sets:
    """Change a question's wording in one language, and its options in all.

    An option that is still there keeps its meaning and its wording in the other languages; a new
    one reads the same everywhere until someone translates it.
    """
    values = _match(_question(sets, locale, key).options, wording.options)
    return {
        code: _with(
            one,
            _reworded(one, key, values, wording, is_here=code == locale, is_optional=is_optional),
        )
        for code, one in sets.items()
    }


def add(
    sets: Sets, kind: QuestionKind, wording: Wording, *, is_optional: bool, max_length: int = 1000
) -> Sets:
    """Add a question at the end; it reads the same in every language until it is translated."""
    taken = {question.key for one in sets.values() for question in one.questions}
    question = Question(
        key=next(key for n in range(1, len(taken) + 2) if (key := f"q{n}") not in taken),
        kind=kind,
        label=wording.label,
        description=wording.description,
        is_optional=is_optional,
        options=tuple(
            PromptOption(value=f"o{place}", label=label)
            for place, label in enumerate(wording.options, start=1)
        ),
        max_length=max_length,
    )
    return insert(sets, dict.fromkeys(sets, question))


def insert(sets: Sets, questions: Mapping[str, Question]) -> Sets:
    """Add a question at the end, in the words of each language."""
    return {
        code: replace(
            one, questions=(*one.questions, questions.get(code) or questions[DEFAULT_LOCALE])
        )
        for code, one in sets.items()
    }


def move(sets: Sets, key: str, step: int) -> Sets:
    """Move a question up (-1) or down (1); at the end it stays."""
    return {
        code: replace(one, questions=_moved(one.questions, key, step)) for code, one in sets.items()
    }


def remove(sets: Sets, key: str) -> Sets:
    """Take a question out."""
    return {
        code: replace(one, questions=tuple(asked for asked in one.questions if asked.key != key))
        for code, one in sets.items()
    }


def numbered(sets: Sets, version: int) -> Sets:
    """Give a set its version."""
    return {code: replace(one, version=version) for code, one in sets.items()}


def untranslated(sets: Sets) -> Sequence[str]:
    """List the questions that read the same in two languages: somebody is still to translate."""
    base = in_language(sets, DEFAULT_LOCALE)
    others = [one for code, one in sets.items() if code != DEFAULT_LOCALE]
    return [
        question.label
        for question in base.questions
        if any(_same(question, other.question(question.key)) for other in others)
    ]


def _question(sets: Sets, locale: str, key: str) -> Question:
    question = in_language(sets, locale).question(key)
    if question is None:
        raise KeyError(key)
    return question


def _match(options: Sequence[PromptOption], labels: Sequence[str]) -> Sequence[str | None]:
    """Say for each label which option's value it keeps; nothing for a new one."""
    by_label = {option.label: option.value for option in options}
    values = [by_label.pop(label, None) for label in labels]
    left = [option.value for option in options if option.value in by_label.values()]
    if values.count(None) == len(left):
        following = iter(left)
        return [next(following) if value is None else value for value in values]
    return values


def _reworded(
    one: PromptSet,
    key: str,
    values: Sequence[str | None],
    wording: Wording,
    *,
    is_here: bool,
    is_optional: bool,
) -> Question:
    question = one.question(key)
    assert question is not None
    taken = {option.value for option in question.options}
    fresh = (f"o{number}" for number in range(1, 100) if f"o{number}" not in taken)
    options = []
    for value, label in zip(values, wording.options, strict=True):
        known = question.option(value) if value else None
        if known is None:
            options.append(PromptOption(value=next(fresh), label=label))
        else:
            options.append(replace(known, label=label) if is_here else known)
    changed = replace(question, options=tuple(options), is_optional=is_optional)
    if is_here:
        changed = replace(changed, label=wording.label, description=wording.description)
    return changed


def _with(one: PromptSet, question: Question) -> PromptSet:
    return replace(
        one,
        questions=tuple(
            question if asked.key == question.key else asked for asked in one.questions
        ),
    )


def _moved(questions: Sequence[Question], key: str, step: int) -> tuple[Question, ...]:
    order = list(questions)
    place = next(number for number, asked in enumerate(order) if asked.key == key)
    target = min(max(place + step, 0), len(order) - 1)
    order.insert(target, order.pop(place))
    return tuple(order)


def _same(question: Question, other: Question | None) -> bool:
    if other is None:
        return False
    pairs = [(question.label, other.label)]
    pairs += [
        (option.label, theirs.label)
        for option in question.options
        if (theirs := other.option(option.value)) is not None
    ]
    return any(ours == theirs and len(ours) > SHORT_WORD for ours, theirs in pairs)
