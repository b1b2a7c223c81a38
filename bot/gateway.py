"""The way out to Discord: sends messages, and opens the threads they go to."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Literal, Protocol

import aiohttp
import discord
from discord.abc import Messageable

from bot.domain.delivery import (
    Address,
    Channel,
    DeliveryError,
    NoPermissionError,
    NotWantedError,
    OutboxRow,
    PlaceGoneError,
    RefusedError,
    SentRef,
    TryLaterError,
    UnreachableError,
)
from bot.domain.participant import Delivery, Participant
from bot.domain.place import PlaceKey, part_key
from bot.services.container import Services
from bot.services.pages import APART
from bot.services.pair_ports import Hands
from bot.services.pairs import is_pair
from bot.text import Catalog
from bot.ui.cards import Card
from bot.ui.panel import start_panel

log = logging.getLogger(__name__)

UNREACHABLE = frozenset({50007, 50278})
GONE = frozenset({10003, 10008})
FORBIDDEN = frozenset({50001, 50013})
ARCHIVE_MINUTES: Literal[60] = 60
LOOK_BACK = 50
PANEL_WITHIN = 5
"""The panel is the first thing posted in a thread; Discord's own lines may come before it."""

PANEL_MARK = "panel:v1:more"
CLOCK_DIFFERENCE = timedelta(seconds=30)
CASE_KINDS = "case."


@asynccontextmanager
async def delivery_errors() -> AsyncIterator[None]:
    """Turn what Discord or the network says into what the dispatcher understands."""
    try:
        yield
    except discord.RateLimited as error:
        raise TryLaterError(
            "429", after=timedelta(seconds=error.retry_after), is_limited=True
        ) from error
    except discord.HTTPException as error:
        raise translated(error) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        # The request may have arrived before the line went dead.
        raise TryLaterError(type(error).__name__, is_doubtful=True) from error


def translated(error: discord.HTTPException) -> DeliveryError:
    """Name what a refusal of Discord's means for the message."""
    text = f"{error.status} {error.code}"
    if error.code in UNREACHABLE:
        return UnreachableError(text)
    if error.code in GONE:
        return PlaceGoneError(text)
    if error.code in FORBIDDEN:
        return NoPermissionError(text)
    if error.status == 429:
        return TryLaterError(text, is_limited=True)
    if error.status >= 500:
        return TryLaterError(text, is_doubtful=True)
    return RefusedError(text)


async def find_member(guild: discord.Guild, user_id: int) -> discord.Member | None:
    """Return a member from memory or else from Discord; nothing for who is not in the server."""
    known = guild.get_member(user_id)
    if known is not None:
        return known
    try:
        return await guild.fetch_member(user_id)
    except discord.NotFound:
        return None


