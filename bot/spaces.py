"""Couples' threads in Discord: made, shown, hidden, held still and shut."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

import discord

from bot.domain.delivery import PlaceGoneError, UnreachableError
from bot.domain.pair import Member, Pair
from bot.domain.place import PlaceKey
from bot.gateway import GONE, delivery_errors, find_member
from bot.services.container import Services
from bot.text import Catalog
from bot.ui.together import thread_card

log = logging.getLogger(__name__)

ARCHIVE_MINUTES: Literal[60] = 60
UNKNOWN_OVERWRITE = 10009


class CoupleThreads:
    """The couples' private threads under their one parent.

    Sight is an overwrite on the parent: giving or taking it is announced nowhere, while removing
    a member of a thread is.
    """

    def __init__(self, client: discord.Client, services: Services, catalog: Catalog) -> None:
        self._client = client
        self._services = services
        self._catalog = catalog
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self, pair: Pair) -> int:
        """Make the couple's thread, let those who are in see it, and return its ID.

        Raises:
            DeliveryError: Discord refuses, or one of the two is not in the server.
        """
        async with self._locks[pair.id]:
            words = self._catalog.words(self._services.programme.current.locale)
            parent = self._parent()
            inside = [one for one in pair.members if one.is_in]
            async with delivery_errors():
                members = [await self._let_see(parent, one.user_id) for one in inside]
                thread = await parent.create_thread(
                    name=words("together.thread_name"),
                    type=discord.ChannelType.private_thread,
                    invitable=False,
                    auto_archive_duration=ARCHIVE_MINUTES,
                )
                for member in members:
                    await thread.add_user(member)
                await thread.send(**thread_card(words, pair.id).message())
            log.info("the thread of pair %s is made", pair.id)
            return thread.id

    async def show(self, user_id: int, thread_id: int) -> None:
        """Give someone the sight of the parent, and of one thread under it, again.

        Raises:
            DeliveryError: Discord refuses, or they are not in the server.
        """
        async with delivery_errors():
            member = await self._let_see(self._parent(), user_id)
            thread = await self._client.fetch_channel(thread_id)
            if isinstance(thread, discord.Thread):
                await thread.add_user(member)

    async def hide(self, user_id: int) -> None:
        """Take someone's sight of the parent, without a word anywhere.

        Raises:
            DeliveryError: Discord refuses.
        """
        parent = self._parent()
        if all(target.id != user_id for target in parent.overwrites):
            return
        try:
            # By ID: someone who left the server is no member any more.
            await self._client.http.delete_channel_permissions(parent.id, user_id)
        except discord.HTTPException as error:
            if error.code != UNKNOWN_OVERWRITE:
                async with delivery_errors():
                    raise

    async def hold(self, members: Sequence[Member], *, still: bool) -> None:
        """Let two people read but not write under the parent, or write again.

        Raises:
            DeliveryError: Discord refuses.
        """
        parent = self._parent()
        async with delivery_errors():
            for one in members:
                member = await find_member(parent.guild, one.user_id)
                if member is None or not one.is_in:
                    continue
                await _let(parent, member, write=not still)

    async def shut(self, pair: Pair) -> None:
        """Take both members' sight, then lock the thread and archive it.

        Raises:
            DeliveryError: Discord refuses.
        """
        for member in pair.members:
            # Who shares a newer space keeps their sight; this thread is locked all the same.
            if not self._services.pairs.partners(member.user_id):
                await self.hide(member.user_id)
        try:
            async with delivery_errors():
                thread = await self._client.fetch_channel(pair.thread_id or 0)
                if isinstance(thread, discord.Thread):
                    await thread.edit(archived=True, locked=True)
        except PlaceGoneError:
            log.info("the thread of pair %s is gone already", pair.id)

    async def is_there(self, thread_id: int) -> bool:
        """Tell whether a thread still exists.

        Raises:
            DeliveryError: Discord does not say.
        """
        try:
            await self._client.fetch_channel(thread_id)
        except discord.HTTPException as error:
            if error.code in GONE or error.status == 404:
                return False
            async with delivery_errors():
                raise
        return True

    async def _let_see(self, parent: discord.TextChannel, user_id: int) -> discord.Member:
        member = await find_member(parent.guild, user_id)
        if member is None:
            raise UnreachableError("not in the server")
        await _let(parent, member)
        return member

    def _parent(self) -> discord.TextChannel:
        parent_id = self._services.places.get(PlaceKey.CHANNEL_COUPLES)
        parent = self._client.get_channel(parent_id) if parent_id else None
        if not isinstance(parent, discord.TextChannel):
            raise PlaceGoneError(PlaceKey.CHANNEL_COUPLES)
        return parent


async def _let(parent: discord.TextChannel, member: discord.Member, *, write: bool = True) -> None:
    """Give someone the sight of the parent: `blueprint.OWN_THREAD`, perhaps without writing."""
    await parent.set_permissions(
        member, view_channel=True, read_message_history=True, send_messages_in_threads=write
    )
