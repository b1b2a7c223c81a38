"""Zones and countries by the names people use, in each language."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location, get_timezone_name

from bot.domain.localtime import UnknownZoneError, find_zone
from bot.domain.zones import Place, fold

WORLD = frozenset({"001", "ZZ"})


@lru_cache(maxsize=1)
def zone_countries() -> Mapping[str, str]:
    """Return every zone that belongs to a country, with the country's two letters."""
    usable = available_timezones()
    territories: Mapping[str, str] = get_global("zone_territories")
    return {
        zone: country
        for zone, country in territories.items()
        if zone in usable and country not in WORLD
    }


def country_of(zone: str) -> str | None:
    """Return the country a zone belongs to."""
    return zone_countries().get(zone)


@lru_cache(maxsize=8)
def places(locale: str) -> Sequence[Place]:
    """Name every zone in a language.

    The first call for a language takes a quarter of a second: make it in a thread.
    """
    return [place for zone in zone_countries() if (place := find_place(zone, locale))]


@lru_cache(maxsize=2048)
def find_place(zone: str, locale: str) -> Place | None:
    """Name a zone in a language; nothing for one that belongs to no country."""
    country = country_of(zone)
    if country is None:
        return None
    rules = Locale.parse(locale)
    return Place(
        zone=zone,
        city=str(get_timezone_location(zone, locale=rules, return_city=True)).rpartition("/")[2],
        country=country,
        country_name=rules.territories.get(country, country),
        area=get_timezone_name(zone, locale=rules, zone_variant="generic"),
    )


def place_label(zone: str, locale: str) -> str:
    """Name a zone by its city and country; one of no country by its IANA name."""
    known = find_place(zone, locale)
    return known.label if known else zone


def canonical(text: str) -> str | None:
    """Return the IANA name that is meant by one, in whatever capitals or by an older name."""
    known = {fold(name): name for name in available_timezones()}
    name = known.get(fold(text))
    if name is None:
        return None
    aliases: Mapping[str, str] = get_global("zone_aliases")
    name = aliases.get(name, name)
    try:
        return find_zone(name).key
    except UnknownZoneError:
        return None


def country_name(code: str, locale: str) -> str:
    """Name a country in a language."""
    return str(Locale.parse(locale).territories.get(code, code))


def find_country(text: str, locale: str) -> str | None:
    """Return the two letters of the country a text names, in this language or in English."""
    wanted = fold(text)
    for code in (locale, "en"):
        for letters, name in Locale.parse(code).territories.items():
            if len(letters) == 2 and letters not in WORLD and wanted in (fold(name), fold(letters)):
                return str(letters)
    return None
