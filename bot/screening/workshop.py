"""Training on the whole corpus, and measuring by leaving parts of it out."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.screening.characters import load_characters
from bot.screening.corpus import load_lines, ordinary_words
from bot.screening.features import Featuriser
from bot.screening.hits import RuleBook
from bot.screening.lexicon import load_lexicon
from bot.screening.model import save_weights
from bot.screening.normaliser import Normaliser
from bot.screening.senses import load_senses
from bot.screening.training import MASKED_EVERY, Reader, need_libraries, train
from bot.screening.validation import report

KILO = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """What training made."""

    lines: int
    authors: int
    version: str
    size: int


def train_all(directory: Path) -> Made:
    """Train on the whole corpus of a `data/risk` directory and write words and weights."""
    need_libraries()
    lines = load_lines(directory / "corpus")
    words = ordinary_words(lines, Normaliser(load_characters(directory)))
    (directory / "words.txt").write_text("\n".join(words) + "\n", encoding="ascii")
    reader = open_reader(directory)
    weights = train(
        reader.examples(lines),
        reader.masked_examples(lines, MASKED_EVERY),
        features=reader.featuriser.fingerprint(),
    )
    file = directory / "weights.npz"
    save_weights(weights, file)
    return Made(
        lines=len(lines),
        authors=len({line.author for line in lines}),
        version=weights.version,
        size=round(file.stat().st_size / KILO),
    )


def validate(directory: Path, *, mixed: bool) -> Iterator[str]:
    """Measure, and give the tables line by line."""
    need_libraries()
    yield from report(directory, open_reader(directory), mixed=mixed)


def open_reader(directory: Path) -> Reader:
    """Give what reads lines as the screen does."""
    normaliser = Normaliser(load_characters(directory))
    rules = RuleBook(load_lexicon(directory))
    return Reader(normaliser, rules, Featuriser(load_senses(directory)))
