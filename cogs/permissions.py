"""Permissions that come back: what was kept for a channel goes out at once."""

import discord
from discord.ext import commands

from bot.client import Bot
from bot.domain.place import PlaceKey
from bot.ui.routing import FeatureCog

SENT_TO = (
    PlaceKey.CHANNEL_STAFF,
    PlaceKey.CHANNEL_LEAD,
    PlaceKey.CHANNEL_ROOM,
    PlaceKey.CHANNEL_PERSONAL,
    PlaceKey.CHANNEL_COUPLES,
)


class PermissionCog(FeatureCog[Bot]):
    """Watches roles and channels; without it a kept message is tried every ten minutes."""

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Look again at a channel whose overwrites changed."""
        key = self.bot.services.places.key_of(after.id)
        if key in SENT_TO and before.overwrites != after.overwrites and may_send(after):
            await self.bot.permission_back(key.value)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """Look again at every channel where a role of the bot's changed."""
        home = self.bot.services.programme.current.guild_id
        if after.guild.id != home or before.permissions == after.permissions:
            return
        if after not in after.guild.me.roles:
            return
        for key in SENT_TO:
            channel = after.guild.get_channel(self.bot.services.places.get(key) or 0)
            if channel is not None and may_send(channel):
                await self.bot.permission_back(key.value)


def may_send(channel: discord.abc.GuildChannel) -> bool:
    """Tell whether the bot may see a channel and write there, or in its threads."""
    allowed = channel.permissions_for(channel.guild.me)
    return allowed.view_channel and (allowed.send_messages or allowed.send_messages_in_threads)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(PermissionCog(bot))
