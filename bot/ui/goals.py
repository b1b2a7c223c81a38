"""Goals as cards: the list, one goal, a mark, a reminder."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from discord import ButtonStyle

from bot.domain.goal import Counts, GoalPart, GoalTexts, PartState
from bot.domain.progress import Mark
from bot.services.goal_marks import Due, Line, Marked
from bot.services.shared_goals import View
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, Option, button, escape, select
from bot.ui.goal_forms import ADD, EDIT, REVIEW_SET
from bot.ui.goal_shared import closed_body, shared_lines, shared_rows
from bot.ui.goal_times import day_text, rule_text

MOST_ON_A_CARD = 5
MOST_LISTED = 20
SHORT, MIDDLE, LABEL, WHOLE = 50, 120, 100, 200
MARKS = (Mark.DONE, Mark.PARTLY, Mark.NOT_TODAY)


def list_card(words: Words, lines: Sequence[Line], zone: ZoneInfo) -> Card:
    """Show a person's goals, each to be opened or marked."""
    body = [_line(words, line, zone) for line in lines[:MOST_LISTED]]
    options = [Option(value=line.part.id, label=_label(words, line.texts)) for line in lines[:25]]
    rows: list[list[Item]] = []
    if options:
        rows.append(
            [select("goals:v1:show", options=options, placeholder=words("goals.list.open"))]
        )
    open_today = [
        Option(value=line.part.id, label=_label(words, line.texts))
        for line in lines
        if line.part.state is PartState.ACTIVE
    ]
    if open_today:
        rows.append(
            [
                select(
                    "goals:v1:done_today",
                    options=open_today[:25],
                    placeholder=words("goals.list.mark"),
                )
            ]
        )
    rows.append(
        [
            button(ADD, label=words("goals.button.add"), style=ButtonStyle.primary),
            button("goals:v1:count", label=words("goals.button.count")),
            button("panel:v1:menu", label=words("core.back")),
        ]
    )
    return Card(
        title=words("goals.list.title"),
        body="\n".join(body) or words("goals.list.none"),
        rows=rows,
        footer=words("goals.only_you"),
    )


def goal_card(words: Words, view: View, today: date, zone: ZoneInfo, said: str = "") -> Card:
    """Show one goal with everything that can be done about it."""
    part = view.part
    body = [said] if said else []
    body.append(_about(words, part, view, today))
    body += _texts_lines(words, view.texts)
    body += _when_lines(words, view, today, zone)
    if part.is_current or part.state is PartState.RETIRED:
        body.append(counts_text(words, view.counts))
    if part.is_current:
        body += shared_lines(words, view, today)
    return Card(
        title=_short(words, view.texts, WHOLE),
        body=body,
        rows=_rows(words, view),
        footer=words("goals.shared_footer" if part.is_shared else "goals.only_you"),
    )


def counts_text(words: Words, counts: Counts) -> str:
    """Say what can be counted; nothing of it ever falls to zero by itself."""
    if counts.total == 0:
        return words("goals.counts.none")
    return " ".join(
        (
            words("goals.counts.last", n=counts.last_days),
            words("goals.counts.best", n=counts.best_run),
            words("goals.counts.total", n=counts.total),
        )
    )


def marked_card(words: Words, marked: Marked) -> Card:
    """Say that a mark was kept, and celebrate where there is something to."""
    day = words("goals.marked.today") if marked.is_today else words.date(marked.day)
    body = [words(f"goals.marked.{marked.mark}", day=day)]
    if marked.texts is not None:
        body.insert(0, f"**{escape(marked.texts.what)}**")
        if marked.mark is Mark.NOT_TODAY and marked.texts.plan_b:
            body.append(words("goals.marked.plan_b", text=escape(marked.texts.plan_b)))
    if marked.reached is not None:
        body.append(words("goals.milestone.alone", n=marked.reached))
    if marked.together is not None:
        body.append(words("goals.milestone.together", n=marked.together))
    body.append(counts_text(words, marked.counts))
    return Card(
        title=words("goals.marked.title"),
        body=body,
        rows=[
            [
                button("goals:v1:show", marked.part.id, label=words("goals.button.open")),
                button("goals:v1:open", label=words("goals.button.list")),
            ]
        ],
        accent=Accent.GOOD if marked.reached or marked.together else Accent.CALM,
        footer=words("goals.only_you"),
    )


def reminder_card(words: Words, due: Sequence[Due], today: date) -> Card:
    """Show everything one note reminds of, each with its own buttons."""
    shown = due[:MOST_ON_A_CARD]
    body: list[str] = []
    rows: list[list[Item]] = []
    many = len(shown) > 1
    for number, one in enumerate(shown, start=1):
        name = _short(words, one.texts, WHOLE)
        head = f"**{number}. {name}**" if many else f"**{name}**"
        body.append("\n".join([head, *_due_lines(words, one, today)]))
        if one.mark is None:
            rows.append(_mark_row(words, one, number if many else None))
    if not shown:
        body.append(words("goals.reminder.over"))
    if len(due) > len(shown):
        body.append(words("goals.reminder.more", n=len(due) - len(shown)))
    if not rows or len(due) > len(shown):
        rows.append([button("goals:v1:open", label=words("goals.button.list"))])
    return Card(
        title=words("goals.reminder.title"), body=body, rows=rows, footer=words("goals.only_you")
    )


