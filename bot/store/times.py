"""Times as the database keeps them: whole microseconds since 1970, UTC."""

from datetime import UTC, date, datetime, timedelta
from typing import overload

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@overload
def to_us(moment: datetime) -> int: ...
@overload
def to_us(moment: None) -> None: ...
def to_us(moment: datetime | None) -> int | None:
    """Turn an aware moment into microseconds; nothing stays nothing."""
    return None if moment is None else (moment - EPOCH) // MICROSECOND


@overload
def from_us(microseconds: int) -> datetime: ...
@overload
def from_us(microseconds: None) -> None: ...
def from_us(microseconds: int | None) -> datetime | None:
    """Turn microseconds into an aware moment; nothing stays nothing."""
    return None if microseconds is None else EPOCH + timedelta(microseconds=microseconds)


def to_day(text: str | None) -> date | None:
    """Read an ISO day; nothing stays nothing."""
    return None if text is None else date.fromisoformat(text)
