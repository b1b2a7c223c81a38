"""The brakes: before Discord blocks us for invalid requests, and while Discord is down."""

from collections import deque
from datetime import datetime, timedelta

from bot.domain.delivery import DeliveryError, Priority, TryLaterError

INVALID_WINDOW = timedelta(minutes=10)
INVALID_LIMIT = 1_000
"""A tenth of the 10,000 in ten minutes that block the address."""

INVALID_LIMIT_FOR_CASES = 5_000
FAILURES_IN_A_ROW = 5
LONGEST_BREAK = timedelta(minutes=1)


class Brakes:
    """Decides from the latest refusals who may still be sent to."""

    def __init__(
        self,
        invalid_limit: int = INVALID_LIMIT,
        invalid_limit_for_cases: int = INVALID_LIMIT_FOR_CASES,
    ) -> None:
        self._limit = invalid_limit
        self._limit_for_cases = invalid_limit_for_cases
        self._invalid: deque[datetime] = deque()
        self._failures = 0
        self._break_until: datetime | None = None

    def worked(self) -> None:
        """Take in that Discord took a message."""
        self._failures = 0
        self._break_until = None

    def refused(self, error: DeliveryError, now: datetime) -> datetime | None:
        """Count a refusal.

        Returns:
            Until when all but cases wait, for the one invalid request that brought it about.
        """
        if isinstance(error, TryLaterError) and error.after is None:
            self._failures += 1
            extra = self._failures - FAILURES_IN_A_ROW
            if extra >= 0:
                step = timedelta(seconds=2.0 ** min(extra, 10))
                self._break_until = now + min(step, LONGEST_BREAK)
        else:
            self._failures = 0
        if not error.is_invalid:
            return None
        self._forget(now)
        self._invalid.append(now)
        return now + INVALID_WINDOW if len(self._invalid) == self._limit else None

    def least(self, now: datetime) -> Priority | None:
        """Return the lowest priority that may be sent now, or nothing where none may."""
        self._forget(now)
        if len(self._invalid) >= self._limit_for_cases:
            return None
        if len(self._invalid) >= self._limit:
            return Priority.CASE
        if self._break_until is not None and now < self._break_until:
            return Priority.CASE
        return Priority.PROMPT

    def _forget(self, now: datetime) -> None:
        while self._invalid and self._invalid[0] <= now - INVALID_WINDOW:
            self._invalid.popleft()
