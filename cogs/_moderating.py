"""What moderation's commands and forms share: the room they are about, and Discord's hands."""

import re
from collections.abc import Callable
from typing import Any

import discord
from discord import app_commands

from bot.builder.moderating import DiscordModeration
from bot.client import Bot
from bot.domain.ids import RoomId
from bot.domain.room import Room
from bot.errors import UserError
from bot.ui.request import Request

LINK = re.compile(r"/channels/(\d{1,20})/(\d{1,20})/(\d{1,20})/?\s*$")


def add_to_group(bot: Bot, group: str, callback: Callable[..., Any], *, name: str) -> None:
    """Add a command to a group that another extension has made, described by its docstring.

    Raises:
        RuntimeError: It was not loaded before.
    """
    found = bot.tree.get_command(group)
    if not isinstance(found, app_commands.Group):
        raise RuntimeError(f"/{group} is not there to add /{group} {name} to")
    first_line = (callback.__doc__ or "").strip().splitlines()[0]
    command: app_commands.Command[Any, ..., Any] = app_commands.Command(
        name=name, description=first_line, callback=callback
    )
    found.add_command(command)


def hands_of(bot: Bot) -> DiscordModeration:
    """Return what moderation does in Discord with."""
    return DiscordModeration(bot, bot.services)


def room_in(bot: Bot, channel: object) -> Room | None:
    """Return the room a channel, or the post of a forum, belongs to."""
    place = channel
    if isinstance(channel, discord.Thread):
        place = channel.parent or channel
    channel_id = getattr(place, "id", None)
    return None if channel_id is None else bot.services.rooms.by_channel(channel_id)


def room_named(bot: Bot, room_id: str) -> Room:
    """Return the room a form was opened for.

    Raises:
        UserError: It is gone.
    """
    return bot.services.rooms.known(RoomId(room_id))


def name_of(bot: Bot, room: Room) -> str:
    """Return the name of a room's channel, for a title."""
    channel = bot.get_channel(bot.services.rooms.channel_of(room.id) or 0)
    return getattr(channel, "name", None) or room.name or ""


async def linked_message(request: Request, bot: Bot, link: str) -> discord.Message:
    """Return the message a link leads to.

    Raises:
        UserError: It is no link to a message here, or the message is gone.
    """
    found = LINK.search(link.strip())
    home = request.services.programme.current.guild_id
    if found is None or int(found[1]) != home:
        raise UserError("moderation.link_wrong")
    channel = bot.get_channel(int(found[2]))
    if not isinstance(channel, discord.abc.Messageable):
        raise UserError("moderation.link_wrong")
    try:
        return await channel.fetch_message(int(found[3]))
    except discord.NotFound as error:
        raise UserError("moderation.gone") from error
    except discord.Forbidden as error:
        raise UserError("moderation.refused.forbidden") from error


def text_of(message: discord.Message) -> str:
    """Return a post's text with the names of its files, as Discord handed it over."""
    return "\n".join([message.content, *(f"[{file.filename}]" for file in message.attachments)])
