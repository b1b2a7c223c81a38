"""`/oncall swap`: asking a colleague to take a shift on one date, and their answer."""

from typing import Any

import discord
from discord import app_commands

from bot.domain.rota import OverlapError, Turn
from bot.domain.swap import Swap
from bot.errors import UserError
from bot.services.swaps import read_date, write_date
from bot.ui.request import Request
from bot.ui.rota import overlap_text, turn_text
from bot.ui.routing import pressed
from bot.ui.swaps import swap_card
from cogs._oncall import OncallCommands

Choice = app_commands.Choice[str]
AHEAD_DAYS = 35
MOST_CHOICES = 25


class SwapCommands(OncallCommands):
    """Swaps between two people of the team."""

    @OncallCommands.oncall.command(name="swap")
    async def ask_swap(
        self,
        interaction: discord.Interaction[Any],
        shift: str,
        colleague: discord.Member,
        in_return: str | None = None,
    ) -> None:
        """Ask a colleague to take a shift of yours on one date.

        Args:
            shift: Your shift, with its date.
            colleague: Who should take it.
            in_return: A shift of theirs that you would take for it.
        """
        request = self.bot.request(interaction)
        await request.staff()
        back = None if in_return is None else read_date(in_return)
        swaps = request.services.swaps
        try:
            swap = await swaps.ask(request.user_id, read_date(shift), colleague.id, back)
        except OverlapError as error:
            raise _refused(request, error) from error
        turn = swaps.planned(swap.given)
        if turn is None:
            raise UserError("rota.swap.stale")
        text = turn_text(request.words, turn, request.zone)
        await request.say("rota.swap.asked", taker=colleague.mention, shift=text)

    @ask_swap.autocomplete("shift")
    async def suggest_own(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice]:
        """Suggest one's own shifts to come."""
        request = self.bot.request(interaction)
        return self._choices(request, request.user_id, typed)

    @ask_swap.autocomplete("in_return")
    async def suggest_theirs(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[Choice]:
        """Suggest the colleague's shifts to come, once they were chosen."""
        colleague = getattr(interaction.namespace, "colleague", None)
        # Discord sends the bare account while the command is still being typed.
        user_id = getattr(colleague, "id", None)
        request = self.bot.request(interaction)
        return [] if user_id is None else self._choices(request, int(user_id), typed)

    @pressed("swap:v1:accept")
    async def accept(self, request: Request) -> None:
        """Take the shift."""
        await request.staff()
        try:
            swap = await request.services.swaps.accept(request.arg(), request.user_id)
        except OverlapError as error:
            raise _refused(request, error) from error
        await self._answered(request, swap)

    @pressed("swap:v1:decline")
    async def decline(self, request: Request) -> None:
        """Leave everything as it is."""
        await request.staff()
        swap = await request.services.swaps.decline(request.arg(), request.user_id)
        await self._answered(request, swap)

    @pressed("swap:v1:take_back")
    async def take_back(self, request: Request) -> None:
        """End one's own request."""
        await request.staff()
        swap = await request.services.swaps.take_back(request.arg(), request.user_id)
        await self._answered(request, swap)

    async def _answered(self, request: Request, swap: Swap) -> None:
        message = request.interaction.message
        is_own = message is not None and message.flags.ephemeral
        programme = request.services.programme.current
        words = request.words if is_own else self.bot.catalog.words(programme.locale)
        card = swap_card(words, swap, turns_of(self, swap), request.zone)
        await request.rewrite(card)

    def _choices(self, request: Request, user_id: int, typed: str) -> list[Choice]:
        if request.services.staff.get(request.user_id) is None:
            return []
        turns = request.services.rota.turns_of(user_id, days=AHEAD_DAYS)
        named = [
            (turn_text(request.words, turn, request.zone)[:100], write_date(turn.date))
            for turn in turns
        ]
        found = [pair for pair in named if typed.casefold() in pair[0].casefold()]
        return [Choice(name=label, value=value) for label, value in found[:MOST_CHOICES]]


def turns_of(cog: OncallCommands, swap: Swap) -> tuple[Turn | None, Turn | None]:
    """Return what is given away, and what would be taken in return."""
    swaps = cog.bot.services.swaps
    back = None if swap.back is None else swaps.planned(swap.back)
    return swaps.planned(swap.given), back


def _refused(request: Request, error: OverlapError) -> UserError:
    text = overlap_text(request.words, error, request.zone, may_allow=False)
    return UserError("rota.refused", why=text)
