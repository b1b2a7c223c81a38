"""/crisis and Help now: for everyone, everywhere, from memory alone."""

from typing import Any

import discord
from discord import app_commands

from bot.client import Bot
from bot.domain.note import Note
from bot.errors import UserError
from bot.ui.crisis import crisis_cards
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, opens, pressed


class CrisisCog(FeatureCog[Bot]):
    """Shows where help is."""

    @app_commands.command()
    async def crisis(self, interaction: discord.Interaction[Any]) -> None:
        """Help now: people you can call, text or chat with."""
        request = self.bot.request(interaction)
        await request.reply(crisis_cards(request).lines())

    @pressed("crisis:v1:open")
    async def open(self, request: Request) -> None:
        """Show the first card."""
        await request.update(crisis_cards(request).lines())

    @pressed("crisis:v1:more")
    async def more(self, request: Request) -> None:
        """Show the other lines."""
        await request.update(crisis_cards(request).more())

    @pressed("crisis:v1:countries")
    async def countries(self, request: Request) -> None:
        """Offer other countries."""
        await request.update(crisis_cards(request).countries())

    @pressed("crisis:v1:country")
    async def country(self, request: Request) -> None:
        """Show the lines of the country chosen; nothing is stored."""
        cards = crisis_cards(request, country=request.selected[0])
        await request.update(cards.lines())

    @pressed("crisis:v1:barrier")
    async def barrier(self, request: Request) -> None:
        """Answer what makes calling hard."""
        chosen = request.selected[0]
        for barrier in request.content.texts(request.locale).crisis.barriers:
            if barrier.id == chosen:
                await request.update(crisis_cards(request).barrier(barrier))
                return
        raise UserError("core.old_card")

    @pressed("crisis:v1:check_back")
    async def check_back(self, request: Request) -> None:
        """Write a check-back for later."""
        hours = int(request.selected[0])
        due_at = await request.services.crisis.check_back(request.user_id, hours)
        time = request.words.time(due_at, request.zone)
        await request.update(crisis_cards(request).check_back_saved(time))

    @opens("crisis.check_back")
    async def open_check_back(self, request: Request, note: Note) -> None:
        """Ask how it is now, with the lines again."""
        await request.reply(crisis_cards(request).check_back())

    @pressed("crisis:v1:feeling")
    async def feeling(self, request: Request) -> None:
        """Reply to how it is; the answer goes nowhere."""
        answers = request.content.texts(request.locale).crisis.check_back_answers
        answer = next((answer for answer in answers if answer.id == request.arg()), None)
        if answer is None:
            raise UserError("core.old_card")
        await request.update(crisis_cards(request).feeling(answer))


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(CrisisCog(bot))
