"""Making writing plain: one view as written in plain letters, one with masks taken off.

Both views are ASCII in lower case, and each of their characters knows the stretch of the original
it stands for.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import NamedTuple

from bot.screening.characters import Characters
from bot.screening.unmasking import Unmasker

UNKNOWN = "^"
"""Stands for a letter of another script, or a picture without a word."""

SQUARED = ((0x1F150, 26), (0x1F170, 26), (0x1F1E6, 26))
"""Letters in circles, squares and flags, which Unicode does not fold by itself."""

WITHIN_WORD = re.compile(r"(?<=[a-z])'(?=[a-z])")
Places = tuple[Sequence[int], Sequence[int]]


@dataclass
class View:
    """A plain text, and where each of its characters stands in the original.

    Attributes:
        places: Works out where each character starts and ends; most texts are never asked.
    """

    text: str
    places: Callable[[], Places]

    @cached_property
    def _both(self) -> Places:
        return self.places()

    @property
    def starts(self) -> Sequence[int]:
        """Where each character starts in the original."""
        return self._both[0]

    @property
    def ends(self) -> Sequence[int]:
        """Where each character ends there."""
        return self._both[1]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map a stretch of the view to the stretch of the original it stands for."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else 0
            return at, at
        return self.starts[start], self.ends[end - 1]


class Normalised(NamedTuple):
    """A text in both views; they are one object where nothing was masked.

    Attributes:
        masks: How many words were written so as not to be read by a machine.
    """

    original: str
    plain: View
    folded: View
    masks: int = 0


class Remembered(dict[str, str]):
    """What each character stands for, once it was seen."""

    def __init__(self, read: Callable[[str], str]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, character: str) -> str:
        plain = self._read(character)
        if len(self) < MOST_REMEMBERED:
            self[character] = plain
        return plain


class Normaliser:
    """Makes any text plain; never raises, whatever the characters."""

    def __init__(self, characters: Characters) -> None:
        self._characters = characters
        self._unmasker = Unmasker(characters)
        self._plain_of = Remembered(self._transliterate)

    def normalise(self, text: str) -> Normalised:
        """Give both views of a text."""
        plain = self._plain(text)
        edits, masks = self._unmasker.edits(plain.text)
        return Normalised(text, plain, _edited(plain, edits) if edits else plain, masks)

    def _plain(self, text: str) -> View:
        if text.isascii():
            size = len(text)
            plain = text.lower() if text.isprintable() else text.lower().translate(CONTROLS)
            view = View(plain, lambda: (range(size), range(1, size + 1)))
        else:
            pieces = [self._plain_of[character] for character in text]
            view = View("".join(pieces), partial(_spread, pieces))
        if "'" not in view.text:
            return view
        return View(WITHIN_WORD.sub("", view.text), partial(_without_marks, view))

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


def _spread(pieces: Sequence[str]) -> Places:
    """Give the place of each character, where every piece stands for one of the original."""
    starts = [at for at, piece in enumerate(pieces) for _ in piece]
    return starts, [at + 1 for at in starts]


def _without_marks(view: View) -> Places:
    marks = [(found.start(), found.end(), "") for found in WITHIN_WORD.finditer(view.text)]
    return _moved(view, marks)


def _edited(view: View, edits: Sequence[tuple[int, int, str]]) -> View:
    """Replace stretches of a view; what is put in stands for the whole stretch taken out."""
    pieces: list[str] = []
    done = 0
    for start, end, instead in edits:
        pieces += (view.text[done:start], instead)
        done = end
    pieces.append(view.text[done:])
    return View("".join(pieces), partial(_moved, view, edits))


def _moved(view: View, edits: Sequence[tuple[int, int, str]]) -> Places:
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for start, end, instead in edits:
        starts += view.starts[done:start]
        ends += view.ends[done:start]
        if instead:
            first, last = view.span(start, end)
            starts += [first] * len(instead)
            ends += [last] * len(instead)
        done = end
    starts += view.starts[done:]
    ends += view.ends[done:]
    return starts, ends
