"""Which zones a clock or a place name leads to."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.localtime import find_zone
from bot.domain.zones import (
    LIKELY,
    MOST_CHOICES,
    clock_choices,
    exact_place,
    find_places,
    fitting_offsets,
    near_places,
    offset_of,
    zones_with,
)
from bot.ui.zones import canonical, country_of, find_country, places, zone_countries

WINTER = datetime(2026, 1, 5, 12, tzinfo=UTC)
SUMMER = datetime(2026, 7, 5, 12, tzinfo=UTC)
MOMENTS = st.datetimes(
    min_value=datetime(2024, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2035, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
ZONES = sorted(zone_countries())


@pytest.mark.parametrize("name", LIKELY)
def test_every_likely_zone_exists_and_belongs_to_a_country(name: str) -> None:
    assert find_zone(name).key == name
    assert country_of(name)


@given(now=MOMENTS)
def test_the_clock_list_fits_a_select_and_never_repeats_a_time(now: datetime) -> None:
    choices = clock_choices(now)

    assert 20 <= len(choices) <= MOST_CHOICES
    assert [choice.offset for choice in choices] == sorted({choice.offset for choice in choices})
    for choice in choices:
        assert choice.local - now.replace(tzinfo=None) == timedelta(minutes=choice.offset)


@pytest.mark.parametrize("now", [WINTER, SUMMER])
def test_the_clock_list_holds_the_times_of_most_people(now: datetime) -> None:
    listed = {zone for choice in clock_choices(now) for zone in choice.zones}

    assert set(LIKELY[:40]) <= listed
    assert {"Asia/Tokyo", "Asia/Shanghai", "Australia/Brisbane"} <= listed


def test_the_programmes_own_zone_is_always_listed() -> None:
    choices = clock_choices(WINTER, first="Pacific/Chatham")

    assert "Pacific/Chatham" in {zone for choice in choices for zone in choice.zones}
    assert len(choices) <= MOST_CHOICES


@given(now=MOMENTS, zone=st.sampled_from(ZONES), slow=st.integers(-5, 5))
def test_a_persons_clock_leads_to_their_zone_though_it_is_a_little_off(
    now: datetime, zone: str, slow: int
) -> None:
    shown = (now.astimezone(find_zone(zone)) + timedelta(minutes=slow)).time()

    offsets = fitting_offsets([shown.replace(second=0, microsecond=0)], now, ZONES)

    assert offset_of(zone, now) in offsets


@pytest.mark.parametrize(("hour", "minute"), [(12, 20), (7, 14), (23, 25)])
def test_a_time_no_clock_shows_leads_nowhere(hour: int, minute: int) -> None:
    # At noon in Greenwich no place on Earth has these on its clocks, ten minutes off or not.
    assert fitting_offsets([time(hour, minute)], WINTER.replace(minute=2), ZONES) == []


def test_an_open_hour_leads_both_ways() -> None:
    readings = (time(7), time(19))

    assert fitting_offsets(readings, WINTER, ZONES) == [-300, 420]


def test_one_clock_time_on_two_days_leads_to_both_sides_of_the_date_line() -> None:
    assert fitting_offsets([time(1)], WINTER, ZONES) == [-660, 780]


def test_zones_of_an_offset_come_likeliest_first() -> None:
    found = zones_with(-300, WINTER, ZONES)

    assert list(found[:3]) == ["America/New_York", "America/Bogota", "America/Lima"]
    assert len(found) <= MOST_CHOICES
    assert zones_with(-300, WINTER, ZONES, first="America/Detroit")[0] == "America/Detroit"
    assert "America/New_York" not in zones_with(-300, SUMMER, ZONES)


@pytest.mark.parametrize(
    ("typed", "locale", "zone"),
    [
        ("Bogota", "es", "America/Bogota"),
        ("bogotá, colombia", "es", "America/Bogota"),
        ("nueva york", "es", "America/New_York"),
        ("new york", "en", "America/New_York"),
        ("America/New_York", "es", "America/New_York"),
        ("america new york", "en", "America/New_York"),
        ("EST", "en", "America/New_York"),
        ("Pacific time", "en", "America/Los_Angeles"),
        ("Buenos Aires", "en", "America/Argentina/Buenos_Aires"),
    ],
)
def test_a_place_that_is_named_exactly_is_found(typed: str, locale: str, zone: str) -> None:
    found = exact_place(typed, places(locale))

    assert found is not None
    assert found.zone == zone


@pytest.mark.parametrize(
    ("typed", "locale", "zone"),
    [
        ("méxico", "es", "America/Mexico_City"),
        ("espana", "es", "Europe/Madrid"),
        ("united states", "en", "America/New_York"),
        ("US", "en", "America/New_York"),
        ("Eastern", "en", "America/New_York"),
        ("", "en", "America/New_York"),
    ],
)
def test_a_vague_name_offers_the_likeliest_first(typed: str, locale: str, zone: str) -> None:
    found = find_places(typed, places(locale))

    assert found[0].zone == zone
    assert len(found) <= MOST_CHOICES


@pytest.mark.parametrize(
    ("typed", "zone"), [("Pariss", "Europe/Paris"), ("Londen", "Europe/London")]
)
def test_a_name_with_a_slip_is_near_a_real_one(typed: str, zone: str) -> None:
    assert find_places(typed, places("en")) == []
    assert zone in {place.zone for place in near_places(typed, places("en"))}


def test_nonsense_finds_nothing() -> None:
    assert find_places("qqqqqqqq", places("en")) == []
    assert near_places("qqqqqqqq", places("en")) == []
    assert exact_place("qqqqqqqq", places("en")) is None


@given(st.text(max_size=60))
def test_no_text_breaks_the_search(text: str) -> None:
    assert len(find_places(text, places("en")[:40])) <= MOST_CHOICES


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("US/Eastern", "America/New_York"),
        ("europe/paris", "Europe/Paris"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("Mars/Base", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_an_iana_name_is_read_in_any_capitals_and_by_older_names(
    typed: str, zone: str | None
) -> None:
    assert canonical(typed) == zone


@pytest.mark.parametrize(
    ("typed", "locale", "code"),
    [
        ("España", "es", "ES"), ("spain", "es", "ES"), ("US", "en", "US"),
        ("united states", "en", "US"), ("méxico", "en", "MX"), ("Atlantis", "en", None),
    ],
)  # fmt: skip
def test_a_country_is_found_by_its_name(typed: str, locale: str, code: str | None) -> None:
    assert find_country(typed, locale) == code
