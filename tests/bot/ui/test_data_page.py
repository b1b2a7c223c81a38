"""One's own data as a page: what it makes of odd rows."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.ids import ParticipantId
from bot.domain.readable import OwnData, Section, plain_row
from bot.text import Catalog, Words
from bot.ui.data_page import columns_of, page

TOKYO = ZoneInfo("Asia/Tokyo")


def written(words: Words, *sections: Section, is_whole: bool = False) -> str:
    data = OwnData(
        participant_id=ParticipantId("p"),
        code="P-1",
        made_at=datetime(2026, 1, 5, 20, tzinfo=UTC),
        sections=sections,
        is_whole=is_whole,
    )
    return page(words, TOKYO, data, lambda row: [])


def section(name: str, *rows: Mapping[str, object]) -> Section:
    return Section(name=name, rows=[plain_row(row) for row in rows])


def test_times_are_those_of_the_persons_zone(words: Words) -> None:
    said = written(words, section("aways", {"created_at": datetime(2026, 1, 5, 20, tzinfo=UTC)}))
    assert said.count("January 6, 2026 at 5:00") == 2


def test_what_was_typed_is_shown_as_typed_and_does_nothing(words: Words) -> None:
    typed = '<script>x</script> & "q"\nשלום 👋'
    said = written(words, section("concerns", {"text": typed}))
    assert "&lt;script&gt;x&lt;/script&gt; &amp; &quot;q&quot;<br>שלום 👋" in said
    assert "<script" not in said
    assert '<td dir="auto">' in said


def test_a_store_and_a_column_without_a_name_go_by_their_own(words: Words) -> None:
    said = written(words, section("brand_new", {"some_thing": "a value"}))
    assert "<h2>Brand new</h2>" in said
    assert ">Some thing</th>" in said


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        ([{"id": 1, "day": "2026-01-05", "note": None}], ["day", "note"]),
        ([{"day": "2026-01-05", "note": None}, {"day": "2026-01-06"}], ["day"]),
        ([{"day": "2026-01-05"}, {"note": "x"}], ["day", "note"]),
    ],
)
def test_columns_that_tell_something(
    rows: Sequence[Mapping[str, object]], columns: Sequence[str]
) -> None:
    assert list(columns_of(section("x", *rows))) == columns


def test_lists_maps_and_yes_or_no_are_told_in_words(words: Words) -> None:
    row = {
        "shared": 1,
        "marks": [["2026-01-05", "", "done"]],
        "texts": {"what": "walk"},
        "pending": {},
    }
    said = written(words, section("goals", row))
    assert "<li>2026-01-05, done</li>" in said
    assert '<dt>What</dt><dd dir="auto">walk</dd>' in said
    assert ">yes</td>" in said
    assert '<span class="soft">nothing</span>' in said


def test_what_is_empty_is_named_at_the_end_and_what_is_lost_says_so(words: Words) -> None:
    lost = Section(name="concerns", rows=(), is_unreadable=True)
    said = written(words, section("aways"), section("cases"), lost)
    assert "Nothing is kept about: Days away and Your requests to the team." in said
    assert "the key they were locked with is lost" in said


def test_a_person_without_anything_gets_a_page(words: Words) -> None:
    assert "</html>" in written(words)


def test_it_says_whether_the_teams_notes_are_in_it(catalog: Catalog) -> None:
    for locale in catalog.languages:
        words = catalog.words(locale)
        assert written(words, is_whole=True) != written(words)
