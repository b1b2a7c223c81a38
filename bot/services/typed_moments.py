"""Dates and times as people type them, with a general parser behind the own rules."""

import re
from datetime import date, datetime, time, tzinfo

import dateparser

from bot.domain.localtime import local_day
from bot.domain.typed_dates import DateTextError, read_day
from bot.domain.typed_schedule import (
    EndFirstError,
    Fallback,
    ScheduleTextError,
    TooManyTimesError,
    TypedSchedule,
    read_schedule,
)
from bot.errors import UserError

ENGLISH = "en"
LANGUAGES = ("en", "es")
LONGEST = 40

# The parser takes single words and odd numbers for dates; it is asked only where one of these is.
_FAMILIAR = re.compile(
    r"\b(?:days?|weeks?|months?|years?|dias?|semanas?|mes(?:es)?|anos?|fortnight|quincena"
    r"|jan\w*|feb\w*|mar\w*|apr\w*|may\w*|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
    r"|ene\w*|abr\w*|ago\w*|dic\w*)\b"
)


def typed_schedule(text: str, *, now: datetime, zone: tzinfo, locale: str) -> TypedSchedule:
    """Read when something shall be.

    Raises:
        UserError: It names no time, too many, or ends before it starts.
    """
    try:
        return read_schedule(
            text,
            now=now,
            zone=zone,
            day_first=_is_day_first(locale),
            fallback=_fallback(local_day(now, zone), locale),
        )
    except TooManyTimesError as error:
        raise UserError("goals.when.too_many") from error
    except EndFirstError as error:
        raise UserError("goals.when.end_first", typed=text) from error
    except ScheduleTextError as error:
        raise UserError("goals.when.unreadable", typed=text) from error


def typed_date(text: str, *, today: date, locale: str) -> date:
    """Read one date.

    Raises:
        UserError: It is none.
    """
    try:
        return read_day(text, today=today, day_first=_is_day_first(locale))
    except (DateTextError, OverflowError) as error:
        found = _fallback(today, locale)(text)
        if found is None:
            raise UserError("goals.date.unreadable", typed=text) from error
        return found


def _fallback(today: date, locale: str) -> Fallback:
    own = locale.split("-", maxsplit=1)[0]
    languages = [own, *(other for other in LANGUAGES if other != own)]

    def read(text: str) -> date | None:
        if len(text) > LONGEST or not _FAMILIAR.search(text.casefold()):
            return None
        found = dateparser.parse(
            text,
            languages=[one for one in languages if one in LANGUAGES],
            settings={
                "RELATIVE_BASE": datetime.combine(today, time(12)),
                "PREFER_DATES_FROM": "future",
                "DATE_ORDER": "DMY" if _is_day_first(locale) else "MDY",
            },
        )
        return found.date() if found else None

    return read


def _is_day_first(locale: str) -> bool:
    return not locale.startswith(ENGLISH)
