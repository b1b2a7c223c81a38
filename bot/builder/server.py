"""Making and repairing a server's roles, channels and panels."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeAlias

import discord

from bot.builder.forums import edit_in_forum, post_in_forum, see_in_forum
from bot.builder.terms import REASON, build_errors, names, overwrite_of, permissions
from bot.domain.blueprint import (
    BOT,
    BOT_PERMISSIONS,
    EVERYONE,
    RISKY,
    Blueprint,
    Overwrite,
    Part,
    PartKind,
    Target,
    stands_in,
)
from bot.domain.place import PartKey, Place, PlaceKey
from bot.domain.readiness import ServerFacts
from bot.domain.setup_plan import FOUND_BEFORE, Observed, Seen, digest
from bot.services.building import BuildError, Failure
from bot.ui.cards import Card

LOOK_BACK = 50
INTENTS = ("guilds", "members", "guild_messages")
"""Without these the bot cannot see who is here or that something changed."""


Holder: TypeAlias = discord.Role | discord.Member
Ids: TypeAlias = Mapping[PartKey, int]
AnyChannel: TypeAlias = discord.TextChannel | discord.CategoryChannel | discord.ForumChannel


class DiscordBuilder:
    """One server, as set-up sees and changes it.

    Args:
        client: The bot.
        guild: The server.
        panels: The panels as they should be, by key.
    """

    def __init__(
        self, client: discord.Client, guild: discord.Guild, panels: Mapping[PartKey, Card]
    ) -> None:
        self._client = client
        self._guild = guild
        self._panels = panels
        self._roles: dict[int, discord.Role] = {}
        self._channels: dict[int, AnyChannel] = {}

    @property
    def marks(self) -> Mapping[PartKey, str]:
        """The panels' content, as digests."""
        return {key: mark(card) for key, card in self._panels.items()}

    async def observe(
        self, known: Mapping[PartKey, Place], begun: Mapping[PartKey, datetime]
    ) -> Observed:
        """Look at the server; only panels are asked for, all else is in memory.

        Raises:
            BuildError: Discord did not answer.
        """
        guild = self._guild
        panels = {}
        async with build_errors():
            for key in self._panels:
                if (seen := await self._panel(key, known, begun.get(key))) is not None:
                    panels[key] = seen
        return Observed(
            guild_id=guild.id,
            bot_id=guild.me.id,
            things=[
                *(_seen_role(role) for role in guild.roles if not role.is_default()),
                *(_seen_channel(channel) for channel in guild.channels if _is_ours(channel)),
            ],
            panels=panels,
            permissions=names(guild.me.guild_permissions),
            top=guild.me.top_role.position,
        )

    def facts(self, wanted: Blueprint, known: Mapping[PartKey, Place]) -> ServerFacts:
        """Say how the bot stands in the server."""
        me, everyone = self._guild.me, self._guild.default_role
        lacking = {}
        too_high = []
        for part in wanted:
            place = known.get(part.key)
            channel = self._guild.get_channel(place.discord_id) if place else None
            if channel is not None and (bot := part.overwrites.get(BOT)):
                lacking[part.key] = bot.allow - names(channel.permissions_for(me))
            role = self._guild.get_role(place.discord_id) if place else None
            if role is not None and role >= me.top_role:
                too_high.append(part.key)
        return ServerFacts(
            owner_id=self._guild.owner_id,
            missing=BOT_PERMISSIONS - names(me.guild_permissions),
            lacking={key: missing for key, missing in lacking.items() if missing},
            too_high=tuple(too_high),
            intents=tuple(name for name in INTENTS if not getattr(self._client.intents, name)),
            everyone=RISKY & names(everyone.permissions),
            is_administrator=me.guild_permissions.administrator,
        )

    async def make(self, part: Part, ids: Ids) -> int:
        """Make a part and return Discord's ID.

        Raises:
            BuildError: Discord refused, or did not answer.
        """
        async with build_errors():
            if part.kind is PartKind.ROLE:
                return await self._make_role(part)
            if part.kind is PartKind.PANEL:
                return await self._post(part, ids)
            return await self._make_channel(part, ids)

    async def put_right(
        self, part: Part, discord_id: int, aspects: frozenset[str], ids: Ids
    ) -> None:
        """Bring some aspects of a part to what they should be.

        Raises:
            BuildError: Discord refused, or did not answer.
        """
        async with build_errors():
            if part.kind is PartKind.ROLE:
                await self._edit_role(part, discord_id, aspects)
            elif part.kind is PartKind.PANEL:
                await self._edit_panel(part, discord_id, aspects, ids)
            else:
                await self._edit_channel(part, discord_id, aspects, ids)

    # --- Roles

    async def _make_role(self, part: Part) -> int:
        role = await self._guild.create_role(
            name=part.name, permissions=permissions(part.permissions), reason=REASON
        )
        self._roles[role.id] = role
        return role.id

    async def _edit_role(self, part: Part, role_id: int, aspects: frozenset[str]) -> None:
        changes: dict[str, Any] = {}
        if "name" in aspects:
            changes["name"] = part.name
        if "permissions" in aspects:
            changes["permissions"] = permissions(part.permissions)
        if changes:
            await self._role(role_id).edit(reason=REASON, **changes)

    def _role(self, role_id: int) -> discord.Role:
        role = self._roles.get(role_id) or self._guild.get_role(role_id)
        if role is None:
            raise BuildError(Failure.REFUSED, "the role is gone")
        return role

    # --- Channels

    async def _make_channel(self, part: Part, ids: Ids) -> int:
        overwrites: dict[Holder | discord.Object, discord.PermissionOverwrite] = {
            self._holder(target, ids): overwrite_of(overwrite)
            for target, overwrite in part.overwrites.items()
        }
        made: AnyChannel
        if part.kind is PartKind.CATEGORY:
            made = await self._guild.create_category(
                part.name, overwrites=overwrites, reason=REASON
            )
        else:
            assert part.parent is not None
            kind = self._guild.create_forum if part.is_forum else self._guild.create_text_channel
            made = await kind(
                part.name,
                category=self._category(ids[part.parent]),
                topic=part.topic,
                overwrites=overwrites,
                reason=REASON,
            )
        self._channels[made.id] = made
        return made.id

    async def _edit_channel(
        self, part: Part, channel_id: int, aspects: frozenset[str], ids: Ids
    ) -> None:
        channel = self._channel(channel_id)
        # The bot first, or it would lock itself out; then sight: whatever else fails, nobody sees
        # more than they should.
        for target, overwrite in sorted(part.overwrites.items(), key=lambda one: one[0] != BOT):
            if f"overwrite:{target}" in aspects:
                await channel.set_permissions(
                    self._holder(target, ids), overwrite=overwrite_of(overwrite), reason=REASON
                )
        if "others" in aspects:
            await self._remove_strangers(part, channel, ids)
        changes: dict[str, Any] = {}
        if "name" in aspects:
            changes["name"] = part.name
        if "topic" in aspects:
            changes["topic"] = part.topic
        if "parent" in aspects and part.parent is not None:
            changes["category"] = self._category(ids[part.parent])
        if changes:
            await channel.edit(reason=REASON, **changes)

    async def _remove_strangers(self, part: Part, channel: AnyChannel, ids: Ids) -> None:
        kept = {self._holder(target, ids).id for target in part.overwrites}
        for holder, overwrite in list(channel.overwrites.items()):
            own = _is_person(holder) and names(overwrite.pair()[0]) <= part.members
            if holder.id in kept or own:
                continue
            stranger: Any = holder
            if isinstance(holder, discord.Object):
                # They left the server, and would see the channel again on coming back.
                stranger = await self._client.fetch_user(holder.id)
            await channel.set_permissions(stranger, overwrite=None, reason=REASON)

    def _holder(self, target: Target, ids: Ids) -> Holder:
        if target == EVERYONE:
            return self._guild.default_role
        if target == BOT:
            return self._guild.me
        return self._role(ids[PlaceKey(target)])

    def _channel(self, channel_id: int) -> AnyChannel:
        channel = self._channels.get(channel_id) or self._guild.get_channel(channel_id)
        if not isinstance(channel, AnyChannel):
            raise BuildError(Failure.REFUSED, "the channel is gone")
        return channel

    def _forum(self, channel_id: int) -> discord.ForumChannel:
        forum = self._channel(channel_id)
        if not isinstance(forum, discord.ForumChannel):
            raise BuildError(Failure.REFUSED, "the forum is gone")
        return forum

    def _category(self, category_id: int) -> discord.CategoryChannel:
        category = self._channel(category_id)
        assert isinstance(category, discord.CategoryChannel)
        return category

    # --- Panels

    async def _post(self, part: Part, ids: Ids) -> int:
        assert part.parent is not None
        if part.is_forum:
            return await post_in_forum(self._forum(ids[part.parent]), self._panels[part.key])
        channel = self._messageable(ids[part.parent])
        message = await channel.send(**self._panels[part.key].message())
        return message.id

    async def _edit_panel(
        self, part: Part, message_id: int, aspects: frozenset[str], ids: Ids
    ) -> None:
        assert part.parent is not None
        if part.is_forum:
            await edit_in_forum(self._client, message_id, self._panels[part.key], aspects)
            return
        message = self._messageable(ids[part.parent]).get_partial_message(message_id)
        if "mark" in aspects:
            await message.edit(**self._panels[part.key].edit())
        if "pinned" in aspects:
            await message.pin(reason=REASON)

    async def _panel(
        self, key: PartKey, known: Mapping[PartKey, Place], begun_at: datetime | None
    ) -> Seen | None:
        channel = known.get(stands_in(key))
        there = self._guild.get_channel(channel.discord_id) if channel is not None else None
        if channel is None or there is None:
            return None
        if isinstance(there, discord.ForumChannel):
            return await see_in_forum(there, known.get(key), self._panels[key])
        messages = self._messageable(channel.discord_id)
        try:
            if (place := known.get(key)) is not None:
                return _seen_panel(await messages.fetch_message(place.discord_id))
            return await self._lost_panel(key, messages, begun_at) if begun_at else None
        except discord.NotFound:
            return None
        except discord.Forbidden:
            # Blind in this channel: what was posted is taken to stand, not posted once more.
            return _unseen_panel(place.discord_id) if place is not None else None

    async def _lost_panel(
        self, key: PartKey, messages: discord.PartialMessageable, begun_at: datetime
    ) -> Seen | None:
        pressed = _custom_ids(self._panels[key].view())
        async for message in messages.history(limit=LOOK_BACK, after=begun_at - FOUND_BEFORE):
            view = discord.ui.LayoutView.from_message(message, timeout=None)
            if message.author.id == self._guild.me.id and _custom_ids(view) == pressed:
                return _seen_panel(message)
        return None

    def _messageable(self, channel_id: int) -> discord.PartialMessageable:
        # A channel just made is not in memory yet.
        return self._client.get_partial_messageable(channel_id, guild_id=self._guild.id)


