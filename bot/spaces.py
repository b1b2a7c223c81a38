"""Couples' threads in Discord: made, shown, hidden, held still and shut."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

import discord

from bot.domain.delivery import PlaceGoneError, UnreachableError
from bot.domain.pair import Member, Pair, PairKind
from bot.domain.place import PlaceKey
from bot.gateway import GONE, delivery_errors, find_member
from bot.services.container import Services
from bot.text import Catalog
from bot.ui.together import thread_card

log = logging.getLogger(__name__)

ARCHIVE_MINUTES: Literal[60] = 60
UNKNOWN_OVERWRITE = 10009
BULK = 100
"""As many messages as Discord removes in one request."""

EDGE = timedelta(seconds=1)
"""Discord's clock and ours do not agree to the millisecond."""

NOT_KEPT = "Interlude: not kept by both"


class CoupleThreads:
    """The couples' private threads under their one parent.

    Sight is an overwrite on the parent: giving or taking it is announced nowhere, while removing
    a member of a thread is.
    """

    def __init__(self, client: discord.Client, services: Services, catalog: Catalog) -> None:
        self._client = client
        self._services = services
        self._catalog = catalog
        self._sights: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self, pair: Pair) -> int:
        """Make the couple's thread, let those who are in see it, and return its ID.

        Raises:
            DeliveryError: Discord refuses, or one of the two is not in the server.
        """
        words = self._catalog.words(self._services.programme.current.locale)
        parent = self._parent()
        write = await self._may_write(pair)
        inside = [one for one in pair.members if one.is_in]
        async with delivery_errors():
            members = [await self._let_see(parent, one.user_id, write=write) for one in inside]
            thread = await parent.create_thread(
                name=words("together.thread_name"),
                type=discord.ChannelType.private_thread,
                invitable=False,
                auto_archive_duration=ARCHIVE_MINUTES,
            )
            try:
                for member in members:
                    await thread.add_user(member)
                await self._list_gone(thread, pair)
                await thread.send(**thread_card(words, pair.id).message())
            except BaseException:
                # It is tried again from the start: half a thread would be one too many.
                with suppress(discord.HTTPException):
                    await thread.delete()
                raise
        log.info("the thread of pair %s is made", pair.id)
        return thread.id

    async def _list_gone(self, thread: discord.Thread, pair: Pair) -> None:
        """Put who left quietly on the thread's list too, without sight of it.

        The list of a thread made again would tell the other one before the boundary.
        """
        for one in pair.members:
            if not one.is_in:
                try:
                    await thread.add_user(discord.Object(one.user_id))
                except discord.HTTPException as error:
                    log.warning("a member of pair %s is on no list: %d", pair.id, error.code)

    async def show(self, user_id: int, thread_id: int) -> None:
        """Give someone the sight of the parent, and of one thread under it, again.

        Raises:
            DeliveryError: Discord refuses, or they are not in the server.
        """
        pair = await self._services.pair_life.by_thread(thread_id)
        write = pair is not None and await self._may_write(pair)
        async with delivery_errors():
            member = await self._let_see(self._parent(), user_id, write=write)
            thread = await self._client.fetch_channel(thread_id)
            if isinstance(thread, discord.Thread):
                await thread.add_user(member)

    async def hide(self, user_id: int) -> None:
        """Take someone's sight of the parent, without a word anywhere.

        Raises:
            DeliveryError: Discord refuses.
        """
        parent = self._parent()
        async with self._sights[user_id]:
            try:
                # By ID: someone who left the server is no member any more. Whether there is
                # something to take, Discord knows better than the bot's memory of the channel.
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
                async with self._sights[one.user_id]:
                    # Asked anew: this writes an overwrite, and so would let in who just left.
                    if member is not None and await self._is_in(one):
                        await _let(parent, member, write=not still)

    async def shut(self, pair: Pair) -> None:
        """Take both members' sight, then empty the thread, lock it and archive it.

        Nobody is left in it: who is given sight again for a newer space must not see this one.

        Raises:
            DeliveryError: Discord refuses.
        """
        for member in pair.members:
            # Who shares a newer couple's space keeps their sight.
            if not self._services.pairs.is_in_couple(member.user_id):
                await self.hide(member.user_id)
        if pair.thread_id is None:
            return
        try:
            async with delivery_errors():
                thread = await self._client.fetch_channel(pair.thread_id)
                if isinstance(thread, discord.Thread):
                    if thread.archived:
                        await thread.edit(archived=False)
                    for one in await thread.fetch_members():
                        if one.id != thread.guild.me.id:
                            await self._client.http.remove_user_from_thread(thread.id, one.id)
                    await thread.edit(archived=True, locked=True)
        except PlaceGoneError:
            log.info("the thread of pair %s is gone already", pair.id)

    async def erase(
        self, thread_id: int, authors: Collection[int], since: datetime, until: datetime
    ) -> None:
        """Remove what some people wrote in a thread between two moments.

        Raises:
            DeliveryError: Discord refuses, or does not answer.
        """
        try:
            async with delivery_errors():
                thread = await self._client.fetch_channel(thread_id)
                if not isinstance(thread, discord.Thread):
                    return
                was_archived, was_locked = thread.archived, thread.locked
                if was_archived:
                    thread = await thread.edit(archived=False)
                found = [
                    message
                    async for message in thread.history(
                        limit=None, after=since - EDGE, before=until + EDGE
                    )
                    if message.author.id in authors
                ]
                for place in range(0, len(found), BULK):
                    await thread.delete_messages(found[place : place + BULK], reason=NOT_KEPT)
                if was_archived:
                    await thread.edit(archived=True, locked=was_locked)
        except PlaceGoneError:
            log.info("the thread is gone, and what was written in it too")

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

    async def _let_see(
        self, parent: discord.TextChannel, user_id: int, *, write: bool
    ) -> discord.Member:
        member = await find_member(parent.guild, user_id)
        if member is None:
            raise UnreachableError("not in the server")
        async with self._sights[user_id]:
            await _let(parent, member, write=write)
        return member

    async def _may_write(self, pair: Pair) -> bool:
        """Whether nothing holds two people still: a pause goes on in a thread made again."""
        return pair.guarded_at is None and not await self._services.pauses.is_on(pair)

    async def _is_in(self, member: Member) -> bool:
        spaces = await self._services.pairs.spaces(member.participant_id)
        return any(space.kind is PairKind.COUPLE for space in spaces)

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
