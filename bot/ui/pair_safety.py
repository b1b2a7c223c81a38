"""The safety question, and whether danger words are looked for in a thread of two."""

from discord import ButtonStyle

from bot.domain.pair import Space
from bot.text import Words
from bot.ui.cards import Card, Item, button


def safety_card(words: Words) -> Card:
    """Ask the one question; it reads the same for everyone, whatever they said before."""
    return Card(
        title=words("alone.safety.title"),
        body=[words("alone.safety.question"), words("alone.safety.truth")],
        rows=[
            [
                button("safety:v1:yes", label=words("alone.safety.yes")),
                button("safety:v1:no", label=words("alone.safety.no")),
                button("safety:v1:later", label=words("alone.safety.later")),
            ],
            _ways(words),
        ],
    )


def answered_card(words: Words, answer: str) -> Card:
    """Say that an answer is taken."""
    return Card(body=words(f"alone.safety.said_{answer}"), rows=[_ways(words)])


def screening_card(words: Words, space: Space, *, wants: bool) -> Card:
    """Ask for one's own yes; the other one's is not shown, and cannot be told from here."""
    key = "yours_yes" if wants else "yours_no"
    change = "take_back" if wants else "say_yes"
    return Card(
        title=words("alone.screening.title"),
        body=[
            words("alone.screening.what"),
            words("alone.screening.both"),
            words(f"alone.screening.{key}"),
        ],
        rows=[
            [
                button(
                    "screening:v1:say",
                    space.pair_id,
                    "no" if wants else "yes",
                    label=words(f"alone.screening.{change}"),
                ),
                button("together:v1:more", label=words("core.back")),
            ]
        ],
    )


def _ways(words: Words) -> list[Item]:
    return [
        button("care:v1:ask", label=words("panel.message_team")),
        button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
    ]
