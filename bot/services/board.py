"""The live boards: what they show, and when they are to be looked at again."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.domain.board import BoardName, BoardRow, BoardState, board_order
from bot.domain.case import Case, Circle, narrower
from bot.domain.delivery import SentRef
from bot.domain.staff import StaffMember
from bot.services.database_port import Transactor


class CaseStore(Protocol):
    """What this service needs of the cases' store."""

    async def unclosed(self, tx: Any = None) -> Sequence[Case]: ...


class ConcernStore(Protocol):
    """What this service needs of the concerns' store."""

    async def about(self, tx: Any = None) -> Mapping[str, int]: ...


class LiveMessageStore(Protocol):
    """What this service needs to find its messages again."""

    async def get(self, name: str) -> SentRef | None: ...
    async def save(self, name: str, ref: SentRef) -> None: ...
    async def drop(self, message_id: int) -> bool: ...


class Duty(Protocol):
    """What this service needs of duty and the conflict list."""

    def on_duty(self) -> Sequence[StaffMember]: ...
    def is_enrolled(self, user_id: int | None) -> bool: ...
    def circle(self, people: Collection[int]) -> Circle: ...
    def next_on(self, people: Collection[int]) -> datetime | None: ...


CIRCLES = {BoardName.TEAM: Circle.TEAM, BoardName.LEADS: Circle.LEADS}
"""Whose cases a board shows; those that not every lead may know of are on none."""


class Board:
    """Says what a board shows; a case is on it only where all who read it may know of it."""

    def __init__(
        self,
        *,
        cases: CaseStore,
        concerns: ConcernStore,
        messages: LiveMessageStore,
        database: Transactor,
        duty: Duty,
    ) -> None:
        self._cases = cases
        self._messages = messages
        self._concerns = concerns
        self._database = database
        self._duty = duty
        self._touched: Callable[[], None] = lambda: None
        self._lost: Callable[[], None] = lambda: None

    def touch(self) -> None:
        """Say that a case or the duty changed; the boards follow within seconds.

        It costs nothing and may be called inside a transaction: looking waits for its end.
        """
        self._touched()

    def listen(self, *, touched: Callable[[], None], lost: Callable[[], None]) -> None:
        """Call these from now on: at every touch, and when a board's message is gone."""
        self._touched, self._lost = touched, lost

    async def place(self, name: str) -> SentRef | None:
        """Return where a board's message stands."""
        return await self._messages.get(name)

    async def keep(self, name: str, ref: SentRef) -> None:
        """Keep where a board's message stands."""
        await self._messages.save(name, ref)

    async def gone(self, message_ids: Collection[int]) -> None:
        """Take in that messages were deleted; a board among them is posted anew."""
        if any([await self._messages.drop(message_id) for message_id in message_ids]):
            self._lost()

    async def look(self, name: BoardName) -> BoardState:
        """Return what a board shows now."""
        async with self._database.transaction() as tx:
            cases = await self._cases.unclosed(tx)
            about = await self._concerns.about(tx)
        wanted = CIRCLES[name]
        rows = [
            BoardRow(case=case, is_free=not self._duty.is_enrolled(case.owner_id))
            for case in cases
            if self._circle(case, about) is wanted
        ]
        return BoardState(
            name=name,
            rows=sorted(rows, key=board_order),
            on_duty=[member.user_id for member in self._duty.on_duty()],
            next_on=self._duty.next_on(()),
        )

    def _circle(self, case: Case, about: Mapping[str, int]) -> Circle:
        """Return who may know of a case; somebody may have been put on the list since."""
        people = [case.user_id, *([about[case.id]] if case.id in about else [])]
        return narrower(case.circle, self._duty.circle(people))
