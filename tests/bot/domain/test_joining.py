"""Join codes and pseudonymous IDs as they are written and read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.joining import (
    ALPHABET,
    LARGEST_NUMBER,
    new_code_text,
    plain_code,
    pseudonym,
    pseudonym_number,
)


def test_a_code_has_80_bits_in_four_groups() -> None:
    codes = {new_code_text() for _ in range(200)}

    assert len(codes) == 200
    for code in codes:
        groups = code.split("-")
        assert [len(group) for group in groups] == [4, 4, 4, 4]
        assert set("".join(groups)) <= set(ALPHABET)
    assert len(ALPHABET) ** 16 == 2**80
    # Every sign turns up: none of the 80 bits stands still.
    assert set("".join(codes)) - {"-"} == set(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    ["7K2M-9QXA-0B1C-DEFG", "7k2m 9qxa 0b1c defg", " 7k2m9qxa0b1cdefg ", "7K2M‐9QXA–OBIC-DEFG",
     "7K2M-9QXA-obLc-DEFG"],
)  # fmt: skip
def test_a_code_is_read_whatever_it_came_through(typed: str) -> None:
    assert plain_code(typed) == "7K2M9QXA0B1CDEFG"


@given(st.text(max_size=60))
def test_any_text_can_be_tried(text: str) -> None:
    assert isinstance(plain_code(text), str)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("P-104", 104), ("p104", 104), ("104", 104), (" P - 7 ", 7), ("P-0", None), ("0", None),
        ("Q-1", None), ("P-", None), ("", None), ("-5", None), ("1234567", None), ("P-１", 1),
        ("Ana", None),
    ],
)  # fmt: skip
def test_a_pseudonymous_id_is_read_as_staff_type_it(typed: str, number: int | None) -> None:
    assert pseudonym_number(typed) == number


@given(st.integers(1, LARGEST_NUMBER))
def test_a_pseudonymous_id_reads_back(number: int) -> None:
    assert pseudonym_number(pseudonym(number)) == number
