"""What should fall due, worked out day by day and minute by minute: slow, and plainly right."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.dates import Daily, Dates, Monthly, MonthlyWeekday, Once, Weekly
from bot.domain.recurrence import Occurrence, Rule

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def expected(rule: Rule, zone: ZoneInfo, after: datetime, until: datetime) -> Iterator[Occurrence]:
    """List what falls due after one instant and up to another, by looking at every date."""
    day = after.astimezone(zone).date() - DAY
    while day <= until.astimezone(zone).date() + DAY:
        if falls_on(rule, day):
            for slot in rule.slots:
                due_at = instant(day, slot.at, zone)
                if day.weekday() in slot.weekdays and after < due_at <= until:
                    yield Occurrence(nominal_date=day, slot=slot.key, due_at=due_at)
        day += DAY


def falls_on(rule: Rule, day: date) -> bool:
    """Whether a rule names a date."""
    if (rule.start and day < rule.start) or (rule.end and day > rule.end):
        return False
    return day not in rule.excluded and _is_named(rule.dates, rule.start or day, day)


def _is_named(dates: Dates, start: date, day: date) -> bool:
    months = (day.year - start.year) * 12 + day.month - start.month
    weeks = (_monday(day) - _monday(start)).days // 7
    is_month_end = (day + DAY).month != day.month
    match dates:
        case Once():
            return day == dates.on
        case Daily():
            return (day - start).days % dates.every == 0
        case Weekly():
            return day.weekday() in dates.weekdays and weeks % dates.every == 0
        case Monthly():
            is_day = day.day == dates.day or (is_month_end and day.day < dates.day)
            return is_day and months % dates.every == 0
        case MonthlyWeekday(nth=-1):
            return day.weekday() == dates.weekday and (day + 7 * DAY).month != day.month
        case MonthlyWeekday():
            return day.weekday() == dates.weekday and (day.day - 1) // 7 + 1 == dates.nth
    raise AssertionError(dates)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Find the first minute at which the clocks of a zone show a time of a day.

    Where they never do, they were put forward over it: the time is as much later, or, where that
    would be another day, as much earlier.
    """
    wanted = datetime.combine(day, at)
    noon = datetime.combine(day, time(12), UTC)
    offsets = {_offset(noon + hours, zone) for hours in (-2 * DAY, 2 * DAY)}
    if len(offsets) == 1 and _offset(noon, zone) in offsets:
        return (wanted - offsets.pop()).replace(tzinfo=UTC)
    minutes = [noon - 2 * DAY + MINUTE * count for count in range(4 * 24 * 60)]
    walls = [minute.astimezone(zone).replace(tzinfo=None) for minute in minutes]
    shown = dict(zip(reversed(walls), reversed(minutes), strict=True))
    if wanted in shown:
        return shown[wanted]
    gap = next(
        after - before - MINUTE for before, after in pairwise(walls) if before < wanted < after
    )
    later = wanted + gap
    return shown[later if later.date() == day else wanted - gap]


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
