"""`/oncall shift`: leads put shifts on the rota and take them off."""

from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any, Literal

import discord
from discord import app_commands

from bot.domain.ids import new_id
from bot.domain.localtime import find_zone, local_day
from bot.domain.rota import Hours, Level, OverlapError, Shift, ShiftId
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.rota import Saved
from bot.ui.request import Request
from bot.ui.rota import hours_text, overlap_text, saved_card, shift_text, shifts_card
from cogs._oncall import OncallCommands, room_names
from cogs._places import suggested_places
from cogs._shift_texts import (
    is_dash,
    read_language_names,
    read_shift_date,
    read_shift_days,
    read_shift_hours,
    read_shift_rooms,
    read_shift_zone,
    suggest_rooms,
)

Choice = app_commands.Choice[str]
MOST_CHOICES = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What was typed of a shift; nothing means that it stays as it is."""

    who: discord.Member | None = None
    days: str | None = None
    start: str | None = None
    end: str | None = None
    zone: str | None = None
    level: int | None = None
    rooms: str | None = None
    languages: str | None = None
    first_day: str | None = None
    last_day: str | None = None


class ShiftCommands(OncallCommands):
    """Shifts as they stand on the rota."""

    shift = app_commands.Group(
        name="shift", description="The shifts of the rota", parent=OncallCommands.oncall
    )

    @shift.command(name="add")
    async def add_shift(
        self,
        interaction: discord.Interaction[Any],
        *,
        days: app_commands.Range[str, 1, 60],
        start: app_commands.Range[str, 1, 30],
        end: app_commands.Range[str, 1, 30],
        who: discord.Member | None = None,
        zone: app_commands.Range[str, 1, 60] | None = None,
        level: Literal[1, 2] | None = None,
        rooms: app_commands.Range[str, 1, 200] | None = None,
        languages: app_commands.Range[str, 1, 60] | None = None,
        first_day: app_commands.Range[str, 1, 30] | None = None,
        last_day: app_commands.Range[str, 1, 30] | None = None,
        overlap: bool = False,
    ) -> None:
        """Put a shift on the rota, every week or for one date.

        Args:
            days: Such as Mon-Fri, weekends, Tuesday, or one date such as 24 Dec.
            start: From when, such as 9:00 or 9pm.
            end: Until when. At or before the start means the next morning.
            who: Whose shift it is. Without it, the shift waits for someone.
            zone: A city in the time zone of these hours; the programme's otherwise.
            level: 1 is rung first, 2 if the first does not take it.
            rooms: The rooms it covers, with commas between; all of them otherwise.
            languages: What is spoken on it, such as English, Spanish.
            first_day: The first date of a weekly shift; today otherwise.
            last_day: The last date of a weekly shift.
            overlap: Keep it even if this person is on another shift then.
        """
        request = self.bot.request(interaction)
        await self._lead(request)
        typed = Typed(
            who=who,
            days=days,
            start=start,
            end=end,
            zone=zone,
            level=level,
            rooms=rooms,
            languages=languages,
            first_day=first_day,
            last_day=last_day,
        )
        shift = await _read(request, typed, None)
        await self._save(request, shift, is_new=True, allow_overlap=overlap)

    @shift.command(name="edit")
    async def edit_shift(
        self,
        interaction: discord.Interaction[Any],
        *,
        shift: str,
        who: discord.Member | None = None,
        days: app_commands.Range[str, 1, 60] | None = None,
        start: app_commands.Range[str, 1, 30] | None = None,
        end: app_commands.Range[str, 1, 30] | None = None,
        zone: app_commands.Range[str, 1, 60] | None = None,
        level: Literal[1, 2] | None = None,
        rooms: app_commands.Range[str, 1, 200] | None = None,
        languages: app_commands.Range[str, 1, 60] | None = None,
        first_day: app_commands.Range[str, 1, 30] | None = None,
        last_day: app_commands.Range[str, 1, 30] | None = None,
        overlap: bool = False,
    ) -> None:
        """Change a shift; what you leave out stays as it is.

        Args:
            shift: Which one.
            who: Whose shift it is from now on.
            days: Such as Mon-Fri, weekends, Tuesday, or one date such as 24 Dec.
            start: From when, such as 9:00 or 9pm.
            end: Until when. At or before the start means the next morning.
            zone: A city in the time zone of these hours.
            level: 1 is rung first, 2 if the first does not take it.
            rooms: The rooms it covers, with commas between; a dash for all of them.
            languages: What is spoken on it; a dash for none in particular.
            first_day: The first date of a weekly shift.
            last_day: The last date of a weekly shift; a dash for no end.
            overlap: Keep it even if this person is on another shift then.
        """
        request = self.bot.request(interaction)
        await self._lead(request)
        typed = Typed(
            who=who,
            days=days,
            start=start,
            end=end,
            zone=zone,
            level=level,
            rooms=rooms,
            languages=languages,
            first_day=first_day,
            last_day=last_day,
        )
        changed = await _read(request, typed, request.services.rota.known(shift))
        await self._save(request, changed, is_new=False, allow_overlap=overlap)

    @shift.command(name="remove")
    async def remove_shift(self, interaction: discord.Interaction[Any], shift: str) -> None:
        """Take a shift off the rota.

        Args:
            shift: Which one.
        """
        request = self.bot.request(interaction)
        await self._lead(request)
        removed = await request.services.rota.remove(shift, by=request.user_id)
        text = shift_text(request.words, removed, room_names(request.services))
        await request.say("rota.removed", shift=text)

    @shift.command(name="list")
    async def list_shifts(self, interaction: discord.Interaction[Any]) -> None:
        """List the shifts as they stand on the rota."""
        request = self.bot.request(interaction)
        shifts = request.services.rota.rota.shifts
        await request.reply(shifts_card(request.words, shifts, room_names(request.services)))

    @edit_shift.autocomplete("shift")
    @remove_shift.autocomplete("shift")
    async def suggest_shift(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[Choice]:
        """Suggest shifts by whose they are and when."""
        request = self.bot.request(interaction)
        if request.services.staff.get(request.user_id) is None:
            return []
        named = [
            (self._label(request, interaction.guild, shift), shift.id)
            for shift in request.services.rota.rota.shifts
        ]
        wanted = typed.casefold()
        found = [pair for pair in named if wanted in pair[0].casefold()]
        return [Choice(name=label[:100], value=value) for label, value in found[:MOST_CHOICES]]

    @add_shift.autocomplete("zone")
    @edit_shift.autocomplete("zone")
    async def suggest_zone(self, interaction: discord.Interaction[Any], typed: str) -> list[Choice]:
        """Suggest cities while a lead types."""
        words = self.bot.request(interaction).words
        return [
            Choice(name=found.label[:100], value=found.zone)
            for found in await suggested_places(typed, words)
        ]

    @add_shift.autocomplete("rooms")
    @edit_shift.autocomplete("rooms")
    async def suggest_rooms(
        self, interaction: discord.Interaction[Any], typed: str
    ) -> list[Choice]:
        """Suggest rooms after those named already."""
        request = self.bot.request(interaction)
        if request.services.staff.get(request.user_id) is None:
            return []
        found = suggest_rooms(request, interaction.guild, typed)
        return [Choice(name=text, value=text) for text in found]

    async def _lead(self, request: Request) -> StaffMember:
        return await request.services.staff.lead(request.user_id)

    async def _save(
        self, request: Request, shift: Shift, *, is_new: bool, allow_overlap: bool
    ) -> None:
        rota = request.services.rota
        save = rota.add if is_new else rota.edit
        try:
            saved: Saved = await save(shift, by=request.user_id, allow_overlap=allow_overlap)
        except OverlapError as error:
            text = overlap_text(request.words, error, request.zone, may_allow=True)
            raise UserError("rota.refused", why=text) from error
        await request.reply(saved_card(request.words, saved, room_names(request.services)))

    def _label(self, request: Request, guild: discord.Guild | None, shift: Shift) -> str:
        member = guild.get_member(shift.user_id) if guild and shift.user_id else None
        nobody = request.words("rota.nobody_yet") if shift.user_id is None else "?"
        who = member.display_name if member else nobody
        return f"{who}: {hours_text(request.words, shift.hours)}"


async def _read(request: Request, typed: Typed, before: Shift | None) -> Shift:
    """Read what was typed into a shift.

    Raises:
        UserError: Something cannot be read; the sentence gives it back.
    """
    zone = before.hours.zone if before else request.services.programme.current.zone
    if typed.zone is not None:
        zone = await read_shift_zone(typed.zone, request.words)
    today = local_day(request.now, find_zone(zone))
    empty = Hours(start=time(0), end=time(0), zone=zone, first_day=today)
    shift = before or Shift(id=ShiftId(new_id()), user_id=None, hours=empty)
    hours = replace(_hours(request, typed, shift.hours, today), zone=zone)
    if typed.who is not None:
        shift = replace(shift, user_id=typed.who.id)
    if typed.level is not None:
        shift = replace(shift, level=Level(typed.level))
    if typed.rooms is not None:
        rooms = read_shift_rooms(request, typed.rooms)
        shift = replace(shift, rooms=rooms)
    if typed.languages is not None:
        shift = replace(shift, languages=read_language_names(typed.languages, request.words))
    return replace(shift, hours=hours)


def _hours(request: Request, typed: Typed, hours: Hours, today: date) -> Hours:
    if typed.days is not None:
        found = read_shift_days(request, typed.days, today)
        first = found.on or max(hours.first_day, today)
        hours = replace(hours, days=found.weekdays, first_day=first)
        if found.on is not None:
            hours = replace(hours, last_day=None)
    if typed.start is not None or typed.end is not None:
        start, end = read_shift_hours(
            typed.start or hours.start.isoformat("minutes"),
            typed.end or hours.end.isoformat("minutes"),
            are_both=typed.start is not None and typed.end is not None,
        )
        hours = replace(hours, start=start, end=end)
    if typed.first_day is not None and hours.is_weekly:
        hours = replace(hours, first_day=read_shift_date(request, typed.first_day, today))
    if typed.last_day is not None and hours.is_weekly:
        last = None
        if not is_dash(typed.last_day):
            last = read_shift_date(request, typed.last_day, today)
        hours = replace(hours, last_day=last)
    return hours
