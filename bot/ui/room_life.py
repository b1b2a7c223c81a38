"""Cards that the bot posts in rooms by itself, and what leads to them."""

from collections.abc import Sequence

from discord import ButtonStyle

from bot.content import Resource
from bot.domain.delivery import OutboxRow
from bot.domain.room_life import Topic
from bot.services.room_life import OCCASIONS, ROOM, WHAT, WHO
from bot.text import Words
from bot.ui.cards import Accent, Card, Item, Option, button
from bot.ui.forms import Form, NoteField, RadioField

OCCASION, NAMED = "occasion", "named"
YES, NO = "yes", "no"


def topic_card(words: Words, topics: Sequence[Topic], room_id: str) -> Card:
    """Make a theme's or topic's card, once for each language of the room."""
    first = topics[0]
    title = first.title or words("life.evening_title")
    body = [first.text]
    body += [f"**{one.title}**\n{one.text}" if one.title else one.text for one in topics[1:]]
    return Card(
        title=title, body=body, rows=[life_row(words, room_id)], footer=words("life.topic_footer")
    )


def life_row(words: Words, room_id: str) -> list[Item]:
    """Make the buttons of what a room offers besides talking."""
    return [
        button("life:v1:resources", room_id, label=words("life.resources")),
        button("life:v1:celebrate", room_id, label=words("life.celebrate_button")),
    ]


def resources_card(words: Words, resources: Sequence[Resource]) -> Card:
    """List where to find more."""
    lines = "\n".join(f"- **{one.title}:** {one.text}" for one in resources)
    return Card(title=words("life.resources_title"), body=[words("life.resources_about"), lines])


def welcome_card(words: Words, row: OutboxRow) -> Card:
    """Let a room know that somebody came in, because they wanted that."""
    return Card(
        title=words("life.welcome_title"),
        body=words("life.welcome", who=f"<@{row.args[WHO]}>"),
        rows=[life_row(words, row.args[ROOM])],
        accent=Accent.WARM,
    )


def celebration_card(words: Words, row: OutboxRow) -> Card:
    """Let a room share in something good, with a name or without."""
    what = words(f"life.occasion.{row.args[WHAT]}")
    who = row.args.get(WHO)
    body = (
        words("life.celebration_named", who=f"<@{who}>", what=what)
        if who
        else words("life.celebration", what=what)
    )
    return Card(
        title=words("life.celebration_title"),
        body=body,
        rows=[life_row(words, row.args[ROOM])],
        accent=Accent.WARM,
    )


def welcome_button(words: Words, room_id: str) -> Item:
    """Make the button with which somebody asks to be welcomed."""
    return button(
        "life:v1:welcome", room_id, label=words("life.welcome_button"), style=ButtonStyle.secondary
    )


def celebrate_form(words: Words, room_id: str) -> Form:
    """Ask what to celebrate, and whether with a name."""
    occasions = [Option(value=one, label=words(f"life.occasion.{one}")) for one in OCCASIONS]
    named = [
        Option(value=NO, label=words("life.form_unnamed")),
        Option(value=YES, label=words("life.form_named")),
    ]
    return Form.of(
        "life:v1:celebrate",
        room_id,
        title=words("life.celebrate_title"),
        fields=[
            NoteField(text=words("life.form_about")),
            RadioField(key=OCCASION, label=words("life.form_what"), options=occasions),
            RadioField(key=NAMED, label=words("life.form_who"), options=named, value=NO),
        ],
    )
