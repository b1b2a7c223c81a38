"""The cards of what two people do together, and of how they come to it."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from discord import ButtonStyle

from bot.domain.pair import Invite, Pair, PairKind, Space, Tool
from bot.text import Words
from bot.ui.cards import Card, Item, button, quote, user_select

A_ROW = 5

ROUTES: Mapping[Tool, str] = MappingProxyType(
    {
        Tool.QUESTION: "question:v1:open",
        Tool.WEEKLY: "weekly:v1:open",
        Tool.RITUAL: "ritual:v1:open",
        Tool.PAUSE: "pause:v1:open",
        Tool.TURNS: "turns:v1:open",
        Tool.THANKS: "thanks:v1:open",
        Tool.SAY_IT: "sayit:v1:open",
        Tool.HARD_DAY: "hardday:v1:open",
        Tool.NOTICED: "noticed:v1:open",
        Tool.AGREEMENTS: "agree:v1:open",
        Tool.PLAN: "plan:v1:open",
        Tool.EXERCISES: "exercise:v1:open",
        Tool.GOALS: "goals:v1:open",
    }
)
"""Where each tool's button leads; the pair's ID goes with it."""

ALONE = (
    ("say_it", "sayit:v1:alone"),
    ("strengths", "strengths:v1:open"),
    ("invite_card", "together:v1:card"),
)
"""What works without the other one joining."""


def thread_card(words: Words, pair_id: str) -> Card:
    """Make the card that begins a couple's thread; it is the same for both."""
    return Card(
        title=words("together.thread_title"),
        body=[words("together.thread_body"), words("together.thread_seen")],
        rows=[
            [
                button("together:v1:home", label=words("together.open")),
                button("pause:v1:open", pair_id, label=words("together.tool.pause")),
                button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
            ]
        ],
    )


def home_card(
    words: Words,
    spaces: Sequence[Space],
    closed: Sequence[Pair],
    works: Callable[[str], bool],
) -> Card:
    """Show what a person can do together with someone, and what works alone.

    Args:
        words: The person's language.
        spaces: Theirs; none is shown like having none yet.
        closed: Those that closed on them lately.
        works: Whether a route leads somewhere.
    """
    body = [words("together.none_yet") if not spaces else words("together.choose")]
    body += [words("together.closed_by_programme") for _ in closed[:1]]
    rows: list[list[Item]] = []
    is_among_tools = len(spaces) == 1 and spaces[0].has(Tool.SAY_IT)
    if len(spaces) > 1:
        body.append(_spaces_list(words, spaces))
        rows.append(_doors(words, spaces))
    else:
        for space in spaces:
            rows += _tools(words, space, works)
    rows.append(
        [
            button(route, label=words(f"together.alone.{key}"))
            for key, route in ALONE
            if works(route) and not (key == Tool.SAY_IT.value and is_among_tools)
        ]
        + [button("together:v1:invite", label=words("together.invite.button"))]
    )
    rows.append(_ways(words, spaces))
    return Card(title=words("together.title"), body=body, rows=[row for row in rows if row])


def _spaces_list(words: Words, spaces: Sequence[Space]) -> str:
    """List a person's own spaces; each of them is known to the two in it alone."""
    return "\n".join(
        f"{n}. {words(f'together.kind.{space.kind.value}')} · <@{space.partner_user_id}>"
        for n, space in enumerate(spaces[:A_ROW], start=1)
    )


def _doors(words: Words, spaces: Sequence[Space]) -> list[Item]:
    return [
        button(
            "together:v1:space",
            space.pair_id,
            label=f"{n}. {words(f'together.kind.{space.kind.value}')}",
        )
        for n, space in enumerate(spaces[:A_ROW], start=1)
    ]


def space_card(words: Words, space: Space, works: Callable[[str], bool]) -> Card:
    """Show the tools of one space."""
    return Card(
        title=words(f"together.kind.{space.kind.value}"),
        body=words("together.choose"),
        rows=[*_tools(words, space, works), _ways(words, [space])],
    )


def _tools(words: Words, space: Space, works: Callable[[str], bool]) -> list[list[Item]]:
    tools = [
        button(route, space.pair_id, label=words(f"together.tool.{tool.value}"))
        if tool is not Tool.GOALS
        else button(route, label=words("together.tool.goals"))
        for tool, route in ROUTES.items()
        if space.has(tool) and works(route)
    ]
    return [tools[place : place + A_ROW] for place in range(0, len(tools), A_ROW)]


def _ways(words: Words, spaces: Sequence[Space]) -> list[Item]:
    """Make the last row; *More* holds what would give someone away in a list of commands."""
    more = [button("together:v1:more", label=words("together.more"))] if spaces else []
    return [
        *more,
        button("panel:v1:menu", label=words("core.back")),
        button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
    ]


