"""Members come and go: pausing, finding who left, and the role that opens the rooms."""

import logging

import discord
from discord.ext import commands

from bot.client import Bot
from bot.domain.consent import ConsentKind
from bot.domain.delivery import DeliveryError
from bot.domain.ids import ParticipantId
from bot.domain.participant import Delivery, Participant
from bot.domain.place import PlaceKey
from bot.gateway import find_member
from bot.ui.routing import FeatureCog

log = logging.getLogger(__name__)

REASON = "Interlude: the person's own choice"


class MembershipCog(FeatureCog[Bot]):
    """Keeps the server and the rows of people in step."""

    async def cog_load(self) -> None:
        """Listen for what changes a person's sight."""
        services = self.bot.services
        services.joining.on_joined(self.open_rooms)
        services.membership.on_returned(self.open_rooms)
        services.membership.on_returned(self.open_thread)
        services.consents.on_change(ConsentKind.GROUPS, self._groups_changed)

    @commands.Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Pause everything for someone who left, was removed or was banned."""
        if self._is_home(payload.guild_id):
            await self.bot.services.membership.leave(payload.user.id)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Find who left while the bot was away."""
        guild = self._home()
        if guild is None or guild.unavailable:
            return
        gone = await self.bot.services.membership.reconcile(lambda user: _is_here(guild, user))
        if gone:
            log.info("%d people left while the bot was away", gone)

    async def open_rooms(self, participant: Participant) -> None:
        """Give the role that opens the rooms to someone who is in and agreed to them, else take it.

        A refusal of Discord's is logged: `/setup check` names what is missing.
        """
        guild = self._home()
        role_id = self.bot.services.places.get(PlaceKey.ROLE_PARTICIPANT)
        if guild is None or role_id is None:
            return
        may_enter = participant.is_active and await self.bot.services.consents.given(
            participant.id, ConsentKind.GROUPS
        )
        role = discord.Object(role_id)
        try:
            member = await find_member(guild, participant.user_id)
            if member is None:
                return
            change = member.add_roles if may_enter else member.remove_roles
            await change(role, reason=REASON)
        except discord.HTTPException as error:
            log.warning("the role of %s could not be changed: %s", participant.id, error.code)

    async def open_thread(self, participant: Participant) -> None:
        """Let someone who came back see their own thread again."""
        if participant.preferences.delivery is not Delivery.THREAD:
            return
        try:
            await self.bot.threads.rejoin(participant)
        except DeliveryError as error:
            log.warning("the thread of %s stays closed: %s", participant.id, error)

    async def _groups_changed(self, participant_id: ParticipantId, given: bool) -> None:
        participant = await self.bot.services.participants.by_id(participant_id)
        if participant is not None:
            await self.open_rooms(participant)

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
