"""What the model sees of a text: hashed n-grams of words, characters and senses.

They are weighed by rarity and scaled.
Training and run time call the same code, so they cannot differ.
"""

import itertools
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

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


class Featuriser:
    """Counts the n-grams of a view's text."""

    def __init__(self, senses: Senses) -> None:
        self._senses = senses

    def grams(self, text: str) -> Grams:
        """Count them all."""
        words = WORD.findall(text)
        parts = [
            word_grams(words),
            character_grams(words) + PART,
            self._sense_grams(words) + 2 * PART,
        ]
        ids, counts = np.unique(np.concatenate(parts), return_counts=True)
        return Grams(ids, counts.astype(np.float32))

    def sense_line(self, words: Sequence[str]) -> list[str]:
        """Put for each word its sense, itself if it only joins others, or a blank."""
        return [self._sense(word) for word in words]

    def _sense(self, word: str) -> str:
        if word.isalpha():
            if sense := self._senses.of(word):
                return sense.upper()
            return word if word in FUNCTION_WORDS else NO_SENSE
        return NUMBER if word.isdigit() else STOP

    def _sense_grams(self, words: Sequence[str]) -> Ids:
        line = self.sense_line(words)
        told = np.array([False, *(sense.isupper() for sense in line), False])
        hashes = np.concatenate([EDGE, _hashes(line), EDGE + EDGE])
        found = []
        gram, has_sense = hashes, told
        for count in range(1, LONGEST_SENSE_GRAM + 1):
            if count > 1:
                gram = gram[:-1] * PRIME + hashes[count - 1 :] + np.uint64(count)
                has_sense = has_sense[:-1] | told[count - 1 :]
            found.append(gram[has_sense] * PRIME)
        places = np.flatnonzero(told)
        senses = hashes[places]
        for step in range(1, FARTHEST_SENSES + 1):
            near = places[step:] - places[:-step] <= FARTHEST_WORDS
            found.append((senses[:-step] * PRIME + senses[step:] + PAIR)[near])
        return _mixed(np.concatenate(found))


EDGE = np.array([1], np.uint64)
PAIR = np.uint64(0xABCDEF)


def scaled(found: Grams, rarity: Values) -> Values:
    """Weigh counts by rarity and scale each part to length one."""
    values: Values = (1 + np.log(found.counts)) * rarity[found.ids]
    edges = np.searchsorted(found.ids, [0, PART, 2 * PART, BUCKETS])
    for start, end in itertools.pairwise(edges):
        part = values[start:end]
        if length := float(np.sqrt(part @ part)):
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
    return ((mixed >> np.uint64(40)) % np.uint64(PART)).astype(np.int64)
