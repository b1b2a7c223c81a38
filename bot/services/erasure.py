"""Forgetting a person: every store's rows, their key, and a line in the list of deletions."""

import logging
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol

from bot.domain.ids import ParticipantId

log = logging.getLogger(__name__)


class PersonalStore(Protocol):
    """A store with rows about people."""

    async def forget(self, participant_id: ParticipantId, tx: Any = None) -> None: ...


class Transactor(Protocol):
    """Opens units of work."""

    def transaction(self) -> AbstractAsyncContextManager[Any]: ...


class Keys(Protocol):
    """Destroys a person's key."""

    async def destroy(self, owner: str) -> None: ...


class DeletionList(Protocol):
    """Remembers who was forgotten, outside the database."""

    def add(self, owner: str) -> None: ...
    def owners(self) -> AbstractSet[str]: ...


class ErasureService:
    """Deletes everything about a person, now and again after a backup came back."""

    def __init__(
        self,
        stores: Sequence[PersonalStore],
        transactor: Transactor,
        keys: Keys,
        deletions: DeletionList,
    ) -> None:
        self._stores = stores
        self._transactor = transactor
        self._keys = keys
        self._deletions = deletions

    async def forget(self, participant_id: ParticipantId) -> None:
        """Delete everything about a person.

        The list comes first: a crash in between is made good by `replay`.
        """
        self._deletions.add(participant_id)
        await self._delete(participant_id)

    async def replay(self) -> int:
        """Forget everyone on the list once more, and return how many are on it."""
        owners = self._deletions.owners()
        for owner in sorted(owners):
            await self._delete(ParticipantId(owner))
        log.info("%d deletions replayed", len(owners))
        return len(owners)

    async def _delete(self, participant_id: ParticipantId) -> None:
        async with self._transactor.transaction() as tx:
            for store in self._stores:
                await store.forget(participant_id, tx)
        await self._keys.destroy(participant_id)
