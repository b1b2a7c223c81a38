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
from bot.screening.context import Cues

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
        pattern: For one whole phrase; slots and gaps are filled in.
        guards: What takes its hits back.
        unless: What, in the same sentence, makes it another matter.
        examples: Lines it must find.
        counterexamples: Lines it must leave.
    """

    id: str
    label: RiskClass
    tier: Tier
    languages: tuple[str, ...]
    pattern: str
    guards: frozenset[Guard]
    unless: str
    examples: tuple[str, ...]
    counterexamples: tuple[str, ...]


class Lexicon:
    """The rules, ready to match."""

    def __init__(self, rules: Sequence[Rule], cues: Cues, version: str) -> None:
        self.rules = tuple(rules)
        self.cues = cues
        self.version = version
        # Tells from the letters they cannot do without which rules may hold at all.
        # Bytes, since a view is ASCII: re2 then need not count characters.
        self._filter = re2.Filter()
        for rule in rules:
            self._filter.Add(rule.pattern.encode(), OPTIONS)
        self._filter.Compile()
        self._finders = [self._filter.re(index) for index in range(len(rules))]
        # Two rules that can do without any letters share an automaton; more would be too many.
        always: list[int] = sorted(self._filter.Match(b"", potential=True) or ())
        self._pairs = [
            (pair, _either(rules[pair[0]], rules[pair[1]]))
            for pair in zip(always[::2], always[1::2], strict=False)
        ]
        self._by_id = {rule.id: finder for rule, finder in zip(rules, self._finders, strict=True)}
        self._unless = {
            rule.id: re2.compile(rule.unless.encode(), OPTIONS) if rule.unless else None
            for rule in rules
        }

    def matches(self, text: str) -> Iterator[tuple[Rule, int, int]]:
        """Find every phrase of every rule in a view's text."""
        raw = text.encode("ascii")
        # One automaton for all rules has too many states to be kept; one each is faster.
        likely = set(self._filter.Match(raw, potential=True) or ())
        for pair, either in self._pairs:
            likely.difference_update(pair)
            likely.update(pair[index] for index in either.Match(raw) or ())
        for index in sorted(likely):
            rule = self.rules[index]
            for found in self._finders[index].finditer(raw):
                yield rule, found.start(), found.end()

    def holds(self, rule: Rule, text: str) -> bool:
        """Tell whether the rule finds something in a text."""
        return self._by_id[rule.id].search(text.encode("ascii")) is not None

    def is_other_matter(self, rule: Rule, sentence: str) -> bool:
        """Tell whether the sentence makes the rule's phrase something else."""
        unless = self._unless[rule.id]
        return unless is not None and unless.search(sentence.encode("ascii")) is not None


def _either(first: Rule, second: Rule) -> re2.Set:
    """Give an automaton that tells which of two rules find something."""
    either = re2.Set.SearchSet(OPTIONS)
    either.Add(first.pattern.encode())
    either.Add(second.pattern.encode())
    either.Compile()
    return either


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
    cues = {name: _pattern(phrases, slots) for name, phrases in table["cues"].items()}
    return Lexicon(rules, Cues(**cues), str(table["version"]))


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StartError(f"The risk lexicon {file.name} cannot be read: {error}") from error


def _rule(entry: Mapping[str, Any], slots: Mapping[str, str], faults: list[str]) -> Rule | None:
    name = str(entry.get("id", "a rule without an ID"))
    try:
        rule = Rule(
            id=entry["id"],
            label=RiskClass(entry["class"]),
            tier=Tier(entry["tier"]),
            languages=tuple(entry["languages"]),
            pattern=_pattern(entry["phrases"], slots),
            guards=frozenset(Guard(guard) for guard in entry["guards"]),
            unless=_pattern(entry.get("unless", ()), slots),
            examples=tuple(entry["examples"]),
            counterexamples=tuple(entry["counterexamples"]),
        )
        re2.compile(rule.pattern, OPTIONS)
    except (KeyError, ValueError, re2.error) as error:
        faults.append(f"{name}: {error}")
        return None
    return rule


def _pattern(phrases: Iterable[str], slots: Mapping[str, str]) -> str:
    """Put phrases together into one pattern: slots filled, gaps and spaces widened."""
    parts = [_filled(phrase, slots) for phrase in phrases]
    if not parts:
        return ""
    return rf"\b(?:{'|'.join(parts)})(?:\b|$)"


def _filled(phrase: str, slots: Mapping[str, str]) -> str:
    while (slot := SLOT.search(phrase)) is not None:
        if slot[1] not in slots:
            raise ValueError(f"there is no slot {slot[1]}")
        phrase = f"{phrase[: slot.start()]}(?:{slots[slot[1]]}){phrase[slot.end() :]}"
    phrase = GAP.sub(lambda gap: rf"(?:[a-z0-9^]+{BETWEEN}){{0,{gap[1]}}}", phrase)
    return phrase.replace(" ", f"(?:{BETWEEN})")


def _twice(names: Iterable[str]) -> list[str]:
    return [f"{name} is there {count} times" for name, count in Counter(names).items() if count > 1]
