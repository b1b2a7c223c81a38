"""When somebody is next on, in the words and the time of the person who asks."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.text import Words

THIS_WEEK = timedelta(days=6)


def until_text(words: Words, next_on: datetime | None, zone: ZoneInfo, now: datetime) -> str | None:
    """Write when somebody is next on: the time, with the day where it is not today's.

    Nothing where nobody is planned, or somebody is on now.
    """
    if next_on is None or next_on <= now:
        return None
    local = next_on.astimezone(zone)
    if local.date() == now.astimezone(zone).date():
        return words("care.ask.until_time", time=words.time(local.timetz()))
    if next_on - now < THIS_WEEK:
        day = words.weekday(local.weekday())
        return words("care.ask.until_day", time=words.time(local.timetz()), day=day)
    return words("care.ask.until_date", moment=words.moment(next_on, zone))
