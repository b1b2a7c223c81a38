"""The programme's own settings, kept in memory."""

from dataclasses import replace
from typing import Any, Protocol

from bot.domain.programme import Programme


class ProgrammeStore(Protocol):
    """What this service needs of the store."""

    async def get(self) -> Programme: ...
    async def save(self, programme: Programme) -> None: ...


class ProgrammeService:
    """What is set for everyone."""

    def __init__(self, store: ProgrammeStore) -> None:
        self._store = store
        self.current = Programme()

    async def load(self) -> None:
        """Read the programme."""
        self.current = await self._store.get()

    async def change(self, **changes: Any) -> Programme:
        """Change some settings and return the programme as it is now."""
        changed = replace(self.current, **changes)
        await self._store.save(changed)
        self.current = changed
        return changed
