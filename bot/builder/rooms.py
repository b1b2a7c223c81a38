"""The rooms' channels in Discord: who posts, who sees, and the one live card in each."""

import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import aiohttp
import discord
from discord.abc import Messageable

from bot.builder.server import mark
from bot.builder.terms import FORBIDDEN, names, overwrite_of, permissions
from bot.content import Content
from bot.domain.blueprint import SIGHT, Overwrite, Permissions, posting
from bot.domain.place import PlaceKey, panel_key
from bot.services.building import Failure
from bot.services.container import Services
from bot.services.room_ports import Drawn, RoomError, RoomView
from bot.text import Catalog
from bot.ui.cards import Card
from bot.ui.crisis import pinned_lines
from bot.ui.rooms import marker, state_card

log = logging.getLogger(__name__)

RoomChannel: TypeAlias = discord.TextChannel | discord.ForumChannel

REASON = "Interlude: rooms follow the rota"
GONE = frozenset({10003, 10008})
LOOK_BACK = 20
MOST_AT_ONCE = 25
OPENING: Permissions = frozenset({"view_channel", "manage_roles"})
PACE: Permissions = frozenset({"view_channel", "manage_channels"})
SHOWING: Permissions = frozenset({"view_channel", "send_messages", "read_message_history"})


class DiscordRooms:
    """What the rooms ask of Discord; anything that is so already is not asked for."""

    def __init__(
        self, client: discord.Client, services: Services, catalog: Catalog, content: Content
    ) -> None:
        self._client = client
        self._services = services
        self._catalog = catalog
        self._content = content

    def has(self, channel_id: int) -> bool:
        """Tell whether a channel is there."""
        return isinstance(self._client.get_channel(channel_id), RoomChannel)

    async def set_posting(self, channel_id: int, *, is_open: bool) -> None:
        """Open or close posting for the participants' role.

        Raises:
            RoomError: Discord refused, or did not answer.
        """
        channel = self._channel(channel_id)
        role = channel.guild.get_role(self._services.places.get(PlaceKey.ROLE_PARTICIPANT) or 0)
        wanted = posting(is_open=is_open)
        if role is None or _overwrite(channel, role.id) == wanted:
            return
        async with _refusals(channel, OPENING):
            await channel.set_permissions(role, overwrite=overwrite_of(wanted), reason=REASON)
        log.info("room channel %s is %s", channel_id, "open" if is_open else "closed")

    async def set_pace(self, channel_id: int, seconds: int) -> None:
        """Set slow mode.

        Raises:
            RoomError: Discord refused, or did not answer.
        """
        channel = self._channel(channel_id)
        if channel.slowmode_delay != seconds:
            async with _refusals(channel, PACE):
                await channel.edit(slowmode_delay=seconds, reason=REASON)

    async def set_sight(self, channel_id: int, people: Collection[int]) -> None:
        """Let these people see a channel, and no other single person.

        What else a moderator gave or denied one of them there stays as it is. Whoever was added
        by hand is taken out again: the list at the door is the only way in.

        Raises:
            RoomError: Discord refused, or did not answer.
        """
        channel = self._channel(channel_id)
        seeing = {
            holder.id: overwrite
            for holder, overwrite in channel.overwrites.items()
            if not isinstance(holder, discord.Role) and _shows(overwrite)
        }
        ours = channel.guild.me.id
        async with _refusals(channel, OPENING):
            for user_id in seeing.keys() - set(people) - {ours}:
                # By ID: someone who left the server is no member any more.
                await self._client.http.delete_channel_permissions(
                    channel.id, user_id, reason=REASON
                )
            # The rest of many comes with the next sweep: urgent things are not kept waiting.
            for user_id in sorted(set(people) - seeing.keys())[:MOST_AT_ONCE]:
                if (member := channel.guild.get_member(user_id)) is not None:
                    kept = channel.overwrites_for(member)
                    kept.update(**dict.fromkeys(SIGHT, True))
                    await channel.set_permissions(member, overwrite=kept, reason=REASON)

    async def draw(self, channel_id: int, view: RoomView, drawn: Drawn | None) -> Drawn:
        """Bring the live card to date: edited in place, and moved to the end once it closes.

        Raises:
            RoomError: Discord refused, or did not answer.
        """
        channel = self._channel(channel_id)
        place = self._place(channel, view)
        if place is None:
            return drawn or Drawn(card_id=0, mark="")
        words = self._catalog.words(self._services.programme.current.locale)
        country = self._services.programme.current.country
        card = state_card(words, view, pinned_lines(words, self._content.crisis, country))
        wanted = mark(card)
        if drawn is not None and drawn.card_id and drawn.mark == wanted:
            return drawn
        async with _refusals(channel, SHOWING):
            known = await self._known(place, view, drawn)
            if known is not None and (view.posting.is_open or _is_last(place, known)):
                if await _edit(place, known, card):
                    return Drawn(card_id=known, mark=wanted)
                known = None
            if known is not None:
                await _delete(place, known)
            message = await place.send(silent=True, **card.message())
        return Drawn(card_id=message.id, mark=wanted)

    async def remove(self, channel_id: int, messages: Collection[int], *, is_kept: bool) -> None:
        """Delete a room's channel, or keep it for the team to read.

        Raises:
            RoomError: Discord refused, or did not answer.
        """
        channel = self._channel(channel_id)
        async with _refusals(channel, PACE if not is_kept else OPENING):
            if not is_kept:
                await channel.delete(reason=REASON)
                return
            role = channel.guild.get_role(self._services.places.get(PlaceKey.ROLE_PARTICIPANT) or 0)
            if role is not None:
                shut = overwrite_of(posting(is_open=False))
                await channel.set_permissions(role, overwrite=shut, reason=REASON)
        await self.set_sight(channel_id, ())
        if isinstance(channel, discord.TextChannel):
            async with _refusals(channel, SHOWING):
                for message_id in messages:
                    await _delete(channel, message_id)

    async def _known(self, place: Messageable, view: RoomView, drawn: Drawn | None) -> int | None:
        """Return the live card; one that was sent just before the process died is found."""
        if drawn is not None and drawn.card_id:
            return drawn.card_id
        async for message in place.history(limit=LOOK_BACK):
            components = str([component.to_dict() for component in message.components])
            if message.author.id == self._own_id and marker(view.room.id) in components:
                return message.id
        return None

    def _place(self, channel: RoomChannel, view: RoomView) -> Messageable | None:
        """Return where the card goes: in a forum, into the pinned post."""
        if isinstance(channel, discord.TextChannel):
            return channel
        panel = self._services.places.get(panel_key(view.room.place))
        return channel.get_thread(panel) if panel is not None else None

    def _channel(self, channel_id: int) -> RoomChannel:
        channel = self._client.get_channel(channel_id)
        if not isinstance(channel, RoomChannel):
            raise RoomError(Failure.REFUSED)
        return channel

    @property
    def _own_id(self) -> int | None:
        return self._client.user.id if self._client.user else None


