"""Looks at who can see private threads in Discord, and closes them to everyone else."""

import logging
from collections.abc import Collection, Mapping, Sequence

import discord

from bot.builder.terms import overwrite_of
from bot.domain.blueprint import BOT, EVERYONE, OWN_THREAD, Overwrite, blueprint
from bot.domain.delivery import DeliveryError
from bot.domain.pair import Member, PairState
from bot.domain.place import PlaceKey
from bot.domain.sight import Onlooker, Sight
from bot.gateway import delivery_errors
from bot.services.container import Services
from bot.services.guard import Holding
from bot.text import Catalog

log = logging.getLogger(__name__)

REASON = "Interlude: a private space is for those it was made for"


class SpaceGuard:
    """The separation guard's eyes and hands."""

    def __init__(
        self, client: discord.Client, services: Services, catalog: Catalog, couples: Holding
    ) -> None:
        self._client = client
        self._services = services
        self._catalog = catalog
        self._couples = couples

    async def look(self, key: PlaceKey) -> Sight | None:
        """Return who sees what under a parent; nothing where there is no such channel yet."""
        parent = self._parent(key)
        if parent is None:
            return None
        async with delivery_errors():
            if not parent.guild.chunked:
                await parent.guild.chunk()
        onlookers = [_onlooker(parent, member) for member in parent.guild.members]
        guests: list[tuple[int, int]] = []
        renamed: list[int] = []
        if key is PlaceKey.CHANNEL_COUPLES:
            guests, renamed = await self._strangers(parent)
        return Sight(
            key=key,
            onlookers=[one for one in onlookers if one.sees and not one.is_let_in],
            guests=guests,
            renamed=renamed,
        )

    async def restore(self, key: PlaceKey, allowed: Collection[int]) -> None:
        """Let nobody but these see a parent, in one request.

        Raises:
            DeliveryError: Discord refuses.
        """
        parent = self._parent(key)
        if parent is None:
            return
        wanted: dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite]
        wanted = {}
        for target, overwrite in self._blueprint(key).items():
            holder = self._holder(parent.guild, target)
            if holder is not None:
                wanted[holder] = overwrite_of(overwrite)
        for held, given in parent.overwrites.items():
            # What single people were given stays as it is: a pause may hold them still.
            if held.id in allowed and not isinstance(held, discord.Role):
                kept = overwrite_of(Overwrite(allow=OWN_THREAD))
                if given.send_messages_in_threads is False:
                    kept.update(send_messages_in_threads=False)
                wanted[held] = kept
        async with delivery_errors():
            await parent.edit(overwrites=wanted, reason=REASON)

    async def remove_guest(self, thread_id: int, user_id: int) -> None:
        """Take somebody out of a thread that is not theirs.

        Raises:
            DeliveryError: Discord refuses.
        """
        async with delivery_errors():
            await self._client.http.remove_user_from_thread(thread_id, user_id)

    async def rename(self, thread_id: int) -> None:
        """Give a thread the name it was made with.

        Raises:
            DeliveryError: Discord refuses.
        """
        thread = self._client.get_channel(thread_id)
        if isinstance(thread, discord.Thread):
            async with delivery_errors():
                await thread.edit(name=self._name())

    async def hold(self, members: Sequence[Member], *, still: bool) -> None:
        """Let two people read but not write under the parent, or write again.

        Raises:
            DeliveryError: Discord refuses.
        """
        await self._couples.hold(members, still=still)

    async def _strangers(
        self, parent: discord.TextChannel
    ) -> tuple[list[tuple[int, int]], list[int]]:
        pairs = await self._services.pair_life.in_state(PairState.OPEN)
        own = {pair.thread_id: {one.user_id for one in pair.members} for pair in pairs}
        guests: list[tuple[int, int]] = []
        renamed: list[int] = []
        for thread in parent.threads:
            if thread.id not in own:
                continue
            if thread.name != self._name():
                renamed.append(thread.id)
            guests += [(thread.id, one) for one in await self._inside(thread, own[thread.id])]
        return guests, renamed

    async def _inside(self, thread: discord.Thread, own: Collection[int]) -> Sequence[int]:
        """Return who reads a thread that is not theirs.

        Who is in it but can't see the parent reads nothing: one of the two whose data was deleted
        stays so until the boundary, for taking them out would be announced.
        """
        try:
            async with delivery_errors():
                inside = await thread.fetch_members()
        except DeliveryError as error:
            # The others are looked at all the same; this one may just have been deleted.
            log.warning("who is in thread %d could not be seen: %s", thread.id, error)
            return ()
        guild, parent = thread.guild, thread.parent
        found = []
        for user_id in sorted({one.id for one in inside} - {*own, guild.me.id}):
            member = guild.get_member(user_id)
            if parent and member and parent.permissions_for(member).view_channel:
                found.append(user_id)
        return found

    def _name(self) -> str:
        locale = self._services.programme.current.locale
        return self._catalog.words(locale)("together.thread_name")

    def _parent(self, key: PlaceKey) -> discord.TextChannel | None:
        channel = self._client.get_channel(self._services.places.get(key) or 0)
        return channel if isinstance(channel, discord.TextChannel) else None

    def _blueprint(self, key: PlaceKey) -> Mapping[str, Overwrite]:
        words = self._catalog.words(self._services.programme.current.locale)
        return next(part.overwrites for part in blueprint(words, {}) if part.key is key)

    def _holder(self, guild: discord.Guild, target: str) -> discord.Role | discord.Member | None:
        if target == EVERYONE:
            return guild.default_role
        if target == BOT:
            return guild.me
        return guild.get_role(self._services.places.get(PlaceKey(target)) or 0)


def _onlooker(parent: discord.TextChannel, member: discord.Member) -> Onlooker:
    allowed = parent.permissions_for(member)
    guild = parent.guild
    is_let_in = member.id in (guild.owner_id, guild.me.id) or member.guild_permissions.administrator
    return Onlooker(
        user_id=member.id,
        is_let_in=is_let_in,
        sees=allowed.view_channel,
        keeps=allowed.manage_threads,
    )
