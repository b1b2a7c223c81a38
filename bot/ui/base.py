"""The one way an error becomes an answer."""

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

import discord
from discord import ButtonStyle, app_commands

from bot.domain.draft import FormValue
from bot.errors import KeyLostError, StoreError, UserError
from bot.ui.cards import Accent, Attachment, Card, Item, button
from bot.ui.request import Request

log = logging.getLogger(__name__)

MOST_TYPED = 2000
"""Of the 4,000 characters of a card; the rest is for what stands above."""

GONE = frozenset({10003, 10008, 10015, 10062, 40060})


async def answer_error(
    request: Request, error: BaseException, *, form_id: str | None = None
) -> None:
    """Answer a person whose action failed: a refusal's sentence, or a neutral one with a reference.

    Args:
        request: What failed.
        error: Why.
        form_id: The custom_id of the form that was submitted; what was typed is kept.
    """
    error = _cause(error)
    if isinstance(error, discord.HTTPException) and error.code in GONE:
        log.info("the interaction %s was gone: %s", request.interaction.id, error.code)
        return
    card = _card(request, error)
    if form_id is not None:
        card = await _keep(request, form_id, card)
    try:
        await request.reply(card)
    except discord.HTTPException as failure:
        log.warning(
            "interaction %s could not be answered: %s", request.interaction.id, failure.code
        )


def _cause(error: BaseException) -> BaseException:
    if isinstance(error, app_commands.CommandInvokeError):
        return error.original
    if isinstance(error, app_commands.TransformerError) and error.__cause__ is not None:
        return error.__cause__
    return error


def _card(request: Request, error: BaseException) -> Card:
    if isinstance(error, UserError):
        return Card(body=request.words(error.key, **error.values))
    if isinstance(error, app_commands.CommandOnCooldown):
        return Card(body=request.words("core.slow_down", n=round(error.retry_after) + 1))
    if isinstance(error, StoreError):
        log.error("the database cannot be used: %s", error)
        return Card(body=request.words("core.store_down"), rows=[[help_button(request)]])
    reference = secrets.token_hex(3)
    key = "core.key_lost" if isinstance(error, KeyLostError) else "core.failed"
    log.error("interaction failed, reference %s", reference, exc_info=error)
    return Card(
        body=request.words(key, reference=reference),
        rows=[[help_button(request)]],
        accent=Accent.CARE,
    )


def help_button(request: Request) -> Item:
    """Make the button that every panel and every failure carries."""
    label = request.words("core.help_now")
    return button("crisis:v1:open", label=label, style=ButtonStyle.danger)


async def _keep(request: Request, form_id: str, card: Card) -> Card:
    """Keep what was typed and offer it again; where even that fails, show it to its author."""
    typed = _typed(request.values)
    if not typed:
        return card
    try:
        draft = await request.services.drafts.keep(request.user_id, form_id, request.values)
    except StoreError:
        return give_back(card, request.words("core.your_text"), typed)
    again = button(
        "draft:v1:open", draft.id, label=request.words("core.open_again"), style=ButtonStyle.primary
    )
    return Card(body=[*_paragraphs(card), request.words("core.kept")], rows=[[again], *card.rows])


def give_back(card: Card, sentence: str, typed: Sequence[str]) -> Card:
    """Add what a person typed, all of it: in a file where a card has no room."""
    body = [*_paragraphs(card), sentence]
    shown = "\n\n".join(f"```\n{text.replace('```', '` ` `')}\n```" for text in typed)
    if len(shown) <= MOST_TYPED:
        return replace(card, body=[*body, shown])
    file = Attachment(filename="text.txt", content="\n\n".join(typed).encode())
    return replace(card, body=body, files=[file])


def _paragraphs(card: Card) -> list[str]:
    return [card.body] if isinstance(card.body, str) else list(card.body)


def _typed(values: Mapping[str, FormValue]) -> list[str]:
    return [text for text in values.values() if isinstance(text, str) and text.strip()]
