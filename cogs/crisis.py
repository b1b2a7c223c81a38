"""/crisis and Help now: for everyone, everywhere, from memory alone."""

import logging
from typing import Any

import discord
from discord import app_commands

from bot.client import Bot
from bot.domain.note import Note
from bot.errors import UserError
from bot.services.crisis import DirectPage
from bot.ui.crisis import CrisisCards, direct_page_card, receipt
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, opens, pressed

log = logging.getLogger(__name__)


class CrisisCog(FeatureCog[Bot]):
    """Shows where help is."""

    @app_commands.command()
    async def crisis(self, interaction: discord.Interaction[Any]) -> None:
        """Help now: people you can call, text or chat with."""
        request = self.bot.request(interaction)
        await request.reply(self._cards(request).lines())

    @pressed("crisis:v1:open")
    async def open(self, request: Request) -> None:
        """Show the first card."""
        await request.update(self._cards(request).lines())

    @pressed("crisis:v1:more")
    async def more(self, request: Request) -> None:
        """Show the other lines."""
        await request.update(self._cards(request).more())

    @pressed("crisis:v1:countries")
    async def countries(self, request: Request) -> None:
        """Offer other countries."""
        await request.update(self._cards(request).countries())

    @pressed("crisis:v1:country")
    async def country(self, request: Request) -> None:
        """Show the lines of the country chosen; nothing is stored."""
        cards = self._cards(request, country=request.selected[0])
        await request.update(cards.lines())

    @pressed("crisis:v1:barrier")
    async def barrier(self, request: Request) -> None:
        """Answer what makes calling hard."""
        chosen = request.selected[0]
        for barrier in request.content.texts(request.locale).crisis.barriers:
            if barrier.id == chosen:
                await request.update(self._cards(request).barrier(barrier))
                return
        raise UserError("core.old_card")

    @pressed("crisis:v1:ask")
    async def ask(self, request: Request) -> None:
        """Bring a call for a person to the team; the database may take its time to fail."""
        await request.defer()
        asked = await request.services.crisis.ask(request.user_id)
        reached = asked.page is None or await self._post(asked.page)
        told = receipt(request.words, asked, reached=reached, has_joined=bool(request.profile))
        await request.reply(self._cards(request).asked(told))

    async def _post(self, page: DirectPage) -> bool:
        """Post a page in the first place that takes it."""
        if page.is_repeat:
            return True
        services = self.bot.services
        words = self.bot.catalog.words(services.programme.current.locale)
        card = direct_page_card(words, page)
        for place in page.places:
            channel_id = services.places.get(place)
            if channel_id is None:
                continue
            try:
                await self.bot.get_partial_messageable(channel_id).send(**card.message())
            except (discord.HTTPException, OSError) as error:
                log.warning("a page could not be posted in %s: %s", place, type(error).__name__)
                continue
            services.crisis.posted(page)
            return True
        log.critical("a call for a person reached no channel of the team")
        return False

    @pressed("crisis:v1:check_back")
    async def check_back(self, request: Request) -> None:
        """Write a check-back for later."""
        hours = int(request.selected[0])
        due_at = await request.services.crisis.check_back(request.user_id, hours)
        time = request.words.time(due_at, request.zone)
        await request.update(self._cards(request).check_back_saved(time))

    @opens("crisis.check_back")
    async def open_check_back(self, request: Request, note: Note) -> None:
        """Ask how it is now, with the lines again."""
        await request.reply(self._cards(request).check_back())

    @pressed("crisis:v1:feeling")
    async def feeling(self, request: Request) -> None:
        """Reply to how it is; the answer goes nowhere."""
        answers = request.content.texts(request.locale).crisis.check_back_answers
        answer = next((answer for answer in answers if answer.id == request.arg()), None)
        if answer is None:
            raise UserError("core.old_card")
        await request.update(self._cards(request).feeling(answer))

    def _cards(self, request: Request, country: str | None = None) -> CrisisCards:
        """Make cards for the country chosen or carried by the card, else the person's own."""
        service = request.services.crisis
        own = service.country(request.user_id, str(request.interaction.locale))
        return CrisisCards(
            request.words,
            request.content.texts(request.locale).crisis,
            request.content.crisis,
            country=country or carried(request) or own,
            checks_back=service.checks_back(request.user_id),
        )


def carried(request: Request) -> str | None:
    """Return the country a card was made for, two capital letters."""
    code = request.args[0] if request.args else ""
    return code if len(code) == 2 and code.isalpha() and code.isupper() else None


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(CrisisCog(bot))
