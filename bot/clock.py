"""The clock that everything takes its time from."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the current moment, aware and in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that reads the machine's clock
