"""What a lead types about a room: read, or refused with a sentence."""

from collections.abc import Iterable
from typing import Any

import discord

from bot.domain.room import PLACES, SLOWEST, Audience, are_hours
from bot.errors import UserError
from bot.services.building import Failure
from bot.services.room_ports import RoomError
from bot.ui.cards import escape
from bot.ui.request import Request
from bot.ui.room_desk import DeskRoom, trouble_reason


def read_slow(typed: str | int | None) -> int:
    """Read the seconds between two posts.

    Raises:
        UserError: It is no such number.
    """
    text = str(typed if typed is not None else "").strip() or "0"
    if not text.isdecimal() or int(text) > SLOWEST:
        raise UserError("rooms.staff.bad_slow")
    return int(text)


def read_places(typed: str) -> int | None:
    """Read the number of places; nothing for no limit.

    Raises:
        UserError: It is no such number.
    """
    if not typed:
        return None
    if not typed.isdecimal() or int(typed) not in PLACES:
        raise UserError("rooms.staff.bad_places")
    return int(typed)


def read_hours(typed: str | None) -> str | None:
    """Read the hours; nothing where none were typed.

    Raises:
        UserError: They name no time, or one that no clock shows.
    """
    text = " ".join((typed or "").split())
    if not text:
        return None
    if not are_hours(text):
        raise UserError("rooms.staff.bad_hours", hours=escape(text[:100]))
    return text


def read_audience(typed: str | None) -> Audience:
    """Read whom a room is for.

    Raises:
        UserError: The card is too old to know it.
    """
    try:
        return Audience(typed or "")
    except ValueError as error:
        raise UserError("core.old_card") from error


def read_host(request: Request, user_id: int | None) -> dict[str, Any]:
    """Read who is usually in a room.

    Raises:
        UserError: They are not on the team.
    """
    if user_id is None:
        return {"hosts": ()}
    if request.services.staff.get(user_id) is None:
        raise UserError("rooms.staff.no_host")
    return {"hosts": (user_id,)}


def read_channel(channel: discord.abc.GuildChannel | None) -> dict[str, Any]:
    """Read a channel that is to be a room.

    Raises:
        UserError: It is neither a text channel nor a forum.
    """
    if channel is None:
        return {}
    if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
        raise UserError("rooms.not_a_channel")
    is_forum = isinstance(channel, discord.ForumChannel)
    return {"channel_id": channel.id, "is_forum": is_forum}


def desk_room(request: Request, room_id: str) -> DeskRoom:
    """Return a room as the team sees it.

    Raises:
        UserError: There is none.
    """
    services = request.services
    room = services.rooms.known(room_id)
    state = services.room_posting.state(room.id)
    trouble = state.trouble if state else None
    reason = None
    if trouble:
        failure, *missing = trouble.split()
        reason = trouble_reason(request.words, Failure(failure), missing)
    return DeskRoom(
        view=services.room_posting.view(room),
        channel_id=services.rooms.channel_of(room.id),
        people=_seen(request, services.room_members.accounts(room.id)),
        trouble=reason,
    )


def _seen(request: Request, people: Iterable[int]) -> int:
    """Count people without those the presser must learn nothing of, not even by a count."""
    excluded = request.services.duty.excluded
    return sum(request.user_id not in excluded([user_id]) for user_id in people)


def refusal(request: Request, error: RoomError) -> str:
    """Say why Discord refused."""
    return trouble_reason(request.words, error.failure, error.missing)
