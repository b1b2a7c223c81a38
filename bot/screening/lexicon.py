"""The rules of `data/risk/lexicon.toml`: wording as data, matched in linear time."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import re2

from bot.domain.risk import RiskClass, Tier
from bot.errors import StartError
from bot.screening.characters import listed_words
from bot.screening.context import Cues
from bot.screening.needs import Needed, check_phrase

SLOT = re.compile(r"\{([a-z_]+)\}")
GAP = re.compile(r"~([0-9]+)")
BETWEEN = r"[^a-z0-9.!?;\n]{1,3}"
"""What may stand between two words of one clause."""

OPTIONS = re2.Options()
OPTIONS.log_errors = False
OPTIONS.max_mem = 16 << 20
OPTIONS.never_capture = True


class Guard(StrEnum):
    """What takes a rule's hit back, or lowers it."""

    NEGATED = "negated"
    REMOTE = "remote"
    QUOTED = "quoted"
    EDUCATIONAL = "educational"
    FIGURATIVE = "figurative"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One way people say something.

    Attributes:
        phrases: The phrases, their slots filled in.
        pattern: For any one of them.
        guards: What takes its hits back.
        unless: What, in the same sentence, makes it another matter.
        examples: Lines it must find.
        counterexamples: Lines it must leave.
    """

    id: str
    label: RiskClass
    tier: Tier
    languages: tuple[str, ...]
    phrases: tuple[str, ...]
    pattern: str
    guards: frozenset[Guard]
    unless: str
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


class Lexicon:
    """The rules, ready to match."""

    def __init__(
        self, rules: Sequence[Rule], cues: Cues, version: str, ordinary: Sequence[str] = ()
    ) -> None:
        self.rules = tuple(rules)
        self.cues = cues
        self.version = version
        self._needed = Needed([rule.phrases for rule in rules], ordinary)
        # Bytes, since a view is ASCII: re2 then need not count characters.
        # One automaton for all rules has too many states to be kept; one each is faster.
        self._finders = [re2.compile(rule.pattern.encode(), OPTIONS) for rule in rules]
        self._by_id = {rule.id: finder for rule, finder in zip(rules, self._finders, strict=True)}
        self._unless = {
            rule.id: re2.compile(rule.unless.encode(), OPTIONS) if rule.unless else None
            for rule in rules
        }

    def matches(self, text: str) -> Iterator[tuple[Rule, int, int]]:
        """Find every phrase of every rule in a view's text."""
        likely = self._needed.rules(text)
        if not likely:
            return
        raw = text.encode("ascii")
        for index in likely:
            rule = self.rules[index]
            for found in self._finders[index].finditer(raw):
                yield rule, found.start(), found.end()

    def holds(self, rule: Rule, text: str) -> bool:
        """Tell whether the rule finds something in a text."""
        return self.pattern_of(rule).search(text.encode("ascii")) is not None

    def pattern_of(self, rule: Rule) -> "re2._Regexp[bytes]":
        """Give what finds any phrase of the rule in a view's text as bytes."""
        return self._by_id[rule.id]

    def is_other_matter(self, rule: Rule, sentence: str) -> bool:
        """Tell whether the sentence makes the rule's phrase something else."""
        unless = self._unless[rule.id]
        return unless is not None and unless.search(sentence.encode("ascii")) is not None


def load_lexicon(directory: Path) -> Lexicon:
    """Read the lexicon and the files it names.

    Raises:
        StartError: With every fault of every rule.
    """
    table = _read(directory / "lexicon.toml")
    slots: dict[str, str] = dict(table["slots"])
    entries: list[Mapping[str, Any]] = list(table.get("rules", ()))
    for name in table.get("files", ()):
        part = _read(directory / name)
        slots |= part.get("slots", {})
        entries += part["rules"]
    faults: list[str] = []
    rules = [rule for entry in entries if (rule := _rule(entry, slots, faults)) is not None]
    faults += _twice(rule.id for rule in rules)
    if faults:
        raise StartError(f"The risk lexicon has faults: {'; '.join(faults)}")
    cues = {name: _pattern(_filled(phrases, slots)) for name, phrases in table["cues"].items()}
    return Lexicon(rules, Cues(**cues), str(table["version"]), listed_words(directory))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StartError(f"The risk lexicon {file.name} cannot be read: {error}") from error


def _rule(entry: Mapping[str, Any], slots: Mapping[str, str], faults: list[str]) -> Rule | None:
    name = str(entry.get("id", "a rule without an ID"))
    try:
        phrases = _filled(entry["phrases"], slots)
        for phrase in phrases:
            check_phrase(phrase)
        rule = Rule(
            id=entry["id"],
            label=RiskClass(entry["class"]),
            tier=Tier(entry["tier"]),
            languages=tuple(entry["languages"]),
            phrases=phrases,
            pattern=_pattern(phrases),
            guards=frozenset(Guard(guard) for guard in entry["guards"]),
            unless=_pattern(_filled(entry.get("unless", ()), slots)),
            examples=tuple(entry["examples"]),
            counterexamples=tuple(entry["counterexamples"]),
        )
        re2.compile(rule.pattern, OPTIONS)
    except (KeyError, ValueError, re2.error) as error:
        faults.append(f"{name}: {error}")
        return None
    return rule


def _pattern(phrases: Sequence[str]) -> str:
    """Put phrases together into one pattern: gaps and spaces widened."""
    if not phrases:
        return ""
    return rf"\b(?:{'|'.join(map(widened, phrases))})(?:\b|$)"


def _filled(phrases: Iterable[str], slots: Mapping[str, str]) -> tuple[str, ...]:
    """Fill in the slots of phrases, and the slots in those."""
    return tuple(_with_slots(phrase, slots) for phrase in phrases)


def _with_slots(phrase: str, slots: Mapping[str, str]) -> str:
    while (slot := SLOT.search(phrase)) is not None:
        if slot[1] not in slots:
            raise ValueError(f"there is no slot {slot[1]}")
        phrase = f"{phrase[: slot.start()]}(?:{slots[slot[1]]}){phrase[slot.end() :]}"
    return phrase


def widened(phrase: str) -> str:
    """Give the pattern of a phrase: its gaps, and what may stand where it has a space."""
    phrase = GAP.sub(lambda gap: rf"(?:[a-z0-9^]+{BETWEEN}){{0,{gap[1]}}}", phrase)
    return phrase.replace(" ", f"(?:{BETWEEN})")


def _twice(names: Iterable[str]) -> list[str]:
    return [f"{name} is there {count} times" for name, count in Counter(names).items() if count > 1]