class PersonalThreads:
    """Each person's private thread under the one parent channel."""

    def __init__(self, client: discord.Client, services: Services, catalog: Catalog) -> None:
        self._client = client
        self._services = services
        self._catalog = catalog
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self, user_id: int, locale: str) -> int:
        """Return a person's thread, made with the panel in it where there is none.

        The person sees the parent by an overwrite of their own: taking their sight away later
        needs no announcement, removing a thread member would make one.

        Raises:
            DeliveryError: Discord refuses, or the person is not in the server.
        """
        async with self._locks[user_id]:
            participant = await self._services.participants.find(user_id)
            if participant is not None and (known := await self._alive(participant)):
                return known
            return await self._make(user_id, locale)

    async def renew(self, participant: Participant) -> int:
        """Make a person's thread anew where the old one can't be used any more.

        Raises:
            DeliveryError: Discord refuses, or the person is not in the server.
        """
        async with self._locks[participant.user_id]:
            known = await self._alive(participant)
            if known is not None:
                return known
            return await self._make(participant.user_id, participant.preferences.locale)

    async def rejoin(self, participant: Participant) -> None:
        """Let someone who is back in the server see their thread again, if it is still there.

        Raises:
            DeliveryError: Discord refuses, or the person is not in the server.
        """
        async with self._locks[participant.user_id]:
            thread_id = await self._alive(participant)
            if thread_id is None:
                return
            async with delivery_errors():
                thread = await self._client.fetch_channel(thread_id)
                member = await self._let_see(participant.user_id)
                if isinstance(thread, discord.Thread):
                    await thread.add_user(member)

    async def relabel(self, participant: Participant) -> None:
        """Write the panel in a person's thread in the language they chose.

        Raises:
            DeliveryError: Discord refuses, or does not answer.
        """
        thread_id = await self._alive(participant)
        if thread_id is None:
            return
        words = self._catalog.words(participant.preferences.locale)
        panel = start_panel(words, is_personal=True)
        async with delivery_errors():
            thread = self._client.get_partial_messageable(thread_id)
            async for message in thread.history(limit=PANEL_WITHIN, oldest_first=True):
                if message.author == self._client.user and PANEL_MARK in _components(message):
                    await message.edit(**panel.edit())
                    return

    def is_open_for_bot(self) -> bool:
        """Tell whether the bot may see and write under the parent of all threads."""
        try:
            parent = self._parent()
        except PlaceGoneError:
            return False
        allowed = parent.permissions_for(parent.guild.me)
        return allowed.view_channel and allowed.send_messages_in_threads

    async def _alive(self, participant: Participant) -> int | None:
        thread_id = participant.preferences.thread_id
        if thread_id is None:
            return None
        try:
            async with delivery_errors():
                thread = await self._client.fetch_channel(thread_id)
        except (PlaceGoneError, NoPermissionError):
            return None
        return thread.id

    async def _make(self, user_id: int, locale: str) -> int:
        words = self._catalog.words(locale)
        async with delivery_errors():
            member = await self._let_see(user_id)
            thread = await self._parent().create_thread(
                name=words("core.thread_name"),
                type=discord.ChannelType.private_thread,
                invitable=False,
                auto_archive_duration=ARCHIVE_MINUTES,
            )
            await thread.add_user(member)
            await thread.send(**start_panel(words, is_personal=True).message())
        participant = await self._services.participants.find(user_id)
        if participant is not None:
            await self._services.participants.change(participant, thread_id=thread.id)
        log.info("personal thread %s made", thread.id)
        return thread.id

    async def _let_see(self, user_id: int) -> discord.Member:
        parent = self._parent()
        member = await find_member(parent.guild, user_id)
        if member is None:
            raise UnreachableError("not in the server")
        await parent.set_permissions(
            member, view_channel=True, read_message_history=True, send_messages_in_threads=True
        )
        return member

    def _parent(self) -> discord.TextChannel:
        parent_id = self._services.places.get(PlaceKey.CHANNEL_PERSONAL)
        parent = self._client.get_channel(parent_id) if parent_id else None
        if not isinstance(parent, discord.TextChannel):
            raise PlaceGoneError(PlaceKey.CHANNEL_PERSONAL)
        return parent


class CaseThreads(Protocol):
    """The private threads of cases that not every lead may know of."""

    async def open(self, case_id: str) -> Messageable: ...


