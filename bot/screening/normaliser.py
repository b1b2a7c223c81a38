"""Making writing plain: one view as written in plain letters, one with masks taken off.

Both views are ASCII in lower case, and each of their characters knows the stretch of the original
it stands for.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.screening.characters import Characters
from bot.screening.unmasking import Unmasker

UNKNOWN = "^"
"""Stands for a letter of another script, or a picture without a word."""

SQUARED = ((0x1F150, 26), (0x1F170, 26), (0x1F1E6, 26))
"""Letters in circles, squares and flags, which Unicode does not fold by itself."""

WITHIN_WORD = re.compile(r"(?<=[a-z])'(?=[a-z])")
TOKEN = re.compile(r"[^ \n]+")


@dataclass(frozen=True, slots=True)
class View:
    """A plain text, and where each of its characters stands in the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a stretch of the view to the stretch of the original it stands for."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else 0
            return at, at
        return self.starts[start], self.ends[end - 1]


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in both views; they are one object where nothing was masked.

    Attributes:
        masks: How many words were written so as not to be read by a machine.
    """

    original: str
    plain: View
    folded: View
    masks: int = 0


class Normaliser:
    """Makes any text plain; never raises, whatever the characters."""

    def __init__(self, characters: Characters) -> None:
        self._characters = characters
        self._unmasker = Unmasker(characters)
        self._plain_of: dict[str, str] = {}

    def normalise(self, text: str) -> Normalised:
        """Give both views of a text."""
        plain = self._plain(text)
        edits, masks = self._unmasker.edits(plain.text)
        return Normalised(text, plain, _edited(plain, edits) if edits else plain, masks)

    def _plain(self, text: str) -> View:
        if text.isascii():
            view = View(text.lower().translate(CONTROLS), range(len(text)), range(1, len(text) + 1))
        else:
            view = self._transliterated(text)
        marks = [(found.start(), found.end(), "") for found in WITHIN_WORD.finditer(view.text)]
        return _edited(view, marks) if marks else view

    def _transliterated(self, text: str) -> View:
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for at, character in enumerate(text):
            plain = self._plain_of.get(character)
            if plain is None:
                plain = self._transliterate(character)
                if len(self._plain_of) < MOST_REMEMBERED:
                    self._plain_of[character] = plain
            pieces.append(plain)
            starts += [at] * len(plain)
            ends += [at + 1] * len(plain)
        return View("".join(pieces), starts, ends)

    def _transliterate(self, character: str) -> str:
        """Give the plain ASCII text that one character stands for."""
        if character.isascii():
            return character.lower().translate(CONTROLS)
        lowered = character.lower()
        for form in (character, lowered):
            if (word := self._characters.pictures.get(form)) is not None:
                return f" {word} "
            if (plain := self._characters.lookalikes.get(form)) is not None:
                return plain
        for first, count in SQUARED:
            if first <= ord(character) < first + count:
                return chr(ord("a") + ord(character) - first)
        folded = unicodedata.normalize("NFKD", character).lower()
        return "".join(self._letter(part) for part in folded)

    def _letter(self, part: str) -> str:
        if part.isascii():
            return part.translate(CONTROLS)
        if (plain := self._characters.lookalikes.get(part)) is not None:
            return plain
        category = unicodedata.category(part)
        if category in {"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn"}:
            return ""
        if category[0] == "Z":
            return "\n" if category in {"Zl", "Zp"} else " "
        return f" {UNKNOWN} " if category == "So" else UNKNOWN


MOST_REMEMBERED = 4096
CONTROLS = {code: " " for code in (*range(32), 127) if code != ord("\n")}


def _edited(view: View, edits: Sequence[tuple[int, int, str]]) -> View:
    """Replace stretches of a view; what is put in stands for the whole stretch taken out."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for start, end, instead in edits:
        pieces.append(view.text[done:start])
        starts += view.starts[done:start]
        ends += view.ends[done:start]
        if instead:
            first, last = view.span(start, end)
            pieces.append(instead)
            starts += [first] * len(instead)
            ends += [last] * len(instead)
        done = end
    pieces.append(view.text[done:])
    starts += view.starts[done:]
    ends += view.ends[done:]
    return View("".join(pieces), starts, ends)
