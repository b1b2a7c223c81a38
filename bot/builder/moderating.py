"""Moderation's hands in Discord: taking posts out, timeouts, and what the bot may do."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import discord

from bot.builder.terms import build_errors
from bot.domain.moderation import Permission, Target
from bot.services.building import BuildError, Failure
from bot.services.container import Services
from bot.services.room_ports import RoomError

log = logging.getLogger(__name__)

REASON = "Interlude: moderation"
GONE = frozenset({10003, 10008})
NOT_HERE = frozenset({10007, 10013})


class DiscordModeration:
    """Does in the programme's server what the team decided."""

    def __init__(self, client: discord.Client, services: Services) -> None:
        self._client = client
        self._services = services

    def target(self, user_id: int) -> Target:
        """Say how a member stands in the server, by what Discord told last."""
        guild = self._guild()
        if self._client.user is not None and user_id == self._client.user.id:
            return Target(user_id=user_id, is_bot=True, is_us=True)
        member = guild.get_member(user_id) if guild else None
        if guild is None or member is None:
            return Target(user_id=user_id, is_here=False)
        return Target(
            user_id=user_id,
            is_bot=member.bot,
            is_owner=guild.owner_id == user_id,
            is_admin=member.guild_permissions.administrator,
            is_below=member.top_role < guild.me.top_role,
        )

    def lacks(self, permission: Permission, channel_id: int | None = None) -> bool:
        """Tell whether the bot lacks a permission, in the server or in one channel."""
        guild = self._guild()
        if guild is None:
            return True
        channel = None if channel_id is None else guild.get_channel(channel_id)
        held = guild.me.guild_permissions if channel is None else channel.permissions_for(guild.me)
        return not getattr(held, permission.value)

    async def hide(self, channel_id: int, message_id: int) -> bool:
        """Delete a message; `False` where it is gone already.

        Raises:
            RoomError: Discord refused, or did not answer.
        """
        place = self._client.get_partial_messageable(channel_id)
        async with _refusals():
            try:
                await place.get_partial_message(message_id).delete()
            except discord.NotFound as error:
                if error.code in GONE:
                    return False
                raise
        log.info("message %s was hidden", message_id)
        return True

    async def time_out(self, user_id: int, until: datetime | None) -> None:
        """Let a member post again from a moment on, or now; one who left is left alone.

        Raises:
            RoomError: Discord refused, or did not answer.
        """
        guild = self._guild()
        if guild is None:
            raise RoomError(Failure.REFUSED)
        async with _refusals():
            try:
                # By ID: they may have left while the form was open.
                await self._client.http.edit_member(
                    guild.id,
                    user_id,
                    reason=REASON,
                    communication_disabled_until=None if until is None else until.isoformat(),
                )
            except discord.NotFound as error:
                if error.code not in NOT_HERE:
                    raise
                log.info("someone left before their timeout")

    def _guild(self) -> discord.Guild | None:
        home = self._services.programme.current.guild_id
        return self._client.get_guild(home) if home else None


@asynccontextmanager
async def _refusals() -> AsyncIterator[None]:
    try:
        async with build_errors():
            yield
    except BuildError as error:
        raise RoomError(error.failure) from error
