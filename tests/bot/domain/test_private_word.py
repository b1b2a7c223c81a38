"""When a word is the same, and how long it stays said."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.private_word import PrivateWord, plain_word

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Blue Heron", "blue heron"),
        ("  blue   heron\n", "blue heron"),
        ("ＢＬＵＥ", "blue"),
        ("Straße", "strasse"),
        ("CAFÉ", "café"),
        ("cafe\u0301", "café"),
        ("", ""),
    ],
)
def test_capitals_spaces_and_a_keyboards_own_ways_make_no_difference(
    typed: str, plain: str
) -> None:
    assert plain_word(typed) == plain


def test_accents_make_a_difference() -> None:
    assert plain_word("cafe") != plain_word("café")


@pytest.mark.parametrize(
    ("until", "is_open"),
    [(None, False), (NOW, False), (NOW + timedelta(seconds=1), True)],
)
def test_it_is_open_up_to_its_moment(until: datetime | None, is_open: bool) -> None:
    word = PrivateWord(salt=b"", digest=b"", cost=1, set_at=NOW, open_until=until)
    assert word.is_open(NOW) is is_open
