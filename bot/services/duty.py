"""Who is on duty, and the conflict list; both in memory too, for when the database is down."""

import logging
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.case import Circle, Conflict, circle_of, excluded
from bot.domain.oncall import OnCall, Rules, Rung, Volunteer
from bot.domain.rota import NO_ROTA, Level, Rota, Turn
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.apiece import fault_of
from bot.services.staff import StaffService

log = logging.getLogger(__name__)

Changed = Callable[[], Coroutine[Any, Any, None]]
Narrowed = Callable[[int, int], Coroutine[Any, Any, object]]


def _nobody(_user_id: int) -> frozenset[int]:
    return frozenset()


class DutyStore(Protocol):
    """What this service needs of the store."""

    async def on(self, user_id: int, at: datetime) -> bool: ...
    async def off(self, user_id: int) -> bool: ...
    async def all(self) -> Mapping[int, datetime]: ...
    async def conflicts(self) -> Sequence[Conflict]: ...
    async def add_conflict(self, conflict: Conflict) -> None: ...
    async def remove_conflict(self, conflict: Conflict) -> bool: ...


class Planned(Protocol):
    """The rota, in memory."""

    @property
    def rota(self) -> Rota: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def volunteers(self) -> Mapping[int, Volunteer]: ...
    async def end_now(self, user_id: int) -> Sequence[Turn]: ...
    async def resume_now(self, user_id: int) -> Turn | None: ...


