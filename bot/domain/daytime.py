"""Times of day as people type them: `7pm`, `19:30`, `7:30 p.m.`, `7 de la tarde`."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

MORNING = frozenset({"am", "a", "in the morning", "de la manana", "por la manana", "manana"})
NIGHT_HOURS = frozenset({"at night", "de la noche", "por la noche", "noche", "tonight"})
AFTERNOON = frozenset(
    {
        "pm", "p", "in the afternoon", "in the evening", "afternoon", "evening", "de la tarde",
        "por la tarde", "tarde",
    }
)  # fmt: skip
SMALL_HOURS = frozenset({"de la madrugada", "madrugada"})
NOON = frozenset({"noon", "midday", "mediodia", "al mediodia", "del mediodia"})
MIDNIGHT = frozenset({"midnight", "medianoche", "a medianoche"})

_PARTS = "|".join(
    sorted(MORNING | NIGHT_HOURS | AFTERNOON | SMALL_HOURS | NOON, key=len, reverse=True)
)
_CLOCK = re.compile(
    r"(?:at |a las? |las? )?"
    r"(?P<hour>\d{1,2})"
    r"(?:\s?[:.h]\s?(?P<minute>\d{2})|(?P<packed>\d{2})|\s(?P<words>y media|y cuarto))?"
    r"(?:\s?(?:h|hs|hrs|horas|o'clock))?"
    rf"(?:\s?(?P<part>{_PARTS}))?"
)
_WORDS = {"y media": 30, "y cuarto": 15}


class DaytimeError(ValueError):
    """This is no time of day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Daytime:
    """A time of day that was typed.

    Attributes:
        at: The time as written; a bare `7:30` is read by the 24-hour clock.
        is_open: Nothing said whether it is morning or evening, so it may be 12 hours later.
    """

    at: time
    is_open: bool = False

    @property
    def readings(self) -> tuple[time, ...]:
        """Every time it may mean."""
        if not self.is_open:
            return (self.at,)
        return (self.at, self.at.replace(hour=(self.at.hour + 12) % 24))


def parse_daytime(text: str) -> Daytime:
    """Read a time of day in English or Spanish.

    Raises:
        DaytimeError: It cannot be read as one, such as `25:70` or `19 am`.
    """
    plain = _plain(text)
    if plain in NOON:
        return Daytime(at=time(12))
    if plain in MIDNIGHT:
        return Daytime(at=time(0))
    found = _CLOCK.fullmatch(plain)
    if found is None:
        raise DaytimeError(text)
    hour = int(found["hour"])
    minute = int(found["minute"] or found["packed"] or _WORDS.get(found["words"] or "", 0))
    if hour > 23 or minute > 59:
        raise DaytimeError(text)
    part = found["part"]
    if part is None:
        is_open = 1 <= hour <= 12 and not found["hour"].startswith("0")
        return Daytime(at=time(hour, minute), is_open=is_open)
    return Daytime(at=time(_hour_in(part, hour, text), minute))


def _hour_in(part: str, hour: int, text: str) -> int:
    """Read an hour in the part of the day that was named with it."""
    is_late = part in AFTERNOON or part in NOON or (part in NIGHT_HOURS and 6 <= hour <= 11)
    if hour > 12 or hour == 0:
        # `19:30 pm` says the same thing twice; `19 am` and `0 pm` contradict themselves.
        if hour >= 12 and part not in MORNING | SMALL_HOURS:
            return hour
        if hour == 0 and not is_late:
            return hour
        raise DaytimeError(text)
    if hour == 12:
        at_midnight = part in {"am", "a"} or part in SMALL_HOURS or part in NIGHT_HOURS
        return 0 if at_midnight else 12
    return hour + 12 if is_late else hour


def _plain(text: str) -> str:
    """Take away accents, capitals, the dots of `p. m.` and double spaces."""
    split = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in split if not unicodedata.combining(sign))
    bare = re.sub(r"\b([ap])\.?\s?m\b\.?", r"\1m", bare)
    bare = re.sub(r"\b([ap])\.$", r"\1", bare.strip())
    return re.sub(r"\s+", " ", bare).strip().strip(",.").strip()
