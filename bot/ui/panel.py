"""The panel: the same card for everyone, what lies behind *More*, and who sees what."""

from collections.abc import Callable
from dataclasses import dataclass

from discord import ButtonStyle

from bot.text import Words
from bot.ui.cards import Card, Item, button

BUTTONS_A_ROW = 5

MORE = (
    ("history", "checkin:v1:history"),
    ("progress", "progress:v1:open"),
    ("away", "checkin:v1:away"),
    ("rooms", "panel:v1:rooms"),
    ("settings", "settings:v1:open"),
    ("questions", "questions:v1:open"),
    ("buddy", "buddies:v1:open"),
    ("concern", "care:v1:concern"),
    ("data", "data:v1:open"),
    ("who_sees", "panel:v1:who_sees"),
)
"""What is behind *More*, each with where it leads."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Onlookers:
    """How many people can look where, by what lets them.

    Attributes:
        admins: People with administrator rights, the owner apart.
        keepers: Others who may manage threads where the personal ones are.
        bots: Other bots with administrator rights.
    """

    admins: int
    keepers: int
    bots: int
    moderators: int
    clinicians: int
    leads: int


def start_panel(words: Words, *, is_personal: bool = False) -> Card:
    """Make the pinned panel.

    It is the same for everyone, so that having it open tells nothing about a person.

    Args:
        words: The language of the place it is pinned in.
        is_personal: It stands in a person's own thread, where nobody is left to join.
    """
    rows = main_rows(words)
    if not is_personal:
        rows[-1].append(join_button(words))
    return Card(
        title=words("panel.title"), body=[words("panel.body"), words("panel.truth")], rows=rows
    )


def main_rows(words: Words) -> list[list[Item]]:
    """Make the rows that every panel begins with."""
    first = [
        button("checkin:v1:now", label=words("panel.checkin"), style=ButtonStyle.primary),
        button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
        button("care:v1:ask", label=words("panel.message_team")),
        button("goals:v1:open", label=words("panel.goals")),
        button("together:v1:home", label=words("panel.together")),
    ]
    return [first, [button("panel:v1:more", label=words("panel.more"))]]


def join_button(words: Words) -> Item:
    """Make the way in."""
    return button("join:v1:start", label=words("panel.join"), style=ButtonStyle.success)


def more_card(words: Words, works: Callable[[str], bool]) -> Card:
    """Show everything else, for someone who has joined.

    Args:
        works: Whether a route leads somewhere; what does not is left out.
    """
    entries = [
        button(route, label=words(f"panel.entry.{key}")) for key, route in MORE if works(route)
    ]
    rows = [
        entries[place : place + BUTTONS_A_ROW] for place in range(0, len(entries), BUTTONS_A_ROW)
    ]
    return Card(
        title=words("panel.more"), body=words("panel.more_body"), rows=[*rows, _home(words)]
    )


def visitor_card(words: Words, *, has_begun: bool) -> Card:
    """Show what is open to someone who has not joined, or not quite."""
    return Card(
        title=words("panel.title"),
        body=[words("panel.begun" if has_begun else "panel.visitor"), words("panel.truth")],
        rows=[
            [
                join_button(words),
                button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
                button("care:v1:ask", label=words("panel.message_team")),
                button("panel:v1:who_sees", label=words("panel.entry.who_sees")),
            ]
        ],
    )


def who_sees_card(words: Words, onlookers: Onlookers) -> Card:
    """Say who can see what, by role and count."""
    team = words.listing(
        [
            words(f"panel.who.{role}", n=count)
            for role, count in (
                ("moderators", onlookers.moderators),
                ("clinicians", onlookers.clinicians),
                ("leads", onlookers.leads),
            )
            if count
        ]
    )
    thread = [words("panel.who.thread"), words("panel.who.owner")]
    thread += [
        words(f"panel.who.{key}", n=count)
        for key, count in (
            ("admins", onlookers.admins),
            ("keepers", onlookers.keepers),
            ("bots", onlookers.bots),
        )
        if count
    ]
    return Card(
        title=words("panel.entry.who_sees"),
        body=[
            words("panel.who.taps"),
            " ".join(thread),
            words("panel.who.couples"),
            words("panel.who.rooms"),
            words("panel.who.team", team=team) if team else words("panel.who.no_team"),
            words("panel.who.host"),
        ],
        rows=[_home(words)],
    )


def _home(words: Words) -> list[Item]:
    return [
        button("panel:v1:menu", label=words("core.back")),
        button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
    ]
