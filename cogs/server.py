"""Set-up: making the programme's server, checking it, changing its settings."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import time
from typing import Any, Literal

import discord
from discord import app_commands

from bot.builder.roles import DiscordRoles
from bot.checks import StaffGroup, home, may_set_up
from bot.client import Bot
from bot.domain.blueprint import Part
from bot.domain.place import PlaceKey
from bot.errors import UserError
from bot.ui.cards import Card, escape
from bot.ui.readiness import check_card, settings_card, spaces_card
from bot.ui.request import Request
from bot.ui.routing import FeatureCog, pressed
from bot.ui.setup import applied_card, confirm_card, details_card, part_name, plan_card
from bot.ui.watch import filter_card
from bot.ui.zones import find_country
from cogs._building import builder_of, readiness_of
from cogs._places import named_zone, suggested_places

PROGRESS_EVERY = 4
MOST_CHOICES = 25


class ServerCog(FeatureCog[Bot]):
    """`/setup` and the cards of building."""

    group = StaffGroup(name="setup", description="Set up the programme's server", check=may_set_up)

    @group.command(name="plan")
    async def plan(self, interaction: discord.Interaction[Any]) -> None:
        """Show what set-up would make here."""
        request = self.bot.request(interaction)
        await request.defer()
        plan, _ = await request.services.setup.look(builder_of(request))
        await request.reply(plan_card(request.words, plan))

    @group.command(name="apply")
    async def apply(self, interaction: discord.Interaction[Any], repair: bool = False) -> None:
        """Make roles, channels and panels, safely again and again.

        Args:
            repair: Also put back what was changed by hand.
        """
        await self._apply(self.bot.request(interaction), undo=repair)

    @group.command(name="check")
    async def check(self, interaction: discord.Interaction[Any]) -> None:
        """Show what is missing before people can join, and what is wrong."""
        request = self.bot.request(interaction)
        await request.defer()
        await request.reply(check_card(request.words, await readiness_of(request)))

    @group.command(name="automod")
    async def automod(
        self, interaction: discord.Interaction[Any], switch: Literal["on", "off"]
    ) -> None:
        """Let Discord's own filter look for danger words, where the bot can't read posts.

        Args:
            switch: On or off.
        """
        request = self.bot.request(interaction)
        if not request.services.setup.is_bound:
            raise UserError("setup.not_bound")
        await request.defer()
        automod, places = request.services.automod, request.services.places
        if switch == "off":
            await automod.switch_off(request.user_id)
            await request.say("watch.filter.off")
            return
        await automod.switch_on(request.user_id)
        await request.services.setup.build_room(builder_of(request), PlaceKey.CHANNEL_ALERTS)
        failure = await automod.sync()
        channel_id = places.get(PlaceKey.CHANNEL_ALERTS)
        await request.reply(filter_card(request.words, automod.count, channel_id, failure))

    @group.command(name="settings")
    async def settings(
        self,
        interaction: discord.Interaction[Any],
        *,
        language: Literal["en", "es"] | None = None,
        zone: str | None = None,
        country: str | None = None,
        codes: bool | None = None,
        outside: app_commands.Range[str, 1, 200] | None = None,
    ) -> None:
        """Show or change the programme's language, zone, country and join codes.

        Args:
            language: The language of channels, roles and panels.
            zone: A city in your time zone.
            country: Whose crisis lines are shown and pinned.
            codes: Whether joining takes a code from the team.
            outside: Whom to call where nobody on the team may help, such as a number.
        """
        request = self.bot.request(interaction)
        if not request.services.setup.is_bound:
            raise UserError("setup.not_bound")
        changes = {
            "locale": language,
            "zone": None if zone is None else await self._zone(request, zone),
            "country": None if country is None else self._country(request, country),
            "codes": codes,
        }
        given = {name: value for name, value in changes.items() if value is not None}
        if given:
            await request.defer()
        changed = await request.services.readiness.change_settings(request.user_id, **given)
        if "country" in given:
            await request.services.setup.refresh_panels(builder_of(request))
        rota = request.services.rota
        if outside is not None:
            await rota.decide(replace(rota.rules, outside=outside), by=request.user_id)
        card = settings_card(request.words, changed.programme, rota.rules.outside, changed)
        await request.reply(card)

    @group.command(name="spaces")
    async def spaces(
        self,
        interaction: discord.Interaction[Any],
        *,
        day: app_commands.Range[int, 1, 7] | None = None,
        at: str | None = None,
        batches: bool | None = None,
    ) -> None:
        """Show or change when shared spaces close, and whether they open only then.

        Args:
            day: The day of the week, 1 is Monday.
            at: The hour, such as 20:00
            batches: Whether spaces open on that day only.
        """
        request = self.bot.request(interaction)
        if not request.services.setup.is_bound:
            raise UserError("setup.not_bound")
        changes = {
            "boundary_weekday": None if day is None else day - 1,
            "boundary_time": None if at is None else _hour(at),
            "opens_in_batches": batches,
        }
        given = {name: value for name, value in changes.items() if value is not None}
        changed = await request.services.readiness.change_settings(request.user_id, **given)
        await request.reply(spaces_card(request.words, changed.programme))

    @settings.autocomplete("zone")
    async def suggest_zone(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest places while a person types."""
        found = await suggested_places(typed, self.bot.request(interaction).words)
        return [
            app_commands.Choice(name=place.label[:100], value=place.zone)
            for place in found[:MOST_CHOICES]
        ]

    @settings.autocomplete("country")
    async def suggest_country(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[app_commands.Choice[str]]:
        """Suggest the countries there are crisis lines for."""
        locale = self.bot.request(interaction).words.locale
        directory = self.bot.content.crisis
        named = [(directory.name(code, locale) or code, code) for code in directory.countries]
        return [
            app_commands.Choice(name=name, value=code)
            for name, code in sorted(named)
            if typed.casefold() in name.casefold() and directory.choose(code).all
        ][:MOST_CHOICES]

    @pressed("setup:v1:check")
    async def check_again(self, request: Request) -> None:
        """Check once more."""
        await may_set_up(request)
        await request.hold()
        await request.update(check_card(request.words, await readiness_of(request)))

    @pressed("setup:v1:apply")
    async def apply_plan(self, request: Request) -> None:
        """Do what the plan showed."""
        await may_set_up(request)
        await self._apply(request, undo=False)

    @pressed("setup:v1:bind")
    async def bind(self, request: Request) -> None:
        """Bind the bot to this server, then set it up."""
        await may_set_up(request)
        guild = home(request)
        await request.defer()
        locale = str(guild.preferred_locale)
        await request.services.setup.bind(guild.id, request.user_id, locale=locale)
        await self._build(request, undo=request.arg() == "1")

    @pressed("setup:v1:cancel")
    async def cancel(self, request: Request) -> None:
        """Leave everything as it is."""
        await request.update(Card(body=request.words("setup.confirm.cancelled")))

    @pressed("setup:v1:details")
    async def details(self, request: Request) -> None:
        """Show who may do what in each channel."""
        await may_set_up(request)
        server = request.services.setup.words
        await request.reply(details_card(request.words, server, request.services.setup.wanted))

    async def _apply(self, request: Request, *, undo: bool) -> None:
        guild = home(request)
        if not request.services.setup.is_bound:
            leads = any(member.is_lead for member in request.services.staff.members)
            card = confirm_card(request.words, server=guild.name, becomes_lead=not leads, undo=undo)
            await request.reply(card)
            return
        await request.defer()
        await self._build(request, undo=undo)

    async def _build(self, request: Request, *, undo: bool) -> None:
        applied = await request.services.setup.apply(
            builder_of(request),
            DiscordRoles(home(request)),
            by=request.user_id,
            undo=undo,
            progress=_progress(request),
        )
        card = applied_card(request.words, applied)
        await request.interaction.edit_original_response(**card.edit())

    async def _zone(self, request: Request, typed: str) -> str:
        zone = await named_zone(typed, request.words)
        if zone is None:
            raise UserError("setup.settings.unknown_zone", zone=escape(typed))
        return zone

    def _country(self, request: Request, typed: str) -> str:
        country = find_country(typed, request.words.locale)
        if country is None:
            raise UserError("setup.settings.unknown_country", country=escape(typed))
        return country


def _progress(request: Request) -> Callable[[int, int, Part], Awaitable[None]]:
    async def tell(number: int, count: int, part: Part) -> None:
        if number % PROGRESS_EVERY == 1:
            name = part_name(request.words, part)
            card = Card(body=request.words("setup.progress", number=number, count=count, part=name))
            await request.interaction.edit_original_response(**card.edit())

    return tell


def _hour(typed: str) -> time:
    """Read an hour.

    Raises:
        UserError: It is none.
    """
    try:
        return time.fromisoformat(typed.strip().zfill(5))
    except ValueError as error:
        raise UserError("setup.spaces.unreadable", typed=escape(typed)) from error


async def setup(bot: Bot) -> None:
    """Add the cog."""
    await bot.add_cog(ServerCog(bot))