def review_card(words: Words, view: View, today: date, zone: ZoneInfo) -> Card:
    """Ask whether a goal still fits."""
    part = view.part
    card_body = [words("goals.review.ask"), *_texts_lines(words, view.texts)]
    card_body += _when_lines(words, view, today, zone)
    card_body.append(counts_text(words, view.counts))
    return Card(
        title=_short(words, view.texts, WHOLE),
        body=card_body,
        rows=[
            [
                button(
                    "goals:v1:review_keep",
                    part.id,
                    label=words("goals.button.still_fits"),
                    style=ButtonStyle.primary,
                ),
                button(EDIT, part.id, label=words("goals.button.change")),
                button("goals:v1:pause", part.id, label=words("goals.button.pause")),
                button("goals:v1:retire", part.id, label=words("goals.button.retire")),
            ]
        ],
        footer=words("goals.only_you"),
    )


def retire_card(words: Words, part: GoalPart) -> Card:
    """Ask once more before a goal is put away."""
    key = "shared" if part.is_shared and part.is_current else "own"
    return Card(
        body=words(f"goals.retire.{key}"),
        rows=[
            [
                button(
                    "goals:v1:retire_yes",
                    part.id,
                    label=words("goals.button.retire"),
                    style=ButtonStyle.danger,
                ),
                button("goals:v1:show", part.id, label=words("core.back")),
            ]
        ],
    )


def retired_card(words: Words) -> Card:
    """Say that a goal is put away."""
    return Card(
        body=words("goals.retire.done"),
        rows=[[button("goals:v1:open", label=words("goals.button.list"))]],
    )


def _line(words: Words, line: Line, zone: ZoneInfo) -> str:
    parts = [f"**{_short(words, line.texts, SHORT)}**"]
    if line.part.state is PartState.ACTIVE:
        if line.today:
            marks = list(line.today.values())
            best = next(mark for mark in MARKS if mark in marks)
            parts.append(words(f"goals.list.{best}"))
        elif line.next_at is not None:
            parts.append(words("goals.list.next", moment=words.moment(line.next_at, zone)))
    else:
        parts.append(words(f"goals.state.{line.part.state}"))
    return " · ".join(parts)


def _about(words: Words, part: GoalPart, view: View, today: date) -> str:
    topic = words(f"goals.topic.{part.topic}")
    if part.state is PartState.CLOSED:
        return closed_body(words, part)
    if part.state is not PartState.ACTIVE:
        return f"{topic} · {words(f'goals.about.{part.state}')}"
    together = [words("goals.about.shared")] if part.is_shared else []
    marked = [words(f"goals.list.{view.today}")] if view.today else []
    return " · ".join([topic, *together, *marked])


def _texts_lines(words: Words, texts: GoalTexts | None) -> list[str]:
    if texts is None:
        return []
    lines = [
        words(f"goals.show.{key}", text=escape(getattr(texts, key)))
        for key in ("step", "obstacle", "plan_b")
        if getattr(texts, key)
    ]
    return ["\n".join(lines)] if lines else []


def _when_lines(words: Words, view: View, today: date, zone: ZoneInfo) -> list[str]:
    part = view.part
    if part.rule is None:
        lines = [words("goals.show.no_times")] if part.is_current else []
    else:
        lines = [words("goals.show.when", when=rule_text(words, part.rule, today))]
    if view.next_at is not None:
        lines.append(words("goals.show.next", moment=words.moment(view.next_at, zone)))
    if part.review_on is not None and part.is_current:
        lines.append(words("goals.show.review", day=day_text(words, part.review_on, today)))
    return ["\n".join(lines)] if lines else []


def _due_lines(words: Words, due: Due, today: date) -> list[str]:
    lines = []
    if due.day != today:
        lines.append(words("goals.reminder.day", day=day_text(words, due.day, today)))
    if due.mark is not None:
        lines.append(words(f"goals.reminder.{due.mark}"))
    elif due.texts is not None and due.texts.step:
        lines.append(words("goals.show.step", text=escape(_cut(due.texts.step, MIDDLE))))
    return lines


def _mark_row(words: Words, due: Due, number: int | None) -> list[Item]:
    def label(name: str) -> str:
        text = words(f"goals.button.{name}")
        return text if number is None else f"{number} · {text}"

    where = (due.part.id, due.day.isoformat(), due.slot or "-")
    row = [
        button(
            "goals:v1:mark",
            *where,
            mark,
            label=label(mark),
            style=ButtonStyle.primary if mark is Mark.DONE else ButtonStyle.secondary,
        )
        for mark in MARKS
    ]
    return [*row, button(EDIT, due.part.id, label=label("change"))]


def _rows(words: Words, view: View) -> list[list[Item]]:
    part = view.part

    def press(route: str, name: str, style: ButtonStyle = ButtonStyle.secondary) -> Item:
        return button(
            f"goals:v1:{route}", part.id, label=words(f"goals.button.{name}"), style=style
        )

    back = button("goals:v1:open", label=words("goals.button.list"))
    match part.state:
        case PartState.ACTIVE | PartState.PAUSED:
            marks = [
                button("goals:v1:today", part.id, mark, label=words(f"goals.button.{mark}"))
                for mark in MARKS
            ]
            rest = (
                press("pause", "pause")
                if part.state is PartState.ACTIVE
                else press("go_on", "go_on", ButtonStyle.primary)
            )
            change = button(EDIT, part.id, label=words("goals.button.change"))
            review = button(REVIEW_SET, part.id, label=words("goals.button.review"))
            return [
                marks,
                [change, rest, review, press("retire", "retire"), back],
                *shared_rows(words, part),
            ]
        case PartState.WAITING | PartState.CLOSED:
            return [[press("go_on", "alone"), press("retire", "retire"), back]]
        case _:
            return [[back]]


def _short(words: Words, texts: GoalTexts | None, most: int) -> str:
    if texts is None:
        return words("goals.no_words")
    return escape(_cut(texts.what, most))


def _label(words: Words, texts: GoalTexts | None) -> str:
    """Name a goal in a select, where nothing is markdown."""
    return _cut(texts.what, LABEL) if texts else words("goals.no_words")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
