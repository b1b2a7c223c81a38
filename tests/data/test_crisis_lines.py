"""Every shipped crisis line: it names its source, and only checked ones are shown."""

from datetime import date

import pytest

from bot.config import DATA
from bot.content import load_content
from bot.domain.crisis import ChannelKind, CrisisLine, LineKind, stale_lines

DIRECTORY = load_content(DATA).crisis
CHECKED_ON = date(2026, 11, 22)
SHIPPED_OFF = {
    "us_rainn", "us_stronghearts", "us_poison", "ie_text", "au_1800respect", "br_cvv", "fr_3114",
    "de_telefonseelsorge", "eu_116123",
}  # fmt: skip


def line(line_id: str) -> CrisisLine:
    return next(entry for entry in DIRECTORY.lines if entry.id == line_id)


@pytest.mark.parametrize("entry", DIRECTORY.lines, ids=lambda entry: entry.id)
def test_a_line_names_its_source_and_is_reachable(entry: CrisisLine) -> None:
    assert entry.source
    assert entry.channels
    assert not entry.source_url or entry.source_url.startswith(("https://", "http://"))
    assert (entry.checked_on == CHECKED_ON) is entry.is_verified


@pytest.mark.parametrize("entry", DIRECTORY.lines, ids=lambda entry: entry.id)
def test_a_line_is_shown_exactly_when_it_is_verified(entry: CrisisLine) -> None:
    for country in entry.countries:
        assert (entry in DIRECTORY.choose(country).all) is entry.is_verified


def test_what_could_not_be_confirmed_is_shipped_off() -> None:
    assert {entry.id for entry in DIRECTORY.lines if not entry.is_verified} == SHIPPED_OFF


@pytest.mark.parametrize("code", DIRECTORY.countries)
def test_a_country_shows_at_most_three_lines_first(code: str) -> None:
    country = DIRECTORY.countries[code]
    choice = DIRECTORY.choose(code)

    assert len(choice.first) <= 3
    assert country.emergency
    assert country.source
    assert country.name["en"]
    assert country.name["es"]


def test_the_united_states_lead_with_988_then_violence_then_substances() -> None:
    choice = DIRECTORY.choose("US")

    assert [entry.kind for entry in choice.first] == [
        LineKind.SUICIDE,
        LineKind.DOMESTIC_VIOLENCE,
        LineKind.SUBSTANCE,
    ]
    assert choice.first[0].id == "us_988"
    assert {"us_veterans", "us_crisis_text", "us_childhelp"} <= {entry.id for entry in choice.more}


def test_988_offers_call_text_and_chat() -> None:
    kinds = [channel.kind for channel in line("us_988").channels]

    assert kinds == [ChannelKind.CALL, ChannelKind.TEXT, ChannelKind.CHAT]


def test_the_ended_press_three_option_is_nowhere() -> None:
    assert not any(channel.press == "3" for entry in DIRECTORY.lines for channel in entry.channels)


@pytest.mark.parametrize(
    ("code", "numbers"),
    [
        ("US", ("911",)), ("CA", ("911",)), ("GB", ("999", "112")), ("IE", ("112", "999")),
        ("AU", ("000",)), ("NZ", ("111",)), ("IN", ("112",)), ("MX", ("911",)), ("ES", ("112",)),
        ("DE", ("112",)),
    ],
)  # fmt: skip
def test_emergency_numbers(code: str, numbers: tuple[str, ...]) -> None:
    assert DIRECTORY.emergency_numbers(code) == numbers


def test_every_country_fits_the_selects_of_one_card() -> None:
    with_lines = [code for code in DIRECTORY.countries if DIRECTORY.choose(code).all]

    assert len(with_lines) <= 24
    assert len(DIRECTORY.countries) - len(with_lines) <= 75


def test_shipped_lines_are_fresh_for_ninety_days() -> None:
    verified = [entry for entry in DIRECTORY.lines if entry.is_verified]

    assert stale_lines(DIRECTORY.lines, date(2027, 2, 20)) == ()
    assert list(stale_lines(DIRECTORY.lines, date(2027, 2, 21))) == verified
