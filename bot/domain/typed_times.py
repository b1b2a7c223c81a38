"""Times of day inside a longer text: `lunes a las 9 y 20`, `every morning`, `fri 7pm`."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from bot.domain.daytime import Daytime, DaytimeError, parse_daytime

_PARTS = (
    r"in the morning|in the afternoon|in the evening|at night|"
    r"(?:de|por|en) la (?:manana|tarde|noche|madrugada)|del mediodia"
)
_CLOCK = rf"\d{{1,2}}(?:[:h]\d{{2}}|\s(?:y media|y cuarto)\b)?(?:\s?(?:[ap]\.?\s?m\b\.?|hs?\b|hrs\b|horas\b|o'clock))?(?:\s(?:{_PARTS}))?"  # noqa: E501 - one pattern
_SURE = (
    rf"\d{{1,2}}[:h]\d{{2}}(?:\s?(?:[ap]\.?\s?m\b\.?|hs?\b|horas\b))?(?:\s(?:{_PARTS}))?"
    r"|\d{1,2}\s?(?:[ap]\.?\s?m\b\.?|hs\b|hrs\b|horas\b|o'clock)"
    rf"|\d{{1,2}}\s(?:{_PARTS})"
    r"|\b(?:noon|midday|midnight)\b|\b(?:al )?mediodia\b|\b(?:a )?medianoche\b"
)
_LED = r"(?:\bat|@|\ba las?|\blas?)\s?"
_NOT_A_COUNT = (
    r"(?!\d|\s?[/.]\s?\d|\s?(?:st|nd|rd|th)\b|\s(?:days?|weeks?|months?|years?|dias?|semanas?"
    r"|mes(?:es)?|anos?|times?|veces|de [a-z]{4,})\b(?<!de la manana))"
)
_TIME = rf"(?:(?:{_SURE})|{_CLOCK}{_NOT_A_COUNT})"
_AND = r"(?:\s?,\s?(?:and |y )?|\s(?:and|y|e|&)\s|\s?/\s?|\s(?:or|o)\s)"
_LIST = re.compile(rf"(?:{_LED}{_TIME}|(?:{_SURE}))(?:{_AND}(?:{_LED})?{_TIME})*(?!\d|[:/.]\d)")
_ONE = re.compile(rf"(?:{_LED})?({_TIME})")
_NUMBERS = r"\d{1,2}(?:\s?,\s?(?:and |y )?\d{1,2}|\s(?:and|y|e|&)\s\d{1,2})*"
_BARE = re.compile(
    r"(?:(?P<before>(?:every|each) day|daily|todos los dias|cada dia|a diario),? )?"
    rf"(?P<n>{_NUMBERS})"
)

MORNING, AFTERNOON, EVENING = time(9), time(16), time(20)
_DAY_PARTS: tuple[tuple[str, time, bool], ...] = (
    (r"\b(?:tonight|esta noche)\b", EVENING, True),
    (r"\bthis evening\b", EVENING, True),
    (r"\b(?:this afternoon|esta tarde)\b", AFTERNOON, True),
    (r"\b(?:this morning|esta manana)\b", MORNING, True),
    (r"\b(?:in the mornings?|(?:por|de|en) las? mananas?|mornings)\b", MORNING, False),
    (r"\b(?:in the afternoons?|(?:por|de|en) las? tardes?|afternoons)\b", AFTERNOON, False),
    (
        r"\b(?:in the evenings?|at night|(?:por|de|en) las? noches?|evenings|nights)\b",
        EVENING,
        False,
    ),
    (r"\bmorning\b", MORNING, False),
    (r"\bafternoon\b", AFTERNOON, False),
    (r"\b(?:evening|night)\b", EVENING, False),
)
_EVERY_PART: tuple[tuple[str, time], ...] = (
    (r"\b(?:every|each) morning\b|\b(?:cada|todas las) mananas?\b", MORNING),
    (r"\b(?:every|each) afternoon\b|\b(?:cada|todas las) tardes?\b", AFTERNOON),
    (r"\b(?:every|each) (?:evening|night)\b|\b(?:cada|todas las) noches?\b", EVENING),
)
_TIMES_A_DAY: tuple[tuple[str, tuple[time, ...]], ...] = (
    (
        r"\b(?:twice a day|two times a day|2 times a day|(?:dos|2) veces al dia)\b",
        (MORNING, EVENING),
    ),
    (
        r"\b(?:(?:three|3) times a day|(?:tres|3) veces al dia)\b",
        (MORNING, time(14), EVENING),
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """The times a text holds.

    Attributes:
        readings: Every set of times it may mean; empty where no time was given.
        parts: What a part of the day stands for, where it was named without a time.
        is_once: It spoke of today, such as `tonight`.
    """

    readings: Sequence[tuple[time, ...]] = ()
    parts: tuple[time, ...] = ()
    is_once: bool = False


def plain_text(text: str) -> str:
    """Take away accents, capitals, closing marks and double spaces."""
    split = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in split if not unicodedata.combining(sign))
    return re.sub(r"\s+", " ", bare).strip().strip(".;!?").strip()


def cut_times(plain: str, *, is_24h: bool = False) -> tuple[str, Times]:
    """Take the times out of a text and return what is left of it, and them.

    Args:
        plain: What `plain_text` returned.
        is_24h: Whether `9:00` is nine in the morning, as where no one says am and pm.

    Raises:
        DaytimeError: A time makes no sense, such as `25:70`.
    """
    rest, named = _cut_parts(plain)
    typed: list[Daytime] = []
    for match in _LIST.finditer(rest):
        typed += [_daytime(found, is_24h=is_24h) for found in _ONE.findall(match[0])]
    rest = _tidy(_LIST.sub(" ", rest))
    if not typed and (bare := _BARE.fullmatch(rest)):
        typed = [parse_daytime(number) for number in re.findall(r"\d{1,2}", bare["n"])]
        rest = bare["before"] or ""
    if not typed:
        cut, parts, is_once = _cut_day_parts(rest)
        return cut, Times(parts=(*named, *parts), is_once=is_once)
    # "tomorrow at 9 in the evening" and "tonight at 8": the part of the day settles the hour.
    cut, parts, is_once = _cut_day_parts(rest)
    readings = _readings(typed, (*named, *parts))
    return cut, Times(readings=readings, is_once=is_once)


def _daytime(text: str, *, is_24h: bool) -> Daytime:
    found = parse_daytime(text)
    has_minutes = re.fullmatch(r"\d{1,2}[:h]\d{2}", text.strip()) is not None
    return Daytime(at=found.at) if is_24h and has_minutes else found


def _readings(typed: Sequence[Daytime], named: Sequence[time]) -> list[tuple[time, ...]]:
    as_written = tuple(one.at for one in typed)
    is_clock = any(one.at.hour > 12 or one.at.hour == 0 for one in typed)
    is_open = any(one.is_open for one in typed)
    if not is_open or (is_clock and not named):
        return [as_written]
    later = tuple(one.readings[-1] for one in typed)
    if named:
        return [as_written if named[0] == MORNING else later]
    # Three in the night is the less likely of the two.
    early = min(one.at.hour for one in typed if one.is_open) < 6
    return [later, as_written] if early else [as_written, later]


def _cut_parts(plain: str) -> tuple[str, tuple[time, ...]]:
    """Replace `every morning` by `every day`, and take out `twice a day`."""
    named: list[time] = []
    rest = plain
    for pattern, times in _TIMES_A_DAY:
        if re.search(pattern, rest):
            named += times
            rest = _tidy(re.sub(pattern, " ", rest))
    for pattern, at in _EVERY_PART:
        if re.search(pattern, rest):
            named.append(at)
            rest = _tidy(re.sub(pattern, " every day ", rest))
    return rest, tuple(named)


def _cut_day_parts(plain: str) -> tuple[str, tuple[time, ...], bool]:
    named: list[time] = []
    is_once = False
    rest = plain
    for pattern, at, is_today in _DAY_PARTS:
        if re.search(pattern, rest):
            named.append(at)
            is_once = is_once or is_today
            rest = _tidy(re.sub(pattern, " ", rest))
    return rest, tuple(named), is_once


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\s,", " ", text)).strip(" ,")


__all__ = ["DaytimeError", "Times", "cut_times", "plain_text"]
