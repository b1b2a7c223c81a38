"""What the model sees: the same at training and at run time, and nothing across words."""

import itertools

import numpy as np
import pytest

from bot.config import DATA
from bot.screening.corpus import Line
from bot.screening.features import (
    BUCKETS,
    WORD,
    Featuriser,
    character_grams,
    named_grams,
    scaled,
    word_grams,
)
from bot.screening.senses import Senses, load_senses
from bot.screening.training import Reader
from bot.screening.workshop import open_reader

RISK = DATA / "risk"
TEXT = "im scared, my husband hit me again"


@pytest.fixture(scope="module")
def featuriser() -> Featuriser:
    return Featuriser(load_senses(RISK))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(RISK)


def plain_character_grams(words: list[str]) -> set[str]:
    padded = [f" {word} " for word in words]
    return {
        word[at : at + count]
        for word in padded
        for count in range(2, 6)
        for at in range(len(word) - count + 1)
    }


def test_character_grams_stay_within_their_word() -> None:
    words = WORD.findall(TEXT)

    found = set(character_grams(words).tolist())

    alone = {gram for word in words for gram in character_grams([word]).tolist()}
    assert found == alone
    assert abs(len(found) - len(plain_character_grams(words))) <= 1


def test_words_are_seen_alone_in_pairs_and_in_threes() -> None:
    names = set(named_grams("he hit me").values())

    assert names == {"he", "hit", "me", "he hit", "hit me", "he hit me"}
    assert len(word_grams(["he", "hit", "me"])) == 3 + 4 + 3


def test_words_are_named_by_the_buckets_they_have(featuriser: Featuriser) -> None:
    found = featuriser.grams(TEXT)

    assert set(named_grams(TEXT)) == set(found.ids[: found.edges[1]].tolist())


def test_senses_are_shared_by_languages(featuriser: Featuriser) -> None:
    english = [featuriser.sense(word) for word in ("my", "husband", "hit", "me")]
    spanish = [featuriser.sense(word) for word in ("mi", "esposo", "me", "pega")]

    assert english == ["MY", "PARTNER", "HIT", "ME"]
    assert spanish == ["ME", "PARTNER", "ME", "HIT"]


def test_a_star_stands_for_any_ending() -> None:
    senses = Senses({"hit": "golpe*", "sport": "golpes2"})

    assert senses.of("golpear") == "hit"
    assert senses.of("golf") == ""


def test_each_part_is_scaled_by_itself_and_a_short_text_less(featuriser: Featuriser) -> None:
    rarity = np.full(BUCKETS, 8, np.float32)
    lengths = []
    for text in (TEXT, f"{TEXT} and i cannot go home tonight because he is there and waits"):
        found = featuriser.grams(text)
        values = scaled(found, rarity)
        parts = itertools.pairwise(found.edges)
        lengths.append([float(np.sum(values[start:end] ** 2)) for start, end in parts])

    assert all(0.5 < length < 1 for part in lengths for length in part)
    assert all(short < long for short, long in zip(*lengths, strict=True))


@pytest.mark.parametrize("text", ["", "a", ".", "1", "^ ^"])
def test_short_texts_have_features_too(text: str, featuriser: Featuriser) -> None:
    values = scaled(featuriser.grams(text), np.ones(BUCKETS, np.float32))

    assert np.isfinite(values).all()


def test_training_sees_what_the_screen_sees(reader: Reader, featuriser: Featuriser) -> None:
    line = Line(text="I'm sc4red of him", label=None, language="en", style="plain", author="x")

    example = reader.example(line)

    expected = featuriser.grams("im scared of him")
    assert example.grams.ids.tolist() == expected.ids.tolist()
    assert example.grams.edges == expected.edges
