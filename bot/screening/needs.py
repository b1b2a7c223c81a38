"""Which words a phrase of the lexicon cannot do without, so that most rules need not be tried.

A message is looked at word by word: each word says which phrases it may belong to, and only the
rules of phrases that have all they need are tried. What is no word with a known form is never
needed, so nothing is missed; a test compares with trying every rule.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from itertools import product
from operator import or_

PART = re.compile(r"\(\?:|\[[^\]]*\]|~[0-9]+|\{[0-9,]+\}|.")
WORD = re.compile(r"[a-z0-9]+")
PLAIN = re.compile(r"[a-z0-9]+\Z")
CLASS = re.compile(r"\[([a-z0-9]+)\]\Z")
STRANGE = re.compile(
    r"[\\.^$]|\((?!\?:)|[?*+}][?+]|~[0-9]+[?*+{]|\[(?![a-z0-9-]+\])|~(?![0-9])|\[[^\]]*\[", re.ASCII
)
"""What a pattern may have and a phrase may not: it could not be read here."""

ANY = "*"
"""Stands for letters that nobody can list."""

MOST_WAYS = 1024
"""A stretch that can be written in more ways than this is not looked at as a whole."""

MOST_REMEMBERED = 1 << 15
LONGEST_REMEMBERED = 24
PER_CASE = 3
"""How many needs of a case are looked at; the rarest."""

MOST_CASES = 16
FIRST_RANK = 8
"""So that the very first words do not outweigh all others (Zipf and Mandelbrot)."""

Cost = Callable[[str], float]
Ways = frozenset[str]
"""Every way to write something; a space is the end of a word."""

Needs = list[Ways]
"""Of each of these sets of words, one at least is in whatever a phrase matches."""


Cases = list[Needs]
"""What is needed in one case or another."""


class _Reader:
    """Reads one phrase of the lexicon, with its slots filled in and its gaps as written."""

    def __init__(self, phrase: str, cost: Cost) -> None:
        self._parts = PART.findall(phrase)
        self._cost = cost
        self._at = 0

    def either(self) -> tuple[Ways | None, Cases]:
        """Read alternatives up to a bracket or the end: how they are written, what each needs."""
        read = [self._sequence()]
        while self._here() == "|":
            self._at += 1
            read.append(self._sequence())
        ways: Ways | None = frozenset()
        for each, _ in read:
            ways = None if ways is None or each is None else ways | each
        return ways, [case for _, cases in read for case in cases]

    def _here(self) -> str:
        return self._parts[self._at] if self._at < len(self._parts) else ""

    def _sequence(self) -> tuple[Ways | None, Cases]:
        whole: Ways | None = frozenset({""})
        # What is written since the last sure end of a word, and its cases if it stands alone.
        stretch: Ways | None = frozenset({""})
        alone: Cases = []
        cases: Cases = [[]]
        while self._here() not in {"", "|", ")"}:
            ways, inner = self._item()
            whole = _joined(whole, ways)
            if ways == frozenset({" "}):
                cases = self._both(cases, alone or self._cases(stretch))
                stretch, alone = frozenset({""}), []
                continue
            if stretch == frozenset({""}) and ways is not None and _ends_words(ways):
                continue
            # A group too manifold to list still tells its needs where words end around it.
            alone = inner if ways is None and stretch == frozenset({""}) else []
            stretch = _joined(stretch, ways)
        return whole, self._both(cases, alone or self._cases(stretch))

    def _both(self, first: Cases, second: Cases) -> Cases:
        if len(first) * len(second) > MOST_CASES:
            second = [self._any_of(second)]
        return [[*one, *other] for one in first for other in second]

    def _any_of(self, cases: Cases) -> Needs:
        rarest = [self.rarest(needs) for needs in cases]
        return [frozenset().union(*rarest)] if all(rarest) else []

    def rarest(self, needs: Needs) -> Ways:
        """Choose the need that ordinary talk meets least often."""
        return min(needs, key=self.cost_of, default=frozenset())

    def cost_of(self, words: Ways) -> float:
        """Guess how often ordinary talk has one of these words."""
        return sum(map(self._cost, words))

    def _cases(self, stretch: Ways | None) -> Cases:
        if stretch is None:
            return [[]]
        words = [
            min(_known(way.split()), key=lambda word: (self._cost(word), word), default="")
            for way in stretch
        ]
        return [[frozenset(words)]] if all(words) else [[]]

    def _item(self) -> tuple[Ways | None, Cases]:
        part = self._here()
        self._at += 1
        ways: Ways | None
        cases: Cases = []
        if part == "(?:":
            ways, cases = self.either()
            self._at += 1
        elif part.startswith("~"):
            return frozenset({"", f"{ANY} "}), []
        elif part.startswith("["):
            listed = CLASS.match(part)
            ways = frozenset(listed[1] if listed else ANY)
        else:
            ways = frozenset({part if PLAIN.match(part) else " "})
        return self._repeated(ways, cases)

    def _repeated(self, ways: Ways | None, cases: Cases) -> tuple[Ways | None, Cases]:
        sign = self._here()
        if sign not in {"?", "*", "+"} and not sign.startswith("{"):
            return ways, cases
        self._at += 1
        if sign == "?":
            return (None if ways is None else ways | {""}), []
        # Said more than once it may be anything; only what stands around it counts.
        return (frozenset({ANY}) if ways == frozenset({ANY}) else None), []


def _ends_words(ways: Ways) -> bool:
    """Tell whether what follows starts a word however this is written, if at all."""
    return all(not way or way.endswith(" ") for way in ways)


def _joined(first: Ways | None, second: Ways | None) -> Ways | None:
    if first is None or second is None or len(first) * len(second) > MOST_WAYS:
        return None
    return frozenset(map("".join, product(first, second)))


def _known(words: Iterable[str]) -> Iterator[str]:
    """Give the words whose letters are known, or at least their beginning."""
    for word in words:
        start, any_of, rest = word.partition(ANY)
        if start and not rest:
            yield start + any_of


def check_phrase(phrase: str) -> None:
    """Make sure that a phrase can be read.

    Raises:
        ValueError: When it has something that patterns have and phrases have not.
    """
    if found := STRANGE.search(phrase):
        raise ValueError(f"a phrase cannot have {found[0]!r}")


class Needed:
    """Tells which rules may find something in a text at all."""

    def __init__(self, rules: Sequence[Iterable[str]], ordinary: Sequence[str]) -> None:
        """Read the phrases of each rule.

        Args:
            rules: The phrases of each, their slots filled in.
            ordinary: The words of ordinary talk, those first that are said most.
        """
        ranks = {word: rank for rank, word in enumerate(ordinary, start=FIRST_RANK)}
        unheard = FIRST_RANK + len(ranks)

        def cost(word: str) -> float:
            return 1 / ranks.get(word.removesuffix(ANY), unheard)

        self._exact: dict[str, int] = {}
        self._starts: dict[str, int] = {}
        self._cases: list[tuple[int, Needs]] = []
        for at, rule in enumerate(rules):
            for phrase in rule:
                reader = _Reader(phrase, cost)
                _, found = reader.either()
                self._cases += [
                    (at, sorted(needs, key=reader.cost_of)[:PER_CASE]) for needs in found
                ]
        self._rule_of = [at for at, _ in self._cases]
        self._count = len(self._cases)
        self._always = 0
        for bit, (_, needs) in enumerate(self._cases):
            for place in range(PER_CASE):
                mark = 1 << (bit + place * self._count)
                if place < len(needs):
                    self._note(needs[place], mark)
                else:
                    self._always |= mark
        self._every = (1 << self._count) - 1
        self._marks: dict[str, int] = {}
        self._dull: set[str] = set()

    def _note(self, words: Ways, mark: int) -> None:
        for word in words:
            table = self._starts if word.endswith(ANY) else self._exact
            key = word.removesuffix(ANY)
            table[key] = table.get(key, 0) | mark

    def cases(self, rule: int) -> Cases:
        """Give what is needed for a rule, case by case, the rarest first."""
        return [needs for at, needs in self._cases if at == rule]

    def rules(self, text: str) -> list[int]:
        """List the rules that may find something in a view's text, in order."""
        # Many tokens belong to no phrase at all.
        tokens = set(text.split()).difference(self._dull)
        marks = list(map(self._marks.get, tokens))
        known = map(self._read, tokens) if None in marks else marks
        found = reduce(or_, known, self._always)
        met = found & self._every
        for place in range(1, PER_CASE):
            met &= found >> (place * self._count)
        return sorted({self._rule_of[bit] for bit in _bits(met)}) if met else []

    def _read(self, token: str) -> int:
        """Give the marks of all words between two spaces."""
        if (known := self._marks.get(token)) is not None:
            return known
        marks = 0
        for word in WORD.findall(token):
            marks |= self._exact.get(word, 0)
            for start, mark in self._starts.items():
                if word.startswith(start):
                    marks |= mark
        if len(token) <= LONGEST_REMEMBERED:
            if not marks and len(self._dull) < MOST_REMEMBERED:
                self._dull.add(token)
            elif marks and len(self._marks) < MOST_REMEMBERED:
                self._marks[token] = marks
        return marks


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
