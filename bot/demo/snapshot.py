"""What a persona sees, as JSON for the page; nothing else ever leaves the server."""

import re
from typing import Any
from urllib.parse import quote

import discord
from simcord.results import to_discord_message

from bot.demo.places import PlaceKind, has_news, list_places, may_see, visible_messages
from bot.demo.session import Session
from bot.demo.world import PERSONAS

SHOWN_MESSAGES = 100
CDN_URL = re.compile(r"https://cdn\.simcord\.invalid/attachments/(\d+)/(\d+)/(.+)")
PLAIN = (
    discord.MessageType.default,
    discord.MessageType.reply,
    discord.MessageType.chat_input_command,
    discord.MessageType.context_menu_command,
)


def view(session: Session, key: str, place_id: int | None) -> dict[str, Any]:
    """Return the whole page of a persona: places, people, and the messages of one place."""
    places = list_places(session, key)
    ids = {place["id"] for place in places if place["kind"] is not PlaceKind.CATEGORY}
    place = str(place_id) if str(place_id) in ids else None
    return {
        "version": session.version,
        "clock": clock(session),
        "me": {
            "id": str(session.world.actor(key).id),
            "dms_closed": session.has_closed_dms(key),
            **_persona(session, key),
        },
        "server": session.world.guild.name,
        "personas": [
            {**_persona(session, other), "news": has_news(session, other)} for other in PERSONAS
        ],
        "places": places,
        "people": people(session),
        "roles": roles(session),
        "hints": hints(session),
        "place": place,
        "messages": messages(session, key, int(place)) if place else [],
    }


def clock(session: Session) -> dict[str, Any]:
    """Return the simulated time and what is going on with the bot and with Discord."""
    return {
        "now": session.now().isoformat(),
        "moving": session.moving,
        "ready": session.ready,
        "down": session.is_down,
        "restarts": session.restarts,
    }


def hints(session: Session) -> list[dict[str, Any]]:
    """List what there is to try, with the places by their IDs."""
    channels = session.world.guild.channels
    return [
        {
            "who": hint.who,
            "name": PERSONAS[hint.who].name,
            "place": str(channels[hint.place].id) if hint.place in channels else None,
            "title": hint.title,
            "text": hint.text,
        }
        for hint in session.hints
    ]


def _persona(session: Session, key: str) -> dict[str, Any]:
    who = PERSONAS[key]
    actor = session.world.actor(key)
    member = session.env.backend.get_guild(session.world.guild.id).members.get(actor.id)
    return {
        "key": key,
        "user": str(actor.id),
        "name": who.name,
        "part": who.part,
        "zone": who.zone,
        "roles": [str(role) for role in member.role_ids] if member else [],
    }


def people(session: Session) -> list[dict[str, Any]]:
    """List the server's members, as every member sees them."""
    guild = session.env.backend.get_guild(session.world.guild.id)
    found = []
    for user_id, member in guild.members.items():
        user = session.env.backend.get_user(user_id)
        found.append(
            {
                "id": str(user_id),
                "name": member.nick or user.global_name or user.name,
                "bot": user.bot,
                "key": session.world.key_of(user_id),
                "roles": [str(role) for role in member.role_ids],
            }
        )
    return sorted(found, key=lambda person: (not person["bot"], person["name"].casefold()))


def roles(session: Session) -> list[dict[str, Any]]:
    """List the server's roles, highest first, without @everyone."""
    guild = session.env.backend.get_guild(session.world.guild.id)
    return [
        {
            "id": str(role.id),
            "name": role.name,
            "color": f"#{role.color:06x}" if role.color else None,
            "position": role.position,
        }
        for role in sorted(guild.roles.values(), key=lambda role: (-role.position, role.id))
        if role.id != guild.id
    ]


def messages(session: Session, key: str, channel_id: int) -> list[dict[str, Any]]:
    """Return the newest messages a persona may read in a place, oldest first."""
    stored = list(visible_messages(session, key, channel_id))[-SHOWN_MESSAGES:]
    return [
        message_json(
            to_discord_message(session.env, message),
            key=key,
            command=(message.interaction_metadata or {}).get("name"),
        )
        for message in stored
    ]