def more_card(words: Words, spaces: Sequence[Space]) -> Card:
    """Show what is rarely needed, leaving among it."""
    several = len(spaces) > 1
    ways_out: list[Item] = [
        button("together:v1:leave", space.pair_id, label=_leave_label(words, space, n, several))
        for n, space in enumerate(spaces[:A_ROW], start=1)
    ]
    rows = [ways_out] if ways_out else []
    of_couple = [space for space in spaces if space.has(Tool.QUESTION)][:1]
    rows += [
        [
            button("together:v1:opened", space.pair_id, label=words("together.opened_list")),
            button("screening:v1:open", space.pair_id, label=words("alone.screening.open")),
        ]
        for space in of_couple
    ]
    rows.append(
        [
            button("safety:v1:open", label=words("alone.safety.open")),
            button("together:v1:home", label=words("core.back")),
        ]
    )
    body = [words("together.more_body")] + ([_spaces_list(words, spaces)] if several else [])
    return Card(title=words("together.more"), body=body, rows=rows)


def _leave_label(words: Words, space: Space, n: int, several: bool) -> str:
    label = words(f"together.leave.button_{space.kind.value}")
    return f"{n}. {label}" if several else label


def leave_card(words: Words, space: Space) -> Card:
    """Say honestly what leaving does, before it is done."""
    return Card(
        title=words("together.leave.title"),
        body=[
            words("together.leave.at_once"),
            words("together.leave.other"),
            words("together.leave.truth"),
            words("together.leave.team"),
        ],
        rows=[
            [
                button(
                    "together:v1:left",
                    space.pair_id,
                    label=words("together.leave.yes"),
                    style=ButtonStyle.danger,
                ),
                button("together:v1:more", label=words("core.back")),
                button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
            ]
        ],
    )


def left_card(words: Words) -> Card:
    """Say that it is done."""
    return Card(
        title=words("together.leave.done_title"),
        body=words("together.leave.done"),
        rows=[
            [
                button("care:v1:ask", label=words("panel.message_team")),
                button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
            ]
        ],
    )


def invite_card(words: Words, waiting: Sequence[Invite]) -> Card:
    """Ask whom; list what was asked before, which never says what became of it."""
    lines = [words("together.invite.body"), words("together.invite.how")]
    if waiting:
        lines.append(words("together.invite.waiting"))
    rows: list[list[Item]] = [
        [
            user_select(
                "together:v1:ask",
                kind.value,
                placeholder=words(f"together.invite.whom_{kind.value}"),
            )
        ]
        for kind in PairKind
    ]
    if waiting:
        rows.append([button("together:v1:wishes", label=words("together.invite.wishes"))])
    rows.append([button("together:v1:home", label=words("core.back"))])
    return Card(title=words("together.invite.title"), body=lines, rows=rows)


def _whom(words: Words, kind: PairKind) -> str:
    return words(f"together.invite.whom_{kind.value}")


def wishes_card(words: Words, waiting: Sequence[Invite]) -> Card:
    """List a person's own wishes, each with a way to take it back."""
    lines = [
        words(
            f"together.invite.wish_{invite.kind.value}",
            n=number,
            who=f"<@{invite.user_id}>",
        )
        for number, invite in enumerate(waiting, start=1)
    ]
    rows: list[list[Item]] = [
        [
            button("together:v1:cancel", invite.id, label=words("together.invite.cancel", n=number))
            for number, invite in enumerate(waiting, start=1)
        ]
    ]
    rows.append([button("together:v1:invite", label=words("core.back"))])
    body = "\n".join(lines) if lines else words("together.invite.no_wishes")
    return Card(title=words("together.invite.wishes"), body=body, rows=[row for row in rows if row])


def saved_card(words: Words) -> Card:
    """Say the one sentence that every invitation ends with, whatever the truth."""
    return Card(
        body=words("together.invite.saved"),
        rows=[[button("together:v1:home", label=words("core.back"))]],
    )


def invited_card(words: Words, invite: Invite, inviter: int) -> Card:
    """Ask someone whether they want a space with the person who asked."""
    return Card(
        title=words("together.invited.title"),
        body=[
            words(f"together.invited.{invite.kind.value}", who=f"<@{inviter}>"),
            words("together.invited.truth"),
            words("together.invited.free"),
        ],
        rows=[
            [
                button("together:v1:yes", invite.id, label=words("together.invited.yes")),
                button("together:v1:no", invite.id, label=words("together.invited.no")),
                button("care:v1:ask", label=words("panel.message_team")),
            ]
        ],
    )


def opened_note_card(words: Words, space: Space | None) -> Card:
    """Say that a space opened."""
    rows = [[button("together:v1:home", label=words("together.open"))]] if space else []
    return Card(
        title=words("together.notes.space"), body=words("together.notes.space_body"), rows=rows
    )


def closed_note_card(words: Words) -> Card:
    """Say that a space was closed, in the same words for every reason."""
    return Card(
        title=words("together.notes.closed_title"),
        body=words("together.notes.closed_body"),
        rows=[[button("care:v1:ask", label=words("panel.message_team"))]],
    )


def both_card(words: Words, title: str, mine: str, theirs: str) -> Card:
    """Show what opened: one's own words and the other's."""
    return Card(
        title=title,
        body=[
            f"**{words('together.notes.theirs')}**\n{quote(theirs)}",
            f"**{words('together.notes.mine')}**\n{quote(mine)}",
        ],
        rows=[[button("together:v1:home", label=words("together.open"))]],
    )
