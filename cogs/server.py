"""Set-up: making the programme's server, checking it, going live."""

from collections.abc import Awaitable, Callable

import discord

from bot.builder.roles import DiscordRoles
from bot.builder.server import DiscordBuilder
from bot.checks import StaffGroup, home, may_set_up
from bot.client import Bot
from bot.domain.blueprint import Part, blueprint
from bot.ui.cards import Card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed
from bot.ui.setup import (
    applied_card,
    confirm_card,
    details_card,
    panels,
    part_name,
    plan_card,
)

PROGRESS_EVERY = 4


class ServerCog(FeatureCog[Bot]):
    """`/setup` and its cards."""

    group = StaffGroup(name="setup", description="Set up the programme's server", check=may_set_up)

    @group.command(name="plan")
    async def plan(self, interaction: discord.Interaction[Bot]) -> None:
        """Show what set-up would make here"""
        request = self.bot.request(interaction)
        await request.defer()
        plan = await request.services.setup.plan(self._builder(request))
        await request.reply(plan_card(request.words, plan))

    @group.command(name="apply")
    async def apply(self, interaction: discord.Interaction[Bot], repair: bool = False) -> None:
        """Make roles, channels and panels, safely again and again

        Args:
            repair: Also put back what was changed by hand
        """
        await self._apply(self.bot.request(interaction), undo=repair)

    @pressed("setup:v1:apply")
    async def apply_plan(self, request: Request) -> None:
        """Do what the plan showed."""
        await may_set_up(request)
        await self._apply(request, undo=False)

    @pressed("setup:v1:bind")
    async def bind(self, request: Request) -> None:
        """Bind the bot to this server, then set it up."""
        await may_set_up(request)
        guild = home(request)
        await request.defer()
        locale = str(guild.preferred_locale)
        await request.services.setup.bind(guild.id, request.user_id, locale=locale)
        await self._build(request, undo=request.arg() == "1")

    @pressed("setup:v1:cancel")
    async def cancel(self, request: Request) -> None:
        """Leave everything as it is."""
        await request.update(Card(body=request.words("setup.confirm.cancelled")))

    @pressed("setup:v1:details")
    async def details(self, request: Request) -> None:
        """Show who may do what in each channel."""
        await may_set_up(request)
        server = request.services.setup.words
        await request.reply(details_card(request.words, server, blueprint(server, {})))

    async def _apply(self, request: Request, *, undo: bool) -> None:
        guild = home(request)
        if not request.services.setup.is_bound:
            leads = any(member.is_lead for member in request.services.staff.members)
            card = confirm_card(request.words, server=guild.name, becomes_lead=not leads, undo=undo)
            await request.reply(card)
            return
        await request.defer()
        await self._build(request, undo=undo)

    async def _build(self, request: Request, *, undo: bool) -> None:
        applied = await request.services.setup.apply(
            self._builder(request),
            DiscordRoles(home(request)),
            by=request.user_id,
            undo=undo,
            progress=_progress(request),
        )
        card = applied_card(request.words, applied)
        await request.interaction.edit_original_response(**card.edit())

    def _builder(self, request: Request) -> DiscordBuilder:
        words = request.services.setup.words
        cards = panels(words, self.bot.content.texts(words.locale))
        return DiscordBuilder(self.bot, home(request), cards)


def _progress(request: Request) -> Callable[[int, int, Part], Awaitable[None]]:
    async def tell(number: int, count: int, part: Part) -> None:
        if number % PROGRESS_EVERY == 1:
            name = part_name(request.words, part)
            card = Card(body=request.words("setup.progress", number=number, count=count, part=name))
            await request.interaction.edit_original_response(**card.edit())

    return tell


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(ServerCog(bot))
