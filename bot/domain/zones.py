"""Finding a person's zone from what their clock shows, or from a place they name."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache

from bot.domain.localtime import find_zone

MOST_CHOICES = 25
"""As many options as one select of Discord's holds."""

CLOCK_TOLERANCE = timedelta(minutes=10)
"""A clock may be off, and a form takes a while to fill in."""

LIKELY = (
    "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Denver",
    "America/Mexico_City", "Europe/London", "Europe/Madrid", "America/Bogota",
    "America/Argentina/Buenos_Aires", "America/Sao_Paulo", "America/Lima", "America/Santiago",
    "America/Caracas", "America/Toronto", "Asia/Kolkata", "Australia/Sydney", "Europe/Berlin",
    "Europe/Paris", "Asia/Manila", "Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi",
    "Pacific/Auckland", "America/Phoenix", "America/Puerto_Rico", "America/Anchorage",
    "Pacific/Honolulu", "America/Halifax", "America/Vancouver", "America/Guayaquil",
    "America/Guatemala", "America/La_Paz", "America/Havana", "America/Santo_Domingo",
    "America/Costa_Rica", "America/Panama", "America/Montevideo", "America/Asuncion",
    "America/El_Salvador", "America/Tegucigalpa", "America/Managua", "America/Tijuana",
    "America/Edmonton", "America/Winnipeg", "America/St_Johns", "America/Regina",
    "Europe/Dublin", "Europe/Lisbon", "Europe/Rome", "Europe/Amsterdam", "Europe/Warsaw",
    "Europe/Athens", "Europe/Kyiv", "Europe/Istanbul", "Europe/Moscow", "Africa/Cairo",
    "Africa/Casablanca", "Africa/Accra", "Asia/Dubai", "Asia/Jerusalem", "Asia/Riyadh",
    "Asia/Karachi", "Asia/Dhaka", "Asia/Bangkok", "Asia/Jakarta", "Asia/Ho_Chi_Minh",
    "Asia/Shanghai", "Asia/Singapore", "Asia/Hong_Kong", "Australia/Perth", "Asia/Tokyo",
    "Asia/Seoul", "Australia/Brisbane", "Australia/Melbourne", "Australia/Adelaide",
    "Australia/Darwin", "Pacific/Guam", "Pacific/Fiji", "Asia/Tehran", "Asia/Kathmandu",
    "Asia/Kabul", "Asia/Yangon", "Pacific/Port_Moresby", "Pacific/Tongatapu",
    "Pacific/Pago_Pago", "America/Noronha", "Atlantic/Azores",
)  # fmt: skip
"""Zones by how likely someone who reads this bot's languages lives there."""

NICKNAMES = {
    "eastern": "America/New_York", "eastern time": "America/New_York", "et": "America/New_York",
    "est": "America/New_York", "edt": "America/New_York",
    "central": "America/Chicago", "central time": "America/Chicago", "ct": "America/Chicago",
    "cst": "America/Chicago", "cdt": "America/Chicago",
    "mountain": "America/Denver", "mountain time": "America/Denver", "mt": "America/Denver",
    "mst": "America/Denver", "mdt": "America/Denver",
    "pacific": "America/Los_Angeles", "pacific time": "America/Los_Angeles",
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "bst": "Europe/London", "cet": "Europe/Paris", "ist": "Asia/Kolkata",
    "aest": "Australia/Sydney", "nzst": "Pacific/Auckland",
}  # fmt: skip
"""What people call a zone. `EST` in the zone database is Panama's, without summer time."""

