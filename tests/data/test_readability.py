"""The reading formulas against words and texts whose figures are known."""

import pytest

from tests.readability import ease, grade, sentences, syllables, too_hard

PLAIN_EN = (
    "You can call or text a line at any time. A person will listen to you and ask what you need."
)
HARD_EN = (
    "Participation in the intensive outpatient programme necessitates comprehensive "
    "acknowledgement of the organisational confidentiality requirements applicable therein."
)
PLAIN_ES = (
    "Puedes llamar o escribir a una línea ahora. Una persona te va a oír y va a ver qué necesitas."
)
HARD_ES = (
    "La participación en el programa ambulatorio intensivo necesita obligatoriamente el "
    "reconocimiento de las responsabilidades organizacionales correspondientes."
)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("people", 2), ("alone", 2), ("please", 1), ("needed", 2), ("asked", 1),
        ("emergency", 4), ("someone", 2), ("I'm", 1), ("different", 3), ("times", 1),
    ],
)  # fmt: skip
def test_english_syllables(word: str, count: int) -> None:
    assert syllables(word, "en") == count


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("línea", 3), ("ayuda", 3), ("día", 2), ("oír", 2), ("quieres", 2),
        ("emergencia", 4), ("muy", 1), ("ciudad", 2), ("teléfono", 4), ("cuidado", 3),
    ],
)  # fmt: skip
def test_spanish_syllables(word: str, count: int) -> None:
    assert syllables(word, "es") == count


def test_a_known_sentence_has_the_published_grade() -> None:
    # 13 words of 24 syllables: 0.39 * 13 + 11.8 * 24 / 13 - 15.59 = 11.3
    text = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."

    assert grade(sentences(text)) == pytest.approx(11.3, abs=0.1)


def test_spanish_ease_follows_the_formula() -> None:
    # 8 words of 15 syllables in one sentence: 206.84 - 60 * 15 / 8 - 1.02 * 8
    text = "Hoy puedes hablar con una persona del equipo"

    assert ease(sentences(text)) == pytest.approx(206.84 - 60 * 15 / 8 - 1.02 * 8)


def test_plain_texts_pass_and_hard_ones_do_not() -> None:
    assert too_hard(PLAIN_EN, "en") is None
    assert too_hard(HARD_EN, "en") is not None
    assert too_hard(PLAIN_ES, "es") is None
    assert too_hard(HARD_ES, "es") is not None


def test_marks_placeholders_and_links_are_not_words() -> None:
    assert sentences("**Call {number}**, or see <t:1:R> at https://example.org now.") == [
        ["Call", "or", "see", "at", "now"]
    ]


def test_a_label_is_not_judged() -> None:
    assert too_hard("Confidentiality acknowledgement requirements", "en") is None
