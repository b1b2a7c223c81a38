"""What the model sees of a text: hashed word and character n-grams, weighed and scaled.

Training and run time call the same function, so they cannot differ.
"""

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]

BUCKETS = 1 << 18
"""Words fill the lower half, characters the upper."""

HALF = BUCKETS >> 1
LONGEST_WORD_GRAM = 3
CHARACTER_GRAMS = (2, 3, 4, 5)
WORD = re.compile(r"[a-z]+|[0-9]+|[^a-z0-9 \n]")
PRIME = np.uint64(0x9E3779B97F4A7C15)
SPACE = ord(" ")


@dataclass(frozen=True, slots=True)
class Grams:
    """The distinct n-grams of a text and how often each is there, words before characters."""

    ids: Ids
    counts: Values


def grams(text: str) -> Grams:
    """Count the n-grams of a view's text."""
    words = WORD.findall(text)
    ids = np.concatenate([_word_grams(words), _character_grams(words) + HALF])
    distinct, counts = np.unique(ids, return_counts=True)
    return Grams(distinct, counts.astype(np.float32))


def scaled(found: Grams, rarity: Values) -> Values:
    """Weigh counts by rarity and scale words and characters to length one each."""
    values = (1 + np.log(found.counts)) * rarity[found.ids]
    at = int(np.searchsorted(found.ids, HALF))
    for part in (values[:at], values[at:]):
        length = float(np.sqrt(part @ part))
        if length:
            np.divide(part, length, out=part)
    return values


def named_grams(text: str) -> dict[int, str]:
    """Name the distinct word n-grams of a view's text by their bucket."""
    words = WORD.findall(text)
    edged = ["", *words, ""]
    names = [*words]
    for count in range(2, LONGEST_WORD_GRAM + 1):
        names += [" ".join(edged[at : at + count]) for at in range(len(edged) - count + 1)]
    return dict(zip(_word_grams(words).tolist(), (name.strip() for name in names), strict=True))


@lru_cache(maxsize=1 << 16)
def _hash(word: str) -> int:
    return zlib.crc32(word.encode("ascii", "replace"))


def _mixed(hashes: npt.NDArray[np.uint64]) -> Ids:
    mixed = hashes * PRIME
    mixed ^= mixed >> np.uint64(29)
    mixed *= PRIME
    return ((mixed >> np.uint64(40)) % np.uint64(HALF)).astype(np.int64)


def _word_grams(words: list[str]) -> Ids:
    single = np.fromiter((_hash(word) for word in words), np.uint64, len(words))
    edge = np.array([1], np.uint64)
    one = np.concatenate([edge, single, edge + edge])
    found = [single * PRIME]
    gram = one
    for count in range(2, LONGEST_WORD_GRAM + 1):
        if len(one) < count:
            break
        gram = gram[:-1] * PRIME + one[count - 1 :] + np.uint64(count)
        found.append(gram)
    return _mixed(np.concatenate(found))


def _character_grams(words: list[str]) -> Ids:
    line = np.frombuffer((" " + "  ".join(words) + " ").encode("ascii", "replace"), np.uint8)
    codes = line.astype(np.uint64)
    spaces = line == SPACE
    found = []
    gram = codes
    inner = np.zeros(len(line), bool)
    for count in range(2, CHARACTER_GRAMS[-1] + 1):
        if len(codes) < count:
            break
        gram = gram[:-1] * np.uint64(257) + codes[count - 1 :]
        if count > 2:
            # A gram may touch a space with its ends only.
            inner = inner[:-1] | spaces[count - 2 : len(line) - 1]
        else:
            inner = spaces[:-1] & spaces[1:]
        found.append((gram + np.uint64(count << 48))[~inner])
    return _mixed(np.concatenate(found)) if found else np.zeros(0, np.int64)