def message_json(
    message: discord.Message, *, key: str, command: str | None = None
) -> dict[str, Any]:
    """Turn a message into what the page draws.

    Args:
        message: The message, as discord.py built it.
        key: Who looks; pictures are fetched in this person's name.
        command: The command it answers, which discord.py does not keep.
    """
    files = {attachment.filename: attachment for attachment in message.attachments}
    return {
        "id": str(message.id),
        "at": message.created_at.isoformat(),
        "edited": message.edited_at is not None,
        "system": message.type not in PLAIN,
        "author": _author(message.author),
        "content": message.content if message.type in PLAIN else message.system_content,
        "ephemeral": message.flags.ephemeral,
        "loading": message.flags.loading,
        "pinned": message.pinned,
        "reply": _reply(message),
        "command": _command(message, command),
        "embeds": [_local(embed.to_dict(), key, files) for embed in message.embeds],
        "components": [_local(part.to_dict(), key, files) for part in message.components],
        "attachments": [_attachment(file, key) for file in _loose_files(message)],
        "reactions": [
            {"emoji": str(reaction.emoji), "count": reaction.count}
            for reaction in message.reactions
        ],
    }


def _author(author: discord.User | discord.Member) -> dict[str, Any]:
    color = author.color if isinstance(author, discord.Member) else discord.Color.default()
    return {
        "id": str(author.id),
        "name": author.display_name,
        "bot": author.bot,
        "color": str(color) if color.value else None,
    }


def _reply(message: discord.Message) -> dict[str, Any] | None:
    reference = message.reference
    if reference is None or message.type is not discord.MessageType.reply:
        return None
    answered = reference.resolved
    if not isinstance(answered, discord.Message):
        return {"author": None, "text": None}
    return {"author": answered.author.display_name, "text": answered.clean_content[:120]}


def _command(message: discord.Message, name: str | None) -> dict[str, Any] | None:
    used = message.interaction_metadata
    if used is None or used.type is not discord.InteractionType.application_command:
        return None
    return {"user": used.user.display_name, "name": name}


def _loose_files(message: discord.Message) -> list[discord.Attachment]:
    """Return the files that no card and no embed shows already."""
    if message.flags.components_v2:
        return []
    shown = {embed.image.url for embed in message.embeds} | {
        embed.thumbnail.url for embed in message.embeds
    }
    return [
        file
        for file in message.attachments
        if file.url not in shown and f"attachment://{file.filename}" not in shown
    ]


def _attachment(file: discord.Attachment, key: str) -> dict[str, Any]:
    return {
        "id": str(file.id),
        "name": file.filename,
        "size": file.size,
        "type": file.content_type,
        "alt": file.description,
        "url": _local_url(file.url, key),
    }


def _local(node: Any, key: str, files: dict[str, discord.Attachment]) -> Any:
    """Copy a part of a message with every stored file's address made one of this page's."""
    if isinstance(node, list):
        return [_local(item, key, files) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        name: _resolve(value, key, files)
        if name == "url" and isinstance(value, str)
        else _local(value, key, files)
        for name, value in node.items()
    }


def _resolve(url: str, key: str, files: dict[str, discord.Attachment]) -> str:
    if url.startswith("attachment://"):
        file = files.get(url.removeprefix("attachment://"))
        return _local_url(file.url, key) if file is not None else ""
    return _local_url(url, key)


def _local_url(url: str, key: str) -> str:
    match = CDN_URL.fullmatch(url)
    if match is None:
        return url
    channel, attachment, name = match.groups()
    return f"/file/{key}/{channel}/{attachment}/{quote(name, safe='')}"


def stored_file(
    session: Session, key: str, channel_id: int, attachment_id: int
) -> tuple[str, bytes] | None:
    """Return a file of a message that a persona may read, by name and content."""
    if channel_id not in session.env.backend.channels or not may_see(session, key, channel_id):
        return None
    for message in visible_messages(session, key, channel_id):
        for file in message.attachments:
            if int(file["id"]) == attachment_id:
                content = session.env.backend.cdn.get(file["url"])
                return (file["filename"], content) if content is not None else None
    return None
