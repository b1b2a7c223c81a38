"""Local time around every kind of transition."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.localtime import QuietHours, UnknownZoneError, find_zone, local_day, resolve

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

TABLE = [
    # zone, day, time, instant in UTC, why
    ("Europe/Madrid", "2026-03-29", "09:00", "2026-03-29T07:00", "a day with a gap"),
    ("Europe/Madrid", "2026-03-29", "02:30", "2026-03-29T01:30", "inside the gap: 03:30"),
    ("Europe/Madrid", "2026-10-25", "02:30", "2026-10-25T00:30", "twice: the first"),
    ("America/New_York", "2026-03-08", "02:00", "2026-03-08T07:00", "the gap's first minute"),
    ("America/New_York", "2026-11-01", "01:59", "2026-11-01T05:59", "the fold's last minute"),
    ("Australia/Lord_Howe", "2026-10-04", "02:10", "2026-10-03T15:40", "a gap of half an hour"),
    ("America/Sao_Paulo", "2018-11-04", "00:15", "2018-11-04T03:15", "a gap after midnight"),
    ("America/Nuuk", "2025-03-29", "23:30", "2025-03-30T00:30", "a gap before midnight: 22:30"),
    ("America/Havana", "2026-11-01", "00:30", "2026-11-01T04:30", "midnight twice"),
    ("Asia/Kathmandu", "2026-05-01", "00:00", "2026-04-30T18:15", "an odd offset"),
    ("Pacific/Kiritimati", "2026-01-01", "09:00", "2025-12-31T19:00", "fourteen hours ahead"),
    ("UTC", "2026-01-01", "00:00", "2026-01-01T00:00", "no offset"),
]


@pytest.mark.parametrize(("zone", "day", "at", "instant", "_why"), TABLE)
def test_resolve_by_table(zone: str, day: str, at: str, instant: str, _why: str) -> None:
    expected = datetime.fromisoformat(instant).replace(tzinfo=UTC)

    assert resolve(date.fromisoformat(day), time.fromisoformat(at), find_zone(zone)) == expected


def test_a_day_that_never_was_is_read_as_the_day_before() -> None:
    apia = find_zone("Pacific/Apia")

    assert local_day(resolve(date(2011, 12, 30), time(9), apia), apia) == date(2011, 12, 29)


@lru_cache
def transition_days() -> list[tuple[str, date]]:
    """Every local date of 2026 and 2027, in any zone, on which the offset changes."""
    found = []
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        before = datetime(2026, 1, 1, 12, tzinfo=UTC)
        offset = before.astimezone(zone).utcoffset()
        while before.year < 2028:
            after = before + DAY
            later = after.astimezone(zone).utcoffset()
            if later != offset:
                found.append((name, local_day(transition(before, after, zone), zone)))
            before, offset = after, later
    return found


def transition(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The first minute with the new offset."""
    offset = before.astimezone(zone).utcoffset()
    while after - before > MINUTE:
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after


def wall_clock(day: date, zone: tzinfo) -> dict[time, datetime]:
    """The first instant at which each minute of a local date is shown, by walking through it."""
    noon = datetime.combine(day, time(12), UTC)
    shown: dict[time, datetime] = {}
    for step in range(-27 * 60, 27 * 60):
        instant = noon + step * MINUTE
        local = instant.astimezone(zone)
        if local.date() == day:
            shown.setdefault(local.time().replace(fold=0), instant)
    return shown


def minutes_of_a_day() -> Iterator[time]:
    for minute in range(24 * 60):
        yield time(*divmod(minute, 60))


def test_resolve_on_every_transition_of_every_zone() -> None:
    days = transition_days()
    assert len(days) > 500
    seen = set()

    for name, day in days:
        zone = ZoneInfo(name)
        for near in (day - DAY, day, day + DAY):
            rules = tuple(
                resolve(near, at, zone) - datetime.combine(near, time(), UTC)
                for at in (time(0, 30), time(1, 30), time(2, 30), time(23, 30))
            )
            if (near, rules) in seen:
                continue
            seen.add((near, rules))
            check_day(near, zone, name)


def check_day(day: date, zone: tzinfo, name: str) -> None:
    shown = wall_clock(day, zone)
    for at in minutes_of_a_day():
        instant = resolve(day, at, zone)
        local = instant.astimezone(zone)
        assert local.date() == day, (name, day, at)
        if at in shown:
            assert instant == shown[at], (name, day, at)
        else:
            gap = abs(shift(local.time(), at))
            assert MINUTE <= gap <= timedelta(hours=2), (name, day, at)
            assert local.time().replace(fold=0) in shown, (name, day, at)


def shift(later: time, earlier: time) -> timedelta:
    day = date(2026, 1, 1)
    return datetime.combine(day, later) - datetime.combine(day, earlier)


zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
plain_times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
instants = st.integers(0, 6 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + minutes * MINUTE
)


@given(day=st.dates(date(2020, 1, 1), date(2035, 1, 1)), at=plain_times, zone=zones)
def test_resolve_stays_on_its_date(day: date, at: time, zone: ZoneInfo) -> None:
    assert local_day(resolve(day, at, zone), zone) == day


@pytest.mark.parametrize(
    ("now", "released"),
    [
        ("2026-01-05T21:59", "2026-01-05T21:59"),
        ("2026-01-05T22:00", "2026-01-06T08:00"),
        ("2026-01-06T03:00", "2026-01-06T08:00"),
        ("2026-01-06T08:00", "2026-01-06T08:00"),
        ("2026-01-06T12:00", "2026-01-06T12:00"),
    ],
)
def test_quiet_hours_over_midnight(now: str, released: str) -> None:
    quiet = QuietHours(start=time(22), end=time(8))

    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert quiet.release(moment, UTC) == datetime.fromisoformat(released).replace(tzinfo=UTC)


def test_quiet_hours_within_a_day() -> None:
    quiet = QuietHours(start=time(13), end=time(15))
    inside = datetime(2026, 1, 5, 14, tzinfo=UTC)

    assert quiet.release(inside, UTC) == datetime(2026, 1, 5, 15, tzinfo=UTC)
    assert quiet.release(inside - timedelta(hours=2), UTC) == inside - timedelta(hours=2)


def test_equal_ends_mean_no_quiet_hours() -> None:
    quiet = QuietHours(start=time(8), end=time(8))
    now = datetime(2026, 1, 5, 8, tzinfo=UTC)

    assert quiet.release(now, UTC) == now


def test_quiet_hours_that_end_twice_end_the_first_time() -> None:
    madrid = find_zone("Europe/Madrid")
    quiet = QuietHours(start=time(22), end=time(2, 30))
    between = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 for the second time

    assert quiet.release(between, madrid) == between


@given(instant=instants, start=plain_times, end=plain_times, zone=zones)
def test_quiet_hours_release_later_and_for_good(
    instant: datetime, start: time, end: time, zone: ZoneInfo
) -> None:
    quiet = QuietHours(start=start, end=end)

    released = quiet.release(instant, zone)

    assert released >= instant
    assert released - instant <= timedelta(hours=27)
    assert quiet.release(released, zone) == released


@given(instant=instants, zone=zones)
def test_local_day_is_what_the_wall_shows(instant: datetime, zone: ZoneInfo) -> None:
    assert local_day(instant, zone) == instant.astimezone(zone).date()


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "Europe", "europe/madrid\0"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(UnknownZoneError):
        find_zone(name)
