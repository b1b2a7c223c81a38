"""The rota over time: who is on, when that changes, and when nobody is."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.domain.localtime import find_zone
from bot.domain.rota import Hours, Level, Rota, Shift, ShiftId, Span, subtract

ZONES = ["America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "UTC", "Asia/Kolkata"]
NEW_YORK = "America/New_York"
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
EVERY_DAY = frozenset(range(7))
QUARTERS = st.sampled_from([time(hour, minute) for hour in range(24) for minute in (0, 15, 45)])
# The clocks change in March and November of 2026 in New York, in April and October elsewhere.
MOMENTS = st.integers(0, 365 * 24 * 4).map(
    lambda quarters: datetime(2026, 1, 1, tzinfo=UTC) + quarters * timedelta(minutes=15)
)


def shift(
    name: str = "one",
    start: str = "09:00",
    end: str = "17:00",
    *,
    user_id: int | None = 1,
    days: frozenset[int] = EVERY_DAY,
    zone: str = NEW_YORK,
    first_day: date = date(2026, 1, 1),
    last_day: date | None = None,
    rooms: frozenset[str] = frozenset(),
) -> Shift:
    hours = Hours(
        start=time.fromisoformat(start),
        end=time.fromisoformat(end),
        zone=zone,
        first_day=first_day,
        days=days,
        last_day=last_day,
    )
    return Shift(id=ShiftId(name), user_id=user_id, hours=hours, rooms=rooms)


@st.composite
def shifts(draw: st.DrawFn) -> Sequence[Shift]:
    """A few shifts of three people in several zones."""
    return [
        Shift(
            id=ShiftId(f"s{number}"),
            user_id=draw(st.sampled_from([1, 2, 3, None])),
            hours=Hours(
                start=draw(QUARTERS),
                end=draw(QUARTERS),
                zone=draw(st.sampled_from(ZONES)),
                first_day=date(2026, 1, 1) + draw(st.integers(0, 300)) * DAY,
                days=draw(st.frozensets(st.integers(0, 6), max_size=7)),
            ),
            level=draw(st.sampled_from(Level)),
        )
        for number in range(draw(st.integers(1, 4)))
    ]


def at(text: str, zone: str = NEW_YORK) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=find_zone(zone)).astimezone(UTC)


def on(rota: Rota, moment: datetime) -> set[int | None]:
    return {turn.user_id for turn in rota.at(moment)}


def clock_says(one: Shift, moment: datetime) -> bool:
    """Tell by the wall clock alone whether somebody is on, away from any change of the clocks."""
    hours = one.hours
    local = moment.astimezone(find_zone(hours.zone))
    today, yesterday = local.date(), local.date() - DAY
    if not hours.is_overnight:
        return hours.is_on(today) and hours.start <= local.time() < hours.end
    return (hours.is_on(today) and local.time() >= hours.start) or (
        hours.is_on(yesterday) and local.time() < hours.end
    )


def is_steady(zone: str, moment: datetime) -> bool:
    """Tell whether the clocks of a zone stand still for two days around a moment."""
    local = find_zone(zone)
    offsets = {(moment + days * DAY).astimezone(local).utcoffset() for days in (-2, -1, 0, 1, 2)}
    return len(offsets) == 1


@given(shifts(), MOMENTS)
def test_on_is_who_the_wall_clock_says(given_shifts: Sequence[Shift], moment: datetime) -> None:
    assume(all(is_steady(one.hours.zone, moment) for one in given_shifts))
    expected = {
        one.id for one in given_shifts if one.user_id is not None and clock_says(one, moment)
    }

    assert {turn.shift.id for turn in Rota(shifts=given_shifts).at(moment)} == expected


@given(shifts(), MOMENTS)
@settings(max_examples=60)
def test_nobody_comes_or_goes_before_the_next_boundary(
    given_shifts: Sequence[Shift], moment: datetime
) -> None:
    rota = Rota(shifts=given_shifts)
    before = {turn.date for turn in rota.at(moment)}

    boundary = rota.next_boundary(moment)

    assume(boundary is not None)
    assert boundary is not None
    assert boundary > moment
    for part in (0.25, 0.5, 0.999):
        between = moment + (boundary - moment) * part
        assert {turn.date for turn in rota.at(between)} == before


@given(shifts(), MOMENTS)
@settings(max_examples=60)
def test_next_on_is_the_first_moment_somebody_is_on(
    given_shifts: Sequence[Shift], moment: datetime
) -> None:
    rota = Rota(shifts=given_shifts)

    found = rota.next_on(moment, lambda user_id: user_id == 1)

    if found is None:
        assert 1 not in on(rota, moment)
        return
    assert 1 in on(rota, found)
    assert found == moment or 1 not in on(rota, found - MINUTE)
    for part in (0, 0.3, 0.8):
        between = moment + (found - moment) * part
        assert between == found or 1 not in on(rota, between)


@given(shifts(), MOMENTS, st.integers(0, 7 * 24 * 60 - 1))
@settings(max_examples=60)
def test_gaps_are_exactly_when_nobody_is_on(
    given_shifts: Sequence[Shift], moment: datetime, minutes: int
) -> None:
    rota = Rota(shifts=given_shifts)
    always = Hours(
        start=time(0), end=time(0), zone="UTC", first_day=date(2025, 1, 1), days=EVERY_DAY
    )
    sample = moment + minutes * MINUTE

    gaps = rota.gaps([always], moment, moment + 7 * DAY)

    in_a_gap = any(gap.start <= sample < gap.end for gap in gaps)
    assert in_a_gap is not bool(rota.at(sample))
    assert all(moment <= gap.start < gap.end <= moment + 7 * DAY for gap in gaps)


@given(shifts())
@settings(max_examples=40)
def test_two_shifts_overlap_either_way_round(given_shifts: Sequence[Shift]) -> None:
    rota = Rota(shifts=given_shifts)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    for one in given_shifts:
        met = rota.overlap(one, since)
        if met is None:
            continue
        mine, other = met
        assert mine.shift.id == one.id != other.shift.id
        assert mine.user_id == other.user_id == one.user_id
        assert mine.span.touches(other.span)
        assert rota.overlap(other.shift, since) is not None


@pytest.mark.parametrize(
    ("evening", "hours"),
    [("2026-03-07", 7), ("2026-10-31", 9), ("2026-06-01", 8)],
    ids=["an hour is left out", "an hour comes twice", "an ordinary night"],
)
def test_a_night_shift_keeps_its_local_hours(evening: str, hours: int) -> None:
    rota = Rota(shifts=[shift(start="22:00", end="06:00")])
    day = date.fromisoformat(evening)

    turn = rota.planned(rota.shifts[0], day)

    assert turn is not None
    assert turn.end - turn.start == timedelta(hours=hours)
    assert (turn.start, turn.end) == (at(f"{day} 22:00"), at(f"{day + DAY} 06:00"))
    assert on(rota, turn.start - MINUTE) == set()
    assert on(rota, turn.start) == {1}
    assert on(rota, turn.end - MINUTE) == {1}
    assert on(rota, turn.end) == set()


def test_hours_that_the_clocks_leave_out_are_nobodys() -> None:
    rota = Rota(shifts=[shift(start="02:30", end="03:00")])

    assert rota.planned(rota.shifts[0], date(2026, 3, 8)) is None
    assert rota.next_on(at("2026-03-08 00:00"), lambda _: True) == at("2026-03-09 02:30")


def test_a_date_given_away_is_the_takers_that_day_alone() -> None:
    one = shift()
    rota = Rota(shifts=[one], handed={(one.id, date(2026, 1, 6)): 2})

    assert on(rota, at("2026-01-05 12:00")) == {1}
    assert on(rota, at("2026-01-06 12:00")) == {2}
    assert on(rota, at("2026-01-07 12:00")) == {1}


def test_a_date_left_empty_is_a_gap_without_any_hours_to_cover() -> None:
    one = shift()
    rota = Rota(shifts=[one], handed={(one.id, date(2026, 1, 6)): None})

    gaps = rota.gaps([], at("2026-01-05 00:00"), at("2026-01-12 00:00"))

    assert gaps == [Span(start=at("2026-01-06 09:00"), end=at("2026-01-06 17:00"))]


def test_a_turn_ended_early_is_over_then_and_whole_the_next_day() -> None:
    one = shift()
    rota = Rota(shifts=[one], ended={(one.id, date(2026, 1, 5)): at("2026-01-05 10:00")})

    assert on(rota, at("2026-01-05 09:59")) == {1}
    assert on(rota, at("2026-01-05 10:00")) == set()
    assert on(rota, at("2026-01-06 10:00")) == {1}
    assert rota.next_boundary(at("2026-01-05 09:30")) == at("2026-01-05 10:00")


def test_a_shift_moved_after_it_was_ended_is_on_at_its_new_hours() -> None:
    moved = shift(start="18:00", end="22:00")
    rota = Rota(shifts=[moved], ended={(moved.id, date(2026, 1, 5)): at("2026-01-05 10:00")})

    assert on(rota, at("2026-01-05 19:00")) == {1}


def test_the_last_date_is_the_last_one_to_begin() -> None:
    rota = Rota(shifts=[shift(start="22:00", end="06:00", last_day=date(2026, 1, 5))])

    assert on(rota, at("2026-01-06 05:59")) == {1}
    assert on(rota, at("2026-01-06 22:30")) == set()
    assert rota.next_boundary(at("2026-01-06 06:00")) is None


def test_a_clash_does_not_count_what_would_be_given_away() -> None:
    mine, theirs = shift("mine"), shift("theirs", "16:00", "20:00", user_id=2)
    rota = Rota(shifts=[mine, theirs])
    turn = rota.planned(mine, date(2026, 1, 5))
    assert turn is not None

    clash = rota.clash(turn, 2)

    assert clash is not None
    assert clash.shift.id == "theirs"
    assert rota.clash(turn, 2, without={(theirs.id, date(2026, 1, 5))}) is None
    assert rota.clash(turn, 3) is None


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=6),
    st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=6),
)
def test_what_is_left_is_in_the_one_and_not_in_the_other(
    ones: list[tuple[int, int]], others: list[tuple[int, int]]
) -> None:
    zero = datetime(2026, 1, 1, tzinfo=UTC)

    def spans(pairs: list[tuple[int, int]]) -> list[Span]:
        return [
            Span(start=zero + start * MINUTE, end=zero + (start + length) * MINUTE)
            for start, length in pairs
        ]

    def covers(found: Sequence[Span], minute: int) -> bool:
        moment = zero + minute * MINUTE
        return any(span.start <= moment < span.end for span in found)

    left = subtract(spans(ones), spans(others))

    for minute in range(75):
        wanted = covers(spans(ones), minute) and not covers(spans(others), minute)
        assert covers(left, minute) is wanted
