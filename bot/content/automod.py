"""The phrases for Discord's own filter."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from bot.domain.automod import LONGEST, MOST_KEYWORDS, Phrase, plain
from bot.domain.risk import RiskClass
from bot.errors import StartError


def load_phrases(data: Path) -> Sequence[Phrase]:
    """Read the phrases of every class and language.

    Raises:
        StartError: The file cannot be read, or goes beyond Discord's limits.
    """
    file = data / "risk" / "automod.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        phrases = [
            Phrase(text=text, label=RiskClass(label))
            for label, languages in table.items()
            for texts in languages.values()
            for text in texts
        ]
    except (OSError, ValueError, AttributeError) as error:
        raise StartError(f"{file.name} cannot be read: {error}") from error
    too_long = [phrase.text for phrase in phrases if len(phrase.text) > LONGEST]
    empty = [phrase.text for phrase in phrases if not plain(phrase.text).strip()]
    if too_long or empty or len(phrases) > MOST_KEYWORDS:
        raise StartError(f"{file.name} goes beyond Discord's limits: {too_long or len(phrases)}")
    return phrases
