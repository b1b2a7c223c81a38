"""What is for one person alone: strengths, a look at what they carry, and cards about limits."""

from bot.client import Bot
from bot.content.carrying import Carrying
from bot.content.couple_texts import CardKind
from bot.errors import UserError
from bot.ui.forms import Form
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits
from bot.ui.strengths import (
    TEXT,
    carried_card,
    carry_card,
    limit_card,
    strength_form,
    strengths_card,
)

LIMITS = (CardKind.BOUNDARY, CardKind.ENABLING, CardKind.OWN_LIFE)


class StrengthsCog(FeatureCog[Bot]):
    """Needs no partner, and shows nothing of it to anyone."""

    @pressed("strengths:v1:open")
    async def open(self, request: Request) -> None:
        """Show a person's strengths."""
        participant = await request.participant()
        strengths = await request.services.alone.own_notes.strengths(participant)
        await request.update(strengths_card(request.words, strengths))

    @form("strengths:v1:add")
    async def add_form(self, request: Request) -> Form:
        """Ask for a strength."""
        await request.participant()
        return strength_form(request.words)

    @submits("strengths:v1:add")
    async def add(self, request: Request) -> None:
        """Keep a strength."""
        participant = await request.participant()
        await request.services.alone.own_notes.add_strength(participant, request.text(TEXT))
        await self.open(request)

    @pressed("strengths:v1:drop")
    async def drop(self, request: Request) -> None:
        """Delete a strength."""
        if not request.selected:
            raise UserError("core.old_card")
        participant = await request.participant()
        await request.services.alone.own_notes.drop(participant, request.selected[0])
        await self.open(request)

    @pressed("carry:v1:open")
    async def look(self, request: Request) -> None:
        """Ask which items fit."""
        participant = await request.participant()
        looks = await request.services.alone.own_notes.looks(participant)
        card = carry_card(request.words, self._carrying(request), looks, request.zone)
        await request.update(card)

    @pressed("carry:v1:kept", "carry:v1:none")
    async def kept(self, request: Request) -> None:
        """Keep which items fit, and show words after it."""
        participant = await request.participant()
        carrying = self._carrying(request)
        known = {item.id for item in carrying.items}
        ticked = [one for one in request.selected if one in known]
        look = await request.services.alone.own_notes.look(participant, ticked)
        await request.update(carried_card(request.words, carrying, look))

    @pressed("carry:v1:drop")
    async def drop_look(self, request: Request) -> None:
        """Delete a look."""
        participant = await request.participant()
        await request.services.alone.own_notes.drop(participant, request.arg())
        await self.look(request)

    @pressed("limits:v1:open")
    async def limits(self, request: Request) -> None:
        """Show one card about limits, and the next at a press."""
        cards = request.content.texts(request.locale).couples.cards_of(*LIMITS)
        place = request.arg()
        if not place.isdecimal():
            raise UserError("core.old_card")
        await request.update(limit_card(request.words, cards, int(place)))

    def _carrying(self, request: Request) -> Carrying:
        return request.content.texts(request.locale).carrying


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(StrengthsCog(bot))
