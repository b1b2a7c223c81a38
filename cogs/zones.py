"""Zones: from a clock or a place to where a person is."""

from bot.client import Bot
from bot.domain.joining import Answer
from bot.domain.zones import fitting_offsets
from bot.errors import UserError
from bot.ui.cards import Item, escape
from bot.ui.forms import Form
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits
from bot.ui.zone_picker import (
    Context,
    clock_form,
    clock_rows,
    place_form,
    zone_rows,
    zones_at,
)
from bot.ui.zones import country_of, zone_countries
from cogs._contexts import context_card, read_context
from cogs._places import named_zone, read_daytime, suggested_places


class ZoneCog(FeatureCog[Bot]):
    """Narrows a person's zone down, on the way in and in settings."""

    @pressed("zone:v1:again")
    async def again(self, request: Request) -> None:
        """Begin with the clock."""
        await self._ask(request, read_context(request), self._clock(request))

    @pressed("zone:v1:clock")
    async def clock(self, request: Request) -> None:
        """Take the time that was picked."""
        if not request.selected or not request.selected[0].lstrip("-").isdecimal():
            raise UserError("core.old_card")
        await self._narrow(request, [int(request.selected[0])])

    @form("zone:v1:clock_text")
    async def clock_form(self, request: Request) -> Form:
        """Ask for the time as text."""
        return clock_form(request.words, read_context(request))

    @submits("zone:v1:clock_text")
    async def clock_text(self, request: Request) -> None:
        """Take the time that was typed."""
        typed = request.text("time")
        readings = read_daytime(typed).readings
        offsets = fitting_offsets(readings, request.now, zone_countries())
        if not offsets:
            raise UserError("settings.clock_no_zone", typed=escape(typed))
        await self._narrow(request, list(offsets))

    @pressed("zone:v1:pick")
    async def pick(self, request: Request) -> None:
        """Take the place that was picked."""
        zone = request.selected[0] if request.selected else ""
        if zone not in zone_countries():
            raise UserError("core.old_card")
        await self._choose(request, zone)

    @form("zone:v1:place")
    async def place_form(self, request: Request) -> Form:
        """Ask for a place as text."""
        return place_form(request.words, read_context(request))

    @submits("zone:v1:place")
    async def place(self, request: Request) -> None:
        """Take the place that was typed, or offer those it may mean."""
        typed = request.text("place")
        zone = await named_zone(typed, request.words)
        if zone is not None:
            await self._choose(request, zone)
            return
        found = [place.zone for place in await suggested_places(typed, request.words)]
        context = read_context(request)
        await self._ask(request, context, zone_rows(request.words, context, found))

    async def _narrow(self, request: Request, offsets: list[int]) -> None:
        """Ask which place it is, or first which of several times."""
        context, words = read_context(request), request.words
        first = request.services.programme.current.zone
        if len(offsets) > 1:
            rows = clock_rows(words, context, request.now, first, offsets)
        elif zones := zones_at(offsets[0], request.now, first):
            rows = zone_rows(words, context, zones)
        else:
            raise UserError("core.old_card")
        await self._ask(request, context, rows)

    async def _choose(self, request: Request, zone: str) -> None:
        context = read_context(request)
        participant = await request.services.joining.here(request.user_id)
        participant = await request.services.settings.change_zone(
            participant, zone, country_of(zone)
        )
        await request.services.joining.answered(participant, Answer.ZONE)
        notice = request.words("settings.saved")
        await request.update(await context_card(request, context, participant, notice=notice))

    async def _ask(self, request: Request, context: Context, rows: list[list[Item]]) -> None:
        participant = await request.services.joining.here(request.user_id)
        await request.update(await context_card(request, context, participant, asking=rows))

    def _clock(self, request: Request) -> list[list[Item]]:
        first = request.services.programme.current.zone
        return clock_rows(request.words, read_context(request), request.now, first)


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(ZoneCog(bot))
