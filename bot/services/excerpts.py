"""Keeping what was written for as long as a case is worked on, where the operator chose to."""

from datetime import datetime
from typing import Protocol

from bot.clock import Clock


class ExcerptStore(Protocol):
    """What this service needs of the store."""

    async def keep(self, case_id: str, text: str, at: datetime) -> None: ...
    async def of_case(self, case_id: str) -> str | None: ...


class Excerpts:
    """Keeps the text that opened a case, sealed; by default nothing is kept.

    Args:
        is_on: The operator switched it on.
    """

    def __init__(self, store: ExcerptStore, clock: Clock, *, is_on: bool) -> None:
        self._store = store
        self._clock = clock
        self._is_on = is_on

    async def keep(self, case_id: str, text: str) -> bool:
        """Keep a text until 72 hours after its case is closed; `False` where nothing is kept."""
        if not self._is_on or not text.strip():
            return False
        await self._store.keep(case_id, text, self._clock())
        return True

    async def of_case(self, case_id: str) -> str | None:
        """Return what is kept of a case, for those who opened it."""
        return await self._store.of_case(case_id)
