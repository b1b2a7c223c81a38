"""Recurrence: dates, slots, and the instants they fall on."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, rrule
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.localtime import find_zone, local_day, resolve
from bot.domain.recurrence import (
    Daily,
    Dates,
    Monthly,
    MonthlyWeekday,
    Once,
    Rule,
    RuleError,
    Slot,
    Weekly,
    next_due,
    occurrences,
)

WEEKDAYS = (MO, TU, WE, TH, FR, SA, SU)
NINE = (Slot(at=time(9)),)
DAY = timedelta(days=1)
MADRID = find_zone("Europe/Madrid")


def days_of(dates: Dates, start: str, count: int) -> list[str]:
    rule = Rule(dates=dates, slots=NINE, start=date.fromisoformat(start))
    found = islice(rule.days_from(date(2000, 1, 1)), count)
    return [day.isoformat() for day in found]


@pytest.mark.parametrize(
    ("dates", "start", "expected"),
    [
        (Daily(), "2026-02-27", ["2026-02-27", "2026-02-28", "2026-03-01"]),
        (Daily(every=3), "2026-02-27", ["2026-02-27", "2026-03-02", "2026-03-05"]),
        (Weekly(weekdays=frozenset({1, 3})), "2026-01-07", ["2026-01-08", "2026-01-13"]),
        (
            Weekly(weekdays=frozenset({0, 4}), every=2),
            "2026-01-07",
            ["2026-01-09", "2026-01-19", "2026-01-23", "2026-02-02"],
        ),
        (Monthly(day=31), "2026-01-15", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        (Monthly(day=29), "2028-01-30", ["2028-02-29", "2028-03-29"]),
        (Monthly(day=15, every=3), "2026-01-20", ["2026-04-15", "2026-07-15"]),
        (
            Monthly(day=29, every=12),
            "2028-02-29",
            ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"],
        ),
        (Once(on=date(2026, 5, 1)), "2026-01-01", ["2026-05-01"]),
        (
            MonthlyWeekday(weekday=1, nth=2),
            "2026-01-01",
            ["2026-01-13", "2026-02-10", "2026-03-10"],
        ),
        (MonthlyWeekday(weekday=4, nth=-1), "2026-01-31", ["2026-02-27", "2026-03-27"]),
    ],
)
def test_dates_by_table(dates: Dates, start: str, expected: list[str]) -> None:
    assert days_of(dates, start, len(expected)) == expected


def test_once_comes_once() -> None:
    assert days_of(Once(on=date(2026, 5, 1)), "2026-01-01", 9) == ["2026-05-01"]


def test_the_end_is_included_and_excluded_dates_are_left_out() -> None:
    rule = Rule(
        dates=Daily(),
        slots=NINE,
        start=date(2026, 1, 1),
        end=date(2026, 1, 4),
        excluded=frozenset({date(2026, 1, 2)}),
    )

    assert [day.day for day in rule.days_from(date(2026, 1, 1))] == [1, 3, 4]


def test_weekday_and_weekend_times_differ() -> None:
    slots = (
        Slot(at=time(18), weekdays=frozenset(range(5)), key="day"),
        Slot(at=time(11), weekdays=frozenset({5, 6}), key="day"),
    )
    friday = datetime(2026, 1, 9, tzinfo=UTC)

    found = list(islice(occurrences(Rule(dates=Daily(), slots=slots), UTC, friday), 4))

    assert [one.due_at.strftime("%a %H:%M") for one in found] == [
        "Fri 18:00",
        "Sat 11:00",
        "Sun 11:00",
        "Mon 18:00",
    ]
    assert {one.slot for one in found} == {"day"}


def test_several_times_a_day_across_both_clock_changes() -> None:
    rule = Rule(dates=Daily(), slots=(Slot(at=time(2, 30)), Slot(at=time(3)), Slot(at=time(9))))

    spring = list(islice(occurrences(rule, MADRID, utc("2026-03-28T23:00")), 3))
    autumn = list(islice(occurrences(rule, MADRID, utc("2026-10-24T22:00")), 3))

    # 02:30 does not exist and comes at 03:30, after the slot of 03:00.
    assert [one.slot for one in spring] == ["03:00", "02:30", "09:00"]
    assert [one.due_at for one in spring] == [
        utc("2026-03-29T01:00"),
        utc("2026-03-29T01:30"),
        utc("2026-03-29T07:00"),
    ]
    assert [one.due_at for one in autumn] == [
        utc("2026-10-25T00:30"),
        utc("2026-10-25T02:00"),
        utc("2026-10-25T08:00"),
    ]


def test_occurrences_are_after_one_end_and_up_to_the_other() -> None:
    rule = Rule(dates=Daily(), slots=NINE)

    found = list(occurrences(rule, UTC, utc("2026-01-05T09:00"), utc("2026-01-07T09:00")))

    assert [one.nominal_date.day for one in found] == [6, 7]


def test_a_rule_whose_slots_never_apply_ends() -> None:
    weekend = (Slot(at=time(9), weekdays=frozenset({5, 6})),)
    rule = Rule(dates=Weekly(weekdays=frozenset({0})), slots=weekend)

    assert next_due(rule, UTC, utc("2026-01-05T09:00")) is None


def test_a_rule_that_is_over_has_no_next() -> None:
    rule = Rule(dates=Daily(), slots=NINE, end=date(2026, 1, 5))

    assert next_due(rule, UTC, utc("2026-01-05T08:59")) == utc("2026-01-05T09:00")
    assert next_due(rule, UTC, utc("2026-01-05T09:00")) is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: Daily(every=0),
        lambda: Daily(every=1001),
        lambda: Weekly(weekdays=frozenset()),
        lambda: Weekly(weekdays=frozenset({7})),
        lambda: Monthly(day=0),
        lambda: Monthly(day=32),
        lambda: Once(on=date(9999, 1, 1)),
        lambda: MonthlyWeekday(weekday=7, nth=1),
        lambda: MonthlyWeekday(weekday=1, nth=5),
        lambda: Slot(at=time(9, tzinfo=UTC)),
        lambda: Slot(at=time(9), weekdays=frozenset()),
        lambda: Rule(dates=Daily(), slots=()),
        lambda: Rule(dates=Daily(), slots=(*NINE, *NINE)),
        lambda: Rule(dates=Daily(every=2), slots=NINE),
        lambda: Rule(dates=Weekly(weekdays=frozenset({1}), every=2), slots=NINE),
        lambda: Rule(dates=Monthly(day=1, every=2), slots=NINE),
        lambda: Rule(dates=Daily(), slots=NINE, start=date(2026, 2, 1), end=date(2026, 1, 1)),
        lambda: Rule(dates=Daily(), slots=NINE, end=date(9999, 1, 1)),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(make: object) -> None:
    assert callable(make)
    with pytest.raises(RuleError):
        make()


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"dates":{"daily":1},"slots":[{}]}'])
def test_a_text_that_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        Rule.from_text(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
weekdays = st.frozensets(st.integers(0, 6), min_size=1)
steps = st.integers(1, 12)
patterns: st.SearchStrategy[Dates] = st.one_of(
    st.builds(Once, on=days),
    st.builds(Daily, every=steps),
    st.builds(Weekly, weekdays=weekdays, every=steps),
    st.builds(Monthly, day=st.integers(1, 31), every=steps),
    st.builds(MonthlyWeekday, weekday=st.integers(0, 6), nth=st.sampled_from([1, 2, 3, 4, -1])),
)
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
slot_lists = st.lists(
    st.builds(Slot, at=times, weekdays=weekdays), min_size=1, max_size=4, unique_by=lambda s: s.key
).map(tuple)
rules = st.builds(
    Rule,
    dates=patterns,
    slots=slot_lists,
    start=days,
    end=st.none() | st.dates(date(2029, 1, 1), date(2030, 1, 1)),
    excluded=st.frozensets(days, max_size=3),
)
zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
moments = st.integers(0, 5 * 366 * 24 * 60).map(
    lambda m: datetime(2023, 12, 1, tzinfo=UTC) + m * timedelta(minutes=1)
)


@given(rule=rules)
def test_a_rule_survives_its_text(rule: Rule) -> None:
    assert Rule.from_text(rule.to_text()) == rule
    assert Rule.from_text(rule.to_text()).to_text() == rule.to_text()


@given(start=days, every=steps, chosen=weekdays)
def test_weekly_agrees_with_dateutil(start: date, every: int, chosen: frozenset[int]) -> None:
    rule = Rule(dates=Weekly(weekdays=chosen, every=every), slots=NINE, start=start)
    theirs = rrule(WEEKLY, dtstart=naive(start), interval=every, byweekday=sorted(chosen), count=30)

    assert list(islice(rule.days_from(start), 30)) == [found.date() for found in theirs]


@given(start=days, every=steps, later=st.integers(0, 400))
def test_daily_agrees_with_dateutil(start: date, every: int, later: int) -> None:
    rule = Rule(dates=Daily(every=every), slots=NINE, start=start)
    since = start + later * DAY
    theirs = rrule(DAILY, dtstart=naive(start), interval=every, count=500)

    assert naive(next(rule.days_from(since))) == theirs.after(naive(since), inc=True)


@given(start=days, every=steps, day=st.integers(1, 28))
def test_monthly_agrees_with_dateutil_where_no_month_is_short(
    start: date, every: int, day: int
) -> None:
    rule = Rule(dates=Monthly(day=day, every=every), slots=NINE, start=start)
    theirs = rrule(MONTHLY, dtstart=naive(start), interval=every, bymonthday=day, count=20)

    assert list(islice(rule.days_from(start), 20)) == [found.date() for found in theirs]


@given(start=days, weekday=st.integers(0, 6), nth=st.sampled_from([1, 2, 3, 4, -1]))
def test_a_weekday_of_the_month_agrees_with_dateutil(start: date, weekday: int, nth: int) -> None:
    rule = Rule(dates=MonthlyWeekday(weekday=weekday, nth=nth), slots=NINE, start=start)
    theirs = rrule(MONTHLY, dtstart=naive(start), byweekday=WEEKDAYS[weekday](nth), count=20)

    assert list(islice(rule.days_from(start), 20)) == [found.date() for found in theirs]


@given(start=days, day=st.integers(1, 31))
def test_monthly_skips_no_month(start: date, day: int) -> None:
    rule = Rule(dates=Monthly(day=day), slots=NINE, start=start)

    found = list(islice(rule.days_from(start), 30))

    for one, after in pairwise(found):
        assert (after.year * 12 + after.month) - (one.year * 12 + one.month) == 1
        assert after.day == day or (after + DAY).day == 1


@given(rule=rules, zone=zones, after=moments, span=st.integers(1, 60))
def test_occurrences_agree_with_a_walk_over_every_day(
    rule: Rule, zone: ZoneInfo, after: datetime, span: int
) -> None:
    until = after + span * DAY
    expected = []
    for offset in range(-2, span + 3):
        day = local_day(after, zone) + offset * DAY
        if falls_on(rule, day):
            for slot in rule.slots_on(day):
                due_at = resolve(day, slot.at, zone)
                if after < due_at <= until:
                    expected.append((due_at, day, slot.key))

    found = list(occurrences(rule, zone, after, until))

    assert sorted((one.due_at, one.nominal_date, one.slot) for one in found) == sorted(expected)
    assert [one.due_at for one in found] == sorted(one.due_at for one in found)
    assert len({(one.nominal_date, one.slot) for one in found}) == len(found)


@given(rule=rules, zone=zones, after=moments)
def test_walking_by_next_due_meets_every_instant_once(
    rule: Rule, zone: ZoneInfo, after: datetime
) -> None:
    at_once = list(dict.fromkeys(one.due_at for one in islice(occurrences(rule, zone, after), 12)))

    walked: list[datetime] = []
    moment: datetime | None = after
    while moment and len(walked) < len(at_once):
        moment = next_due(rule, zone, moment)
        if moment:
            walked.append(moment)

    assert walked == at_once


def falls_on(rule: Rule, day: date) -> bool:
    return next(rule.days_from(day), None) == day


def naive(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - dateutil counts naive dates
