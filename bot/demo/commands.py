"""The commands a persona may use, as the bot registered them with Discord."""

from collections.abc import Mapping
from typing import Any

from bot.demo.session import Session


def commands(session: Session, key: str, channel_id: int) -> dict[str, list[dict[str, Any]]]:
    """List the commands a persona may use in a place, as the bot registered them.

    Returns:
        Slash commands by their whole name with options, and the names of both kinds of menu.
    """
    viewer = session.world.actor(key).id
    slash, message, user = (
        session.env.backend.visible_commands(user_id=viewer, channel_id=channel_id, type=kind)
        for kind in (1, 3, 2)
    )
    return {
        "slash": [leaf for command in slash for leaf in _leaves(command, "")],
        "message": [{"name": command["name"]} for command in message],
        "user": [{"name": command["name"]} for command in user],
    }


def _leaves(node: Mapping[str, Any], before: str) -> list[dict[str, Any]]:
    name = f"{before} {node['name']}".strip()
    inner = [option for option in node.get("options") or [] if option["type"] in (1, 2)]
    if inner:
        return [leaf for option in inner for leaf in _leaves(option, name)]
    return [
        {
            "name": name,
            "description": node.get("description", ""),
            "options": node.get("options") or [],
        }
    ]
