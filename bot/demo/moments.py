"""Moments the clock's buttons lead to."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(9)


def tomorrow_morning(now: datetime, zone: str) -> datetime:
    """Return nine o'clock of the next day where somebody lives, in UTC."""
    local = now.astimezone(ZoneInfo(zone))
    morning = datetime.combine(local.date() + timedelta(days=1), MORNING, ZoneInfo(zone))
    return morning.astimezone(UTC)
