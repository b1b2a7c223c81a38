"""Taking down messages, and what a person who was deleted had in the server."""

import logging
from collections.abc import AsyncIterator, Collection
from datetime import timedelta

import discord

from bot.builder.roles import DiscordRoles
from bot.builder.terms import FORBIDDEN, build_errors, permissions
from bot.clock import Clock
from bot.domain.blueprint import OWN_THREAD
from bot.domain.place import PlaceKey
from bot.domain.posted import Batch, Posted, batches
from bot.services.building import BuildError
from bot.services.clearing import Taken
from bot.services.container import Services
from bot.services.erasure import Forgotten

log = logging.getLogger(__name__)

REASON = "Interlude: a person's own data"
GONE = frozenset({10003, 10008})
ARCHIVED = 50083
PRIVATE = (PlaceKey.CHANNEL_COUPLES, PlaceKey.CHANNEL_PERSONAL)
"""The parents of private threads; the last one says who is still to be tidied away."""

MAKING = timedelta(minutes=10)
"""A younger thread may be one whose row is only just being written."""


class DiscordHands:
    """What has to be done in Discord when something was deleted here."""

    def __init__(self, client: discord.Client, services: Services, clock: Clock) -> None:
        self._client = client
        self._services = services
        self._clock = clock
        self._may_bulk = True

    async def remove(self, batch: Batch) -> AsyncIterator[tuple[Posted, Taken]]:
        """Remove the messages of a batch, saying of each what became of it."""
        if batch.is_bulk and await self._bulk(batch):
            for one in batch.messages:
                yield one, Taken.REMOVED
            return
        for one in batch.messages:
            yield one, await self._remove(one)

    async def part(self, forgotten: Forgotten) -> None:
        """Take away the thread, the messages, the roles and the sight of someone deleted.

        The sight goes last: as long as it is there, `tidy` finds what was cut off. What Discord
        refuses is logged.
        """
        guild = self._home()
        for batch in batches(forgotten.messages, self._clock()):
            async for one, taken in self.remove(batch):
                if taken is Taken.REFUSED:
                    log.warning("message %d of someone deleted stays in Discord", one.message_id)
        if forgotten.thread_id is not None:
            await self._end_thread(forgotten.thread_id)
        if guild is None:
            return
        try:
            await self._services.team.follow(DiscordRoles(guild), forgotten.user_id)
            for key in PRIVATE:
                if (parent := self._parent(guild, key)) is not None:
                    await self._blind(parent, forgotten.user_id)
        except BuildError as error:
            log.warning("the roles of someone deleted stay: %s", error.failure.value)

    async def tidy(self) -> int:
        """Finish what a crash cut off, or what was deleted while the bot was away; count people.

        Whoever still sees the parent of all threads and is in no row was deleted.
        """
        guild = self._home()
        parent = self._parent(guild) if guild else None
        if guild is None or parent is None:
            return 0
        of_cases = await self._services.case_circle.threads()
        # Somebody of the team who writes with a person sees the parent too.
        helpers = {thread.staff_id for thread in of_cases}
        strangers = [
            target.id
            for target, overwrite in parent.overwrites.items()
            if not isinstance(target, discord.Role)
            and self._services.profiles.get(target.id) is None
            and target.id not in helpers
            and _is_sight(overwrite)
        ]
        if strangers:
            personal = await self._services.participants.threads()
            await self._end_unknown(parent, {*personal, *(one.thread_id for one in of_cases)})
        for user_id in strangers:
            try:
                await self._services.team.follow(DiscordRoles(guild), user_id)
                if (couples := self._parent(guild, PlaceKey.CHANNEL_COUPLES)) is not None:
                    await self._blind(couples, user_id)
                await self._blind(parent, user_id)
            except BuildError as error:
                log.warning("the sight of someone deleted stays: %s", error.failure.value)
        return len(strangers)

    async def _bulk(self, batch: Batch) -> bool:
        """Remove a batch in one request; that takes a permission the bot can do without."""
        if not self._may_bulk:
            return False
        ids: list[str | int] = [one.message_id for one in batch.messages]
        try:
            await self._client.http.delete_messages(batch.channel_id, ids, reason=REASON)
        except discord.HTTPException as error:
            if error.code in FORBIDDEN:
                self._may_bulk = False
            return False
        return True

    async def _remove(self, one: Posted, *, again: bool = True) -> Taken:
        channel = self._client.get_partial_messageable(one.channel_id)
        try:
            await channel.get_partial_message(one.message_id).delete()
        except discord.HTTPException as error:
            if error.code in GONE:
                return Taken.GONE
            if error.code == ARCHIVED and again and await self._wake(one.channel_id):
                return await self._remove(one, again=False)
            return Taken.REFUSED
        return Taken.REMOVED

    async def _wake(self, thread_id: int) -> bool:
        try:
            thread = await self._client.fetch_channel(thread_id)
            if isinstance(thread, discord.Thread):
                await thread.edit(archived=False)
                return True
        except discord.HTTPException as error:
            log.info("thread %d cannot be opened: %d", thread_id, error.code)
        return False

    async def _end_thread(self, thread_id: int) -> None:
        try:
            thread = await self._client.fetch_channel(thread_id)
            if isinstance(thread, discord.Thread):
                await thread.delete()
        except discord.HTTPException as error:
            if error.code not in GONE:
                log.warning("thread %d of someone deleted stays: %d", thread_id, error.code)

    async def _end_unknown(self, parent: discord.TextChannel, known: Collection[int]) -> None:
        oldest = self._clock() - MAKING
        found = {thread.id: thread for thread in parent.threads}
        try:
            async for thread in parent.archived_threads(private=True, limit=None):
                found[thread.id] = thread
        except discord.HTTPException as error:
            log.warning("archived threads cannot be listed: %d", error.code)
        for thread in found.values():
            is_old = thread.created_at is not None and thread.created_at < oldest
            is_ours = thread.owner_id == parent.guild.me.id
            if is_ours and is_old and thread.id not in known:
                await self._end_thread(thread.id)

    async def _blind(self, parent: discord.TextChannel, user_id: int) -> None:
        if all(target.id != user_id for target in parent.overwrites):
            return
        async with build_errors():
            # By ID: someone who left the server is no member any more.
            await self._client.http.delete_channel_permissions(parent.id, user_id, reason=REASON)

    def _home(self) -> discord.Guild | None:
        home = self._services.programme.current.guild_id
        return self._client.get_guild(home) if home else None

    def _parent(
        self, guild: discord.Guild, key: PlaceKey = PlaceKey.CHANNEL_PERSONAL
    ) -> discord.TextChannel | None:
        channel = guild.get_channel(self._services.places.get(key) or 0)
        return channel if isinstance(channel, discord.TextChannel) else None


def _is_sight(overwrite: discord.PermissionOverwrite) -> bool:
    allow, deny = overwrite.pair()
    return allow == permissions(OWN_THREAD) and not deny.value
