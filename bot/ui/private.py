"""The private word: the gate before what it guards, and its forms."""

from typing import Any

import discord
from discord import ButtonStyle

from bot.domain.private_word import LONGEST, SHORTEST
from bot.errors import UserError
from bot.text import Words
from bot.ui.cards import Accent, Card, button
from bot.ui.forms import Field, Form, NoteField, TextField
from bot.ui.request import Request

SAY = "private:v1:say"
OPEN = "private:v1:open"
SET = "private:v1:set"
REMOVE = "private:v1:remove"

WORD, AGAIN, CURRENT = "word", "again", "current"


async def private_gate(request: Request, then: str | None = None) -> bool:
    """Let a person on to what their private word guards.

    Comes before any other answer, also before `defer`.

    Args:
        request: Who wants to look.
        then: The route, with its arguments, that goes on after the right word; the component
            that was pressed otherwise. A command has to name one.

    Returns:
        Whether it is open. If not, the person has been asked for the word already.
    """
    form = await private_form(request, then)
    if form is None:
        return True
    is_form = request.interaction.type is discord.InteractionType.modal_submit
    if is_form or request.interaction.response.is_done():
        # A form cannot answer a form.
        await request.reply(locked_card(request.words, form.id))
    else:
        await request.open(form)
    return False


async def private_form(request: Request, then: str | None = None) -> Form | None:
    """Return the form that asks for the word, nothing where it is open: for a form's builder."""
    profile = request.profile
    if profile is None:
        return None
    if await request.services.private_word.is_open(profile.participant_id):
        return None
    return say_form(request.words, *(then or _pressed(request)).split(":"))


def say_form(words: Words, *then: str) -> Form:
    """Ask for the word."""
    return Form.of(
        SAY,
        *then,
        title=words("private.say.title"),
        fields=[
            _word_field(words, WORD, "private.say.label"),
            NoteField(text=words("private.say.note")),
        ],
    )


def locked_card(words: Words, form_id: str) -> Card:
    """Lead to the form that asks for the word."""
    say = button(form_id, label=words("private.say.button"), style=ButtonStyle.primary)
    return Card(body=words("private.say.locked"), rows=[[say]])


def opened_card(words: Words, then: str) -> Card:
    """Lead on to a form, which cannot open by itself here."""
    go_on = button(then, label=words("private.say.go_on"), style=ButtonStyle.primary)
    return Card(body=words("private.say.opened"), rows=[[go_on]], accent=Accent.GOOD)


def refused_card(words: Words, error: UserError, form_id: str) -> Card:
    """Say why a word was not taken; what was typed is kept nowhere."""
    return Card(
        body=[words(error.key, **error.values), words("private.not_kept")],
        rows=[
            [
                button(form_id, label=words("private.again"), style=ButtonStyle.primary),
                button("crisis:v1:open", label=words("core.help_now"), style=ButtonStyle.danger),
            ]
        ],
    )


def word_card(words: Words, *, is_set: bool, notice: str | None = None) -> Card:
    """Say what the word guards, and let it be set, changed or taken away."""
    state = words("private.card.is_set" if is_set else "private.card.not_set")
    first = words("private.card.change" if is_set else "private.card.set")
    row = [button(SET, label=first, style=ButtonStyle.primary)]
    if is_set:
        row.append(button("private:v1:lock", label=words("private.card.lock")))
        row.append(button(REMOVE, label=words("private.card.remove")))
    return Card(
        title=words("private.card.title"),
        body=[
            *([notice] if notice else []),
            state,
            words("private.card.guards"),
            words("private.card.forgotten"),
        ],
        rows=[row, [button("settings:v1:open", label=words("core.back"))]],
    )


def set_form(words: Words, *, is_set: bool) -> Form:
    """Ask for a new word, twice; and for the one there is."""
    fields: list[Field] = []
    if is_set:
        fields.append(_word_field(words, CURRENT, "private.set.current"))
    fields += [
        _word_field(words, WORD, "private.set.word", hint=words("private.set.hint", n=SHORTEST)),
        _word_field(words, AGAIN, "private.set.again"),
        NoteField(text=words("private.set.note")),
    ]
    return Form.of(SET, title=words("private.card.title"), fields=fields)


def remove_form(words: Words) -> Form:
    """Ask for the word before it is taken away."""
    return Form.of(
        REMOVE,
        title=words("private.card.remove"),
        fields=[_word_field(words, CURRENT, "private.set.current")],
    )


def reset_card(words: Words, moment: str) -> Card:
    """Tell a person that the team took their word away."""
    again = button(OPEN, label=words("private.card.set"), style=ButtonStyle.primary)
    return Card(
        title=words("private.card.title"),
        body=[words("private.reset.body", moment=moment), words("private.reset.not_you")],
        rows=[[again, button("care:v1:ask", label=words("panel.message_team"))]],
    )


def _word_field(words: Words, key: str, label: str, *, hint: str | None = None) -> TextField:
    return TextField(key=key, label=words(label), description=hint, max_length=2 * LONGEST)


def _pressed(request: Request) -> str:
    data: Any = request.interaction.data or {}
    return str(data["custom_id"])
