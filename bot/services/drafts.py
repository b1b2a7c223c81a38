"""Refused forms, kept for a day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.clock import Clock
from bot.domain.draft import DRAFT_LIFE, Draft, FormValue
from bot.domain.ids import new_id
from bot.errors import UserError


class DraftStore(Protocol):
    """What this service needs of the store."""

    async def save(self, draft: Draft) -> None: ...
    async def get(self, draft_id: str, user_id: int, now: datetime) -> Draft | None: ...
    async def purge(self, now: datetime) -> int: ...


class DraftService:
    """Keeps what people typed into forms that were refused."""

    def __init__(self, store: DraftStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def keep(self, user_id: int, route: str, values: Mapping[str, FormValue]) -> Draft:
        """Keep a form's values for its author."""
        draft = Draft(
            id=new_id(),
            user_id=user_id,
            route=route,
            values=values,
            expires_at=self._clock() + DRAFT_LIFE,
        )
        await self._store.save(draft)
        return draft

    async def reopen(self, draft_id: str, user_id: int) -> Draft:
        """Return a draft to its author.

        Raises:
            UserError: Its day is over, or it is someone else's.
        """
        draft = await self._store.get(draft_id, user_id, self._clock())
        if draft is None:
            raise UserError("core.draft_gone")
        return draft

    async def sweep(self, now: datetime) -> datetime | None:
        """Delete the drafts whose day is over."""
        await self._store.purge(now)
        return None
