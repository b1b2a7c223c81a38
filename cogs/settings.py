"""Settings: everything a participant can change, behind one card."""

import logging
from datetime import time
from enum import StrEnum
from typing import Any, TypeVar

import discord
from discord import app_commands

from bot.client import Bot
from bot.domain.consent import ConsentKind, Standing
from bot.domain.delivery import DeliveryError
from bot.domain.participant import Delivery, Pace, Participant, SafeContact
from bot.errors import UserError
from bot.services.trials import outcome_of
from bot.ui.cards import escape
from bot.ui.consent import consent_card
from bot.ui.forms import Form
from bot.ui.joining import delivery_card, outcome_sentence
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, form, pressed, submits
from bot.ui.settings import (
    consents_card,
    country_card,
    country_form,
    given_card,
    language_card,
    pace_card,
    range_form,
    safe_card,
    safe_span,
    settings_card,
    times_form,
)
from bot.ui.zone_picker import Context, zone_rows
from bot.ui.zones import country_of, find_country
from cogs._contexts import context_card, languages_of, read_context, words_of
from cogs._places import named_zone, read_daytime, read_span, suggested_places

log = logging.getLogger(__name__)

MemberT = TypeVar("MemberT", bound=StrEnum)

NO_QUIET_HOURS = (time(0), time(0))


