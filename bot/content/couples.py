"""Reads what couples are offered."""

from collections.abc import Callable
from typing import Any

from bot.content.couple_texts import (
    AgreementTemplate,
    Audience,
    CalmingStep,
    CardKind,
    CoupleTexts,
    EntryT,
    Exercise,
    ExerciseKind,
    Frame,
    FramePart,
    Idea,
    PlanTemplate,
    Question,
    Side,
    SkillCard,
    SlipText,
    Theme,
    indexed,
)
from bot.content.reader import Table

ID_LENGTH = 32
TITLE_LENGTH = 60
LINE_LENGTH = 300
TEXT_LENGTH = 900
DEEPEST = 3

Reader = Callable[[str, Callable[[Table], Any]], Any]


def read_couples(read: Reader) -> CoupleTexts:
    """Read every file of one language.

    Args:
        read: Reads a file under the language's folder by a reader of its table.
    """
    plans, agreements = read("couples/plans.toml", _plans)
    return indexed(
        CoupleTexts(
            questions=read("couples/questions.toml", _list("question", _question)),
            exercises=read("couples/exercises.toml", _list("exercise", _exercise)),
            cards=(
                *read("couples/conflict.toml", _list("card", _card)),
                *read("couples/codependency.toml", _list("card", _card)),
            ),
            ideas=read("couples/together.toml", _list("idea", _idea)),
            plans=plans,
            agreements=agreements,
            calming=read("couples/calming.toml", _list("step", _calming)),
            slips=read("couples/slip.toml", _list("wording", _slip)),
            frames=read("couples/say_it.toml", _list("frame", _frame)),
        )
    )


def _list(key: str, read: Callable[[Table], EntryT]) -> Callable[[Table], tuple[EntryT, ...]]:
    def reader(table: Table) -> tuple[EntryT, ...]:
        entries = table.tables(key, read)
        if len({entry.id for entry in entries}) != len(entries):
            table.fault(key, "two have the same id")
        return entries

    return reader


def _plans(table: Table) -> tuple[tuple[PlanTemplate, ...], tuple[AgreementTemplate, ...]]:
    return _list("plan", _plan)(table), _list("agreement", _agreement)(table)


def _common(table: Table) -> dict[str, Any]:
    return {
        "id": table.text("id", most=ID_LENGTH),
        "level": table.integer("level", least=1, most=DEEPEST, default=1),
        "audience": table.member("audience", Audience, is_optional=True) or Audience.COUPLE,
        "reviewed": table.day("reviewed"),
    }


def _question(table: Table) -> Question:
    return Question(
        **_common(table),
        theme=table.member("theme", Theme) or Theme.US,
        text=table.text("text", most=LINE_LENGTH),
    )


def _exercise(table: Table) -> Exercise:
    return Exercise(
        **_common(table),
        kind=table.member("kind", ExerciseKind) or ExerciseKind.TRUST,
        title=table.text("title", most=TITLE_LENGTH),
        steps=table.strings("steps"),
        prompt=table.text("prompt", most=LINE_LENGTH),
    )


def _card(table: Table) -> SkillCard:
    return SkillCard(
        **_common(table),
        kind=table.member("kind", CardKind) or CardKind.LISTENING,
        title=table.text("title", most=TITLE_LENGTH),
        text=table.text("text", most=TEXT_LENGTH),
        try_it=table.text("try_it", most=LINE_LENGTH, default=""),
        script_me=table.text("script_me", most=LINE_LENGTH, default=""),
        script_them=table.text("script_them", most=LINE_LENGTH, default=""),
    )


def _idea(table: Table) -> Idea:
    return Idea(
        **_common(table),
        title=table.text("title", most=TITLE_LENGTH),
        text=table.text("text", most=LINE_LENGTH),
    )


def _plan(table: Table) -> PlanTemplate:
    return PlanTemplate(
        **_common(table),
        title=table.text("title", most=TITLE_LENGTH),
        signs=table.strings("signs"),
        coping=table.strings("coping"),
        mine=table.strings("mine"),
        people=table.strings("people"),
        if_then=table.strings("if_then"),
        home=table.strings("home"),
    )


def _agreement(table: Table) -> AgreementTemplate:
    return AgreementTemplate(
        **_common(table),
        title=table.text("title", most=TITLE_LENGTH),
        need=table.text("need", most=LINE_LENGTH),
        offer=table.text("offer", most=LINE_LENGTH),
        limit=table.text("limit", most=LINE_LENGTH),
    )


def _calming(table: Table) -> CalmingStep:
    return CalmingStep(
        **_common(table),
        title=table.text("title", most=TITLE_LENGTH),
        text=table.text("text", most=TEXT_LENGTH),
        uses_breath=table.flag("uses_breath", default=False),
    )


def _slip(table: Table) -> SlipText:
    return SlipText(
        **_common(table),
        side=table.member("side", Side) or Side.SELF,
        title=table.text("title", most=TITLE_LENGTH),
        text=table.text("text", most=TEXT_LENGTH),
    )


def _frame(table: Table) -> Frame:
    return Frame(
        **_common(table),
        title=table.text("title", most=TITLE_LENGTH),
        intro=table.text("intro", most=LINE_LENGTH),
        parts=table.tables("part", _part),
        example=table.text("example", most=LINE_LENGTH),
    )


def _part(table: Table) -> FramePart:
    return FramePart(
        label=table.text("label", most=45),
        hint=table.text("hint", most=100),
        lead=table.text("lead", most=100, default=""),
    )
