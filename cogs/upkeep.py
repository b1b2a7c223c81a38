"""Keeping up with the server: what people delete by hand, and roles that follow the lists."""

import logging
from collections.abc import Iterable

import discord
from discord.ext import commands

from bot.builder.roles import DiscordRoles
from bot.client import Bot
from bot.domain.delivery import OutboxRow
from bot.domain.participant import Participant
from bot.services.building import BuildError
from bot.services.team import OUR_ROLES
from bot.ui.cards import Card
from bot.ui.readiness import gone_card, roles_card
from bot.ui.routing import FeatureCog, renders

log = logging.getLogger(__name__)


class UpkeepCog(FeatureCog[Bot]):
    """Notes what is gone and corrects roles; it makes nothing by itself."""

    async def cog_load(self) -> None:
        """Let roles follow who joins, leaves and comes back."""
        self.bot.services.joining.on_joined(self._follow)
        self.bot.services.membership.on_returned(self._follow)
        self.bot.services.membership.on_left(self._follow)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up with what happened while the bot was away."""
        guild = self._home()
        if guild is None:
            return
        for place in self.bot.services.places.all.values():
            kind = place.key.partition(".")[0]
            lookup = guild.get_role if kind == "role" else guild.get_channel
            if kind != "panel" and lookup(place.discord_id) is None:
                await self.bot.services.setup.gone(place.discord_id)
        gaps = await self.bot.services.team.follow_all(DiscordRoles(guild))
        for gap in gaps:
            log.warning("the roles of %s could not follow: %s", gap.user_id, gap.failure.value)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Note a role that is gone."""
        await self._gone(role.guild.id, [role.id])

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Note a channel that is gone."""
        await self._gone(channel.guild.id, [channel.id])

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Note a panel that is gone."""
        await self._gone(event.guild_id, [event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Note panels that are gone."""
        await self._gone(event.guild_id, event.message_ids)

    @commands.Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Give someone back what the lists say they hold."""
        if member.guild.id == self._home_id():
            await self._bring_in_line(member.guild, member.id)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """Undo a change of our roles by hand."""
        if after.guild.id != self._home_id():
            return
        places, wanted = self.bot.services.places, self.bot.services.team.wanted(after.id)
        held_before, held = ({role.id for role in each.roles} for each in (before, after))
        wrong = [
            key
            for key in OUR_ROLES
            if (role_id := places.get(key)) in held ^ held_before
            and (role_id in held) is not (key in wanted)
        ]
        if not wrong:
            return
        try:
            await self.bot.services.setup.correct_roles(DiscordRoles(after.guild), after.id)
        except BuildError as error:
            log.warning("the roles of %s could not follow: %s", after.id, error.failure.value)

    @renders("setup.gone")
    async def gone(self, row: OutboxRow) -> Card:
        """Tell the leads what was deleted."""
        return gone_card(self.bot.services.setup.words, row)

    @renders("setup.roles")
    async def roles(self, row: OutboxRow) -> Card:
        """Tell the leads whose roles were changed."""
        return roles_card(self.bot.services.setup.words, row)

    async def _follow(self, participant: Participant) -> None:
        if (guild := self._home()) is not None:
            await self._bring_in_line(guild, participant.user_id)

    async def _bring_in_line(self, guild: discord.Guild, user_id: int) -> None:
        try:
            await self.bot.services.team.follow(DiscordRoles(guild), user_id)
        except BuildError as error:
            log.warning("the roles of %s could not follow: %s", user_id, error.failure.value)

    async def _gone(self, guild_id: int | None, discord_ids: Iterable[int]) -> None:
        if guild_id is not None and guild_id == self._home_id():
            for discord_id in discord_ids:
                await self.bot.services.setup.gone(discord_id)

    def _home_id(self) -> int | None:
        return self.bot.services.programme.current.guild_id

    def _home(self) -> discord.Guild | None:
        home_id = self._home_id()
        return None if home_id is None else self.bot.get_guild(home_id)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(UpkeepCog(bot))
