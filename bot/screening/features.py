"""What the model sees of a text: hashed n-grams of words, characters and senses.

Each n-gram weighs as much as it is rare, every time it is there, and each part is scaled as a
whole. So what a word brings along by itself is the same wherever it stands, and is worked out once.
"""

import itertools
import math
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bot.screening.senses import Senses

Ids = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]
Hashes = npt.NDArray[np.uint64]

PART = 1 << 18
"""Buckets for each of words, characters and senses, in this order."""

PARTS = 3
BUCKETS = PARTS * PART
LONGEST_WORD_GRAM = 3
LONGEST_CHARACTER_GRAM = 5
FARTHEST_SENSES = 5
"""How many senses on a pair may reach."""

WORD = re.compile(r"[a-z]+|[0-9]+|[^a-z0-9 \n]")
SPACE = ord(" ")
PRIME = np.uint64(0x9E3779B97F4A7C15)
CHARACTER_BASE = np.uint64(257)
NO_SENSE, NUMBER, STOP = "_", "0", "."
FUNCTION_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "with",
        "from",
        "up",
        "down",
        "out",
        "off",
        "by",
        "it",
        "its",
        "this",
        "that",
        "is",
        "am",
        "are",
        "was",
        "were",
        "be",
        "been",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "so",
        "too",
        "very",
        "just",
        "like",
        "all",
        "some",
        "any",
        "as",
        "than",
        "what",
        "who",
        "how",
        "why",
        "where",
        "which",
        "there",
        "here",
        "y",
        "o",
        "de",
        "del",
        "en",
        "con",
        "por",
        "para",
        "que",
        "se",
        "su",
        "sus",
        "al",
        "un",
        "una",
        "es",
        "son",
        "esta",
        "estoy",
        "soy",
        "era",
        "fue",
        "ha",
        "he",
        "hay",
        "muy",
        "mas",
        "ya",
        "como",
    ]
)


@dataclass(frozen=True, slots=True)
class Grams:
    """The n-grams of a text, one each time it is there, in the order of the parts.

    Attributes:
        ids: Their buckets.
        edges: Where words, characters and senses start among them, and the end.
    """

    ids: Ids
    edges: tuple[int, ...]


class Word(NamedTuple):
    """What one word of a text gives by itself.

    Attributes:
        hashes: Of the word, and of its sense.
        told: Whether it has a sense.
        grams: The word itself, its characters, and its sense where it has one.
    """

    hashes: tuple[int, int]
    told: bool
    grams: Grams


class Featuriser:
    """Finds the n-grams of a view's text."""

    def __init__(self, senses: Senses) -> None:
        self._senses = senses
        self._edged = np.array([[1], [1]], np.uint64), np.array([[2], [2]], np.uint64)

    def grams(self, text: str) -> Grams:
        """Find them all."""
        words = [self.word(word) for word in WORD.findall(text)]
        hashes = np.array([word.hashes for word in words], np.uint64).reshape(-1, 2).T
        across = self.across(hashes, np.array([word.told for word in words], np.bool_))
        parts = []
        for part in range(PARTS):
            found = [_of_part(word.grams, part) for word in words]
            parts.append(np.concatenate([*found, _of_part(across, part)]))
        edges = np.cumsum([0, *map(len, parts)]).tolist()
        return Grams(np.concatenate(parts), tuple(edges))

    def fingerprint(self) -> str:
        """Name the features: weights fit those they were trained with, and no others."""
        grams = self.grams(PROBE)
        parts = grams.ids.tobytes(), SHORT.tobytes(), repr((grams.edges, PART)).encode()
        return f"{zlib.crc32(b''.join(parts)):08x}"

    def word(self, word: str) -> Word:
        """Give what a word brings along whatever stands around it."""
        sense = self.sense(word)
        told = sense.isupper()
        hashes = _hash(word), _hash(sense)
        alone = _mixed(np.array(hashes, np.uint64) * PRIME)
        characters = character_grams([word]) + PART
        ids = np.concatenate([alone[:1], characters, alone[1:] + 2 * PART if told else NOTHING])
        return Word(hashes, told, Grams(ids, (0, 1, 1 + len(characters), len(ids))))

    def across(self, hashes: Hashes, told: npt.NDArray[np.bool_]) -> Grams:
        """Give the n-grams that reach over several words.

        Args:
            hashes: Of the words, and of their senses.
            told: Which have a sense; a gram of senses without one says nothing.
        """
        start, end = self._edged
        edged = np.concatenate([start, hashes, end], axis=1)
        once = edged * PRIME
        two = once[:, :-1] + edged[:, 1:]
        three = two[:, :-1] * PRIME + edged[:, 2:]
        found = [two[0], three[0]]
        of_words = two.shape[1] + three.shape[1]
        places = told.nonzero()[0]
        if len(places):
            near = np.concatenate([NO, told, NO])
            near = near[:-1] | near[1:]
            found += [two[1, near], three[1, near[:-1] | near[1:]]]
            if len(places) > 1:
                first, second = _pairs(len(places))
                # Senses that stand apart count as a pair too, otherwise than next to each other.
                pairs = once[1, 1:-1].take(places.take(first))
                pairs ^= hashes[1].take(places.take(second))
                found.append(pairs)
        ids = _mixed(np.concatenate(found))
        ids[of_words:] += 2 * PART
        return Grams(ids, (0, of_words, of_words, len(ids)))

    def sense(self, word: str) -> str:
        """Give a word's sense, the word itself if it only joins others, or a blank."""
        if word.isalpha():
            if sense := self._senses.of(word):
                return sense.upper()
            return word if word in FUNCTION_WORDS else NO_SENSE
        return NUMBER if word.isdigit() else STOP


