"""The characters and words that make writing plain, read from `data/risk/characters.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True, slots=True)
class Characters:
    """What the normaliser knows.

    Attributes:
        lookalikes: A character and the plain text it stands for.
        pictures: An emoji and the word it says.
        leet: A digit or sign and the letters it may hide, the likeliest first.
        units: What follows a number as its unit, so that the number stays one.
        watched: Words into which a masked or mistyped one may be resolved.
        glue: Short words that stand between watched ones where the spaces are gone.
        known: Ordinary words, never resolved into another.
    """

    lookalikes: Mapping[str, str]
    pictures: Mapping[str, str]
    leet: Mapping[str, str]
    units: frozenset[str]
    watched: frozenset[str]
    glue: frozenset[str]
    known: frozenset[str]


def load_characters(directory: Path) -> Characters:
    """Read the tables of a `data/risk` directory."""
    table = tomllib.loads((directory / "characters.toml").read_text(encoding="utf-8"))
    words = {name: frozenset(text.split()) for name, text in table["words"].items()}
    listed = listed_words(directory)
    return Characters(
        lookalikes=table["lookalikes"],
        pictures=table["pictures"],
        leet=table["leet"],
        known=frozenset(listed) | words["glue"] | words["watched"],
        **words,
    )


def listed_words(directory: Path) -> list[str]:
    """Read the words of ordinary talk, those first that are said most; none before a training."""
    file = directory / "words.txt"
    return file.read_text(encoding="ascii").split() if file.exists() else []
