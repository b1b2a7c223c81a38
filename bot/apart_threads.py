"""Private threads of cases that not every lead may know of."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Collection

import discord

from bot.domain.case import Case
from bot.domain.delivery import DeliveryError, NoPermissionError, PlaceGoneError
from bot.domain.place import PlaceKey
from bot.gateway import ARCHIVE_MINUTES, delivery_errors
from bot.services.container import Services

log = logging.getLogger(__name__)


class ApartThreads:
    """Finds a case's thread, or makes it, with exactly the leads who may know of the case."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client = client
        self._services = services
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def open(self, case_id: str) -> discord.Thread:
        """Return the thread, made anew where it was deleted by hand; whoever is missing is added.

        The thread is noted before anyone is added: what fails halfway is gone on with, and makes
        no second one.

        Raises:
            DeliveryError: Discord refuses, or there is no channel of the leads.
        """
        async with self._locks[case_id]:
            desk = self._services.case_desk
            case = await desk.get(case_id)
            parent = self._client.get_channel(self._services.places.get(PlaceKey.CHANNEL_LEAD) or 0)
            if case is None or not isinstance(parent, discord.TextChannel):
                raise PlaceGoneError(case_id)
            people = await desk.people(case)
            leads = {lead.user_id for lead in self._services.duty.free_leads(people)}
            known = await self._known(case, parent)
            inside = await _members(known) if known is not None else set()
            if known is None or inside & self._services.duty.excluded(people):
                # Whoever is in it already would read on: the case goes to a new one without them.
                known, inside = await self._make(case, parent), set()
            await self._add(known, leads - inside)
            return known

    async def _known(self, case: Case, parent: discord.TextChannel) -> discord.Thread | None:
        thread_id = await self._services.case_desk.apart_thread(case.id)
        if thread_id is not None:
            return await self._alive(thread_id)
        me = self._client.user.id if self._client.user else None
        # Made a moment ago, before a crash could note it.
        made = (one for one in parent.threads if one.name == case.ref and one.owner_id == me)
        lost = next(made, None)
        if lost is not None:
            await self._services.case_desk.set_apart_thread(case.id, lost.id)
        return lost

    async def _alive(self, thread_id: int) -> discord.Thread | None:
        try:
            async with delivery_errors():
                thread = await self._client.fetch_channel(thread_id)
        except (PlaceGoneError, NoPermissionError):
            return None
        return thread if isinstance(thread, discord.Thread) else None

    async def _make(self, case: Case, parent: discord.TextChannel) -> discord.Thread:
        async with delivery_errors():
            thread = await parent.create_thread(
                name=case.ref,
                type=discord.ChannelType.private_thread,
                invitable=False,
                auto_archive_duration=ARCHIVE_MINUTES,
            )
        await self._services.case_desk.set_apart_thread(case.id, thread.id)
        return thread

    async def _add(self, thread: discord.Thread, missing: Collection[int]) -> None:
        """Add leads; one who cannot be added keeps no other from it.

        Raises:
            DeliveryError: None of them could be.
        """
        refused: list[DeliveryError] = []
        for user_id in missing:
            try:
                async with delivery_errors():
                    await thread.add_user(discord.Object(user_id))
            except DeliveryError as error:
                log.warning("a lead could not be added to thread %s: %s", thread.id, error)
                refused.append(error)
        if refused and len(refused) == len(missing) and not await _members(thread):
            raise refused[0]


async def _members(thread: discord.Thread) -> set[int]:
    """Return who is in a thread, besides the bot."""
    async with delivery_errors():
        members = await thread.fetch_members()
    return {member.id for member in members} - {thread.guild.me.id}