@asynccontextmanager
async def _refusals(channel: RoomChannel, needed: Permissions) -> AsyncIterator[None]:
    """Turn a refusal into what is missing."""
    missing = needed - names(channel.permissions_for(channel.guild.me))
    if missing:
        raise RoomError(Failure.FORBIDDEN, missing)
    try:
        yield
    except discord.HTTPException as error:
        if error.code in FORBIDDEN:
            raise RoomError(Failure.FORBIDDEN, needed) from error
        if error.status >= 500 or error.status == 429:
            raise RoomError(Failure.NO_ANSWER) from error
        raise RoomError(Failure.REFUSED) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise RoomError(Failure.NO_ANSWER) from error


def _overwrite(channel: RoomChannel, holder_id: int) -> Overwrite:
    for holder, overwrite in channel.overwrites.items():
        if holder.id == holder_id:
            allow, deny = overwrite.pair()
            return Overwrite(allow=names(allow), deny=names(deny))
    return Overwrite()


def _shows(overwrite: discord.PermissionOverwrite) -> bool:
    allow, _ = overwrite.pair()
    return allow >= permissions(SIGHT) or allow.view_channel


def _is_last(place: Messageable, message_id: int) -> bool:
    last: Any = getattr(place, "last_message_id", None)
    return last is None or last == message_id


async def _edit(place: Any, message_id: int, card: Card) -> bool:
    try:
        await place.get_partial_message(message_id).edit(**card.edit())
    except discord.NotFound:
        return False
    return True


async def _delete(place: Any, message_id: int) -> None:
    try:
        await place.get_partial_message(message_id).delete()
    except discord.NotFound:
        return