class DutyService:
    """Says who is on duty, by shift or by hand, and who must not see whose cases.

    Nothing here but a change needs the database: the rota is asked what the clock says.
    """

    def __init__(
        self, store: DutyStore, staff: StaffService, clock: Clock, plan: Planned | None = None
    ) -> None:
        self._store = store
        self._staff = staff
        self._clock = clock
        self._plan = plan
        self._since: Mapping[int, datetime] = {}
        self._conflicts: Sequence[Conflict] = ()
        self._changed: list[Changed] = []
        self._narrowed: list[Narrowed] = []
        self._kin: Callable[[int], frozenset[int]] = _nobody

    async def load(self) -> None:
        """Read duty and conflicts."""
        self._since = await self._store.all()
        self._conflicts = await self._store.conflicts()

    def on_change(self, callback: Changed) -> None:
        """Call this after who is on duty has changed: by shift, by hand, or as staff leave."""
        self._changed.append(callback)

    def on_conflict(self, callback: Narrowed) -> None:
        """Call this with the member of the team and the person after a new conflict."""
        self._narrowed.append(callback)

    async def changed(self) -> None:
        """Tell those who follow that who is on duty has changed; one that fails stops no other."""
        faults = [await fault_of(callback()) for callback in self._changed]
        for fault in filter(None, faults):
            log.error("what follows duty failed", exc_info=fault)
        if first := next(filter(None, faults), None):
            raise first

    def on_duty(self) -> Sequence[StaffMember]:
        """Return who is on duty, by hand or by shift, the longest first."""
        since = dict(self._since)
        for turn in self._turns_now():
            user_id = turn.user_id
            if user_id is not None:
                since[user_id] = min(since.get(user_id, turn.start), turn.start)
        members = (
            self._staff.get(user_id) for user_id in sorted(since, key=lambda who: since[who])
        )
        return [member for member in members if member is not None]

    def has_rota(self) -> bool:
        """Tell whether somebody on the team has a shift that is on now or still to come."""
        return self._rota.next_on(self._clock(), self.is_enrolled) is not None

    def is_hosted(self, room_id: str) -> bool:
        """Tell whether somebody on duty looks after a room.

        A shift that names no rooms covers all of them, and so does whoever came on by hand.
        """
        if any(self._staff.get(user_id) is not None for user_id in self._since):
            return True
        return any(
            turn.shift.covers(room_id) and self.is_enrolled(turn.user_id)
            for turn in self._turns_now()
        )

    def next_on(self, people: Collection[int]) -> datetime | None:
        """Return when somebody who may help these people is next on.

        Now, where somebody is on; nothing, where nobody is planned.
        """
        now = self._clock()
        leads_only = self.apart(people)
        if self.free_to_help(people, leads_only=leads_only):
            return now
        barred = self.excluded(people)

        def may(user_id: int) -> bool:
            member = self._staff.get(user_id)
            return (
                member is not None and user_id not in barred and (member.is_lead or not leads_only)
            )

        return self._rota.next_on(now, may)

    def callable_now(
        self, people: Collection[int], *, leads_only: bool, owner_id: int | None = None
    ) -> Sequence[OnCall]:
        """Return whom to ring for a case of these people, in order; each person once.

        The rungs: on call first (and whoever came on by hand), on call second, in a small team
        the lead on duty, then those who agreed to be called out while off duty. Nobody else who
        is off duty is in the list: they are never rung or mentioned. Within a rung the case's
        owner comes first, and among volunteers the leads come next. Where the list is empty, a
        case waits until `next_on`.

        Args:
            people: Whom the case is about and who raised it.
            leads_only: Only leads may know of it.
            owner_id: Who has the case.
        """
        found = [
            OnCall(member=member, rung=self._rung(member))
            for member in self.free_to_help(people, leads_only=leads_only)
        ]
        found += self._volunteers(people, leads_only=leads_only)
        return sorted(
            found,
            key=lambda one: (
                one.rung,
                one.member.user_id != owner_id,
                one.rung is Rung.VOLUNTEER and not one.member.is_lead,
            ),
        )

    def _volunteers(self, people: Collection[int], *, leads_only: bool) -> Iterator[OnCall]:
        if self._plan is None or not self._plan.rules.calls_volunteers:
            return
        barred = self.excluded(people)
        on = {member.user_id for member in self.on_duty()}
        for user_id, volunteer in self._plan.volunteers.items():
            member = self._staff.get(user_id)
            if member is None or user_id in barred or user_id in on:
                continue
            if member.is_lead or not leads_only:
                yield OnCall(member=member, rung=Rung.VOLUNTEER, volunteer=volunteer)

    def _rung(self, member: StaffMember) -> Rung:
        levels = [turn.shift.level for turn in self._turns_now() if turn.user_id == member.user_id]
        if self._plan is not None and self._plan.rules.is_small:
            return Rung.LEAD if member.is_lead else Rung.FIRST
        if member.user_id in self._since or Level.FIRST in levels:
            return Rung.FIRST
        return Rung.SECOND

    @property
    def _rota(self) -> Rota:
        return NO_ROTA if self._plan is None else self._plan.rota

    def _turns_now(self) -> Sequence[Turn]:
        return self._rota.at(self._clock())

    def is_on(self, user_id: int) -> bool:
        """Tell whether a member is on duty."""
        return any(member.user_id == user_id for member in self.on_duty())

    def is_enrolled(self, user_id: int | None) -> bool:
        """Tell whether an account is on the team."""
        return user_id is not None and self._staff.get(user_id) is not None

    def excluded(self, people: Collection[int]) -> frozenset[int]:
        """Return who must learn nothing of a case of these people, their partners among them."""
        kin = frozenset(one for who in people for one in self._kin(who))
        return excluded(self._conflicts, people) | kin

    def keep_from_kin(self, kin: Callable[[int], frozenset[int]]) -> None:
        """Keep everyone away from the cases of those they share a space with."""
        self._kin = kin

    def circle(self, people: Collection[int]) -> Circle:
        """Return who may learn of a case of these people."""
        return circle_of(self._staff.members, self.excluded(people))

    def apart(self, people: Collection[int]) -> bool:
        """Tell whether anyone on the team must learn nothing of a case of these people."""
        return self.circle(people) is not Circle.TEAM

    def free_leads(self, people: Collection[int]) -> Sequence[StaffMember]:
        """Return the leads who may learn of a case of these people, on duty or not."""
        barred = self.excluded(people)
        return [
            member
            for member in self._staff.members
            if member.is_lead and member.user_id not in barred
        ]

    def free_to_help(self, people: Collection[int], *, leads_only: bool) -> Sequence[StaffMember]:
        """Return who is on duty and may be rung for a case of these people."""
        barred = self.excluded(people)
        return [
            member
            for member in self.on_duty()
            if member.user_id not in barred and (member.is_lead or not leads_only)
        ]

    @property
    def outside(self) -> str:
        """Whom a person can call where nobody on the team may help them."""
        return "" if self._plan is None else self._plan.rules.outside

    async def go_on(self, user_id: int) -> Turn | None:
        """Put a member on duty, until they go off by hand.

        Where they ended a shift that would still run, that shift goes on, and is returned.

        Raises:
            UserError: They are on duty already, or not on the team.
        """
        await self._staff.enrolled(user_id)
        if self.is_on(user_id):
            raise UserError("care.duty.already_on")
        resumed = None if self._plan is None else await self._plan.resume_now(user_id)
        if resumed is None and not await self._store.on(user_id, self._clock()):
            raise UserError("care.duty.already_on")
        await self.load()
        await self.changed()
        return resumed

    async def go_off(self, user_id: int) -> Sequence[Turn]:
        """Take a member off duty; a shift they are on ends early and is returned.

        Raises:
            UserError: They are not on duty.
        """
        ended = [] if self._plan is None else await self._plan.end_now(user_id)
        if not await self._store.off(user_id) and not ended:
            raise UserError("care.duty.already_off")
        await self.load()
        await self.changed()
        return ended

    async def keep_apart(self, staff_id: int, user_id: int) -> None:
        """Keep a member of the team away from a person's cases.

        Raises:
            UserError: The first is not on the team, or both are one person.
        """
        if self._staff.get(staff_id) is None:
            raise UserError("care.conflict.not_staff")
        if staff_id == user_id:
            raise UserError("care.conflict.self")
        await self._store.add_conflict(Conflict(staff_id=staff_id, user_id=user_id))
        await self.load()
        for narrow in self._narrowed:
            await narrow(staff_id, user_id)

    async def end_apart(self, staff_id: int, user_id: int, *, by: int | None = None) -> None:
        """End a conflict.

        Args:
            staff_id: The member of the team.
            user_id: The person they were kept away from.
            by: The lead who does it.

        Raises:
            UserError: There is none, or it is the lead's own: another lead has to judge it.
        """
        if by == staff_id:
            raise UserError("care.conflict.own")
        if not await self._store.remove_conflict(Conflict(staff_id=staff_id, user_id=user_id)):
            raise UserError("care.conflict.none")
        await self.load()
