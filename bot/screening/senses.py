"""Word senses shared by English and Spanish, read from `data/risk/senses.toml`."""

import tomllib
from pathlib import Path

from bot.errors import StartError


class Senses:
    """Gives a word its sense."""

    def __init__(self, table: dict[str, str]) -> None:
        self._exact: dict[str, str] = {}
        self._starts: dict[str, str] = {}
        for sense, words in table.items():
            for word in words.split():
                if word.endswith("*"):
                    self._starts.setdefault(word[:-1], sense)
                else:
                    self._exact.setdefault(word, sense)
        self._shortest = min(map(len, self._starts), default=0)

    def of(self, word: str) -> str:
        """Name the sense of a word, or nothing."""
        if (sense := self._exact.get(word)) is None:
            sense = next(
                (
                    self._starts[word[:length]]
                    for length in range(len(word), self._shortest - 1, -1)
                    if word[:length] in self._starts
                ),
                "",
            )
            if len(self._exact) < MOST_REMEMBERED:
                self._exact[word] = sense
        return sense


MOST_REMEMBERED = 1 << 17


def load_senses(directory: Path) -> Senses:
    """Read the senses of a `data/risk` directory."""
    try:
        return Senses(tomllib.loads((directory / "senses.toml").read_text("utf-8"))["senses"])
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise StartError(f"senses.toml of the risk screen cannot be read: {error}") from error