def _of_part(grams: Grams, part: int) -> Ids:
    return grams.ids[grams.edges[part] : grams.edges[part + 1]]


@lru_cache(maxsize=128)
def _pairs(count: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pair each of so many senses with those that follow it."""
    first = [np.arange(max(count - step, 0)) for step in range(1, FARTHEST_SENSES + 1)]
    second = [np.arange(step, max(count, step)) for step in range(1, FARTHEST_SENSES + 1)]
    return np.concatenate(first), np.concatenate(second)


EDGE = np.array([1], np.uint64)
NO = np.array([False])
NOTHING = np.zeros(0, np.int64)


PROBE = "my partner hit me again last night. i want to die, she said: 2 pills"

SHORT = np.array([500, 750, 250], np.float32)
"""Added to the square of each part's length, so that a text of two words says less than it could.

About a sixth of what a line has; without it greetings look like farewells.
"""


def scaled(found: Grams, rarity: Values) -> Values:
    """Weigh n-grams by rarity, and scale each part as a whole."""
    values = rarity.take(found.ids)
    for (start, end), short in zip(itertools.pairwise(found.edges), SHORT.tolist(), strict=True):
        part = values[start:end]
        np.divide(part, math.sqrt(part @ part + short), out=part)
    return values


def named_grams(text: str) -> dict[int, str]:
    """Name the distinct word n-grams of a view's text by their bucket."""
    words = WORD.findall(text)
    edged = ["", *words, ""]
    names = [*words]
    for count in range(2, LONGEST_WORD_GRAM + 1):
        names += [" ".join(edged[at : at + count]) for at in range(len(edged) - count + 1)]
    return dict(zip(word_grams(words).tolist(), (name.strip() for name in names), strict=True))


def word_grams(words: Sequence[str]) -> Ids:
    """Give the buckets of single words, pairs and threes, edges of the text included."""
    single = _hashes(words)
    edged = np.concatenate([EDGE, single, EDGE + EDGE])
    found = [single * PRIME]
    gram = edged
    for count in range(2, LONGEST_WORD_GRAM + 1):
        gram = gram[:-1] * PRIME + edged[count - 1 :]
        found.append(gram)
    return _mixed(np.concatenate(found))


def character_grams(words: Sequence[str]) -> Ids:
    """Give the buckets of two to five characters of each word with a space at both its ends."""
    line = np.frombuffer((" " + "  ".join(words) + " ").encode("ascii", "replace"), np.uint8)
    codes = line.astype(np.uint64)
    spaces = line == SPACE
    gram, crosses = codes, np.zeros(len(line), bool)
    found = []
    for count in range(2, LONGEST_CHARACTER_GRAM + 1):
        gram = gram[:-1] * CHARACTER_BASE + codes[count - 1 :]
        # A gram may touch a space with its ends only.
        inside = spaces[count - 2 : len(line) - 1]
        crosses = spaces[:-1] & spaces[1:] if count == 2 else crosses[:-1] | inside
        found.append((gram + np.uint64(count << 48))[~crosses])
        if len(gram) < 2:
            break
    return _mixed(np.concatenate(found))


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode("ascii", "replace"))


def _hashes(words: Sequence[str]) -> Hashes:
    return np.fromiter(map(_hash, words), np.uint64, len(words))


def _mixed(hashes: Hashes) -> Ids:
    mixed = hashes * PRIME
    mixed ^= mixed >> np.uint64(29)
    mixed *= PRIME
    return ((mixed >> np.uint64(40)) & np.uint64(PART - 1)).astype(np.int64)
