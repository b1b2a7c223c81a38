"""The team's cards about shared spaces."""

from collections.abc import Callable, Sequence

from discord import ButtonStyle

from bot.domain.pair import Member, Pair
from bot.text import Words
from bot.ui.cards import Card, Item, Option, button, select

LISTED = 4
MOST = 25
"""Options of one select; the others come up as these close."""


def asked_card(words: Words, pair_id: str) -> Card:
    """Tell the team that two people asked for a space."""
    return Card(
        body=words("together.desk.asked"),
        rows=[[button("pairs:v1:list", pair_id, label=words("together.desk.open_list"))]],
    )


def list_card(
    words: Words, waiting: Sequence[Pair], open_now: int, name: Callable[[Member], str]
) -> Card:
    """List who waits, each with what is to be done next.

    Args:
        name: Gives a member's programme ID, or a mention where there is none.
    """
    body = [words("together.desk.intro") if waiting else words("together.desk.empty")]
    rows: list[list[Item]] = []
    for pair in waiting[:LISTED]:
        body.append(_lines(words, pair, name))
        rows.append(_steps(words, pair, name))
    body.append(words("together.desk.open_now", n=open_now))
    if open_now:
        rows.append([button("pairs:v1:open_ones", label=words("together.desk.close"))])
    return Card(title=words("together.desk.title"), body=body, rows=rows)


def open_card(words: Words, pairs: Sequence[Pair], name: Callable[[Member], str]) -> Card:
    """List the open spaces, each with a way to close it on the programme's day."""
    options = [Option(value=pair.id, label=_short(pair, name)[:100]) for pair in pairs[:MOST]]
    rows = [[select("pairs:v1:close", options=options, placeholder=words("together.desk.close"))]]
    body = "\n".join(_title(words, pair, name) for pair in pairs[:MOST])
    return Card(title=words("together.desk.title"), body=body, rows=rows)


def _short(pair: Pair, name: Callable[[Member], str]) -> str:
    return ", ".join(name(member) for member in pair.members)


def _title(words: Words, pair: Pair, name: Callable[[Member], str]) -> str:
    names = [name(member) for member in pair.members]
    kind = words(f"together.kind.{pair.kind.value}")
    return words("together.desk.line", one=names[0], other=names[-1], kind=kind)


def _lines(words: Words, pair: Pair, name: Callable[[Member], str]) -> str:
    lines = [f"**{_title(words, pair, name)}**"]
    for member in pair.members:
        said = words("together.desk.yes" if member.talked_at else "together.desk.not_yet")
        lines.append(words("together.desk.talked", who=name(member), yes=said))
    return "\n".join(lines)


def _steps(words: Words, pair: Pair, name: Callable[[Member], str]) -> list[Item]:
    steps = [
        button(
            "pairs:v1:talked",
            pair.id,
            member.participant_id,
            label=words("together.desk.talk", who=name(member))[:80],
        )
        for member in pair.members
        if member.talked_at is None
    ]
    if not steps and pair.opens_at is None:
        steps.append(
            button(
                "pairs:v1:open",
                pair.id,
                label=words("together.desk.open"),
                style=ButtonStyle.success,
            )
        )
    steps.append(button("pairs:v1:refuse", pair.id, label=words("together.desk.refuse")))
    return steps
