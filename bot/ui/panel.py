"""The panel: the same card for everyone, and what lies behind *More*."""

from discord import ButtonStyle

from bot.text import Words
from bot.ui.cards import Card, Item, button


def start_panel(words: Words, *, is_personal: bool = False) -> Card:
    """Make the pinned panel.

    It is the same for everyone, so that having it open tells nothing about a person.

    Args:
        words: The language of the place it is pinned in.
        is_personal: It stands in a person's own thread, where nobody is left to join.
    """
    join = button("join:v1:start", label=words("panel.join"), style=ButtonStyle.success)
    return Card(
        title=words("panel.title"),
        body=[words("panel.body"), words("panel.truth")],
        rows=[main_row(words)] if is_personal else [main_row(words), [join]],
    )


def main_row(words: Words) -> list[Item]:
    """Make the row that every panel begins with."""
    return [
        button("checkin:v1:now", label=words("panel.checkin"), style=ButtonStyle.primary),
        button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
        button("care:v1:ask", label=words("panel.message_team")),
        button("panel:v1:more", label=words("panel.more")),
    ]
