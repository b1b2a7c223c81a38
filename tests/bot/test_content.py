"""Loading content: what is broken is told all at once."""

import shutil
from pathlib import Path

import pytest

from bot.config import DATA
from bot.content import ContentError, load_content
from bot.errors import StartError

OWN_LINES = """
[[lines]]
id = "county"
countries = ["US"]
service = "County line"
kind = "suicide"
channels = [{ kind = "call", to = "555 0100" }]
hours = { en = "9 to 5", es = "de 9 a 17" }
languages = ["en"]
audience = "everyone"
for_everyone = true
cost = "unknown"
source = "the county's page"
checked_on = 2026-11-01
verified = true
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the shipped data that a test may break."""
    shutil.copytree(DATA / "content", tmp_path / "content")
    shutil.copy(DATA / "crisis_lines.toml", tmp_path)
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(data: Path, own: Path | None = None) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load_content(data, own)
    assert isinstance(caught.value, StartError)
    for fault in caught.value.faults:
        assert str(fault) in str(caught.value)
    return [str(fault) for fault in caught.value.faults]


def test_all_faults_of_all_files_are_reported_together(data: Path) -> None:
    edit(data / "content/en/crisis.toml", 'action = "text"', 'action = "shout"')
    edit(data / "content/en/consents.toml", 'who_sees = "All', 'who_seen = "All')
    edit(data / "content/en/care.toml", "label = ", 'lable = "x", label = ')
    edit(data / "content/es/joining.toml", "[hours]", "[hours")
    edit(data / "crisis_lines.toml", 'kind = "suicide"', "kind = 7")
    (data / "content/es/rooms.toml").unlink()

    found = faults(data)

    assert (
        "en/crisis.toml: barriers.choices[cannot_talk].action: must be one of: "
        "call, text, chat, emergency, ask_staff"
    ) in found
    assert "en/consents.toml: groups.who_sees: is missing" in found
    assert "en/consents.toml: groups.who_seen: is not known here" in found
    assert "en/care.toml: reasons[safety].lable: is not known here" in found
    assert any(fault.startswith("es/joining.toml: this file cannot be read") for fault in found)
    assert any(fault.startswith("crisis_lines.toml: lines[us_988].kind") for fault in found)
    assert found.count("es/rooms.toml: this file is missing") == 1


def test_a_prompt_set_that_does_not_fit_one_form_is_refused(data: Path) -> None:
    daily = data / "content/en/prompts/daily.toml"
    edit(daily, 'label = "How are you?"', f'label = "{"x" * 46}"')
    extra = '\n[[questions]]\nkey = "more"\nkind = "text"\nlabel = "More?"\n'
    daily.write_text(daily.read_text(encoding="utf-8") + extra, encoding="utf-8")

    found = faults(data)

    assert "en/prompts/daily.toml: questions: has 6 questions, a form holds 5" in found
    assert "en/prompts/daily.toml: questions[mood]: the label needs 1 to 45 characters" in found


def test_languages_must_ask_the_same_questions(data: Path) -> None:
    edit(data / "content/es/prompts/daily.toml", 'value = "very_bad"', 'value = "awful"')
    edit(data / "content/es/prompts/daily.toml", "version = 1", "version = 2")

    found = faults(data)

    assert "es/prompts/daily.toml: version: is 2, en has 1" in found
    assert any("is 'awful', en has 'very_bad'" in fault for fault in found)


def test_a_text_too_long_for_discord_is_refused(data: Path) -> None:
    edit(data / "content/en/crisis.toml", "I can't talk out loud right now", "x" * 101)

    assert faults(data) == [
        "en/crisis.toml: barriers.choices[cannot_talk].label: has 101 characters, at most 100 fit"
    ]


def test_a_missing_language_names_the_folder(data: Path) -> None:
    shutil.rmtree(data / "content/en")

    assert "content/en: is missing" in faults(data)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('to = "988" }', 'to = "call us" }', "channels[1].to: must be a telephone number"),
        ('to = "988lifeline.org"', 'to = "https://988"', "channels[3].to: must be a site"),
        ("checked_on = 2026-11-22\n", "", "checked_on: a verified line needs the day"),
        ('checked_on = 2026-11-22', 'checked_on = "today"', "checked_on: must be a date"),
        ('["US"]', '["USA"]', "countries: must be countries of two capital letters"),
        ('id = "us_ndvh"', 'id = "us_988"', "this id is used twice"),
        ("\nverified = true", '\nverified = "yes"', "verified: must be true or false"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_refused(data: Path, old: str, new: str, problem: str) -> None:
    edit(data / "crisis_lines.toml", old, new)

    assert any(problem in fault for fault in faults(data))


def test_the_operators_own_lines_are_used_instead(data: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN_LINES, encoding="utf-8")

    crisis = load_content(data, own).crisis

    assert [line.id for line in crisis.lines] == ["county"]
    assert crisis.lines[0].hours == {"en": "9 to 5", "es": "de 9 a 17"}
    assert crisis.lines[0].cost == {}
    assert crisis.emergency_numbers("US") == ("911",)


def test_the_operators_countries_are_laid_over_ours(data: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    country = '[countries.AR]\nname = { en = "Argentina", es = "Argentina" }\n'
    own.write_text(f'{country}emergency = ["911"]\nsource = "x"\n{OWN_LINES}', encoding="utf-8")

    crisis = load_content(data, own).crisis

    assert crisis.emergency_numbers("AR") == ("911",)
    assert crisis.emergency_numbers("MX") == ("911",)


def test_a_broken_own_file_is_told_by_its_name(data: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(OWN_LINES.replace('hours = { en = "9 to 5", ', "hours = { "), encoding="utf-8")

    assert faults(data, own) == ["own.toml: lines[county].hours.en: is missing"]


def test_a_missing_own_file_is_a_fault(data: Path, tmp_path: Path) -> None:
    assert faults(data, tmp_path / "nowhere.toml") == ["nowhere.toml: this file is missing"]


def test_a_screen_gives_its_points_by_name() -> None:
    joining = load_content(DATA).texts("en").joining

    assert "Discord" in joining.about.point("discord")
    with pytest.raises(KeyError):
        joining.about.point("no such point")