class DiscordGateway:
    """Sends cards to where an address leads."""

    def __init__(
        self,
        client: discord.Client,
        services: Services,
        threads: PersonalThreads,
        apart: CaseThreads,
        couples: Hands,
    ) -> None:
        self._client = client
        self._couples = couples
        self._services = services
        self._threads = threads
        self._apart = apart

    def scope(self, address: Address) -> str:
        """Name what a lost permission would close: a channel, or the parent of all threads."""
        if not isinstance(address, Channel):
            return PlaceKey.CHANNEL_PERSONAL.value
        return PlaceKey.CHANNEL_COUPLES.value if is_pair(address.key) else address.key

    async def send(self, address: Address, rendered: Card, *, nonce: str) -> SentRef:
        """Send a card; within a few minutes Discord takes one nonce once only.

        Raises:
            DeliveryError: Why it did not, or perhaps did not, arrive.
        """
        place = await self._place(address)
        try:
            async with delivery_errors():
                message = await place.send(nonce=nonce, **rendered.message())
        except NoPermissionError as error:
            if isinstance(address, Channel) or not self._threads.is_open_for_bot():
                raise
            # One thread or DM is closed to the bot, not the parent of all: make it again.
            raise PlaceGoneError(str(error)) from error
        return SentRef(channel_id=message.channel.id, message_id=message.id)

    async def find(self, row: OutboxRow) -> SentRef | None:
        """Look in the place's latest messages for one that carries the row's ID."""
        place = await self._place(row.address)
        async with delivery_errors():
            async for message in place.history(limit=LOOK_BACK):
                if message.author.id == self._own_id and _carries(message, row):
                    return SentRef(channel_id=message.channel.id, message_id=message.id)
        return None

    async def recreate(self, address: Address) -> None:
        """Make a person's or a case's thread again.

        Raises:
            DeliveryError: It cannot be made. A channel of the programme is made again only by
                `/setup apply`, which also says what it changes.
        """
        if isinstance(address, Channel) and address.key.startswith(APART):
            await self._apart.open(address.key.removeprefix(APART))
            return
        if isinstance(address, Channel) and is_pair(address.key):
            pair = await self._services.pair_life.of_key(address.key)
            if pair is None:
                raise NotWantedError
            if pair.thread_id is None or not await self._couples.is_there(pair.thread_id):
                await self._services.pair_life.lost_thread(pair, self._couples)
            return
        if isinstance(address, Channel):
            raise PlaceGoneError(address.key)
        participant = await self._services.participants.by_id(address.participant_id)
        if participant is None:
            raise UnreachableError("no such participant")
        if participant.preferences.delivery is not Delivery.THREAD:
            raise UnreachableError("the DM is closed")
        await self._threads.renew(participant)

    @property
    def _own_id(self) -> int | None:
        return self._client.user.id if self._client.user else None

    async def _place(self, address: Address) -> Messageable:
        if isinstance(address, Channel) and address.key.startswith(APART):
            return await self._apart.open(address.key.removeprefix(APART))
        if isinstance(address, Channel) and is_pair(address.key):
            return await self._couple(address.key)
        if isinstance(address, Channel):
            channel_id = self._services.places.get(part_key(address.key))
            if channel_id is None:
                raise PlaceGoneError(address.key)
            return self._client.get_partial_messageable(channel_id)
        participant = await self._services.participants.by_id(address.participant_id)
        if participant is None:
            raise UnreachableError("no such participant")
        return await self._personal(participant)

    async def _couple(self, key: str) -> Messageable:
        """Find a couple's thread; nothing is posted for a pair that is over."""
        pair = await self._services.pair_life.of_key(key)
        if pair is None or pair.guarded_at is not None:
            raise NotWantedError
        if pair.thread_id is None:
            raise PlaceGoneError(key)
        return self._client.get_partial_messageable(pair.thread_id)

    async def _personal(self, participant: Participant) -> Messageable:
        preferences = participant.preferences
        if preferences.delivery is Delivery.NOTHING or not participant.is_open:
            raise NotWantedError
        if preferences.delivery is Delivery.THREAD:
            if preferences.thread_id is None:
                raise PlaceGoneError("no thread yet")
            return self._client.get_partial_messageable(preferences.thread_id)
        if preferences.dm_channel_id is None:
            async with delivery_errors():
                channel = await self._client.create_dm(discord.Object(participant.user_id))
            current = await self._services.participants.by_id(participant.id)
            if current is None:
                raise UnreachableError("no such participant")
            # They may have chosen another way while Discord opened the DM.
            changed = await self._services.participants.change(current, dm_channel_id=channel.id)
            return await self._personal(changed)
        return self._client.get_partial_messageable(preferences.dm_channel_id)


def _carries(message: discord.Message, row: OutboxRow) -> bool:
    """Tell whether a message is the one a row made.

    Notes, and cards with a button, carry the row's own ID. One without, such as a room's topic,
    is told by its subject where it was posted since the row was first claimed.
    """
    components = _components(message)
    if row.id in components:
        return True
    since = row.doubtful_since or row.claimed_at
    if not row.subject_id or row.kind.startswith(CASE_KINDS) or since is None:
        return False
    return row.subject_id in components and message.created_at >= since - CLOCK_DIFFERENCE


def _components(message: discord.Message) -> str:
    return str([component.to_dict() for component in message.components])
