"""The typed texts of one language: what each content file holds and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.reader import Table
from bot.domain.consent import ConsentKind
from bot.domain.crisis import BarrierAction
from bot.domain.prompt_set import (
    FitRule,
    Meaning,
    PromptOption,
    PromptSet,
    Question,
    QuestionKind,
    find_misfits,
)

TITLE_LENGTH = 80
CHOICE_LABEL_LENGTH = 100
"""Discord's limit for the label of a select's option."""

SCREEN_LENGTH = 3500
"""A card may hold 4000 characters of text in all; the rest is for its title and notes."""

BARRIERS = 8
REASONS = 5
MESSAGE_LENGTH = 2000


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One paragraph with a name of its own."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Screen:
    """A title and its paragraphs."""

    title: str
    points: tuple[Point, ...]

    def point(self, point_id: str) -> str:
        """Read one paragraph.

        Raises:
            KeyError: There is none of this name.
        """
        for point in self.points:
            if point.id == point_id:
                return point.text
        raise KeyError(point_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Consent:
    """What a person is asked to agree to. One not in use is never shown or asked."""

    kind: ConsentKind
    version: int
    is_in_use: bool
    title: str
    text: str
    who_sees: str


@dataclass(frozen=True, kw_only=True, slots=True)
class JoiningTexts:
    """The long texts of the three joining screens."""

    about: Screen
    hours: Screen
    delivery: Screen


@dataclass(frozen=True, kw_only=True, slots=True)
class RoomTexts:
    """A room's panel and its ground rules."""

    panel: Screen
    rules: Screen


