"""Members come and go: pausing, finding who left, and what a person sees in the server."""

import logging

import discord
from discord.ext import commands

from bot.builder.roles import DiscordRoles
from bot.client import Bot
from bot.domain.consent import ConsentKind
from bot.domain.delivery import DeliveryError
from bot.domain.ids import ParticipantId
from bot.domain.participant import Delivery, Participant
from bot.gateway import find_member
from bot.services.building import BuildError
from bot.ui.routing import FeatureCog

log = logging.getLogger(__name__)


class MembershipCog(FeatureCog[Bot]):
    """Keeps the server and the rows of people in step."""

    async def cog_load(self) -> None:
        """Let a person's sight follow what they choose."""
        services = self.bot.services
        services.membership.on_returned(self.open_thread)
        services.consents.on_change(ConsentKind.GROUPS, self._rooms_changed)

    @commands.Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Pause everything for someone who left, was removed or was banned."""
        if self._is_home(payload.guild_id):
            await self.bot.services.membership.leave(payload.user.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Find who left while the bot was away."""
        if (guild := self._home()) is not None:
            await self._find_gone(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Find who left while Discord could not tell."""
        if self._is_home(guild.id):
            await self._find_gone(guild)

    async def _find_gone(self, guild: discord.Guild) -> None:
        if guild.unavailable:
            return
        gone = await self.bot.services.membership.reconcile(lambda user: _is_here(guild, user))
        if gone:
            log.info("%d people left while the bot was away", gone)

    async def open_thread(self, participant: Participant) -> None:
        """Let someone who came back see their own thread again."""
        if participant.preferences.delivery is not Delivery.THREAD:
            return
        try:
            await self.bot.threads.rejoin(participant)
        except DeliveryError as error:
            log.warning("the thread of %s stays closed: %s", participant.id, error)

    async def _rooms_changed(self, participant_id: ParticipantId, given: bool) -> None:
        """Let the role that opens the rooms follow the consent.

        A refusal of Discord's is logged: `/setup check` names what is missing.
        """
        participant = await self.bot.services.participants.by_id(participant_id)
        guild = self._home()
        if participant is None or guild is None:
            return
        try:
            await self.bot.services.team.follow(DiscordRoles(guild), participant.user_id)
        except BuildError as error:
            log.warning("the roles of %s could not follow: %s", participant_id, error.failure.value)

    def _home(self) -> discord.Guild | None:
        home = self.bot.services.programme.current.guild_id
        return self.bot.get_guild(home) if home else None

    def _is_home(self, guild_id: int) -> bool:
        return guild_id == self.bot.services.programme.current.guild_id


async def _is_here(guild: discord.Guild, user_id: int) -> bool:
    """Whether someone is in the server; in doubt they are."""
    try:
        return await find_member(guild, user_id) is not None
    except discord.HTTPException as error:
        log.warning("whether an account is still here is not known: %s", error.code)
        return True


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(MembershipCog(bot))