_RANKS = {name: rank for rank, name in enumerate(LIKELY)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A zone as people name it, in one language.

    Attributes:
        zone: The IANA name.
        country: The country's two letters.
        area: What the zone is called, such as `Eastern Time`.
    """

    zone: str
    city: str
    country: str
    country_name: str
    area: str

    @property
    def label(self) -> str:
        """City and country."""
        return f"{self.city}, {self.country_name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ClockChoice:
    """A time that someone's clock may show right now."""

    offset: int
    local: datetime
    zones: tuple[str, ...]


def offset_of(zone: str, now: datetime) -> int:
    """Return how many minutes a zone is ahead of UTC at a moment."""
    shift = find_zone(zone).utcoffset(now.astimezone(find_zone(zone)))
    return 0 if shift is None else shift // timedelta(minutes=1)


def clock_choices(
    now: datetime, zones: Iterable[str] = LIKELY, first: str | None = None
) -> Sequence[ClockChoice]:
    """List the times that clocks show now, from west to east, at most as many as a select holds.

    Args:
        now: The moment.
        zones: Zones by likelihood; the least likely times are left out.
        first: A zone to put before all others, such as the programme's.
    """
    found: dict[int, list[str]] = {}
    for name in [first, *zones] if first else zones:
        found.setdefault(offset_of(name, now), []).append(name)
    kept = sorted(list(found)[:MOST_CHOICES])
    return [
        ClockChoice(
            offset=offset,
            local=(now.astimezone(UTC) + timedelta(minutes=offset)).replace(tzinfo=None),
            zones=tuple(dict.fromkeys(found[offset])),
        )
        for offset in kept
    ]


def fitting_offsets(readings: Iterable[time], now: datetime, zones: Iterable[str]) -> Sequence[int]:
    """Return the offsets at which a clock shows one of these times, from west to east."""
    in_use = {offset_of(name, now) for name in zones}
    wanted = list(readings)
    return sorted(offset for offset in in_use if any(_fits(at, now, offset) for at in wanted))


def _fits(at: time, now: datetime, offset: int) -> bool:
    local = now.astimezone(UTC) + timedelta(minutes=offset)
    shown = timedelta(hours=local.hour, minutes=local.minute)
    apart = abs(timedelta(hours=at.hour, minutes=at.minute) - shown)
    return min(apart, timedelta(days=1) - apart) <= CLOCK_TOLERANCE


def zones_with(
    offset: int, now: datetime, zones: Iterable[str], first: str | None = None
) -> Sequence[str]:
    """Return the zones whose clocks are at an offset now, the likeliest first."""
    fitting = [name for name in zones if offset_of(name, now) == offset]
    return sorted(fitting, key=lambda name: (name != first, rank(name), name))[:MOST_CHOICES]


def rank(zone: str) -> int:
    """Return how early a zone is offered."""
    return _RANKS.get(zone, len(_RANKS))


def find_places(text: str, places: Sequence[Place]) -> Sequence[Place]:
    """Return the places a text may mean, the best first; an empty one means all."""
    wanted = fold(text)
    if not wanted:
        return sorted(places, key=lambda place: rank(place.zone))[:MOST_CHOICES]
    scored = [(score, place) for place in places if (score := _score(wanted, place)) is not None]
    scored.sort(key=lambda pair: (pair[0], rank(pair[1].zone), pair[1].label))
    return [place for _, place in scored[:MOST_CHOICES]]


def exact_place(text: str, places: Sequence[Place]) -> Place | None:
    """Return the one place a text names exactly: by its IANA name, city or usual name."""
    wanted = fold(text)
    named = [place for place in places if fold(place.zone) == wanted]
    if not named and wanted in NICKNAMES:
        named = [place for place in places if place.zone == NICKNAMES[wanted]]
    if not named:
        named = [place for place in places if wanted in (fold(place.city), fold(place.label))]
    return named[0] if len(named) == 1 else None


def near_places(text: str, places: Sequence[Place]) -> Sequence[Place]:
    """Return a few places whose names look like a text."""
    names: dict[str, Place] = {}
    for place in sorted(places, key=lambda place: rank(place.zone)):
        for name in (place.city, place.zone, place.country_name):
            names.setdefault(fold(name), place)
    close = difflib.get_close_matches(fold(text)[:60], names, n=8, cutoff=0.6)
    return list(dict.fromkeys(names[name] for name in close))[:5]


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Take away accents, capitals and signs, so that names can be compared."""
    split = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in split if not unicodedata.combining(sign))
    return re.sub(r"[\W_]+", " ", bare).strip()


def _score(wanted: str, place: Place) -> int | None:
    city, country = fold(place.city), fold(place.country_name)
    if NICKNAMES.get(wanted) == place.zone or wanted in (city, fold(place.zone)):
        return 0
    if wanted in (country, place.country.casefold(), fold(place.area)):
        return 1
    everything = f"{city} {country} {fold(place.zone)} {fold(place.area)}"
    if city.startswith(wanted) or country.startswith(wanted):
        return 2
    if all(f" {word}" in f" {everything}" for word in wanted.split()):
        return 3
    return None
