"""The live boards: a copy in one's own language, and one anew where it was deleted."""

import discord
from discord.ext import commands

from bot.client import Bot
from bot.domain.board import BoardName
from bot.errors import UserError
from bot.ui.board import board_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed


class BoardCog(FeatureCog[Bot]):
    """What belongs to the boards besides drawing them."""

    async def cog_load(self) -> None:
        """Let the boards follow who is on duty."""
        self.bot.services.duty.on_change(self._follow)

    @pressed("board:v1:own", "board:v1:show")
    async def own(self, request: Request) -> None:
        """Show the presser the board in their own language."""
        member = await request.staff()
        name = BoardName(request.arg())
        if name is BoardName.LEADS and not member.is_lead:
            raise UserError("core.lead_only")
        state = await request.services.board.look(name)
        await request.reply(board_card(request.words, state, is_live=False))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Post a board anew that was deleted."""
        await self.bot.services.board.gone([event.message_id])

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Post a board anew that was deleted among others."""
        await self.bot.services.board.gone(event.message_ids)

    async def _follow(self) -> None:
        self.bot.services.board.touch()


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(BoardCog(bot))
