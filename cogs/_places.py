"""Typed places and times: read, or refused with a sentence."""

import asyncio
from collections.abc import Sequence
from datetime import time

from bot.domain.daytime import Daytime, DaytimeError, parse_daytime
from bot.domain.zones import Place, exact_place, find_places, near_places
from bot.errors import UserError
from bot.text import Words
from bot.ui.cards import escape
from bot.ui.zones import canonical, country_of, places


async def named_zone(typed: str, words: Words) -> str | None:
    """Return the one zone a text names; nothing where several places may be meant.

    Raises:
        UserError: It names none; the sentence holds near names where there are some.
    """
    known = await asyncio.to_thread(places, words.locale)
    if (place := exact_place(typed, known)) is not None:
        return place.zone
    if (zone := canonical(typed)) is not None and country_of(zone):
        return zone
    if find_places(typed, known):
        return None
    near = near_places(typed, known)
    if not near:
        raise UserError("settings.zone_unknown", typed=escape(typed))
    names = words.listing([f"{place.label} ({place.zone})" for place in near[:3]])
    raise UserError("settings.zone_near", typed=escape(typed), near=names)


async def suggested_places(typed: str, words: Words) -> Sequence[Place]:
    """Return the places a text may mean, or look like."""
    known = await asyncio.to_thread(places, words.locale)
    return find_places(typed, known) or near_places(typed, known)


def read_daytime(typed: str) -> Daytime:
    """Read a typed time.

    Raises:
        UserError: It is none; the sentence gives it back.
    """
    try:
        return parse_daytime(typed)
    except DaytimeError as error:
        raise UserError("settings.time_unreadable", typed=escape(typed)) from error


def read_span(start: str, end: str) -> tuple[time, time] | None:
    """Read two typed times, or none where both are empty.

    Raises:
        UserError: One is missing, or is no time.
    """
    if not start and not end:
        return None
    if not start or not end:
        raise UserError("settings.hours_half")
    return read_daytime(start).at, read_daytime(end).at
