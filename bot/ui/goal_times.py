"""When a goal is, in words."""

from datetime import date

from bot.domain.goal import is_once
from bot.domain.recurrence import Daily, Monthly, Once, Rule, Slot, Weekly
from bot.text import Words

WEEK = frozenset(range(7))
WORKDAYS = frozenset(range(5))


def rule_text(words: Words, rule: Rule, today: date) -> str:
    """Write a rule as a person would say it."""
    times = words.listing([words.time(slot.at) for slot in sorted_slots(rule)])
    text = words("goals.times.at", days=_dates_text(words, rule, today), times=times)
    if rule.start is not None and rule.start > today and not is_once(rule):
        text = words("goals.times.from", when=text, day=day_text(words, rule.start, today))
    if rule.end is not None:
        text = words("goals.times.until", when=text, day=day_text(words, rule.end, today))
    return text


def sorted_slots(rule: Rule) -> list[Slot]:
    """List the times of a rule in order."""
    return sorted(rule.slots, key=lambda slot: slot.at)


def day_text(words: Words, day: date, today: date) -> str:
    """Write a day, with its year where that is not this one."""
    written = words.date(day)
    return (
        written if day.year == today.year else words("goals.times.year", day=written, year=day.year)
    )


def _dates_text(words: Words, rule: Rule, today: date) -> str:
    match rule.dates:
        case Once(on=on):
            return day_text(words, on, today)
        case Daily(every=every):
            return words("goals.times.daily") if every == 1 else words("goals.times.days", n=every)
        case Weekly(weekdays=weekdays, every=every):
            return _weekly(words, weekdays, every)
        case Monthly(day=day, every=12) if rule.start is not None:
            return words("goals.times.yearly", day=_in_year(words, rule.start, day))
        case Monthly(day=day, every=every):
            text = words("goals.times.month" if day <= 28 else "goals.times.month_end", day=day)
            return text if every == 1 else words("goals.times.months", n=every, text=text)
    return ""


def _weekly(words: Words, weekdays: frozenset[int], every: int) -> str:
    if every == 1 and weekdays == WEEK:
        return words("goals.times.daily")
    if every == 1 and weekdays == WORKDAYS:
        return words("goals.times.workdays")
    named = words.listing([words.weekday(index) for index in sorted(weekdays)])
    if every == 1:
        return words("goals.times.weekly", weekdays=named)
    return words("goals.times.weeks", n=every, weekdays=named)


def _in_year(words: Words, start: date, day: int) -> str:
    if (start.month, day) == (2, 29):
        return words("goals.times.leap_day")
    return words.short_day(start, weekday=False)
