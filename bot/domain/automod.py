"""Discord's own filter in place of the screen: which words it looks for, within its limits."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.risk import RiskClass
from bot.domain.watch import GROUPS, Group

PREFIX = "Interlude"
MOST_RULES = 6
MOST_KEYWORDS = 1000
LONGEST = 60
WILD = "*"


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """One phrase as Discord takes it; a star at an end lets the word go on."""

    text: str
    label: RiskClass


@dataclass(frozen=True, kw_only=True, slots=True)
class FilterRule:
    """One of our rules in Discord."""

    name: str
    keywords: frozenset[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class FilterPlan:
    """What the rules are to be.

    Attributes:
        channel_id: Where Discord shows what it found.
        roles: Whose posts it leaves alone.
        channels: Where it does not look.
    """

    rules: Sequence[FilterRule]
    channel_id: int
    roles: frozenset[int]
    channels: frozenset[int]


def filter_rules(phrases: Collection[Phrase]) -> Sequence[FilterRule]:
    """Put the phrases into rules, one for each kind of danger."""
    words: Mapping[Group, set[str]] = {group: set() for group in Group}
    for phrase in phrases:
        words[GROUPS[phrase.label]].add(phrase.text)
    return [
        FilterRule(name=f"{PREFIX} {group.value}", keywords=frozenset(found))
        for group, found in words.items()
        if found
    ]


def plain(keyword: str) -> str:
    """Return a phrase without its stars."""
    return keyword.strip(WILD)
