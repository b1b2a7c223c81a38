"""What couples are offered: questions, exercises, cards, ideas, templates and composer frames.

Every entry has a stable ID. A language may leave entries out: they are shown in English there,
and marked as such.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from bot.domain.offer import Candidate
from bot.domain.opening import Feature


class Theme(StrEnum):
    """What a question of the day is about."""

    US = "us"
    STRENGTHS = "strengths"
    GRATITUDE = "gratitude"
    HOPES = "hopes"
    EVERYDAY = "everyday"
    REPAIR = "repair"


class Audience(StrEnum):
    """For whom an entry is."""

    COUPLE = "couple"
    FAMILY = "family"
    ANYONE = "anyone"


class ExerciseKind(StrEnum):
    """What an exercise is for."""

    TRUST = "trust"
    INTIMACY = "intimacy"
    JOURNAL = "journal"
    COPING = "coping"
    TOGETHER = "together"


class CardKind(StrEnum):
    """What a card helps with."""

    LISTENING = "listening"
    ASSERTIVE = "assertive"
    NONVERBAL = "nonverbal"
    REPAIR = "repair"
    APOLOGY = "apology"
    SOFT_START = "soft_start"
    NON_DEFENSIVE = "non_defensive"
    ENABLING = "enabling"
    BOUNDARY = "boundary"
    OWN_LIFE = "own_life"


class Side(StrEnum):
    """Whose side of a hard day a text speaks to."""

    SELF = "self"
    PARTNER = "partner"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What every entry has.

    Attributes:
        level: How deep it goes, 1 to 3.
        reviewed: When the words were last read against the safety rules.
        in_english: It is not translated yet.
    """

    id: str
    level: int = 1
    audience: Audience = Audience.COUPLE
    reviewed: date | None = None
    in_english: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Question(Entry):
    """A question of the day."""

    theme: Theme
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Exercise(Entry):
    """Something two people do, or write, for one another."""

    kind: ExerciseKind
    title: str
    steps: tuple[str, ...]
    prompt: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SkillCard(Entry):
    """A way to talk, with one thing to try; a boundary card has words for both."""

    kind: CardKind
    title: str
    text: str
    try_it: str = ""
    script_me: str = ""
    script_them: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Idea(Entry):
    """Something to do together."""

    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanTemplate(Entry):
    """Words to begin a plan with; every one of them can be changed."""

    title: str
    signs: tuple[str, ...]
    coping: tuple[str, ...]
    mine: tuple[str, ...]
    people: tuple[str, ...]
    if_then: tuple[str, ...]
    home: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementTemplate(Entry):
    """Words to begin an agreement with."""

    title: str
    need: str
    offer: str
    limit: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CalmingStep(Entry):
    """One way to calm down; some people are better off without breath work."""

    title: str
    text: str
    uses_breath: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class SlipText(Entry):
    """What is said around a hard day, to the one who had it or to the one who is told."""

    side: Side
    title: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FramePart:
    """One field of the composer.

    Attributes:
        lead: The words the finished sentence begins this part with.
    """

    label: str
    hint: str
    lead: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame(Entry):
    """One kind of thing that is hard to say, in parts."""

    title: str
    intro: str
    parts: tuple[FramePart, ...]
    example: str


EntryT = TypeVar("EntryT", bound=Entry)


@dataclass(frozen=True, kw_only=True, slots=True)
class CoupleTexts:
    """Everything for couples in one language."""

    questions: tuple[Question, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    cards: tuple[SkillCard, ...] = ()
    ideas: tuple[Idea, ...] = ()
    plans: tuple[PlanTemplate, ...] = ()
    agreements: tuple[AgreementTemplate, ...] = ()
    calming: tuple[CalmingStep, ...] = ()
    slips: tuple[SlipText, ...] = ()
    frames: tuple[Frame, ...] = ()
    by_id: Mapping[str, Entry] = field(default_factory=dict)

    def cards_of(self, *kinds: CardKind) -> Sequence[SkillCard]:
        """Return the cards of some kinds."""
        return [card for card in self.cards if card.kind in kinds]

    def exercises_of(self, *kinds: ExerciseKind) -> Sequence[Exercise]:
        """Return the exercises of some kinds."""
        return [one for one in self.exercises if one.kind in kinds]

    def slips_for(self, side: Side) -> Sequence[SlipText]:
        """Return what is said to one side of a hard day."""
        return [one for one in self.slips if one.side is side]


def filled(texts: CoupleTexts, base: CoupleTexts) -> CoupleTexts:
    """Put English where a language has no entry of its own, in the order of English."""
    return indexed(
        CoupleTexts(
            questions=_fill(texts.questions, base.questions),
            exercises=_fill(texts.exercises, base.exercises),
            cards=_fill(texts.cards, base.cards),
            ideas=_fill(texts.ideas, base.ideas),
            plans=_fill(texts.plans, base.plans),
            agreements=_fill(texts.agreements, base.agreements),
            calming=_fill(texts.calming, base.calming),
            slips=_fill(texts.slips, base.slips),
            frames=_fill(texts.frames, base.frames),
        )
    )


def _fill(own: Sequence[EntryT], base: Sequence[EntryT]) -> tuple[EntryT, ...]:
    known = {entry.id: entry for entry in own}
    return tuple(known.get(one.id) or replace(one, in_english=True) for one in base)


def indexed(texts: CoupleTexts) -> CoupleTexts:
    """Let every entry be found by its ID."""
    entries = (
        *texts.questions,
        *texts.exercises,
        *texts.cards,
        *texts.ideas,
        *texts.plans,
        *texts.agreements,
        *texts.calming,
        *texts.slips,
        *texts.frames,
    )
    return replace(texts, by_id={entry.id: entry for entry in entries})


def candidates(texts: CoupleTexts) -> Mapping[Feature, Sequence[Candidate]]:
    """Return what pairs may be offered, by feature."""
    journal = texts.exercises_of(ExerciseKind.JOURNAL)
    others = [one for one in texts.exercises if one.kind is not ExerciseKind.JOURNAL]
    return {
        Feature.QUESTION: [
            Candidate(id=one.id, theme=one.theme, level=one.level) for one in texts.questions
        ],
        Feature.EXERCISE: [Candidate(id=one.id, theme=one.kind, level=one.level) for one in others],
        Feature.JOURNAL: [Candidate(id=one.id, theme=one.kind, level=one.level) for one in journal],
    }
