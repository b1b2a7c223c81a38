"""The screen as it is shipped, read once."""

import pytest

from bot.config import DATA
from bot.screening import Screen, load_screen
from bot.screening.characters import load_characters
from bot.screening.hits import RuleBook
from bot.screening.lexicon import Lexicon, load_lexicon
from bot.screening.normaliser import Normaliser

RISK = DATA / "risk"


@pytest.fixture(scope="session")
def screen() -> Screen:
    return load_screen(DATA)


@pytest.fixture(scope="session")
def normaliser() -> Normaliser:
    return Normaliser(load_characters(RISK))


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load_lexicon(RISK)


@pytest.fixture(scope="session")
def rules(lexicon: Lexicon) -> RuleBook:
    return RuleBook(lexicon)
