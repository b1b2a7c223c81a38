"""What the words around a phrase make of it (SAFETY section 6)."""

import pytest

from bot.domain.risk import Tier
from bot.screening.hits import Hit, RuleBook
from bot.screening.lexicon import Guard
from bot.screening.normaliser import Normaliser


@pytest.fixture
def hits(rules: RuleBook, normaliser: Normaliser):
    def look(text: str) -> list[Hit]:
        return list(rules.look(normaliser.normalise(text)).hits)

    return look


TAKEN_BACK = [
    ("I'm not going to kill myself", Guard.NEGATED),
    ("I don't want to die", Guard.NEGATED),
    ("He never hit me", Guard.NEGATED),
    ("no me voy a matar esta noche", Guard.NEGATED),
    ("Ten years ago I wanted to kill myself, I'm safe and grateful", Guard.REMOTE),
    ('the song says "I want to kill myself" and it slaps', Guard.QUOTED),
    ("the leaflet says: thinking about suicide is common", Guard.EDUCATIONAL),
]

STANDS = [
    "I'm not okay, I want to kill myself",
    "Ten years ago I wanted to kill myself and now it's back",
    "I can't stop thinking about killing myself",
    "I'm not going to do it but I keep thinking about killing myself",
    "He said \"I'm going to kill myself\", please help, I'm scared",
    "ya no aguanto, quiero morirme",
    "Nine years sober and I want to kill myself",
]


@pytest.mark.parametrize(("text", "guard"), TAKEN_BACK)
def test_a_phrase_is_taken_back(text: str, guard: Guard, hits) -> None:
    found = hits(text)

    assert found
    assert {hit.taken_back for hit in found} == {guard}


@pytest.mark.parametrize("text", STANDS)
def test_a_phrase_stands(text: str, hits) -> None:
    assert any(hit.counts for hit in hits(text))


def test_a_denial_that_belongs_to_the_phrase_takes_nothing_back(hits) -> None:
    assert any(hit.counts for hit in hits("he's not breathing"))


def test_a_joking_tone_lowers_a_page_to_review(hits) -> None:
    tiers = {hit.tier for hit in hits("gonna kill myself tonight lol") if hit.counts}

    assert tiers == {Tier.REVIEW}


def test_a_hit_stands_where_it_was_written(hits) -> None:
    text = "well… I wanna k!ll mys3lf 😭"

    spans = {text[hit.start : hit.end] for hit in hits(text)}

    assert any("k!ll mys3lf" in span for span in spans)


def test_what_only_one_view_takes_back_counts(rules: RuleBook, normaliser: Normaliser) -> None:
    found = rules.look(normaliser.normalise("d0n't call 911, I've made up my m!nd"))

    assert [hit.rule.id for hit in found.hits if hit.counts] == ["en.medical.call"]
