"""Counting who can look into personal threads."""

import discord

from bot.domain.place import PlaceKey
from bot.domain.staff import StaffRole
from bot.services.container import Services
from bot.ui.panel import Onlookers


async def count_onlookers(guild: discord.Guild, services: Services) -> Onlookers:
    """Count, as Discord's permissions are right now, who can look where."""
    if not guild.chunked:
        await guild.chunk()
    parent = guild.get_channel(services.places.get(PlaceKey.CHANNEL_PERSONAL) or 0)
    others = [member for member in guild.members if member.id not in (guild.owner_id, guild.me.id)]
    admins = [member for member in others if member.guild_permissions.administrator]
    keepers = [
        member
        for member in others
        if parent is not None and member not in admins and _keeps_threads(parent, member)
    ]
    roles = [member.role for member in services.staff.members]
    return Onlookers(
        admins=sum(not member.bot for member in admins),
        bots=sum(member.bot for member in [*admins, *keepers]),
        keepers=sum(not member.bot for member in keepers),
        moderators=roles.count(StaffRole.MODERATOR),
        clinicians=roles.count(StaffRole.CLINICIAN),
        leads=roles.count(StaffRole.LEAD),
    )


def _keeps_threads(channel: discord.abc.GuildChannel, member: discord.Member) -> bool:
    permissions = channel.permissions_for(member)
    return permissions.view_channel and permissions.manage_threads