@dataclass(frozen=True, kw_only=True, slots=True)
class Barrier:
    """One answer to "what makes calling hard?", with what may help."""

    id: str
    label: str
    answer: str
    action: BarrierAction


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckBackAnswer:
    """One answer to the check-back, with what is said then."""

    id: str
    label: str
    reply: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CrisisTexts:
    """The wording of the crisis cards."""

    opening: str
    barrier_question: str
    barriers: tuple[Barrier, ...]
    check_back_hours: tuple[int, ...]
    check_back_question: str
    check_back_answers: tuple[CheckBackAnswer, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why a concern is raised."""

    id: str
    label: str
    description: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstWords:
    """A first message staff may send as it stands or change.

    Attributes:
        sources: What must have opened a case for it to fit; anything, where none is named.
    """

    id: str
    label: str
    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CareTexts:
    """Reasons of a concern, and first words for staff."""

    concern_intro: str
    reasons: tuple[Reason, ...]
    first_words: tuple[FirstWords, ...]


_MISFITS: Mapping[FitRule, str] = {
    FitRule.NO_QUESTIONS: "a set needs at least one question",
    FitRule.TOO_MANY_QUESTIONS: "has {count} questions, a form holds {most}",
    FitRule.TITLE_LENGTH: "the title needs 1 to {most} characters",
    FitRule.KEY_SHAPE: "a key is small letters, digits and _, at most 32",
    FitRule.KEY_TWICE: "this key is used twice",
    FitRule.MEANING_TWICE: "two questions mean {meaning}",
    FitRule.MEANING_KIND: "a question that means {meaning} must be of the kind {kind}",
    FitRule.LABEL_LENGTH: "the label needs 1 to {most} characters",
    FitRule.DESCRIPTION_LENGTH: "the description has more than {most} characters",
    FitRule.OPTION_COUNT: "this kind takes {least} to {most} options",
    FitRule.OPTION_LENGTH: "the option '{value}' needs a value and a label, each of at most {most}",
    FitRule.OPTION_TWICE: "the option '{value}' is there twice",
    FitRule.OPTION_UNKNOWN: "the option '{value}' is not known to message_me",
    FitRule.TEXT_LENGTH: "max_length must be 1 to {most}",
}


def read_prompt_set(table: Table) -> PromptSet:
    """Read a prompt set and note every reason why it does not fit one modal."""
    prompt_set = PromptSet(
        id=table.text("id"),
        version=table.integer("version", least=1, most=1_000_000),
        title=table.text("title"),
        window_minutes=table.integer("window_minutes", least=30, most=1440, default=720),
        questions=table.tables("questions", _read_question),
    )
    for misfit in find_misfits(prompt_set):
        key = f"questions[{misfit.question}]" if misfit.question else "questions"
        table.fault(key, _MISFITS[misfit.rule].format(**misfit.values))
    return prompt_set


def _read_question(table: Table) -> Question:
    return Question(
        key=table.text("key"),
        kind=table.member("kind", QuestionKind) or QuestionKind.TEXT,
        label=table.text("label"),
        description=table.text("description", default=""),
        meaning=table.member("meaning", Meaning, is_optional=True),
        is_optional=table.flag("optional", default=False),
        options=table.tables("options", _read_option) if table.has("options") else (),
        max_length=table.integer("max_length", least=1, most=4000, default=1000),
    )


def _read_option(table: Table) -> PromptOption:
    return PromptOption(
        value=table.text("value"),
        label=table.text("label"),
        description=table.text("description", default=""),
    )


def read_consents(table: Table) -> dict[ConsentKind, Consent]:
    """Read one consent per kind; all kinds must be there."""
    return {
        kind: table.table(kind.value).whole(lambda inner, kind=kind: _read_consent(inner, kind))  # type: ignore[misc]  # bound per round
        for kind in ConsentKind
    }


def _read_consent(table: Table, kind: ConsentKind) -> Consent:
    return Consent(
        kind=kind,
        version=table.integer("version", least=1, most=1_000_000),
        is_in_use=table.flag("in_use"),
        title=table.text("title", most=TITLE_LENGTH),
        text=table.text("text", most=1000),
        who_sees=table.text("who_sees", most=500),
    )


def read_joining(table: Table) -> JoiningTexts:
    """Read the three joining screens."""
    return JoiningTexts(
        about=_read_screen(table, "about"),
        hours=_read_screen(table, "hours"),
        delivery=_read_screen(table, "delivery"),
    )


def read_rooms(table: Table) -> RoomTexts:
    """Read the room panel and the ground rules."""
    return RoomTexts(panel=_read_screen(table, "panel"), rules=_read_screen(table, "rules"))


def read_crisis_texts(table: Table) -> CrisisTexts:
    """Read the wording of the crisis cards."""
    barriers = table.table("barriers")
    check_back = table.table("check_back")
    texts = CrisisTexts(
        opening=table.text("opening", most=500),
        barrier_question=barriers.text("question", most=100),
        barriers=barriers.tables("choices", _read_barrier),
        check_back_hours=check_back.integers("hours", least=1, most=72),
        check_back_question=check_back.text("question", most=500),
        check_back_answers=check_back.tables("answers", _read_answer),
    )
    if len(texts.barriers) != BARRIERS:
        barriers.fault("choices", f"must be {BARRIERS} choices")
    for part in (barriers, check_back):
        part.whole(lambda _: None)
    return texts


def read_care(table: Table) -> CareTexts:
    """Read the reasons of a concern and the first words for staff."""
    texts = CareTexts(
        concern_intro=table.text("concern_intro", most=1500),
        reasons=table.tables("reasons", _read_reason),
        first_words=table.tables("first_words", _read_first_words),
    )
    if len(texts.reasons) != REASONS:
        table.fault("reasons", f"must be {REASONS} reasons")
    return texts


def _read_screen(table: Table, key: str) -> Screen:
    def read(inner: Table) -> Screen:
        screen = Screen(
            title=inner.text("title", most=TITLE_LENGTH), points=inner.tables("points", _read_point)
        )
        if sum(len(point.text) for point in screen.points) > SCREEN_LENGTH:
            inner.fault("points", f"are together longer than {SCREEN_LENGTH} characters")
        return screen

    return table.table(key).whole(read)


def _read_point(table: Table) -> Point:
    return Point(id=table.text("id"), text=table.text("text", most=1000))


def _read_barrier(table: Table) -> Barrier:
    return Barrier(
        id=table.text("id", most=32),
        label=table.text("label", most=CHOICE_LABEL_LENGTH),
        answer=table.text("answer", most=400),
        action=table.member("action", BarrierAction) or BarrierAction.CALL,
    )


def _read_answer(table: Table) -> CheckBackAnswer:
    return CheckBackAnswer(
        id=table.text("id", most=32),
        label=table.text("label", most=80),
        reply=table.text("reply", most=500),
    )


def _read_reason(table: Table) -> Reason:
    return Reason(
        id=table.text("id", most=32),
        label=table.text("label", most=CHOICE_LABEL_LENGTH),
        description=table.text("description", most=CHOICE_LABEL_LENGTH),
    )


def _read_first_words(table: Table) -> FirstWords:
    return FirstWords(
        id=table.text("id", most=32),
        label=table.text("label", most=CHOICE_LABEL_LENGTH),
        text=table.text("text", most=MESSAGE_LENGTH),
        sources=table.strings("sources", default=()),
    )
