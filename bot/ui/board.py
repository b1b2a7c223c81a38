"""The live board of the care team: request references, never a person."""

from discord.utils import format_dt

from bot.domain.board import BoardRow, BoardState
from bot.domain.case import Severity
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, Option, button, select
from bot.ui.care import severity, source

MOST_ROWS = 15
"""So that no row is cut: a card holds 4,000 characters, a select 25 options."""

LOUDEST = 10
"""What is named in large type; the counts say how many more there are."""


def board_card(words: Words, state: BoardState, *, is_live: bool = True) -> Card:
    """Make a board.

    Args:
        words: The language of who reads it.
        state: What it shows.
        is_live: It is the message everyone sees, not one person's own copy.
    """
    shown = state.rows[:MOST_ROWS]
    body = [_counts(words, state), *([_loud(words, state)] if state.is_loud else [])]
    if shown:
        lines = [_row(words, row) for row in shown]
        if rest := len(state.rows) - len(shown):
            lines.append(words("board.more", n=rest))
        body.append("\n".join(lines))
    body.append(_duty(words, state))
    return Card(
        title=words(f"board.title.{state.name.value}"),
        body=body,
        rows=_rows(words, state, is_live=is_live),
        accent=_accent(state),
        footer=words(f"board.footer.{state.name.value}"),
    )


def marker(name: str) -> str:
    """Return what tells this board's message from every other one, the staff panel's too."""
    return f"board:v1:own:{name}"


def _counts(words: Words, state: BoardState) -> str:
    if not any(state.counts.values()):
        return words("board.empty")
    return " · ".join(
        words("board.count", severity=words(f"care.severity.p{level.value}"), n=count)
        for level, count in state.counts.items()
    )


def _loud(words: Words, state: BoardState) -> str:
    loud = [row for row in state.rows if row.is_loud]
    return "\n".join(
        "## "
        + words(
            "board.loud",
            severity=severity(words, row.case),
            ref=row.case.ref,
            since=format_dt(row.waiting_since, "R"),
        )
        for row in loud[:LOUDEST]
    )


def _row(words: Words, row: BoardRow) -> str:
    case = row.case
    key = "free" if row.is_free else "in_contact" if case.contacted_at else "claimed"
    if case.tried_at is not None and not row.is_free:
        key = "tried"
    return words(
        f"board.row.{key}",
        ref=case.ref,
        severity=severity(words, case),
        source=source(words, case),
        owner=f"<@{case.owner_id}>",
        since=format_dt(row.waiting_since, "R"),
    )


def _duty(words: Words, state: BoardState) -> str:
    if state.on_duty:
        who = words.listing([f"<@{user_id}>" for user_id in state.on_duty])
        return words("board.duty.on", who=who)
    if state.next_on is not None:
        day, ago = format_dt(state.next_on, "f"), format_dt(state.next_on, "R")
        return words("board.duty.next", day=day, since=ago)
    return words("board.duty.nobody")


def _rows(words: Words, state: BoardState, *, is_live: bool) -> list[list[Item]]:
    buttons = [
        button("case:v1:mine", label=words("care.staff_panel.mine")),
        button("duty:v1:show", label=words("care.staff_panel.duty")),
    ]
    if is_live:
        buttons.append(button("board:v1:own", state.name.value, label=words("board.own")))
    else:
        buttons.append(button("case:v1:queue", label=words("care.staff_panel.queue")))
    if not state.rows:
        return [buttons]
    options = [
        Option(
            value=row.case.id,
            label=f"{row.case.ref} · {severity(words, row.case)}",
            description=source(words, row.case)[:100],
        )
        for row in state.rows[:MOST_ROWS]
    ]
    return [[select("case:v1:pick", options=options, placeholder=words("board.pick"))], buttons]


def _accent(state: BoardState) -> Accent:
    if state.is_loud:
        return Accent.URGENT
    waiting = {row.case.severity for row in state.rows if row.is_free}
    return Accent.CARE if Severity.SOON in waiting else Accent.CALM
