"""Local time: which instant a nominal local date and time is, and quiet hours."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ONE_DAY = timedelta(days=1)


class UnknownZoneError(ValueError):
    """No zone has this name."""


@lru_cache(maxsize=1024)
def find_zone(name: str) -> ZoneInfo:
    """Find a zone by its IANA name.

    Raises:
        UnknownZoneError: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UnknownZoneError(name) from error


def resolve(day: date, at: time, zone: tzinfo) -> datetime:
    """Turn a nominal local date and time into an instant, in UTC.

    A time inside a gap shifts by the gap; where that would change the date, it is read with the
    offset after the gap instead and comes earlier on the same day. A time that happens twice is
    the first of the two.
    """
    local = datetime.combine(day, at, zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).date() != day:
        return local.replace(fold=1).astimezone(UTC)
    return instant


def local_day(instant: datetime, zone: tzinfo) -> date:
    """Return the date it is in a zone."""
    return instant.astimezone(zone).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietHours:
    """Local hours in which nothing unasked is sent; equal ends mean never."""

    start: time
    end: time

    def release(self, instant: datetime, zone: tzinfo) -> datetime:
        """Return the instant itself, or the end of the quiet hours it falls into."""
        if self.start == self.end:
            return instant
        moment = instant
        # The hours may touch once a gap has moved an end; two in a row are the most.
        for _ in range(3):
            finish = self._finish_around(moment, zone)
            if finish is None:
                break
            moment = finish
        return moment

    def _finish_around(self, instant: datetime, zone: tzinfo) -> datetime | None:
        today = local_day(instant, zone)
        for day in (today - ONE_DAY, today):
            begin = resolve(day, self.start, zone)
            last = day if self.start < self.end else day + ONE_DAY
            finish = resolve(last, self.end, zone)
            if begin <= instant < finish:
                return finish
        return None
