"""Crisis lines: which two or three to show first for a country, and which need checking."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST_LINES = 3
STALE_AFTER = timedelta(days=90)
DIRECTORY_URL = "https://findahelpline.com"
"""The world directory named by SAFETY section 2 for countries without lines of their own."""

ADVICE_NUMBERS = ("112", "911", "999")
"""What to try where the emergency number is not known (SAFETY section 2)."""

Phrase = Mapping[str, str]
"""One short text by locale."""


class LineKind(StrEnum):
    """What a line is for."""

    SUICIDE = "suicide"
    GENERAL = "general"
    DOMESTIC_VIOLENCE = "domestic_violence"
    SUBSTANCE = "substance"
    YOUTH = "youth"
    VETERANS = "veterans"
    EMERGENCY = "emergency"


class ChannelKind(StrEnum):
    """A way to reach a line."""

    CALL = "call"
    TEXT = "text"
    CHAT = "chat"
    TTY = "tty"
    EMAIL = "email"


class BarrierAction(StrEnum):
    """The one thing offered under the answer to "what makes calling hard?"."""

    CALL = "call"
    TEXT = "text"
    CHAT = "chat"
    EMERGENCY = "emergency"
    ASK_STAFF = "ask_staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class LineChannel:
    """A number, site or address, with the word to text or the key to press where one is needed."""

    kind: ChannelKind
    to: str
    word: str = ""
    press: str = ""

    @property
    def url(self) -> str | None:
        """The address of a chat, for a link button."""
        return f"https://{self.to}" if self.kind is ChannelKind.CHAT else None


@dataclass(frozen=True, kw_only=True, slots=True)
class CrisisLine:
    """One service. An empty ``hours``, ``cost`` or ``languages`` means not known."""

    id: str
    countries: tuple[str, ...]
    service: str
    kind: LineKind
    channels: tuple[LineChannel, ...]
    hours: Phrase
    cost: Phrase
    audience: Phrase
    note: Phrase
    languages: tuple[str, ...]
    is_for_everyone: bool
    source: str
    source_url: str
    checked_on: date | None
    is_verified: bool

    def channel(self, kind: ChannelKind) -> LineChannel | None:
        """Find the first way of this kind to reach the line."""
        return next((channel for channel in self.channels if channel.kind is kind), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Country:
    """A country by its ISO 3166 code, with its emergency numbers."""

    code: str
    name: Phrase
    emergency: tuple[str, ...]
    source: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LineChoice:
    """What to show at once and what behind *More*; unverified lines are in neither."""

    first: tuple[CrisisLine, ...] = ()
    more: tuple[CrisisLine, ...] = ()

    @property
    def all(self) -> tuple[CrisisLine, ...]:
        """Every line of the country, the first ones first."""
        return (*self.first, *self.more)

    def reachable_by(self, kind: ChannelKind) -> CrisisLine | None:
        """Find the first line that can be reached this way."""
        return next((line for line in self.all if line.channel(kind)), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class CrisisDirectory:
    """All lines and countries, the operator's own already merged in."""

    lines: tuple[CrisisLine, ...]
    countries: Mapping[str, Country]

    def choose(self, country: str | None) -> LineChoice:
        """Choose the lines for a country; empty where none is verified."""
        return choose_lines(self.lines, country) if country else LineChoice()

    def emergency_numbers(self, country: str | None) -> tuple[str, ...]:
        """Give the country's emergency numbers; empty where they are not known."""
        known = self.countries.get(country or "")
        return known.emergency if known else ()

    def name(self, country: str | None, locale: str) -> str | None:
        """Give the country's name in a language, or ``None`` for one not listed."""
        known = self.countries.get(country or "")
        return in_locale(known.name, locale) if known else None


def in_locale(phrase: Phrase, locale: str) -> str:
    """Read a phrase in a language, in English where it has no other."""
    return phrase.get(locale) or phrase.get("en", "")


def choose_lines(lines: Iterable[CrisisLine], country: str) -> LineChoice:
    """Choose at most three lines to show first: crisis, then violence at home, then substances.

    Lines for one group only (veterans, young people, a region) come first only where nothing
    else would make up two.
    """
    usable = [line for line in lines if line.is_verified and country in line.countries]
    broad = [line for line in usable if line.is_for_everyone]
    crisis = [line for line in broad if line.kind in {LineKind.SUICIDE, LineKind.GENERAL}]
    beside = [
        found
        for kind in (LineKind.DOMESTIC_VIOLENCE, LineKind.SUBSTANCE)
        if (found := next((line for line in broad if line.kind is kind), None))
    ]
    first = [*crisis[: FIRST_LINES - len(beside)], *beside]
    rest = [line for line in usable if line not in first]
    while len(first) < FIRST_LINES - 1 and rest:
        first.append(rest.pop(0))
    return LineChoice(first=tuple(first), more=tuple(rest))


def stale_lines(lines: Iterable[CrisisLine], today: date) -> tuple[CrisisLine, ...]:
    """List the lines in use that were last checked more than 90 days ago."""
    return tuple(
        line
        for line in lines
        if line.is_verified and (line.checked_on is None or today - line.checked_on > STALE_AFTER)
    )
