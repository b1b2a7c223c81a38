"""What leads type of a shift: read, or refused with a sentence that gives it back."""

from datetime import date, time

import discord

from bot.domain.daytime import DaytimeError
from bot.domain.typed_dates import DateTextError, read_day
from bot.domain.typed_shift import ShiftTextError, TypedDays, read_days, read_hours
from bot.domain.zones import fold
from bot.errors import UserError
from bot.text import Words
from bot.ui.cards import escape
from bot.ui.request import Request
from cogs._places import named_zone, read_daytime, suggested_places

DASHES = frozenset({"-", "–", "—", "−"})
MOST_NAMED = 3
MOST_CHOICES = 25
LONGEST_CHOICE = 100


def is_dash(typed: str) -> bool:
    """Tell whether somebody typed a dash, which takes something away."""
    return typed.strip() in DASHES


def read_shift_days(request: Request, typed: str, today: date) -> TypedDays:
    """Read weekdays or one date.

    Raises:
        UserError: They are neither.
    """
    try:
        return read_days(typed, today=today, day_first=request.words.locale != "en")
    except ShiftTextError as error:
        raise UserError("rota.days_unreadable", typed=escape(typed)) from error


def read_shift_date(request: Request, typed: str, today: date) -> date:
    """Read one date.

    Raises:
        UserError: It is none.
    """
    try:
        return read_day(typed, today=today, day_first=request.words.locale != "en")
    except (DateTextError, OverflowError) as error:
        raise UserError("rota.day_unreadable", typed=escape(typed)) from error


def read_shift_hours(start: str, end: str, *, are_both: bool) -> tuple[time, time]:
    """Read from when until when; alone, a time is read as it stands.

    Raises:
        UserError: One of them is no time of day.
    """
    first, last = read_daytime(start).at, read_daytime(end).at
    if not are_both:
        return first, last
    try:
        return read_hours(start, end)
    except DaytimeError as error:
        raise UserError("settings.time_unreadable", typed=escape(f"{start}, {end}")) from error


async def read_shift_zone(typed: str, words: Words) -> str:
    """Read a zone by its name or a city in it.

    Raises:
        UserError: There is none, or several; the sentence names the nearest.
    """
    zone = await named_zone(typed, words)
    if zone is not None:
        return zone
    found = await suggested_places(typed, words)
    names = [f"{place.label} ({place.zone})" for place in found[:MOST_NAMED]]
    raise UserError("rota.zone_many", typed=escape(typed), found=words.listing(names))


def read_language_names(typed: str, words: Words) -> tuple[str, ...]:
    """Read languages by their names or codes; a dash means none in particular.

    Raises:
        UserError: One of them is unknown.
    """
    if is_dash(typed):
        return ()
    known = {fold(str(name)): str(code) for code, name in words.rules.languages.items()}
    known |= {code: code for code in known.values() if "_" not in code}
    codes = []
    for part in filter(None, (part.strip() for part in typed.split(","))):
        code = known.get(fold(part))
        if code is None:
            raise UserError("rota.language_unknown", typed=escape(part))
        codes.append(code)
    return tuple(dict.fromkeys(codes))


def read_shift_rooms(request: Request, typed: str) -> frozenset[str]:
    """Read rooms by the names of their channels; a dash means all.

    Raises:
        UserError: One of them is no room.
    """
    if is_dash(typed):
        return frozenset()
    known = _rooms(request, request.interaction.guild)
    found = set()
    for part in filter(None, (part.strip() for part in typed.split(","))):
        room_id = known.get(fold(part))
        if room_id is None:
            names = request.words.listing(sorted(known)[:10]) or "-"
            raise UserError("rota.room_unknown", typed=escape(part), rooms=names)
        found.add(room_id)
    return frozenset(found)


def suggest_rooms(request: Request, guild: discord.Guild | None, typed: str) -> list[str]:
    """Complete the last of several names."""
    head, comma, last = typed.rpartition(",")
    named = {fold(part) for part in head.split(",")}
    names = [
        name for name in sorted(_rooms(request, guild)) if fold(last) in name and name not in named
    ]
    texts = [f"{head}{comma} {name}".strip() for name in names]
    return [text for text in texts if len(text) <= LONGEST_CHOICE][:MOST_CHOICES]


def _rooms(request: Request, guild: discord.Guild | None) -> dict[str, str]:
    """Return the rooms by their channels' names, without accents and signs."""
    found = {}
    for room in request.services.rooms.all():
        channel_id = request.services.rooms.channel_of(room.id)
        channel = guild.get_channel(channel_id) if guild and channel_id else None
        if channel is not None:
            found[fold(channel.name)] = str(room.id)
    return found
