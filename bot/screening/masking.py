"""Writing a line as somebody might who hides it from a machine; for training only."""

import random

LEET = {"a": "@4", "e": "3", "i": "1!", "o": "0", "s": "$5", "t": "7", "l": "1"}
CHAT = {"you": "u", "are": "r", "to": "2", "too": "2", "for": "4", "and": "n", "please": "plz",
        "because": "cuz", "tonight": "2nite", "the": "da", "with": "wiv", "about": "bout",
        "cant": "cnt", "dont": "dnt", "que": "q", "porque": "xq", "quiero": "kiero"}  # fmt: skip
WAYS = 5


def masked(text: str, seed: int) -> str:
    """Mask a text in one of several ways; the same seed masks it the same way."""
    rng = random.Random(f"{seed} {text}")  # noqa: S311 - no secret, only variety
    way = seed % WAYS
    words = text.split(" ")
    return " ".join(_masked_word(word, way, rng) for word in words)


def _masked_word(word: str, way: int, rng: random.Random) -> str:
    if len(word) < 3:
        return word
    if way == 0:
        return _leet(word, rng) if rng.random() < 0.5 else word
    if way == 1:
        return _slip(word, rng) if rng.random() < 0.4 else word
    if way == 2:
        return CHAT.get(word.lower(), word)
    if way == 3:
        return word.replace("a", "а").replace("e", "е") if rng.random() < 0.5 else word
    return _shortened(word, rng) if rng.random() < 0.4 else word


def _leet(word: str, rng: random.Random) -> str:
    at = [index for index, letter in enumerate(word) if letter.lower() in LEET]
    for index in rng.sample(at, min(len(at), 1 + rng.randrange(2))):
        word = word[:index] + rng.choice(LEET[word[index].lower()]) + word[index + 1 :]
    return word


def _slip(word: str, rng: random.Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _shortened(word: str, rng: random.Random) -> str:
    """Leave vowels out, as people do who type fast."""
    inner = "".join(letter for letter in word[1:-1] if letter not in "aeiou")
    return word[0] + inner + word[-1] if len(inner) > 1 and rng.random() < 0.7 else word
