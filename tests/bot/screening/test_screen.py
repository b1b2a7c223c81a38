"""The screen as it is shipped: end to end, and loud when it cannot."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import DATA
from bot.domain.risk import RiskClass, Tier
from bot.errors import StartError
from bot.screening import Screen, load_screen
from bot.screening.corpus import load_lines
from bot.screening.screen import LONGEST, PIECE, TAIL, pieces

RISK = DATA / "risk"
SCREEN = load_screen(DATA)
MOST_BYTES = 5_000_000

DANGER = "I'm going to kill myself tonight. "
CALM = "We walked the dog by the lake and had soup. "


def test_the_self_test_passes(screen: Screen) -> None:
    assert screen.self_test() == []


def test_a_self_test_that_fails_says_what(tmp_path: Path) -> None:
    shutil.copytree(RISK, tmp_path / "risk", ignore=shutil.ignore_patterns("corpus"))
    (tmp_path / "risk" / "self_test.toml").write_text(
        '[[phrases]]\ntext = "soup"\nlabels = ["self_harm"]\ntiers = ["page"]\n', "utf-8"
    )

    failures = load_screen(tmp_path).self_test()

    assert [(one.text, one.expected, one.found) for one in failures] == [
        ("soup", "self_harm page", "none none")
    ]


def test_nothing_is_read_before_the_first_text(tmp_path: Path) -> None:
    load_screen(tmp_path)


@pytest.mark.parametrize("file", ["weights.npz", "lexicon.toml", "thresholds.toml", "senses.toml"])
@pytest.mark.parametrize("damage", ["absent", "damaged"])
def test_a_screen_that_cannot_work_raises(tmp_path: Path, file: str, damage: str) -> None:
    risk = tmp_path / "risk"
    shutil.copytree(RISK, risk, ignore=shutil.ignore_patterns("corpus"))
    if damage == "absent":
        (risk / file).unlink()
    else:
        (risk / file).write_bytes(b"\x00not what it was")

    with pytest.raises(StartError, match=file.split(".", maxsplit=1)[0]):
        load_screen(tmp_path).screen("hello")


def test_a_finding_names_what_decided(screen: Screen) -> None:
    finding = screen.screen("I'm going to k!ll mys3lf tonight")

    assert finding.label is RiskClass.SUICIDE_IMMINENT
    assert finding.tier is Tier.PAGE
    assert finding.version == screen.version
    rules = {reason.rule: reason.text for reason in finding.reasons}
    assert rules["en.suicide.intent_now"] == "I'm going to k!ll mys3lf tonight"
    assert "model" in rules


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "\ud800", "🙂", "…"])
def test_a_text_without_words_is_nothing(text: str, screen: Screen) -> None:
    assert screen.screen(text).tier is Tier.NONE


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_screened(text: str) -> None:
    assert SCREEN.screen(text).tier in Tier


@pytest.mark.parametrize(
    ("before", "after"),
    [(0, 90), (45, 45), (90, 0), (400, 0)],
    ids=["at the start", "in the middle", "at the end", "in the tail of a cut text"],
)
def test_danger_in_a_long_text_is_found(before: int, after: int, screen: Screen) -> None:
    finding = screen.screen(CALM * before + DANGER + CALM * after)

    assert finding.is_hit
    assert finding.label is RiskClass.SUICIDE_IMMINENT


def test_a_long_text_is_cut_and_its_tail_kept() -> None:
    text = "".join(str(at % 10) for at in range(LONGEST * 3))

    cut = pieces(text)

    assert all(len(piece) <= PIECE for piece in cut)
    assert cut[0] == text[:PIECE]
    assert cut[-2].endswith(text[LONGEST - 1])
    assert cut[-1] == text[-TAIL:]


def test_pieces_leave_nothing_out() -> None:
    text = "".join(chr(200 + at) for at in range(LONGEST))
    assert set("".join(pieces(text))) == set(text)


def test_the_weights_are_small() -> None:
    assert (RISK / "weights.npz").stat().st_size < MOST_BYTES


def test_in_sample_figures_have_not_collapsed(screen: Screen) -> None:
    """A smoke test on lines the model was trained with: no measure of what it finds."""
    lines = load_lines(RISK / "corpus")[::41]
    urgent = [screen.screen(line.text).is_hit for line in lines if line.is_urgent]
    calm = [screen.screen(line.text).is_hit for line in lines if not line.is_urgent]

    assert sum(urgent) / len(urgent) > 0.9
    assert sum(calm) / len(calm) < 0.1
