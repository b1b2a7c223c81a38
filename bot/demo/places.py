"""The places a persona may see: channels, threads and the direct messages with the bot."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import discord
import simcord
from simcord.backend.access import channel_accessible

from bot.demo.session import Session

DM_NAME = "Interlude"


class PlaceKind(StrEnum):
    """What the page draws a place as."""

    TEXT = "text"
    NEWS = "news"
    VOICE = "voice"
    STAGE = "stage"
    FORUM = "forum"
    CATEGORY = "category"
    THREAD = "thread"
    PRIVATE_THREAD = "private_thread"
    DM = "dm"


KINDS = {
    discord.ChannelType.text: PlaceKind.TEXT,
    discord.ChannelType.news: PlaceKind.NEWS,
    discord.ChannelType.voice: PlaceKind.VOICE,
    discord.ChannelType.stage_voice: PlaceKind.STAGE,
    discord.ChannelType.forum: PlaceKind.FORUM,
    discord.ChannelType.category: PlaceKind.CATEGORY,
    discord.ChannelType.public_thread: PlaceKind.THREAD,
    discord.ChannelType.private_thread: PlaceKind.PRIVATE_THREAD,
    discord.ChannelType.private: PlaceKind.DM,
}


def may_see(session: Session, key: str, channel_id: int) -> bool:
    """Whether a persona may open a place; a DM is its owner's alone."""
    viewer = session.world.actor(key).id
    return channel_accessible(session.env.backend, channel_id, viewer, history=True)


def actor_in(
    session: Session, key: str, channel_id: int
) -> simcord.MemberActor | simcord.UserHandle:
    """Return a persona's hands for a place: the member in the server, the account in a DM."""
    actor = session.world.actor(key)
    if session.env.backend.get_channel(channel_id).guild_id is None:
        return actor.user
    return actor


def kind_of(channel: Any) -> PlaceKind | None:
    """Return what a channel is drawn as, `None` for what the page does not know."""
    return KINDS.get(discord.enums.try_enum(discord.ChannelType, int(channel.type)))


def permissions_in(session: Session, key: str, channel_id: int) -> discord.Permissions:
    """Return what a persona may do in a channel of the server."""
    viewer = session.world.actor(key).id
    guild = session.world.guild.id
    return discord.Permissions(session.env.backend.compute_permissions(guild, viewer, channel_id))


def list_places(session: Session, key: str) -> list[dict[str, Any]]:
    """List what a persona's sidebar may show, categories and channels in Discord's order."""
    channels = [
        channel
        for channel in session.env.backend.channels.values()
        if channel.guild_id == session.world.guild.id
        and (kind := kind_of(channel)) is not None
        and (kind is PlaceKind.CATEGORY or may_see(session, key, channel.id))
    ]
    filled = {channel.parent_id for channel in channels}
    shown = [
        channel
        for channel in channels
        if kind_of(channel) is not PlaceKind.CATEGORY or channel.id in filled
    ]
    shown.sort(key=lambda channel: (channel.position, channel.id))
    places = [_place(session, key, channel) for channel in shown]
    dm = session.world.actor(key).user.dm_channel
    places.append(_place(session, key, session.env.backend.get_channel(dm.id)))
    return places


def _place(session: Session, key: str, channel: Any) -> dict[str, Any]:
    kind = kind_of(channel)
    place: dict[str, Any] = {
        "id": str(channel.id),
        "kind": kind,
        "name": DM_NAME if kind is PlaceKind.DM else channel.name,
        "topic": channel.topic,
        "parent": str(channel.parent_id) if channel.parent_id else None,
        "private": _is_hidden(session, channel),
        "can_send": _can_send(session, key, channel),
        "last": None,
        "read": "0",
        "unread": 0,
        "mentions": 0,
    }
    if channel.thread_metadata is not None:
        place["archived"] = channel.thread_metadata.archived
        place["locked"] = channel.thread_metadata.locked
        place["joined"] = session.world.actor(key).id in channel.thread_members
    if kind is not PlaceKind.CATEGORY:
        place.update(_unread(session, key, channel.id, is_dm=kind is PlaceKind.DM))
    return place


def _is_hidden(session: Session, channel: Any) -> bool:
    everyone = session.world.guild.default_role.id
    view = discord.Permissions.view_channel.flag
    return any(
        overwrite.target_id == everyone and overwrite.deny & view
        for overwrite in channel.overwrites
    )


def _can_send(session: Session, key: str, channel: Any) -> bool:
    kind = kind_of(channel)
    if kind is PlaceKind.DM:
        return True
    if kind in (PlaceKind.CATEGORY, PlaceKind.FORUM):
        return False
    allowed = permissions_in(session, key, channel.id)
    if channel.thread_metadata is None:
        return allowed.send_messages
    # SimCord takes messages in locked threads; Discord and this page do not.
    if channel.thread_metadata.locked and not allowed.manage_threads:
        return False
    return allowed.send_messages_in_threads


def visible_messages(session: Session, key: str, channel_id: int) -> Iterator[Any]:
    """Yield what a persona may read in a place, oldest first, dismissed ephemerals apart."""
    if not may_see(session, key, channel_id):
        return
    viewer = session.world.actor(key).id
    for message_id, message in sorted(session.env.backend.messages.get(channel_id, {}).items()):
        if message.type == discord.MessageType.thread_created.value:
            continue  # SimCord announces private threads; Discord does not
        if message.visible_to(viewer) and not session.marks.is_dismissed(key, message_id):
            yield message


def _unread(session: Session, key: str, channel_id: int, *, is_dm: bool) -> dict[str, Any]:
    viewer = session.world.actor(key)
    member = session.env.backend.get_guild(session.world.guild.id).members.get(viewer.id)
    roles = set(member.role_ids) if member else set()
    since = session.marks.last_read(key, channel_id)
    last, unread, mentions = 0, 0, 0
    for message in visible_messages(session, key, channel_id):
        last = message.id
        if message.id <= since or message.author_id == viewer.id:
            continue
        unread += 1
        rung = viewer.id in message.mention_user_ids or roles & set(message.mention_role_ids)
        mentions += bool(is_dm or rung or message.mention_everyone)
    return {
        "last": str(last) if last else None,
        "read": str(since),
        "unread": unread,
        "mentions": mentions,
    }


def has_news(session: Session, key: str) -> bool:
    """Whether something calls a persona: a mention, or a message in their own thread or DM."""
    own = (PlaceKind.DM, PlaceKind.PRIVATE_THREAD)
    return any(
        place["mentions"]
        or (place["unread"] and place["kind"] in own and place.get("joined", True))
        for place in list_places(session, key)
    )


def read_everything(session: Session, key: str) -> None:
    """Mark every place a persona may see as read."""
    for place in list_places(session, key):
        if place["last"]:
            session.marks.read(key, int(place["id"]), int(place["last"]))
