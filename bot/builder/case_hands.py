"""The private threads of cases, and taking down cards that somebody must not read."""

import asyncio
import logging
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Literal

import discord

from bot.builder.parting import GONE, DiscordHands
from bot.domain.blueprint import OWN_THREAD
from bot.domain.case import Case, CaseThread
from bot.domain.place import PlaceKey
from bot.domain.posted import batches
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.clearing import Taken
from bot.services.container import Services
from bot.text import Catalog
from bot.ui.case_thread import thread_notice

log = logging.getLogger(__name__)

REASON = "Interlude: a case"
ARCHIVE_MINUTES: Literal[60] = 60
RETRY = timedelta(minutes=10)
"""A lead may give the bot its permission back meanwhile."""


class CaseHands:
    """Does in Discord what the rows say of cases.

    A member of the team sees the parent of all personal threads by an overwrite of their own for
    as long as they write in one: of it they see that thread alone.
    """

    def __init__(
        self, client: discord.Client, services: Services, catalog: Catalog, hands: DiscordHands
    ) -> None:
        self._client = client
        self._services = services
        self._catalog = catalog
        self._hands = hands
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._again: dict[int, datetime] = {}

    async def open_thread(self, case: Case, member: StaffMember) -> int:
        """Return the thread in which a member and a case's person write, made where there is none.

        Raises:
            UserError: The person is not in the server, or Discord refuses.
        """
        async with self._locks[case.id]:
            try:
                return await self._open_thread(case, member)
            except discord.HTTPException as error:
                log.warning("a thread for case %s was refused: %d", case.id, error.code)
                raise UserError("care.thread.refused", ref=case.ref) from error

    async def _open_thread(self, case: Case, member: StaffMember) -> int:
        parent = self._parent()
        person = await _member(parent.guild, case.user_id) if parent else None
        helper = await _member(parent.guild, member.user_id) if parent else None
        if parent is None or person is None or helper is None:
            raise UserError("care.thread.not_here", ref=case.ref)
        known = await self._services.case_circle.thread_of(case)
        thread = await self._alive(known)
        is_same = known is not None and known.staff_id == member.user_id and known.may_read
        is_new = thread is None or not is_same
        words = self._catalog.words(self._locale(case))
        for one in (person, helper) if is_new else ():
            await parent.set_permissions(one, reason=REASON, **dict.fromkeys(OWN_THREAD, True))
        if thread is None:
            thread = await parent.create_thread(
                name=words("care.thread.name"),
                type=discord.ChannelType.private_thread,
                invitable=False,
                auto_archive_duration=ARCHIVE_MINUTES,
                reason=REASON,
            )
        elif is_new:
            await thread.edit(archived=False, locked=False, reason=REASON)
        if is_new:
            await self._services.case_circle.keep_thread(case, thread.id, member)
        # Each time: a stop may have cut this off after the thread was kept.
        await thread.add_user(person)
        await thread.add_user(helper)
        if is_new:
            await thread.send(**thread_notice(words, case).message())
            log.info("case %s has thread %d", case.id, thread.id)
        return thread.id

    async def sweep(self, now: datetime) -> datetime | None:
        """Take down and end what the rows say; what Discord refuses is tried again later."""
        self._again = {key: moment for key, moment in self._again.items() if moment > now}
        posted = [
            one
            for one in await self._services.case_circle.too_widely_posted()
            if one.message_id not in self._again
        ]
        for batch in batches(posted, now):
            async for one, taken in self._hands.remove(batch):
                if taken is Taken.REFUSED:
                    self._again[one.message_id] = now + RETRY
                    log.error("a card that somebody must not read stays: %d", one.message_id)
                else:
                    await self._services.case_circle.taken_down([one.outbox_id])
        for thread in await self._services.case_circle.to_end():
            if thread.thread_id not in self._again:
                await self._end(thread, now)
        return min(self._again.values(), default=None)

    async def _end(self, thread: CaseThread, now: datetime) -> None:
        circle = self._services.case_circle
        try:
            channel = await self._alive(thread)
            if channel is not None and thread.is_gone:
                await channel.delete(reason=REASON)
            elif channel is not None and thread.staff_id is not None:
                await self._blind(channel, thread.staff_id)
                if thread.is_over:
                    await channel.edit(locked=True, archived=True, reason=REASON)
            if thread.staff_id is not None and thread.is_gone:
                await self._unsee(thread.staff_id, thread.thread_id)
        except discord.HTTPException as error:
            self._again[thread.thread_id] = now + RETRY
            log.warning("thread %d of a case stays open: %d", thread.thread_id, error.code)
            return
        if channel is None or thread.is_gone:
            await circle.ended(thread.thread_id)
        else:
            await circle.left(thread.thread_id)

    async def _blind(self, thread: discord.Thread, staff_id: int) -> None:
        """Take a member's sight of a thread.

        Where they write in another one they keep seeing the parent, so they go from this thread
        by name: its person reads that their conversation here is over.
        """
        if not await self._unsee(staff_id, thread.id):
            await thread.remove_user(discord.Object(staff_id))

    async def _unsee(self, staff_id: int, thread_id: int) -> bool:
        """Take the overwrite back; `False` where another thread needs it."""
        if await self._services.case_circle.others_of(staff_id, thread_id):
            return False
        is_participant = self._services.profiles.get(staff_id) is not None
        parent = self._parent()
        if parent is None or is_participant:
            # Somebody of the team who takes part has a thread of their own there.
            return False
        if any(target.id == staff_id for target in parent.overwrites):
            await self._client.http.delete_channel_permissions(parent.id, staff_id, reason=REASON)
        return True

    async def _alive(self, known: CaseThread | None) -> discord.Thread | None:
        if known is None:
            return None
        try:
            channel = await self._client.fetch_channel(known.thread_id)
        except discord.HTTPException as error:
            if error.code in GONE or error.status == 403:
                return None
            raise
        return channel if isinstance(channel, discord.Thread) else None

    def _parent(self) -> discord.TextChannel | None:
        channel_id = self._services.places.get(PlaceKey.CHANNEL_PERSONAL)
        channel = self._client.get_channel(channel_id) if channel_id else None
        return channel if isinstance(channel, discord.TextChannel) else None

    def _locale(self, case: Case) -> str:
        profile = self._services.profiles.get(case.user_id)
        return profile.locale if profile else self._services.programme.current.locale


async def _member(guild: discord.Guild, user_id: int) -> discord.Member | None:
    known = guild.get_member(user_id)
    if known is not None:
        return known
    try:
        return await guild.fetch_member(user_id)
    except discord.NotFound:
        return None
