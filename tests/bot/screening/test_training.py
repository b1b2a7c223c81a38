"""Training: the same lines make the same weights, and rounding changes no decision to speak of."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.config import DATA
from bot.domain.risk import RiskClass
from bot.errors import StartError
from bot.screening.corpus import Line, load_lines, ordinary_words
from bot.screening.features import scaled
from bot.screening.masking import WAYS, masked
from bot.screening.model import (
    HEADS,
    URGENT_AT,
    Model,
    Weights,
    load_weights,
    probabilities,
    save_weights,
)
from bot.screening.normaliser import Normaliser
from bot.screening.training import Example, Reader, train
from bot.screening.validation import Verdict, by_author, by_target
from bot.screening.workshop import open_reader

RISK = DATA / "risk"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return open_reader(RISK)


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return load_lines(RISK / "corpus")[::120]


@pytest.fixture(scope="module")
def examples(reader: Reader, lines: list[Line]) -> list[Example]:
    return reader.examples(lines)


@pytest.fixture(scope="module")
def weights(reader: Reader, examples: list[Example]) -> Weights:
    return train(examples, features=reader.featuriser.fingerprint())


def test_training_twice_gives_the_same_weights(examples: list[Example], weights: Weights) -> None:
    again = train(examples)

    assert again.version == weights.version
    assert np.array_equal(again.steps, weights.steps)


def test_weights_survive_the_file(tmp_path: Path, weights: Weights) -> None:
    save_weights(weights, tmp_path / "weights.npz")

    read = load_weights(tmp_path / "weights.npz")

    assert read.version == weights.version
    assert np.array_equal(read.steps, weights.steps)
    assert np.array_equal(read.rarity, weights.rarity)


def test_the_model_scores_as_the_formula_says(
    reader: Reader, lines: list[Line], examples: list[Example], weights: Weights
) -> None:
    model = Model(weights, reader.featuriser)
    normal, found = reader.read(lines[3].text)
    grams = examples[3].grams

    values = scaled(grams, weights.rarity.astype(np.float32))
    raw = (values @ weights.steps[grams.ids].astype(np.float32)) * weights.scale
    raw += examples[3].flags @ weights.flags
    expected = probabilities(raw, weights)

    got = model.score(normal.folded.text, found, normal.masks)
    assert got.values == pytest.approx(expected, abs=1e-5)
    assert got.urgent == pytest.approx(expected[URGENT_AT], abs=1e-5)


@pytest.mark.parametrize("room", [40, 1 << 14])
def test_scores_are_the_same_in_threads_and_when_words_make_way(
    reader: Reader,
    lines: list[Line],
    weights: Weights,
    monkeypatch: pytest.MonkeyPatch,
    room: int,
) -> None:
    read = [reader.read(line.text[:80]) for line in lines]
    alone = Model(weights, reader.featuriser)
    plain = [alone.score(normal.folded.text, found, normal.masks).values for normal, found in read]
    monkeypatch.setattr("bot.screening.model.MOST_REMEMBERED", room)
    model = Model(weights, reader.featuriser)

    def score(at: int) -> tuple[int, Sequence[float]]:
        normal, found = read[at]
        return at, model.score(normal.folded.text, found, normal.masks).values

    with ThreadPoolExecutor(4) as threads:
        for at, values in threads.map(score, [*range(len(read))] * 3):
            assert values == pytest.approx(plain[at], abs=1e-6)


def test_weights_for_other_features_are_refused(
    reader: Reader, weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.screening.features.SHORT", np.zeros(3, np.float32))

    with pytest.raises(StartError, match="other features"):
        Model(weights, reader.featuriser)


@pytest.mark.parametrize(
    "damage",
    [{"slope": np.full(len(HEADS), np.nan, np.float32)}, {"rarity": np.ones(7, np.float16)}],
)
def test_damaged_weights_are_refused(
    tmp_path: Path, weights: Weights, damage: dict[str, Any]
) -> None:
    save_weights(replace(weights, **damage), tmp_path / "weights.npz")

    with pytest.raises(StartError, match=r"weights\.npz"):
        load_weights(tmp_path / "weights.npz")


def test_one_author_is_not_enough(examples: list[Example]) -> None:
    alone = [replace(each, line=replace(each.line, author="a")) for each in examples[:40]]

    with pytest.raises(StartError, match="at least 3 authors"):
        train(alone)


def test_weights_for_other_heads_are_refused(
    tmp_path: Path, weights: Weights, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_weights(weights, tmp_path / "weights.npz")
    monkeypatch.setattr("bot.screening.model.HEADS", (*HEADS, "another"))

    with pytest.raises(StartError, match="interlude screen train"):
        load_weights(tmp_path / "weights.npz")


@pytest.mark.parametrize("way", range(WAYS))
def test_a_masked_line_is_masked_the_same_way_again(way: int) -> None:
    text = "because tonight i really want to disappear and hurt everybody"

    seeds = range(way, 60, WAYS)

    assert [masked(text, seed) for seed in seeds] == [masked(text, seed) for seed in seeds]
    assert any(masked(text, seed) != text for seed in seeds)


def test_words_of_one_line_only_are_no_ordinary_ones(normaliser: Normaliser) -> None:
    def line(text: str, style: str = "plain") -> Line:
        return Line(text=text, label=None, language="en", style=style, author="x")

    words = ordinary_words(
        [line("soup and zzyx"), line("soup and"), line("msk msk", "obfuscated"), line("msk")],
        normaliser,
    )

    assert words == ["and", "soup"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "x.jsonl, line 1"),
        ('{"text": "a", "label": "gloom", "lang": "en"}', "gloom"),
        ('{"label": "none", "lang": "en"}', "text"),
    ],
)
def test_a_corpus_with_a_fault_says_where(tmp_path: Path, line: str, sentence: str) -> None:
    (tmp_path / "x.jsonl").write_text(line, "utf-8")

    with pytest.raises(StartError, match=sentence):
        load_lines(tmp_path)


def test_no_corpus_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="no labelled lines"):
        load_lines(tmp_path)


def test_the_tables_count_by_author_and_target() -> None:
    from bot.domain.risk import Tier  # noqa: PLC0415

    def verdict(label: RiskClass | None, tier: Tier) -> Verdict:
        line = Line(text="a", label=label, language="en", style="plain", author="x")
        return Verdict(line=line, label=label, tier=tier)

    verdicts = [
        verdict(RiskClass.SELF_HARM, Tier.PAGE),
        verdict(RiskClass.SELF_HARM, Tier.NONE),
        verdict(None, Tier.PAGE),
        verdict(None, Tier.NONE),
    ]

    assert list(by_author(verdicts))[-1] == "| x | 2 | 0.500 | 2 | 0.500 | 0.500 |"
    rows = list(by_target(verdicts))
    assert "| recall of urgent, any tier | 0.92 | 0.500 | 2 |" in rows
    assert "| precision of the page tier | 0.93 | 0.500 | |" in rows
