"""The catalog: sentences by language and key, and every fault of the files at once."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.errors import StartError
from bot.text import Catalog, Words, placeholders


def write(directory: Path, **files: str) -> Path:
    """Write `en_core="..."` to `en/core.toml`."""
    for name, text in files.items():
        locale, _, feature = name.partition("_")
        (directory / locale).mkdir(exist_ok=True)
        (directory / locale / f"{feature}.toml").write_text(text, encoding="utf-8")
    return directory


def loaded(directory: Path, **files: str) -> Words:
    return Catalog.load(write(directory, **files)).words("en")


def test_nested_tables_join_by_dots(tmp_path: Path) -> None:
    words = loaded(tmp_path, en_checkin='hi = "Hi {name}."\n[card.deep]\ntitle = "Title"\n')
    assert words("checkin.hi", name="Ana") == "Hi Ana."
    assert words("checkin.card.deep.title") == "Title"
    assert words.has("checkin.hi")
    assert not words.has("checkin.card.deep")


def test_a_plural_is_chosen_by_its_number(tmp_path: Path) -> None:
    words = loaded(tmp_path, en_core='[days]\none = "{n} day"\nother = "{n} days"\n')
    assert [words("core.days", n=n) for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]


def test_braces_in_values_stay_as_they_are(tmp_path: Path) -> None:
    words = loaded(tmp_path, en_core='said = "You wrote: {text}"\n')
    assert words("core.said", text="{secret} {0}") == "You wrote: {secret} {0}"


def test_an_unknown_key_and_a_missing_value_are_errors(tmp_path: Path) -> None:
    words = loaded(tmp_path, en_core='hi = "Hi {name}."\n')
    with pytest.raises(KeyError):
        words("core.nothing")
    with pytest.raises(KeyError):
        words("core.hi")


@pytest.mark.parametrize(
    ("code", "locale"),
    [("es", "es"), ("es-419", "es"), ("ES-es", "es"), ("en-GB", "en"), ("fr", "en"), (None, "en")],
)
def test_a_language_that_is_not_there_is_english(
    catalog: Catalog, code: str | None, locale: str
) -> None:
    assert catalog.words(code).locale == locale


def test_every_fault_of_every_file_is_listed_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        en_core='only_en = "x"\nsame = "{a}"\nnumber = 3\n[count]\none = "{n}"\nother = "{n}"\n',
        es_core='only_es = "x"\nsame = "{b}"\nnumber = 3\n[count]\none = "{n}"\nother = "{m}"\n',
        es_broken="this is = = not TOML",
        en_brace='open = "{"\n',
        es_brace='open = "{"\n',
    )
    with pytest.raises(StartError) as refused:
        Catalog.load(tmp_path)
    faults = str(refused.value).splitlines()[1:]
    assert {fault.split(" ")[0] for fault in faults} >= {"es:", "es/broken.toml:", "core.number:"}
    assert "es: core.only_en is missing" in faults
    assert "es: core.only_es is not in en" in faults
    assert "es: core.same has the placeholders ['b'], en ['a']" in faults
    assert "es: core.count has the placeholders ['m', 'n'], en ['n']" in faults
    assert any(fault.startswith("es: brace.open") for fault in faults)


def test_english_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="en: this language is missing"):
        Catalog.load(write(tmp_path, es_core='hi = "Hola"\n'))


def test_placeholders_are_gathered_over_all_forms() -> None:
    assert placeholders({"one": "{n} {a}", "other": "{n} {b}"}) == {"n", "a", "b"}
    assert placeholders("{{literal}} {x!r} {y:>3}") == {"x", "y"}


@pytest.mark.parametrize(
    ("locale", "day", "weekday"),
    [("en", "Monday, January 5", "Monday"), ("es", "lunes 5 de enero", "lunes")],
)
def test_days_are_written_as_people_say_them(
    catalog: Catalog, locale: str, day: str, weekday: str
) -> None:
    words = catalog.words(locale)
    assert words.date(date(2026, 1, 5)) == day
    assert words.weekday(0) == weekday


def test_a_moment_is_told_by_the_persons_own_clock(words: Words) -> None:
    moment = datetime(2026, 1, 6, 1, 30, tzinfo=UTC)
    told = words.moment(moment, ZoneInfo("America/New_York"))
    assert "Monday, January 5" in told
    assert "8:30" in told
    assert "PM" in words.time(time(20, 30))


def test_a_listing_ends_with_and(words: Words) -> None:
    assert words.listing([]) == ""
    assert words.listing(["a"]) == "a"
    assert words.listing(["a", "b", "c"]) == words("core.and", head="a, b", tail="c")
