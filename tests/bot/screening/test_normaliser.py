"""Making writing plain, and back to where it stood."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import DATA
from bot.screening.characters import load_characters
from bot.screening.normaliser import Normaliser
from bot.screening.unmasking import Unmasker

NORMALISER = Normaliser(load_characters(DATA / "risk"))

MASKED = [
    ("k!ll mys3lf", "kill myself"),
    ("su!c!dal", "suicidal"),
    ("c0rt4nd0me", "cortandome"),
    ("s u i c i d e", "suicide"),
    ("s.u.i.c.i.d.e", "suicide"),
    ("k-i-l-l", "kill"),
    ("k i l l m y s e l f", "kill myself"),
    ("k*ll", "kill"),
    ("su**ide", "suicide"),
    ("killmyself", "kill myself"),
    ("#iwanttodie", "#i want to die"),
    ("sui cide", "suicide"),
    ("suicdal", "suicidal"),
    ("mysefl", "myself"),
    ("kiiiill", "kill"),
    ("nooooo", "no"),
]

LEFT_ALONE = [
    "12kms",
    "7pm",
    "3rd",
    "100mg",
    "24/7",
    "3.5",
    "x x x",
    "a b c",
    "u.s.a",
    "covid",
    "self-care",
    "and/or",
]


@pytest.mark.parametrize(("written", "meant"), MASKED)
def test_masked_words_are_read(written: str, meant: str) -> None:
    assert NORMALISER.normalise(written).folded.text == meant


@pytest.mark.parametrize("written", LEFT_ALONE)
def test_ordinary_tokens_stay(written: str) -> None:
    assert NORMALISER.normalise(written).folded.text == written


def test_what_was_written_is_kept_beside_what_was_meant() -> None:
    normal = NORMALISER.normalise("k!ll me")

    assert normal.plain.text == "k!ll me"
    assert normal.folded.text == "kill me"
    assert normal.masks == 1


def test_nothing_masked_gives_one_view() -> None:
    normal = NORMALISER.normalise("see you at group")

    assert normal.folded is normal.plain
    assert normal.masks == 0


@pytest.mark.parametrize(
    "written",
    [
        "ѕuісіdе",
        "𝓼𝓾𝓲𝓬𝓲𝓭𝓮",
        "ＳＵＩＣＩＤＥ",
        "su\u200bic\u00adide",
        "sᴜɪᴄɪᴅᴇ",
        "🅢🅤🅘🅒🅘🅓🅔",
        "súicîdè",
    ],
)
def test_other_letters_are_read_as_latin_ones(written: str) -> None:
    assert NORMALISER.normalise(written).folded.text == "suicide"


def test_pictures_say_a_word() -> None:
    assert NORMALISER.normalise("he has a 🔪").plain.text.split() == ["he", "has", "a", "knife"]


def test_apostrophes_inside_words_go() -> None:
    assert NORMALISER.normalise("I don’t and I don't").plain.text == "i dont and i dont"


def test_a_place_in_a_view_is_found_in_the_original() -> None:
    text = "so… I’m gonna k!ll mys3lf 🔪 ok"
    view = NORMALISER.normalise(text).folded

    at = view.text.index("kill myself")
    start, end = view.span(at, at + len("kill myself"))

    assert text[start:end] == "k!ll mys3lf"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120))
def test_any_text_can_be_normalised(text: str) -> None:
    normal = NORMALISER.normalise(text)

    for view in (normal.plain, normal.folded):
        assert view.text.isascii()
        assert len(view.text) == len(view.starts) == len(view.ends)
        for at in range(len(view.text)):
            start, end = view.span(at, at + 1)
            assert 0 <= start <= end <= len(text)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="kil su!cide.0@*- 1\n'\"ás🔪е", max_size=60))
def test_places_go_forward_only(text: str) -> None:
    for view in (NORMALISER.normalise(text).plain, NORMALISER.normalise(text).folded):
        assert list(view.starts) == sorted(view.starts)
        assert list(view.ends) == sorted(view.ends)


def test_a_lone_letter_is_never_met_half_remembered() -> None:
    unmasker = Unmasker(load_characters(DATA / "risk"))
    met: list[tuple[list[tuple[int, int, str]], int]] = []

    class Watched(set[str]):
        def add(self, token: str) -> None:
            super().add(token)
            met.append(unmasker.edits("d i e"))

    unmasker.edits("d")
    unmasker.edits("e")
    unmasker._plain = Watched(unmasker._plain)
    unmasker.edits("i")

    assert met == [([(0, 5, "die")], 1)]
