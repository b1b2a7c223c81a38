"""Progress: looking at one's own days, and the weekly summary."""

from datetime import date
from typing import Any, Literal

import discord
from discord import app_commands

from bot.client import Bot
from bot.domain.history import SPANS
from bot.domain.note import Note
from bot.errors import UserError
from bot.services.progress import UNTIL
from bot.services.progress import WEEKLY as WEEKLY_KIND
from bot.ui.private import private_gate
from bot.ui.progress import (
    ON,
    OPEN,
    WEEKLY,
    Scales,
    progress_card,
    summary_card,
    waiting_card,
    weekly_card,
)
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, opens, pressed


class ProgressCog(FeatureCog[Bot]):
    """Shows a person their own days, alone and behind their private word."""

    @app_commands.command()
    async def progress(
        self, interaction: discord.Interaction[Any], days: Literal[7, 30, 90] = 7
    ) -> None:
        """See how your days and your goals go, as a picture and in words.

        Args:
            days: How many days to look back
        """
        request = self.bot.request(interaction)
        if await private_gate(request, f"{OPEN}:{days}"):
            await self._show(request, days)

    @pressed(OPEN)
    async def open(self, request: Request) -> None:
        """Show the days, or another number of them in place."""
        days = _span(request)
        if await private_gate(request):
            await self._show(request, days)

    @pressed(WEEKLY)
    async def weekly(self, request: Request) -> None:
        """Switch the weekly summary on or off."""
        participant = await request.participant()
        is_on = request.arg() == ON
        if is_on:
            await request.services.progress.switch_on(participant)
        else:
            await request.services.progress.switch_off(participant)
        await request.update(weekly_card(request.words, participant, is_on=is_on))

    @opens(WEEKLY_KIND.name)
    async def open_summary(self, request: Request, note: Note) -> None:
        """Show the week a summary's note is about."""
        if not await private_gate(request, f"note:v1:open:{note.id}"):
            return
        last = carried(date.fromisoformat, note.args.get(UNTIL, ""))
        await request.defer()
        participant = await request.participant()
        progress = await request.services.progress.progress(participant, SPANS[0], last)
        card = await summary_card(
            request.words,
            progress,
            self._scales(request),
            is_on=await request.services.progress.has_weekly(participant),
            paint=self.bot.easel.of(participant.id),
        )
        await request.reply(card)

    async def _show(self, request: Request, days: int) -> None:
        message = request.interaction.message
        is_own = message is not None and message.flags.ephemeral
        if is_own and self.bot.easel.is_busy:
            await request.update(waiting_card(request.words))
        elif is_own:
            # The picture takes a moment: the card stays as it is until it is there.
            await request.interaction.response.defer()
        else:
            await request.defer()
        participant = await request.participant()
        card = await progress_card(
            request.words,
            await request.services.progress.progress(participant, days),
            self._scales(request),
            has_weekly=await request.services.progress.has_weekly(participant),
            paint=self.bot.easel.of(participant.id),
        )
        await request.update(card)

    def _scales(self, request: Request) -> Scales:
        return Scales(
            current=request.services.prompt_sets.current, of=request.services.checkins.edition
        )


def _span(request: Request) -> int:
    spans = {str(span): span for span in SPANS}
    text = request.arg() if request.args else str(SPANS[0])
    if text not in spans:
        raise UserError("core.old_card")
    return spans[text]


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(ProgressCog(bot))
