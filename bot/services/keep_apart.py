"""The keep-apart list: people who share no room, group or session; in memory too."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.ids import ApartId, new_id
from bot.domain.keep_apart import Apart
from bot.errors import UserError
from bot.services.case_ports import Auditor
from bot.services.database_port import Transactor

OnApart: TypeAlias = Callable[[int, int], Awaitable[None]]


class KeepApartStore(Protocol):
    """What this service needs of the store."""

    async def all(self) -> Sequence[Apart]: ...
    async def reason(self, apart_id: str) -> str | None: ...
    async def seal(self, apart: Apart) -> bytes | None: ...
    async def add(self, apart: Apart, sealed: bytes | None, tx: Any) -> bool: ...
    async def remove(self, apart: Apart, tx: Any) -> bool: ...
    async def destroy(self, apart_id: str) -> None: ...


class KeepApartService:
    """Who is kept apart from whom; neither of them can see it anywhere."""

    def __init__(
        self, store: KeepApartStore, *, database: Transactor, audit: Auditor, clock: Clock
    ) -> None:
        self._store = store
        self._database = database
        self._audit = audit
        self._clock = clock
        self._list: Sequence[Apart] = ()
        self._others: dict[int, set[int]] = {}
        self._listeners: list[OnApart] = []

    async def load(self) -> None:
        """Read the list."""
        self._list = await self._store.all()
        others: defaultdict[int, set[int]] = defaultdict(set)
        for apart in self._list:
            low, high = apart.users
            others[low].add(high)
            others[high].add(low)
        self._others = dict(others)

    def on_apart(self, callback: OnApart) -> None:
        """Call this after two people were put on the list: who stays, then who makes way."""
        self._listeners.append(callback)

    def others(self, user_id: int) -> frozenset[int]:
        """Return whom an account is kept apart from."""
        return frozenset(self._others.get(user_id, ()))

    def all(self) -> Sequence[Apart]:
        """Return the list, the oldest first."""
        return self._list

    async def reason(self, apart: Apart) -> str | None:
        """Return why two people are on the list."""
        return await self._store.reason(apart.id)

    async def add(self, stays: int, makes_way: int, *, by: int, reason: str = "") -> None:
        """Put two people on the list; what they share already, the second leaves.

        Raises:
            UserError: Both are one, one is on the team, or they are on the list.
        """
        if stays == makes_way:
            raise UserError("rooms.apart.self")
        low, high = sorted((stays, makes_way))
        apart = Apart(
            id=ApartId(new_id()),
            users=(low, high),
            reason=reason or None,
            added_by=by,
            added_at=self._clock(),
        )
        sealed = await self._store.seal(apart)
        async with self._database.transaction() as tx:
            is_new = await self._store.add(apart, sealed, tx)
            if is_new:
                await self._audit.record(
                    Subject.staff(by), AuditAction.APART_CHANGED, PROGRAMME, tx=tx, added=True
                )
        if not is_new:
            await self._store.destroy(apart.id)
            raise UserError("rooms.apart.known")
        await self.load()
        for listener in self._listeners:
            await listener(stays, makes_way)

    async def remove(self, one: int, other: int, *, by: int) -> None:
        """Take two people off the list.

        Raises:
            UserError: They are not on it.
        """
        users = tuple(sorted((one, other)))
        apart = next((line for line in self._list if line.users == users), None)
        if apart is None:
            raise UserError("rooms.apart.none")
        async with self._database.transaction() as tx:
            if await self._store.remove(apart, tx):
                await self._audit.record(
                    Subject.staff(by), AuditAction.APART_CHANGED, PROGRAMME, tx=tx, added=False
                )
        await self._store.destroy(apart.id)
        await self.load()
