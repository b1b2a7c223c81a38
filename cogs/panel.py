"""The panel: `/menu`, *More*, and `/who-sees`."""

from typing import Any

import discord
from discord import app_commands

from bot.client import Bot
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.ui.cards import Card
from bot.ui.joining import welcome_back_card
from bot.ui.panel import more_card, start_panel, visitor_card, who_sees_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed
from cogs._onlookers import count_onlookers


class PanelCog(FeatureCog[Bot]):
    """Opens what is behind the panel's buttons."""

    @app_commands.command()
    async def menu(self, interaction: discord.Interaction[Any]) -> None:
        """Open the panel: check in, message the team, settings and more."""
        request = self.bot.request(interaction)
        await request.reply(await self._panel(request))

    @app_commands.command(name="who-sees")
    async def who_sees_command(self, interaction: discord.Interaction[Any]) -> None:
        """See who can see what here."""
        request = self.bot.request(interaction)
        await request.reply(await self._who_sees(request))

    @pressed("panel:v1:menu")
    async def again(self, request: Request) -> None:
        """Go back to the panel."""
        await request.update(await self._panel(request))

    @pressed("panel:v1:more")
    async def more(self, request: Request) -> None:
        """Show everything else; someone who is not in gets the way in."""
        participant = await self._find(request)
        if participant is not None and participant.is_active:
            await request.update(more_card(request.words, self._works))
        else:
            await request.update(self._outside(request, participant))

    @pressed("panel:v1:who_sees")
    async def who_sees(self, request: Request) -> None:
        """Say who can see what."""
        await request.update(await self._who_sees(request))

    async def _panel(self, request: Request) -> Card:
        participant = await self._find(request)
        if participant is not None and participant.is_active:
            return start_panel(request.words, is_personal=True)
        return self._outside(request, participant)

    def _outside(self, request: Request, participant: Participant | None) -> Card:
        if participant is not None and not participant.is_open:
            return welcome_back_card(request.words)
        return visitor_card(request.words, has_begun=participant is not None)

    async def _who_sees(self, request: Request) -> Card:
        home = request.services.programme.current.guild_id
        guild = self.bot.get_guild(home) if home else request.interaction.guild
        if guild is None:
            raise UserError("core.other_server")
        return who_sees_card(request.words, await count_onlookers(guild, request.services))

    def _works(self, route: str) -> bool:
        return route in self.bot.router.presses or route in self.bot.router.forms

    async def _find(self, request: Request) -> Participant | None:
        return await request.services.participants.find(request.user_id)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(PanelCog(bot))
