"""When check-ins come, and being away: a part of the check-ins."""

from typing import Any

import discord
from discord import app_commands

from bot.client import Bot
from bot.domain.consent import ConsentKind
from bot.ui.cards import Card
from bot.ui.checkin_times import (
    AWAY_SET,
    away_card,
    away_form,
    back_card,
    off_card,
    schedule_card,
)
from bot.ui.consent import consent_card
from bot.ui.forms import Form
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits

SCHEDULE = "checkin:v1:schedule"


class CheckInTimesCog(FeatureCog[Bot]):
    """Shows and changes when a person is asked."""

    @app_commands.command()
    async def away(
        self,
        interaction: discord.Interaction[Any],
        start: str | None = None,
        end: str | None = None,
    ) -> None:
        """Pause your check-ins while you are away. Nobody is told.

        Args:
            start: From when, such as today, Friday or 5 Jan
            end: Until when, that day included, such as Monday, 9 Jan or 3 days
        """
        request = self.bot.request(interaction)
        if start is None and end is None:
            await self.show_away(request)
        else:
            await self._set(request, start or "today", end or "")

    @pressed(SCHEDULE)
    async def show_schedule(self, request: Request) -> None:
        """Show when check-ins come."""
        await request.update(await read_schedule(request))

    @pressed("checkin:v1:on")
    async def on(self, request: Request) -> None:
        """Switch the prompts on; the consent comes first."""
        participant = await request.participant()
        consents, kind = request.services.consents, ConsentKind.DAILY_PROMPTS
        if await consents.given(participant.id, kind):
            await consents.give(participant, kind)
            await request.update(await read_schedule(request))
        else:
            await request.update(consent_card(request, kind, then=SCHEDULE))

    @pressed("checkin:v1:off")
    async def off(self, request: Request) -> None:
        """Switch the prompts off by taking the consent back."""
        participant = await request.participant()
        await request.services.consents.revoke(participant, ConsentKind.DAILY_PROMPTS)
        await request.update(off_card(request.words))

    @pressed("checkin:v1:away")
    async def show_away(self, request: Request) -> None:
        """Show when a person is away."""
        aways = await request.services.away.upcoming(await request.participant())
        await request.update(away_card(request.words, aways))

    @form(AWAY_SET)
    async def away_form(self, request: Request) -> Form:
        """Ask from when to when."""
        aways = await request.services.away.upcoming(await request.participant())
        return away_form(request.words, aways)

    @submits(AWAY_SET)
    async def away_set(self, request: Request) -> None:
        """Take in when a person is away."""
        await self._set(request, request.text("first"), request.text("last"))

    @pressed("checkin:v1:away_end")
    async def away_end(self, request: Request) -> None:
        """Be back today."""
        await request.services.away.end(await request.participant())
        await request.update(back_card(request.words))

    async def _set(self, request: Request, first: str, last: str) -> None:
        participant = await request.participant()
        away = request.services.away
        await away.set(participant, first, last, request.words.locale)
        aways = await away.upcoming(participant)
        await request.update(away_card(request.words, aways, saved=True))


async def read_schedule(request: Request) -> Card:
    """Read when a person's check-ins come."""
    participant = await request.participant()
    return schedule_card(
        request.words,
        participant,
        await request.services.checkins.next_prompt(participant),
        await request.services.away.upcoming(participant),
    )
