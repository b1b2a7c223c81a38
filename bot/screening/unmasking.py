"""Taking masks off words: signs for letters, spaces, repeats, run-together words, slips."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from bot.screening.characters import Characters

Edit = tuple[int, int, str]

TOKEN = re.compile(r"[^ \n]+")
EDGES = re.compile(r"^[^a-z0-9@$|!*]*|[^a-z0-9@$|*]*$")
WORD = re.compile(r"[a-z]+")
TRIPLE = re.compile(r"([a-z])\1\1+")
NUMBER_AND_UNIT = re.compile(r"^[0-9]+(?:[.:,/-][0-9]+)*([a-z]+)$")
PARTED = re.compile(r"[-_./*,|~+]+")
MASK = re.compile(r"[*#_.\-?%^~]+")

SPACED = re.compile(
    r"(?<![a-z0-9])[a-z0-9@$!|](?:(?P<by> {1,2}|[-._*/|,~+] ?)[a-z0-9@$!|])"
    r"(?:(?P=by)[a-z0-9@$!|])+(?![a-z0-9])"
)
"""Three or more single letters with the same sign between."""

LONE = re.compile(r"(?<![a-z0-9])[a-z0-9@$!|](?![a-z0-9])")
FEWEST_SPACED = 3

SHORTEST_SLIP = 5
SHORTEST_JOINED = 7
MOST_GUESSES = 32
MOST_FRAGMENTS = 4
REMEMBERED = 24
"""Longer tokens are read anew each time, so that what is remembered stays small."""

MOST_READ = 1 << 12
MOST_PLAIN = 1 << 15


class Token(NamedTuple):
    """What one token hides by itself; the places are within it.

    Attributes:
        loose: Short unknown words, which may be parts of one.
        masks: How many of the edits take a mask off.
    """

    edits: tuple[Edit, ...]
    loose: tuple[Edit, ...]
    masks: int


class Unmasker:
    """Finds the stretches of a plain view that hide a word, and the word."""

    def __init__(self, characters: Characters) -> None:
        self._characters = characters
        self._known = characters.known
        self._watched = characters.watched
        self._pieces = characters.watched | characters.glue
        # Tokens that hide nothing, so that ordinary talk is done with at once.
        self._plain: set[str] = set()
        # Those of them with a letter on its own, which may be a part of a word that is spaced out.
        self._lone: set[str] = set()
        self._read = lru_cache(maxsize=MOST_READ)(self._read_token)
        self._slips = {
            slip: word
            for word in sorted(characters.watched)
            if len(word) >= SHORTEST_SLIP
            for slip in _slips_of(word)
            if slip not in self._known
        }

    def edits(self, text: str) -> tuple[list[Edit], int]:
        """Give the replacements, left to right and apart, and how many take a mask off."""
        tokens = text.split()
        if self._plain.issuperset(tokens) and (
            sum(map(self._lone.__contains__, tokens)) < FEWEST_SPACED or not SPACED.search(text)
        ):
            return [], 0
        spaced = list(self._spaced(text))
        masks = len(spaced)
        edits = list(spaced)
        loose: list[Edit] = []
        for found in TOKEN.finditer(text):
            token, at = found.group(), found.start()
            if token in self._plain or _overlaps(at, found.end(), spaced):
                continue
            read = self._read(token) if len(token) <= REMEMBERED else self._read_token(token)
            edits += [(at + start, at + end, instead) for start, end, instead in read.edits]
            loose += [(at + start, at + end, core) for start, end, core in read.loose]
            masks += read.masks
        joined = list(self._joined(text, loose, edits))
        return sorted(edits + joined), masks + len(joined)

    def _read_token(self, token: str) -> Token:
        """Find what one token hides, whatever stands around it."""
        edits: list[Edit] = []
        loose: list[Edit] = []
        masks = 0
        for start, end, core in self._cores(0, token):
            if core in self._known:
                continue
            instead, is_mask = self._unmasked(core)
            if instead is not None:
                edits.append((start, end, instead))
                masks += is_mask
            elif core.isalpha() and len(core) < SHORTEST_SLIP:
                loose.append((start, end, core))
        lone = len(LONE.findall(token))
        is_plain = not edits and not loose and lone < 2
        if is_plain and len(token) <= REMEMBERED and len(self._plain) < MOST_PLAIN:
            # First, since the self-test reads in a thread beside.
            if lone:
                self._lone.add(token)
            self._plain.add(token)
        return Token(tuple(edits), tuple(loose), masks)

    def _cores(self, at: int, token: str) -> Iterator[tuple[int, int, str]]:
        """Give the words of a token without the signs around it."""
        if token.isalpha():
            yield at, at + len(token), token
            return
        start = EDGES.match(token)
        first = start.end() if start else 0
        core = token[first:].rstrip("!?.,;:)\"'-~ ")
        if not core:
            return
        parts = PARTED.split(core)
        if len(parts) > 1 and all(part in self._known or part.isdigit() for part in parts):
            return
        yield at + first, at + first + len(core), core

    def _unmasked(self, core: str) -> tuple[str | None, bool]:
        if core.isalpha():
            return self._unmasked_word(core)
        if core.isdigit() or not WORD.search(core):
            return None, False
        if (unit := NUMBER_AND_UNIT.match(core)) and unit[1] in self._characters.units:
            return None, False
        for letters in self._guesses(core):
            if letters in self._watched or (len(letters) > 3 and letters in self._known):
                return letters, True
        if (hidden := self._behind_mask(core)) is not None:
            return hidden, True
        bare = PARTED.sub("", core)
        if bare in self._watched:
            return bare, True
        guess = next(iter(self._guesses(core)), core)
        if guess.isalpha() and len(guess) > 3:
            word, _ = self._unmasked_word(guess)
            return word or guess, word is not None
        return None, False

    def _unmasked_word(self, word: str) -> tuple[str | None, bool]:
        if TRIPLE.search(word):
            twice = TRIPLE.sub(r"\1\1", word)
            once = TRIPLE.sub(r"\1", word)
            return (twice if twice in self._known else once), False
        if (meant := self._slips.get(word)) is not None:
            return meant, True
        if len(word) >= SHORTEST_JOINED and (parts := self._parted(word)) is not None:
            return " ".join(parts), True
        return None, False

    def _guesses(self, core: str) -> Iterator[str]:
        """Read digits and signs as letters, the likeliest way first."""
        leet = self._characters.leet
        choices = [leet.get(character, character) for character in core]
        for guess in islice(product(*choices), MOST_GUESSES):
            yield "".join(guess)

    def _behind_mask(self, core: str) -> str | None:
        """Find the watched word that fits around the signs that hide letters of it."""
        if not MASK.search(core) or len(core) < 3 or not core[0].isalpha():
            return None
        parts = [re.escape(part) for part in MASK.split(next(iter(self._guesses(core)), core))]
        shape = re.compile("[a-z]{1,3}".join(parts))
        fitting = [
            word
            for word in self._watched
            if word[0] == core[0] and abs(len(word) - len(core)) <= 2 and shape.fullmatch(word)
        ]
        return min(fitting, key=lambda word: (abs(len(word) - len(core)), word), default=None)

    def _spaced(self, text: str) -> Iterator[Edit]:
        for found in SPACED.finditer(text):
            signs = found["by"]
            letters = "".join(found.group().split(signs)).replace(" ", "")
            for guess in self._guesses(letters):
                parts = [guess] if guess in self._watched else self._parted(guess)
                if parts is not None:
                    yield found.start(), found.end(), " ".join(parts)
                    break

    def _joined(self, text: str, loose: list[Edit], taken: list[Edit]) -> Iterator[Edit]:
        """Join fragments that make a watched word: "sui cide", "ki ll"."""
        if not loose:
            return
        tokens = [(found.start(), found.end()) for found in WORD.finditer(text)]
        starts = {start for start, _, _ in loose}
        near = {
            before
            for index, (start, _) in enumerate(tokens)
            if start in starts
            for before in range(max(index - MOST_FRAGMENTS + 1, 0), index + 1)
        }
        done = -1
        for index in sorted(near):
            for count in range(2, MOST_FRAGMENTS + 1):
                window = tokens[index : index + count]
                if len(window) < count or window[0][0] <= done:
                    break
                first, last = window[0][0], window[-1][1]
                if _overlaps(first, last, taken):
                    break
                if not any(start in starts for start, _ in window):
                    continue
                word = text[first:last].replace(" ", "")
                if len(word) > 3 and word in self._watched:
                    yield first, last, word
                    done = last
                    break

    def _parted(self, letters: str) -> list[str] | None:
        """Part letters run together into known short words, at least one of them watched."""
        if not letters.isalpha():
            return None
        best: list[list[str] | None] = [[]] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - 13), end):
                before, piece = best[start], letters[start:end]
                if before is None or piece not in self._pieces:
                    continue
                here = best[end]
                if here is None or len(before) + 1 < len(here):
                    best[end] = [*before, piece]
        parts = best[-1]
        if parts is None or not any(part in self._watched and len(part) > 2 for part in parts):
            return None
        return parts


def _overlaps(first: int, last: int, taken: Sequence[Edit]) -> bool:
    return any(first < end and start < last for start, end, _ in taken)


def _slips_of(word: str) -> Iterable[str]:
    """List what a slip of the finger makes of a word; its first letter stands."""
    for at in range(1, len(word)):
        yield word[:at] + word[at + 1 :]
        yield word[:at] + word[at] + word[at:]
        if at + 1 < len(word):
            yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        for letter in "aeiouyv":
            yield word[:at] + letter + word[at + 1 :]
