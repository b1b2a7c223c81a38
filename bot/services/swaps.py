"""Swaps of shifts on single dates: both people's word, and the rota changes."""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.delivery import Channel, Kind, Priority
from bot.domain.ids import new_id
from bot.domain.oncall import RotaChange
from bot.domain.place import PlaceKey
from bot.domain.rota import Date, OverlapError, ShiftId, Turn
from bot.domain.swap import Swap, SwapId, SwapState
from bot.errors import UserError
from bot.services.case_ports import Auditor
from bot.services.database_port import Transactor
from bot.services.outbox_port import Outbox
from bot.services.rota import RotaService
from bot.services.staff import StaffService

SWAP_ASKED = Kind(
    name="rota.swap", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)


class SwapStore(Protocol):
    """What this service needs of the store."""

    async def add(self, swap: Swap, tx: Any) -> bool: ...
    async def get(self, swap_id: str, tx: Any = None) -> Swap | None: ...
    async def settle(self, swap_id: str, state: SwapState, at: datetime, tx: Any) -> bool: ...
    async def open_of(self, user_id: int) -> Sequence[Swap]: ...


class DateStore(Protocol):
    """What this service needs of the rota's store."""

    async def hand(self, day: Date, user_id: int | None, tx: Any) -> None: ...


class SwapService:
    """Asks, accepts and declines; of two answers at once one counts."""

    def __init__(
        self,
        *,
        store: SwapStore,
        dates: DateStore,
        rota: RotaService,
        staff: StaffService,
        outbox: Outbox,
        transactor: Transactor,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._dates = dates
        self._rota = rota
        self._staff = staff
        self._outbox = outbox
        self._transactor = transactor
        self._audit = audit
        self._clock = clock
        # Two swaps of one turn, answered in one moment: the second finds the rota changed.
        self._accepting = asyncio.Lock()

    async def ask(
        self, asker_id: int, given: Date, taker_id: int, back: Date | None = None
    ) -> Swap:
        """Ask a colleague to take a shift on one date; they read it in the staff channel.

        Raises:
            UserError: It is oneself, somebody who is not on the team, not one's own turn or not
                theirs, over, or asked for already.
            OverlapError: One of the two would be on two shifts at once.
        """
        if asker_id == taker_id:
            raise UserError("rota.swap.self")
        if self._staff.get(taker_id) is None:
            raise UserError("rota.not_staff", who=f"<@{taker_id}>")
        swap = Swap(
            id=SwapId(new_id()),
            shift_id=given[0],
            day=given[1],
            asker_id=asker_id,
            taker_id=taker_id,
            back=back,
            asked_at=self._clock(),
        )
        if self._turn(swap.given, asker_id) is None:
            raise UserError("rota.swap.not_yours")
        if back is not None and self._turn(back, taker_id) is None:
            raise UserError("rota.swap.not_theirs", who=f"<@{taker_id}>")
        self._check_clash(swap)
        async with self._transactor.transaction() as tx:
            if not await self._store.add(swap, tx):
                raise UserError("rota.swap.asked_already")
            await self._outbox.add(
                SWAP_ASKED,
                Channel(key=PlaceKey.CHANNEL_STAFF),
                due_at=swap.asked_at,
                subject_id=swap.id,
                key=f"{SWAP_ASKED.name}:{swap.id}",
                tx=tx,
            )
        return swap

    async def accept(self, swap_id: str, user_id: int) -> Swap:
        """Take the shift, and give the other one in return.

        Raises:
            UserError: It is not theirs to answer, answered already, or the rota has changed.
            OverlapError: One of the two would be on two shifts at once by now.
        """
        async with self._accepting:
            return await self._accept(swap_id, user_id)

    async def _accept(self, swap_id: str, user_id: int) -> Swap:
        swap = await self._open(swap_id)
        _check_whose(swap.taker_id, user_id)
        if not self._still_stands(swap):
            await self._settle(swap, SwapState.STALE)
            raise UserError("rota.swap.stale")
        self._check_clash(swap)
        async with self._transactor.transaction() as tx:
            if not await self._store.settle(swap.id, SwapState.AGREED, self._clock(), tx):
                raise UserError("rota.swap.settled")
            await self._dates.hand(swap.given, swap.taker_id, tx)
            if swap.back is not None:
                await self._dates.hand(swap.back, swap.asker_id, tx)
            await self._audit.record(
                Subject.staff(user_id),
                AuditAction.ROTA_CHANGED,
                PROGRAMME,
                tx=tx,
                change=RotaChange.SWAPPED,
                shift=swap.shift_id,
            )
        await self._rota.changed()
        return await self.known(swap.id)

    async def decline(self, swap_id: str, user_id: int) -> Swap:
        """Leave everything as it is.

        Raises:
            UserError: It is not theirs to answer, or answered already.
        """
        swap = await self._open(swap_id)
        _check_whose(swap.taker_id, user_id)
        return await self._settle(swap, SwapState.DECLINED)

    async def take_back(self, swap_id: str, user_id: int) -> Swap:
        """End one's own request.

        Raises:
            UserError: It is not their own, or answered already.
        """
        swap = await self._open(swap_id)
        _check_whose(swap.asker_id, user_id)
        return await self._settle(swap, SwapState.TAKEN_BACK)

    async def known(self, swap_id: str) -> Swap:
        """Return a request.

        Raises:
            UserError: There is none: its shift was taken off the rota.
        """
        swap = await self._store.get(swap_id)
        if swap is None:
            raise UserError("rota.swap.stale")
        return swap

    async def find(self, swap_id: str) -> Swap | None:
        """Return a request; nothing where its shift was taken off the rota."""
        return await self._store.get(swap_id)

    async def open_of(self, user_id: int) -> Sequence[Swap]:
        """Return the requests that wait for an answer, by somebody or to them."""
        return [swap for swap in await self._store.open_of(user_id) if self._still_stands(swap)]

    def planned(self, day: Date) -> Turn | None:
        """Return a shift on a date, were it over or not; nothing where it is not on it."""
        shift = self._rota.rota.shift(day[0])
        return None if shift is None else self._rota.rota.planned(shift, day[1])

    def _turn(self, day: Date, user_id: int) -> Turn | None:
        """Return somebody's turn that has not begun."""
        turn = self.planned(day)
        is_theirs = turn is not None and turn.user_id == user_id and turn.start > self._clock()
        return turn if is_theirs else None

    def _still_stands(self, swap: Swap) -> bool:
        both = all(self._staff.get(one) for one in (swap.asker_id, swap.taker_id))
        given = self._turn(swap.given, swap.asker_id)
        back = swap.back is None or self._turn(swap.back, swap.taker_id) is not None
        return both and given is not None and back

    def _check_clash(self, swap: Swap) -> None:
        moves = [(swap.given, swap.taker_id)]
        if swap.back is not None:
            moves.append((swap.back, swap.asker_id))
        for day, user_id in moves:
            turn = self.planned(day)
            if turn is None:
                raise UserError("rota.swap.stale")
            other = self._rota.rota.clash(turn, user_id, without=swap.dates)
            if other is not None:
                raise OverlapError(turn, other)

    async def _open(self, swap_id: str) -> Swap:
        swap = await self.known(swap_id)
        if swap.state is SwapState.STALE:
            raise UserError("rota.swap.stale")
        if swap.state is not SwapState.ASKED:
            raise UserError("rota.swap.settled")
        return swap

    async def _settle(self, swap: Swap, state: SwapState) -> Swap:
        async with self._transactor.transaction() as tx:
            if not await self._store.settle(swap.id, state, self._clock(), tx):
                raise UserError("rota.swap.settled")
        return await self.known(swap.id)


def _check_whose(owner_id: int, user_id: int) -> None:
    if owner_id != user_id:
        raise UserError("rota.swap.not_for_you", who=f"<@{owner_id}>")


def read_date(text: str) -> Date:
    """Read a shift's date as an autocomplete entry carries it.

    Raises:
        UserError: It was not chosen from the list.
    """
    shift_id, _, day = text.partition("@")
    try:
        return ShiftId(shift_id), date.fromisoformat(day)
    except ValueError as error:
        raise UserError("rota.swap.pick") from error


def write_date(day: Date) -> str:
    """Write a shift's date for an autocomplete entry."""
    return f"{day[0]}@{day[1].isoformat()}"
