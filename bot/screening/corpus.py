"""The labelled lines of `data/risk/corpus`, and the ordinary words in them."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.domain.risk import RiskClass
from bot.errors import StartError
from bot.screening.decision import CRITICAL
from bot.screening.normaliser import Normaliser

WORD = re.compile(r"[a-z]+")
COMMON_FROM = 2
"""In how many lines a word must stand to count as an ordinary one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A labelled line.

    Attributes:
        label: What it is about, or nothing.
        style: How it is written; for slicing errors, never a feature.
        author: The file it comes from: one author's.
    """

    text: str
    label: RiskClass | None
    language: str
    style: str
    author: str

    @property
    def is_urgent(self) -> bool:
        """Whether it is of one of the urgent classes."""
        return self.label in CRITICAL


def load_lines(directory: Path) -> list[Line]:
    """Read every file of a corpus, in the order of their names.

    Raises:
        StartError: When there is none, or a line cannot be read.
    """
    files = sorted(directory.glob("*.jsonl"))
    lines = [line for file in files for line in _lines_of(file)]
    if not lines:
        raise StartError(f"There are no labelled lines in {directory}.")
    return lines


def _lines_of(file: Path) -> Iterable[Line]:
    texts = file.read_text(encoding="utf-8").splitlines()
    for number, text in enumerate(texts, start=1):
        if not text.strip():
            continue
        try:
            entry = json.loads(text)
            label = None if entry["label"] == "none" else RiskClass(entry["label"])
            yield Line(
                text=entry["text"],
                label=label,
                language=entry["lang"],
                style=entry.get("style", "plain"),
                author=file.stem,
            )
        except (ValueError, KeyError, TypeError) as error:
            raise StartError(f"{file.name}, line {number}: {error}") from error


def ordinary_words(lines: Sequence[Line], normaliser: Normaliser) -> list[str]:
    """List the words that are no slips and no masks: those of several plainly written lines.

    Those that ordinary talk has most often come first.
    """
    counts: Counter[str] = Counter()
    safe: Counter[str] = Counter()
    for line in lines:
        if line.style != "obfuscated":
            found = set(WORD.findall(normaliser.normalise(line.text).plain.text))
            counts.update(found)
            if line.label is None:
                safe.update(found)
    words = [word for word, count in counts.items() if count >= COMMON_FROM]
    return sorted(words, key=lambda word: (-safe[word], word))
