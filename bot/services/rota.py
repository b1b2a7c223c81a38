"""The rota: shifts, what differs on single dates, and what a programme decided about it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Fact, Subject
from bot.domain.localtime import find_zone, local_day
from bot.domain.oncall import CallWay, RotaChange, Rules, Volunteer
from bot.domain.rota import NO_ROTA, Date, OverlapError, Rota, Shift, Turn
from bot.errors import UserError
from bot.services.case_ports import Auditor
from bot.services.database_port import Transactor
from bot.services.staff import StaffService

MOST_SHIFTS = 200
EMPTIED_WITHIN = timedelta(days=14)
"""How far ahead the dates are named that somebody who leaves does not fill any more."""

Changed = Callable[[], Awaitable[None]]


class RotaStore(Protocol):
    """What this service needs of the store."""

    def ring(self) -> None: ...
    async def read(self) -> Rota: ...
    async def save(self, shift: Shift, tx: Any) -> None: ...
    async def remove(self, shift_id: str, tx: Any) -> bool: ...
    async def clear_dates(self, shift_id: str, since: date, tx: Any) -> None: ...
    async def end(self, turn: Turn, user_id: int, at: datetime) -> None: ...
    async def resume(self, day: Date, user_id: int) -> bool: ...
    async def vacate(self, user_id: int, tx: Any) -> None: ...
    async def rules(self) -> Rules: ...
    async def save_rules(self, rules: Rules, tx: Any) -> None: ...
    async def volunteers(self) -> Mapping[int, Volunteer]: ...
    async def agree(self, volunteer: Volunteer, at: datetime) -> None: ...
    async def withdraw(self, user_id: int) -> bool: ...


class SwapStore(Protocol):
    """What this service needs of the swaps."""

    async def stale_of_shift(self, shift_id: str, at: datetime, tx: Any) -> None: ...
    async def stale_of_person(self, user_id: int, at: datetime, tx: Any) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """A shift as it was kept.

    Attributes:
        undone: Dates on which a swap was agreed for the shift as it was; it holds no more.
    """

    shift: Shift
    undone: Sequence[date] = ()


class RotaService:
    """Keeps the rota, and all of it in memory too."""

    def __init__(
        self,
        *,
        store: RotaStore,
        swaps: SwapStore,
        staff: StaffService,
        transactor: Transactor,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._swaps = swaps
        self._staff = staff
        self._transactor = transactor
        self._audit = audit
        self._clock = clock
        self._rota = NO_ROTA
        self._rules = Rules()
        self._volunteers: Mapping[int, Volunteer] = {}
        self._changed: list[Changed] = []
        self._dropped: set[int] = set()

    @property
    def rota(self) -> Rota:
        """All shifts and their dates, without the database."""
        return self._rota

    @property
    def rules(self) -> Rules:
        """What the programme decided."""
        return self._rules

    @property
    def volunteers(self) -> Mapping[int, Volunteer]:
        """Who agreed to be called out off hours, the longest first."""
        return self._volunteers

    async def load(self) -> None:
        """Read the rota, the rules and the volunteers."""
        self._rota = await self._store.read()
        self._rules = await self._store.rules()
        self._volunteers = await self._store.volunteers()

    def on_change(self, callback: Changed) -> None:
        """Call this after the rota has changed."""
        self._changed.append(callback)

    async def changed(self) -> None:
        """Read the rota anew and tell those who follow it."""
        while self._dropped:
            # Their address went with the transaction, where that held; its key lies elsewhere.
            if self._staff.get(user_id := self._dropped.pop()) is None:
                await self._store.withdraw(user_id)
        await self.load()
        for callback in self._changed:
            await callback()
        self._store.ring()

    def known(self, shift_id: str) -> Shift:
        """Return a shift.

        Raises:
            UserError: There is none.
        """
        shift = self._rota.shift(shift_id)
        if shift is None:
            raise UserError("rota.unknown")
        return shift

    def turns_of(self, user_id: int, *, days: int) -> Sequence[Turn]:
        """Return what somebody is on in the days to come, without what runs already."""
        now = self._clock()
        turns = self._rota.turns(now, now + timedelta(days=days))
        return [turn for turn in turns if turn.user_id == user_id and turn.start > now]

    async def add(self, shift: Shift, *, by: int, allow_overlap: bool = False) -> Saved:
        """Put a new shift on the rota.

        Raises:
            UserError: Its person is not on the team, it is over, or the rota is full.
            OverlapError: Its person is on another shift then, and that was not allowed.
        """
        if len(self._rota.shifts) >= MOST_SHIFTS:
            raise UserError("rota.full", n=MOST_SHIFTS)
        self._check(shift, allow_overlap=allow_overlap)
        async with self._transactor.transaction() as tx:
            await self._store.save(shift, tx)
            await self._log(by, RotaChange.ADDED, tx, shift=shift.id)
        await self.changed()
        return Saved(shift=shift)

    async def edit(self, shift: Shift, *, by: int, allow_overlap: bool = False) -> Saved:
        """Change a shift; swaps agreed for other hours or another person hold no more.

        Raises:
            UserError: There is no such shift, its person is not on the team, or it is over.
            OverlapError: Its person is on another shift then, and that was not allowed.
        """
        before = self.known(shift.id)
        moved = (before.hours, before.user_id) != (shift.hours, shift.user_id)
        today = local_day(self._clock(), find_zone(before.hours.zone))
        undone = [
            day
            for (shift_id, day) in sorted(self._rota.handed)
            if moved and shift_id == shift.id and day >= today
        ]
        handed = {
            date: taker
            for date, taker in self._rota.handed.items()
            if date not in {(shift.id, day) for day in undone}
        }
        self._check(shift, allow_overlap=allow_overlap, rota=replace(self._rota, handed=handed))
        async with self._transactor.transaction() as tx:
            await self._store.save(shift, tx)
            if moved:
                await self._store.clear_dates(shift.id, today, tx)
                await self._swaps.stale_of_shift(shift.id, self._clock(), tx)
            await self._log(by, RotaChange.EDITED, tx, shift=shift.id)
        await self.changed()
        return Saved(shift=shift, undone=undone)

    async def remove(self, shift_id: str, *, by: int) -> Shift:
        """Take a shift off the rota.

        Raises:
            UserError: There is no such shift.
        """
        shift = self.known(shift_id)
        async with self._transactor.transaction() as tx:
            if not await self._store.remove(shift.id, tx):
                raise UserError("rota.unknown")
            await self._log(by, RotaChange.REMOVED, tx, shift=shift.id)
        await self.changed()
        return shift

    async def end_now(self, user_id: int) -> Sequence[Turn]:
        """End what somebody is on by the rota, before its time, and return it as it was."""
        now = self._clock()
        ended = [turn for turn in self._rota.at(now) if turn.user_id == user_id]
        for turn in ended:
            await self._store.end(turn, user_id, now)
            await self._log(user_id, RotaChange.ENDED_EARLY, None, shift=turn.shift.id)
        if ended:
            await self.load()
            self._store.ring()
        return ended

    async def resume_now(self, user_id: int) -> Turn | None:
        """Take back that somebody ended a turn that would still run, and return it."""
        now = self._clock()
        for (shift_id, day), ended_at in self._rota.ended.items():
            shift = self._rota.shift(shift_id)
            turn = None if shift is None else self._rota.planned(shift, day)
            if turn is None or turn.user_id != user_id or not turn.start <= ended_at <= now:
                continue
            if now < turn.end and await self._store.resume(turn.date, user_id):
                await self.load()
                self._store.ring()
                return turn
        return None

    async def decide(self, rules: Rules, *, by: int) -> None:
        """Keep what the programme decided about its rota."""
        async with self._transactor.transaction() as tx:
            await self._store.save_rules(rules, tx)
            await self._log(by, RotaChange.RULES, tx)
        await self.changed()

    def find_volunteer(self, user_id: int) -> Volunteer | None:
        """Return how somebody agreed to be called out, as of now."""
        return self._volunteers.get(user_id)

    async def volunteer(self, user_id: int, way: CallWay, target: str) -> None:
        """Keep that somebody agreed to be called out while off duty.

        Raises:
            UserError: They are not on the team.
        """
        await self._staff.enrolled(user_id)
        volunteer = Volunteer(user_id=user_id, way=way, target=target)
        await self._store.agree(volunteer, self._clock())
        await self._log(user_id, RotaChange.VOLUNTEER_ON, None)
        await self.load()

    async def withdraw(self, user_id: int) -> None:
        """Call somebody out off hours no more.

        Raises:
            UserError: They had not agreed to it.
        """
        if not await self._store.withdraw(user_id):
            raise UserError("rota.volunteer.not_on")
        await self._log(user_id, RotaChange.VOLUNTEER_OFF, None)
        await self.load()

    async def drop(self, user_id: int, tx: Any) -> Sequence[Turn]:
        """Leave the shifts of somebody who leaves the team to nobody, in its transaction.

        Their open swaps end. Call `changed` once the transaction is through.

        Returns:
            What they were on in the next two weeks and nobody is on now, what runs included.
        """
        now = self._clock()
        turns = self._rota.turns(now, now + EMPTIED_WITHIN)
        await self._store.vacate(user_id, tx)
        await self._swaps.stale_of_person(user_id, now, tx)
        self._dropped.add(user_id)
        return [turn for turn in turns if turn.user_id == user_id]

    def _check(self, shift: Shift, *, allow_overlap: bool, rota: Rota | None = None) -> None:
        if shift.user_id is not None and self._staff.get(shift.user_id) is None:
            raise UserError("rota.not_staff", who=f"<@{shift.user_id}>")
        now, hours = self._clock(), shift.hours
        if not hours.is_weekly:
            span = hours.of(hours.first_day)
            if span is None:
                raise UserError("rota.no_such_hours")
            if span.end <= now:
                raise UserError("rota.past")
        elif hours.last_day is not None and hours.last_day < max(
            hours.first_day, local_day(now, find_zone(hours.zone))
        ):
            raise UserError("rota.over")
        met = (rota or self._rota).overlap(shift, now)
        if met is not None and not allow_overlap:
            raise OverlapError(*met)

    async def _log(self, by: int, change: RotaChange, tx: Any, **facts: Fact) -> None:
        await self._audit.record(
            Subject.staff(by), AuditAction.ROTA_CHANGED, PROGRAMME, tx=tx, change=change, **facts
        )
