"""The phrases for Discord's own filter: within its limits, and known to the screen itself."""

import pytest

from bot.config import DATA
from bot.content.automod import load_phrases
from bot.domain.automod import LONGEST, MOST_KEYWORDS, MOST_RULES, Phrase, filter_rules, plain
from bot.domain.risk import RiskClass, Tier
from bot.domain.watch import AT_ONCE, GROUPS, rises, severity_of
from bot.screening import Screen, load_screen

PHRASES = load_phrases(DATA)


@pytest.fixture(scope="module")
def screen() -> Screen:
    return load_screen(DATA)


def test_the_rules_fit_what_discord_takes() -> None:
    rules = filter_rules(PHRASES)

    assert len(rules) <= MOST_RULES
    assert all(len(rule.keywords) <= MOST_KEYWORDS for rule in rules)
    assert all(len(word) <= LONGEST for rule in rules for word in rule.keywords)
    assert len({phrase.text.lower() for phrase in PHRASES}) == len(PHRASES)
    assert {phrase.label for phrase in PHRASES} == set(GROUPS)


@pytest.mark.parametrize("phrase", PHRASES, ids=lambda phrase: phrase.text)
def test_the_screen_finds_each_phrase_too(screen: Screen, phrase: Phrase) -> None:
    found = screen.screen(plain(phrase.text))

    assert found.is_hit
    assert found.label is not None
    assert GROUPS[found.label] is GROUPS[phrase.label]


@pytest.mark.parametrize("label", list(GROUPS))
def test_how_soon_somebody_must_look(label: RiskClass) -> None:
    expected = 1 if label in AT_ONCE else 2
    assert severity_of(label, Tier.PAGE).value == expected
    assert severity_of(label, Tier.REVIEW).value == 3
    assert rises(label, None)
    assert not rises(label, RiskClass.SUICIDE_IMMINENT)
    assert rises(label, RiskClass.SELF_HARM) is (label in AT_ONCE)