class SettingsCog(FeatureCog[Bot]):
    """Shows and changes what a participant chose."""

    @app_commands.command()
    async def settings(
        self, interaction: discord.Interaction[Any], place: str | None = None
    ) -> None:
        """See and change how and when I reach you.

        Args:
            place: A big city near you, or a zone such as America/New_York
        """
        request = self.bot.request(interaction)
        participant = await request.participant()
        if place is None:
            await request.reply(settings_card(request.words, participant, request.now))
            return
        zone = await named_zone(place, request.words)
        if zone is None:
            found = [found.zone for found in await suggested_places(place, request.words)]
            rows = zone_rows(request.words, Context.SETTINGS, found)
            await request.reply(
                await context_card(request, Context.SETTINGS, participant, asking=rows)
            )
            return
        changed = await request.services.settings.change_zone(participant, zone, country_of(zone))
        notice = request.words("settings.saved")
        await request.reply(settings_card(request.words, changed, request.now, notice=notice))

    @settings.autocomplete("place")
    async def suggest(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest places while a person types."""
        words = self.bot.request(interaction).words
        return [
            app_commands.Choice(name=found.label[:100], value=found.zone)
            for found in await suggested_places(typed, words)
        ]

    @pressed("settings:v1:open")
    async def open(self, request: Request) -> None:
        """Show the card."""
        participant = await request.participant()
        await request.update(settings_card(request.words, participant, request.now))

    @pressed("settings:v1:language")
    async def language(self, request: Request) -> None:
        """Ask for the language."""
        await request.update(language_card(request.words, languages_of(request)))

    @pressed("settings:v1:set_language")
    async def set_language(self, request: Request) -> None:
        """Speak another language from now on."""
        context, locale = read_context(request), _chosen(request)
        if locale not in languages_of(request):
            raise UserError("core.old_card")
        participant = await request.services.joining.here(request.user_id)
        changed = await request.services.settings.change_language(participant, locale)
        await self._saved(request, changed, context)
        try:
            await self.bot.threads.relabel(changed)
        except DeliveryError as error:
            log.warning("the panel of %s keeps its language: %s", changed.id, error)

    @pressed("settings:v1:country")
    async def country(self, request: Request) -> None:
        """Ask for the country of the crisis lines."""
        participant = await request.participant()
        directory = request.content.crisis
        countries = [code for code in directory.countries if directory.choose(code).all]
        await request.update(
            country_card(request.words, countries, participant.preferences.country)
        )

    @pressed("settings:v1:set_country")
    async def set_country(self, request: Request) -> None:
        """Take the country that was picked."""
        code = find_country(_chosen(request), request.words.locale)
        if code is None:
            raise UserError("core.old_card")
        await self._set_country(request, code)

    @form("settings:v1:country_text")
    async def country_form(self, request: Request) -> Form:
        """Ask for a country by name."""
        return country_form(request.words)

    @submits("settings:v1:country_text")
    async def country_text(self, request: Request) -> None:
        """Take the country that was typed."""
        typed = request.text("country")
        code = find_country(typed, request.words.locale)
        if code is None:
            raise UserError("settings.country_unknown", typed=escape(typed))
        await self._set_country(request, code)

    @form("settings:v1:times")
    async def times_form(self, request: Request) -> Form:
        """Ask for the check-in times."""
        participant = await request.services.joining.here(request.user_id)
        preferences = participant.preferences
        return times_form(
            request.words,
            read_context(request),
            preferences.weekday_time,
            preferences.weekend_time,
        )

    @submits("settings:v1:times")
    async def times(self, request: Request) -> None:
        """Take the check-in times."""
        weekday = read_daytime(request.text("weekday")).at
        weekend = read_daytime(request.text("weekend")).at
        participant = await request.services.joining.here(request.user_id)
        changed = await request.services.settings.change_times(participant, weekday, weekend)
        await self._saved(request, changed, read_context(request))

    @pressed("settings:v1:pace")
    async def pace(self, request: Request) -> None:
        """Ask how often a check-in comes."""
        participant = await request.participant()
        await request.update(pace_card(request.words, participant.preferences.pace))

    @pressed("settings:v1:set_pace")
    async def set_pace(self, request: Request) -> None:
        """Take how often a check-in comes."""
        participant = await request.participant()
        pace = _member(Pace, _chosen(request))
        await self._saved(request, await request.services.settings.change_pace(participant, pace))

    @form("settings:v1:quiet")
    async def quiet_form(self, request: Request) -> Form:
        """Ask for the quiet hours."""
        preferences = (await request.participant()).preferences
        span = (preferences.quiet_start, preferences.quiet_end)
        known = None if span[0] == span[1] else span
        return range_form(request.words, "settings:v1:quiet", "settings.quiet", known)

    @submits("settings:v1:quiet")
    async def quiet(self, request: Request) -> None:
        """Take the quiet hours."""
        span = read_span(request.text("start"), request.text("end")) or NO_QUIET_HOURS
        participant = await request.participant()
        changed = await request.services.settings.change_quiet_hours(participant, *span)
        await self._saved(request, changed)

    @pressed("settings:v1:delivery")
    async def delivery(self, request: Request) -> None:
        """Ask where notes go; say so where the last test note was not tapped."""
        participant = await request.participant()
        words, preferences = request.words, participant.preferences
        notice = None
        if not preferences.delivery_confirmed and preferences.delivery is not Delivery.NOTHING:
            outcome = outcome_of(await request.services.trials.last(participant), preferences)
            notice = outcome_sentence(words, preferences.delivery, outcome)
        texts = request.content.texts(words.locale).joining
        await request.update(delivery_card(words, texts, Context.SETTINGS, notice=notice))

    @pressed("settings:v1:safe")
    async def safe(self, request: Request) -> None:
        """Ask how the team may write first."""
        await request.update(safe_card(request.words, await request.participant()))

    @pressed("settings:v1:set_safe")
    async def set_safe(self, request: Request) -> None:
        """Take how the team may write first."""
        way = _member(SafeContact, _chosen(request))
        participant = await request.participant()
        changed = await request.services.settings.change_safe_contact(
            participant, way, safe_span(participant)
        )
        await request.update(safe_card(request.words, changed))

    @form("settings:v1:safe_hours")
    async def safe_hours_form(self, request: Request) -> Form:
        """Ask between which times the team may write first."""
        span = safe_span(await request.participant())
        return range_form(request.words, "settings:v1:safe_hours", "settings.hours", span)

    @submits("settings:v1:safe_hours")
    async def safe_hours(self, request: Request) -> None:
        """Take between which times the team may write first."""
        span = read_span(request.text("start"), request.text("end"))
        participant = await request.participant()
        changed = await request.services.settings.change_safe_contact(
            participant, participant.preferences.safe_contact, span
        )
        await request.update(safe_card(request.words, changed))

    @pressed("settings:v1:consents")
    async def consents(self, request: Request) -> None:
        """List the consents."""
        participant = await request.participant()
        standings = await request.services.consents.standings(participant.id)
        texts = request.content.texts(request.words.locale).consents
        await request.update(consents_card(request.words, texts, standings))

    @pressed("settings:v1:consent")
    async def consent(self, request: Request) -> None:
        """Show one consent: to be taken back, or to be given."""
        participant = await request.participant()
        kind = _member(ConsentKind, _chosen(request))
        standings = await request.services.consents.standings(participant.id)
        if standings.get(kind) is Standing.GIVEN:
            text = request.content.texts(request.words.locale).consents[kind]
            await request.update(given_card(request.words, text))
        else:
            is_again = standings.get(kind) is Standing.OUTDATED
            then = "settings:v1:consents"
            await request.update(consent_card(request, kind, then=then, is_again=is_again))

    @pressed("settings:v1:take_back")
    async def take_back(self, request: Request) -> None:
        """Take a consent back; what rests on it stops at once."""
        participant, kind = await request.participant(), _member(ConsentKind, request.arg())
        await request.hold()
        await request.services.consents.revoke(participant, kind)
        await self.consents(request)

    async def _set_country(self, request: Request, code: str) -> None:
        participant = await request.participant()
        changed = await request.services.settings.change_country(participant, code)
        await self._saved(request, changed)

    async def _saved(
        self, request: Request, participant: Participant, context: Context = Context.SETTINGS
    ) -> None:
        notice = words_of(request, participant)("settings.saved")
        await request.update(await context_card(request, context, participant, notice=notice))


def _chosen(request: Request) -> str:
    if not request.selected:
        raise UserError("core.old_card")
    return request.selected[0]


def _member(kind: type[MemberT], value: str) -> MemberT:
    try:
        return kind(value)
    except ValueError as error:
        raise UserError("core.old_card") from error


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(SettingsCog(bot))
