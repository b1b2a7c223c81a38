"""What the model sees of a text: hashed n-grams of words, characters and senses.

They are weighed by rarity and scaled.
Training and run time call the same code, so they cannot differ.
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

PART = 1 << 17
"""Buckets for each of words, characters and senses, in this order."""

PARTS = 3
BUCKETS = PARTS * PART
LONGEST_WORD_GRAM = 3
LONGEST_CHARACTER_GRAM = 5
LONGEST_SENSE_GRAM = 4
FARTHEST_SENSES = 5
"""How many senses on a pair may reach."""

FARTHEST_WORDS = 10
"""How many words on a pair may reach."""

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
    """The distinct n-grams of a text and how often each is there, part by part."""

    ids: Ids
    counts: Values


class Part(NamedTuple):
    """What one word of a text gives by itself.

    Attributes:
        is_told: Whether it has a sense.
        ids: Its own buckets: itself, its characters, and its sense where it has one.
    """

    word: int
    sense: int
    is_told: bool
    ids: npt.NDArray[np.int32]


class Featuriser:
    """Counts the n-grams of a view's text."""

    def __init__(self, senses: Senses) -> None:
        self._senses = senses
        # People write the same words again and again.
        self._read = lru_cache(maxsize=MOST_REMEMBERED)(self._read_word)

    def grams(self, text: str) -> Grams:
        """Count them all."""
        words = WORD.findall(text)
        parts = [
            self._read(word) if len(word) <= REMEMBERED else self._read_word(word) for word in words
        ]
        hashes = np.array(
            [[1, *(part.word for part in parts), 2], [1, *(part.sense for part in parts), 2]],
            np.uint64,
        )
        told = np.array([False, *(part.is_told for part in parts), False])
        ids = np.concatenate([_across(hashes, told), *(part.ids for part in parts)])
        ids.sort()
        return _counted(ids)

    def sense_line(self, words: Sequence[str]) -> list[str]:
        """Put for each word its sense, itself if it only joins others, or a blank."""
        return [self._sense(word) for word in words]

    def _sense(self, word: str) -> str:
        if word.isalpha():
            if sense := self._senses.of(word):
                return sense.upper()
            return word if word in FUNCTION_WORDS else NO_SENSE
        return NUMBER if word.isdigit() else STOP

    def _read_word(self, word: str) -> Part:
        """Read what a word gives whatever stands around it."""
        sense = self._sense(word)
        is_told = sense.isupper()
        alone = _mixed(np.array([_hash(word), _hash(sense)], np.uint64) * PRIME).astype(np.int32)
        alone[1] += 2 * PART
        characters = character_grams([word]).astype(np.int32) + np.int32(PART)
        ids = np.concatenate([alone if is_told else alone[:1], characters])
        return Part(_hash(word), _hash(sense), is_told, ids)


def _across(hashes: Hashes, told: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    """Give the buckets of the n-grams that reach over several words.

    Args:
        hashes: Of the words, and of their senses; edges of the text included.
        told: Where there is a sense; a gram of senses without one says nothing.
    """
    two = hashes[:, :-1] * PRIME + hashes[:, 1:] + np.uint64(2)
    three = two[:, :-1] * PRIME + hashes[:, 2:] + np.uint64(3)
    found = [two[0], three[0]]
    of_words = two.shape[1] + three.shape[1]
    places = told.nonzero()[0]
    if len(places):
        four = three[1, :-1] * PRIME + hashes[1, 3:] + np.uint64(4)
        told_two = told[:-1] | told[1:]
        told_three = told_two[:-1] | told[2:]
        told_four = told_three[:-1] | told[3:]
        first, second = _pairs(len(places))
        near = places[second] - places[first] <= FARTHEST_WORDS
        senses = hashes[1, places]
        pairs = senses[first] * PRIME + senses[second] + PAIR
        found += [
            two[1, told_two] * PRIME,
            three[1, told_three] * PRIME,
            four[told_four] * PRIME,
            pairs[near],
        ]
    ids = _mixed(np.concatenate(found)).astype(np.int32)
    ids[of_words:] += 2 * PART
    return ids


@lru_cache(maxsize=128)
def _pairs(count: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pair each of so many senses with those that follow it."""
    first = [np.arange(max(count - step, 0)) for step in range(1, FARTHEST_SENSES + 1)]
    second = [np.arange(step, max(count, step)) for step in range(1, FARTHEST_SENSES + 1)]
    return np.concatenate(first), np.concatenate(second)


def _counted(ids: npt.NDArray[np.int32]) -> Grams:
    """Count sorted buckets."""
    changes = np.ones(len(ids) + 1, np.bool_)
    np.not_equal(ids[1:], ids[:-1], out=changes[1:-1])
    at = changes.nonzero()[0]
    return Grams(ids[at[:-1]].astype(np.int64), (at[1:] - at[:-1]).astype(np.float32))


MOST_REMEMBERED = 1 << 14
REMEMBERED = 24
"""Longer words are read anew each time, so that what is remembered stays small."""

EDGE = np.array([1], np.uint64)
PAIR = np.uint64(0xABCDEF)
EDGES = np.array([0, PART, 2 * PART, BUCKETS])


def scaled(found: Grams, rarity: Values) -> Values:
    """Weigh counts by rarity and scale each part to length one."""
    values: Values = (1 + np.log(found.counts)) * rarity.take(found.ids)
    edges = found.ids.searchsorted(EDGES).tolist()
    for start, end in itertools.pairwise(edges):
        part = values[start:end]
        if length := math.sqrt(part @ part):
            np.divide(part, length, out=part)
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
        gram = gram[:-1] * PRIME + edged[count - 1 :] + np.uint64(count)
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
