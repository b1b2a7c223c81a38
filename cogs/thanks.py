"""Saying thanks: now, or kept for a hard day."""

from bot.client import Bot
from bot.domain.note import Note
from bot.domain.pair import Space, Tool
from bot.domain.thanks import Moment
from bot.errors import UserError
from bot.services.pair_mail import PAIR
from bot.services.thanks import THANKS, WHICH
from bot.ui.forms import Form
from bot.ui.request import Request, carried
from bot.ui.routing import FeatureCog, form, opens, pressed, submits
from bot.ui.thanks import (
    MOMENT,
    TEXT,
    arrived_card,
    got_card,
    kind_card,
    saved_card,
    thanks_card,
    thanks_form,
)


class ThanksCog(FeatureCog[Bot]):
    """Takes appreciations and hands out what was kept."""

    @pressed("thanks:v1:open")
    async def show(self, request: Request) -> None:
        """Show what can be done."""
        await request.update(thanks_card(request.words, await self._space(request)))

    @form("thanks:v1:write")
    async def write_form(self, request: Request) -> Form:
        """Ask for an appreciation."""
        return thanks_form(request.words, await self._space(request))

    @submits("thanks:v1:write")
    async def write(self, request: Request) -> None:
        """Keep it; the answer is one word, whatever becomes of it."""
        participant = await request.participant()
        space = await self._space(request)
        chosen = request.choice(MOMENT)
        if chosen not in list(Moment):
            raise UserError("thanks.choose")
        thanks = request.services.thanks
        await thanks.thank(participant, space, request.text(TEXT), Moment(chosen))
        await request.update(saved_card(request.words, space))

    @pressed("thanks:v1:kind")
    async def kind(self, request: Request) -> None:
        """Hand out something kind."""
        space = await self._space(request)
        found = await request.services.thanks.something_kind(space)
        card = kind_card(request.words, space, found, request.now.toordinal())
        await request.update(card)

    @pressed("thanks:v1:got")
    async def got(self, request: Request) -> None:
        """Show what reached a person."""
        space = await self._space(request)
        got = await request.services.thanks.got(space)
        await request.update(got_card(request.words, space, got, carried(int, request.arg(1))))

    @opens(THANKS.name)
    async def arrived(self, request: Request, note: Note) -> None:
        """Show an appreciation that was sent now."""
        participant = await request.participant()
        space = await request.services.pairs.space(participant, Tool.THANKS, note.args[PAIR])
        thanks = await request.services.thanks.one(space, note.args[WHICH])
        await request.reply(arrived_card(request.words, thanks))

    async def _space(self, request: Request) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.THANKS, request.arg())


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(ThanksCog(bot))