def mark(card: Card) -> str:
    """Shorten a card's content to what tells it from another."""
    components = card.view().to_components()  # type: ignore[no-untyped-call]  # as discord.py has it
    return digest(json.dumps(components, sort_keys=True))


def _custom_ids(view: discord.ui.LayoutView) -> set[str]:
    return {str(id_) for item in view.walk_children() if (id_ := getattr(item, "custom_id", None))}


def _is_person(holder: discord.Role | discord.Member | discord.Object) -> bool:
    if isinstance(holder, discord.Object):
        return holder.type is not discord.Role
    return isinstance(holder, discord.Member)


def _is_ours(channel: object) -> bool:
    return isinstance(channel, AnyChannel)


def _seen_role(role: discord.Role) -> Seen:
    return Seen(
        id=role.id,
        kind=PartKind.ROLE,
        made_at=role.created_at,
        name=role.name,
        permissions=names(role.permissions),
        position=role.position,
    )


def _seen_channel(channel: discord.abc.GuildChannel) -> Seen:
    pairs: Iterable[tuple[Any, discord.PermissionOverwrite]] = channel.overwrites.items()
    given = {holder.id: overwrite.pair() for holder, overwrite in pairs}
    return Seen(
        id=channel.id,
        kind=(
            PartKind.CATEGORY if isinstance(channel, discord.CategoryChannel) else PartKind.CHANNEL
        ),
        made_at=channel.created_at,
        name=channel.name,
        parent_id=channel.category_id,
        topic=getattr(channel, "topic", None) or "",
        overwrites={
            id_: Overwrite(allow=names(allow), deny=names(deny))
            for id_, (allow, deny) in given.items()
        },
        people=frozenset(holder.id for holder in channel.overwrites if _is_person(holder)),
    )


def _seen_panel(message: discord.Message) -> Seen:
    return Seen(
        id=message.id,
        kind=PartKind.PANEL,
        made_at=message.created_at,
        parent_id=message.channel.id,
        is_pinned=message.pinned,
    )


def _unseen_panel(message_id: int) -> Seen:
    made_at = discord.utils.snowflake_time(message_id)
    return Seen(id=message_id, kind=PartKind.PANEL, made_at=made_at, is_pinned=True)
