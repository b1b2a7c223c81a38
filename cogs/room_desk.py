"""`/room`: the rooms as leads and the team keep them."""

from typing import Any

import discord
from discord import app_commands

from bot.checks import StaffGroup, is_lead
from bot.client import Bot
from bot.domain.room import Audience
from bot.ui.room_desk import end_card
from bot.ui.routing import FeatureCog
from cogs._room_desk import add_room, change_room, let_in, show_members, show_rooms
from cogs._room_values import read_channel, read_host, read_hours, read_places, read_slow

LEADS_ONLY = dict.fromkeys(("add", "edit", "remove"), is_lead)


class RoomDeskCog(FeatureCog[Bot]):
    """`/room`."""

    room = StaffGroup(name="room", description="The rooms", own=LEADS_ONLY)

    @room.command(name="add")
    async def add(
        self,
        interaction: discord.Interaction[Any],
        *,
        name: app_commands.Range[str, 1, 60],
        audience: Audience,
        forum: bool = False,
        channel: discord.TextChannel | discord.ForumChannel | None = None,
        hours: str | None = None,
        slow: int = 0,
        unhosted: bool = False,
        host: discord.User | None = None,
    ) -> None:
        """Add a room for one audience, with a channel of its own.

        Args:
            name: The name of its channel; neutral, so that it tells nothing about who is in it.
            audience: Whom it is for.
            forum: A forum with posts instead of a channel.
            channel: A channel that is there already, to become the room.
            hours: When someone is usually here, such as Mon-Fri 9:00-21:00.
            slow: Seconds a person waits between two posts.
            unhosted: Whether it stays open while no host is on duty.
            host: Who is usually here.
        """
        request = self.bot.request(interaction)
        about = {
            "hours": read_hours(hours),
            "slow_seconds": read_slow(slow),
            "is_unhosted": unhosted,
            "is_forum": forum,
            **read_host(request, host.id if host else None),
            **read_channel(channel),
        }
        await add_room(request, name, audience, about)

    @room.command(name="edit")
    async def edit(
        self,
        interaction: discord.Interaction[Any],
        *,
        room: str,
        name: app_commands.Range[str, 1, 60] | None = None,
        audience: Audience | None = None,
        hours: str | None = None,
        slow: int | None = None,
        places: app_commands.Range[str, 1, 3] | None = None,
        unhosted: bool | None = None,
        taking: bool | None = None,
        host: discord.User | None = None,
    ) -> None:
        """Change what is set about a room.

        Args:
            room: Which one.
            name: The name of its channel.
            audience: Whom it is for.
            hours: When someone is usually here, such as Mon-Fri 9:00-21:00.
            slow: Seconds a person waits between two posts.
            places: How many people it takes.
            unhosted: Whether it stays open while no host is on duty.
            taking: Whether it takes new people.
            host: Who is usually here.
        """
        request = self.bot.request(interaction)
        changes: dict[str, Any] = {
            "name": name,
            "audience": audience,
            "hours": None if hours is None else read_hours(hours),
            "slow_seconds": None if slow is None else read_slow(slow),
            "capacity": None if places is None else read_places(places),
            "is_unhosted": unhosted,
            "is_taking": taking,
        }
        given = {key: value for key, value in changes.items() if value is not None}
        if host is not None:
            given |= read_host(request, host.id)
        await change_room(request, room, given)

    @room.command(name="list")
    async def show(self, interaction: discord.Interaction[Any]) -> None:
        """Show the rooms, and change them."""
        await show_rooms(self.bot.request(interaction))

    @room.command(name="let-in")
    async def let_in(
        self, interaction: discord.Interaction[Any], room: str, user: discord.User
    ) -> None:
        """Keep a place in a room for someone; they read the rules at its door.

        Args:
            room: Which one.
            user: Who.
        """
        await let_in(self.bot.request(interaction), room, user.id)

    @room.command(name="members")
    async def members(self, interaction: discord.Interaction[Any], room: str) -> None:
        """Show who is in a room, and take someone out.

        Args:
            room: Which one.
        """
        await show_members(self.bot.request(interaction), room)

    @room.command(name="remove")
    async def remove(self, interaction: discord.Interaction[Any], room: str) -> None:
        """Remove a room; its channel is kept or deleted, as you choose.

        Args:
            room: Which one.
        """
        request = self.bot.request(interaction)
        await request.reply(end_card(request.words, request.services.rooms.known(room)))

    @edit.autocomplete("room")
    @let_in.autocomplete("room")
    @members.autocomplete("room")
    @remove.autocomplete("room")
    async def suggest_room(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest rooms while a person types."""
        request = self.bot.request(interaction)
        if request.services.staff.get(request.user_id) is None:
            return []
        named = [
            (room.name or request.words("setup.names.channel_room"), room.id)
            for room in request.services.rooms.all()
        ]
        return [
            app_commands.Choice(name=name[:100], value=room_id)
            for name, room_id in named
            if typed.casefold() in name.casefold()
        ][:25]


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(RoomDeskCog(bot))
