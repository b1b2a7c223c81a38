"""The live boards in Discord: one message each, found again, edited, posted anew."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType

import aiohttp
import discord

from bot.builder.server import mark
from bot.domain.board import BoardName
from bot.domain.delivery import PlaceGoneError, SentRef, TryLaterError
from bot.domain.place import PlaceKey
from bot.scheduling.live_messages import Picture
from bot.services.container import Services
from bot.text import Catalog
from bot.ui.board import board_card, marker
from bot.ui.cards import Card

log = logging.getLogger(__name__)

CHANNELS: Mapping[BoardName, PlaceKey] = MappingProxyType(
    {
        BoardName.TEAM: PlaceKey.CHANNEL_STAFF,
        BoardName.LEADS: PlaceKey.CHANNEL_LEAD,
    }
)
LOOK_BACK = 50
GONE = frozenset({10003, 10008})
TOO_OLD = 30046
"""Discord edits a message that is an hour old only so often; after that it needs a new one."""


class DiscordBoards:
    """Keeps one message for each board in the channel of those who may read it."""

    def __init__(self, client: discord.Client, services: Services, catalog: Catalog) -> None:
        self._client = client
        self._services = services
        self._catalog = catalog

    async def paint(self, name: str) -> Picture[Card] | None:
        """Say what a board should show; nothing where it has no channel."""
        if self._channel(name) is None:
            return None
        words = self._catalog.words(self._services.programme.current.locale)
        card = board_card(words, await self._services.board.look(BoardName(name)))
        return Picture(rendered=card, mark=mark(card))

    async def show(self, name: str, rendered: Card) -> None:
        """Bring a board's message to a card, posted anew where it is gone.

        Raises:
            DeliveryError: Discord refused, or did not answer.
        """
        channel = self._channel(name)
        if channel is None:
            raise PlaceGoneError(name)
        async with _refusals():
            known = await self._services.board.place(name) or await self._find(channel, name)
            here = known is not None and known.channel_id == channel.id
            if known is not None and here and await self._edit(channel, known, rendered):
                await self._services.board.keep(name, known)
                return
            await self._post(channel, name, rendered)

    async def _edit(self, channel: discord.TextChannel, known: SentRef, card: Card) -> bool:
        message = channel.get_partial_message(known.message_id)
        try:
            await message.edit(**card.edit())
        except discord.HTTPException as error:
            if error.code == TOO_OLD:
                await message.delete()
            elif error.code not in GONE:
                raise
            return False
        return True

    async def _post(self, channel: discord.TextChannel, name: str, card: Card) -> None:
        message = await channel.send(silent=True, **card.message())
        await self._services.board.keep(name, SentRef(channel_id=channel.id, message_id=message.id))
        try:
            await message.pin(reason="Interlude: the board")
        except discord.HTTPException as error:
            log.warning("the board %s is not pinned: %s", name, error.code)

    async def _find(self, channel: discord.TextChannel, name: str) -> SentRef | None:
        """Find a board that was posted just before the process was killed."""
        try:
            async for message in channel.history(limit=LOOK_BACK):
                if message.author.id == channel.guild.me.id and _is_board(message, name):
                    return SentRef(channel_id=channel.id, message_id=message.id)
        except discord.Forbidden:
            log.warning("the history of %s is closed to the bot", channel.id)
        return None

    def _channel(self, name: str) -> discord.TextChannel | None:
        channel_id = self._services.places.get(CHANNELS[BoardName(name)])
        channel = self._client.get_channel(channel_id) if channel_id else None
        return channel if isinstance(channel, discord.TextChannel) else None


@asynccontextmanager
async def _refusals() -> AsyncIterator[None]:
    """Turn every refusal into waiting: a board is never given up."""
    try:
        yield
    except discord.HTTPException as error:
        raise TryLaterError(f"{error.status} {error.code}") from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise TryLaterError(type(error).__name__) from error


def _is_board(message: discord.Message, name: str) -> bool:
    return marker(name) in str([component.to_dict() for component in message.components])
