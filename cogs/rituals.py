"""The daily ritual: today's two parts, one's own ticks, shared days, and the look back."""

from datetime import date

from bot.client import Bot
from bot.domain.localtime import ONE_DAY
from bot.domain.note import Note
from bot.domain.pair import Space, Tool
from bot.domain.ritual import LOOK_BACK_DAYS, Part
from bot.services.pair_mail import PAIR
from bot.services.rituals import DAY, LOOKING_BACK, RITUAL
from bot.ui.forms import Form
from bot.ui.request import Request, carried
from bot.ui.ritual import (
    SECOND,
    TEXT,
    TICKS,
    days_card,
    look_back_card,
    part_form,
    past_card,
    ritual_card,
    ticked_card,
    ticks_form,
)
from bot.ui.routing import FeatureCog, form, opens, pressed, submits


class RitualCog(FeatureCog[Bot]):
    """Takes and shows what two people give to a day."""

    @pressed("ritual:v1:open")
    async def show(self, request: Request) -> None:
        """Show today."""
        space = await self._space(request)
        day = await request.services.rituals.day(space)
        await request.update(ritual_card(request.words, space, day))

    @form("ritual:v1:intention")
    async def intention_form(self, request: Request) -> Form:
        """Ask for an intention."""
        return await self._form(request, Part.INTENTION)

    @submits("ritual:v1:intention")
    async def intention(self, request: Request) -> None:
        """Give an intention."""
        await self._give(request, Part.INTENTION)

    @form("ritual:v1:thanks")
    async def thanks_form(self, request: Request) -> Form:
        """Ask for the thanks."""
        return await self._form(request, Part.THANKS)

    @submits("ritual:v1:thanks")
    async def thanks(self, request: Request) -> None:
        """Give the thanks."""
        await self._give(request, Part.THANKS)

    @form("ritual:v1:ticks")
    async def ticks_form(self, request: Request) -> Form:
        """Ask what somebody ticks for themselves."""
        space = await self._space(request)
        rituals = request.services.rituals
        ticked = await rituals.ticks(space)
        return ticks_form(request.words, space, rituals.today(space), ticked)

    @submits("ritual:v1:ticks")
    async def ticks(self, request: Request) -> None:
        """Keep what was ticked."""
        space = await self._space(request)
        rituals = request.services.rituals
        await rituals.tick(
            space, carried(date.fromisoformat, request.arg(1)), request.choices(TICKS)
        )
        await request.update(ticked_card(request.words, space, await rituals.ticks(space)))

    @pressed("ritual:v1:days")
    async def days(self, request: Request) -> None:
        """Show a month of shared days."""
        space = await self._space(request)
        rituals = request.services.rituals
        today = rituals.today(space)
        first = carried(date.fromisoformat, request.args[1]) if len(request.args) > 1 else today
        await request.hold()
        card = await days_card(
            request.words,
            space,
            await rituals.shared(space),
            first=first.replace(day=1),
            today=today,
            paint=self.bot.easel.of(space.mine),
        )
        await request.update(card)

    @opens(RITUAL.name)
    async def given(self, request: Request, note: Note) -> None:
        """Show the day on which the other one gave something, also when it is opened later."""
        space = await self._of(request, note)
        rituals, day = request.services.rituals, carried(date.fromisoformat, note.args[DAY])
        found = await rituals.day(space, day)
        if day == rituals.today(space):
            await request.reply(ritual_card(request.words, space, found))
        else:
            await request.reply(past_card(request.words, space, found, day))

    @opens(LOOKING_BACK.name)
    async def look_back(self, request: Request, note: Note) -> None:
        """Show the week's shared days."""
        space = await self._of(request, note)
        rituals = request.services.rituals
        last = carried(date.fromisoformat, note.args[DAY])
        shared = await rituals.shared(space)
        days = [
            await rituals.day(space, day)
            for day in shared.within(last - (LOOK_BACK_DAYS - 1) * ONE_DAY, last)
        ]
        await request.reply(look_back_card(request.words, space, days))

    async def _form(self, request: Request, part: Part) -> Form:
        space = await self._space(request)
        # A refused form comes back for the day it is now: the one it was for may be over.
        return part_form(request.words, space, part, request.services.rituals.today(space))

    async def _give(self, request: Request, part: Part) -> None:
        participant = await request.participant()
        space = await self._space(request)
        day = await request.services.rituals.give(
            participant,
            space,
            part=part,
            day=carried(date.fromisoformat, request.arg(1)),
            texts=[request.text(TEXT), request.text(SECOND)],
        )
        await request.update(ritual_card(request.words, space, day))

    async def _of(self, request: Request, note: Note) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.RITUAL, note.args[PAIR])

    async def _space(self, request: Request) -> Space:
        participant = await request.participant()
        return await request.services.pairs.space(participant, Tool.RITUAL, request.arg())


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(RitualCog(bot))
