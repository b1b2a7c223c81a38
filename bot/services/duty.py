"""Who is on duty, and the conflict list; both in memory too, for when the database is down."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.clock import Clock
from bot.domain.case import Circle, Conflict, circle_of, excluded
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.staff import StaffService


class DutyStore(Protocol):
    """What this service needs of the store."""

    async def on(self, user_id: int, at: datetime) -> bool: ...
    async def off(self, user_id: int) -> bool: ...
    async def all(self) -> Mapping[int, datetime]: ...
    async def conflicts(self) -> Sequence[Conflict]: ...
    async def add_conflict(self, conflict: Conflict) -> None: ...
    async def remove_conflict(self, conflict: Conflict) -> bool: ...


class DutyService:
    """Puts people on and off duty, and keeps who must not see whose cases."""

    def __init__(self, store: DutyStore, staff: StaffService, clock: Clock) -> None:
        self._store = store
        self._staff = staff
        self._clock = clock
        self._since: Mapping[int, datetime] = {}
        self._conflicts: Sequence[Conflict] = ()

    async def load(self) -> None:
        """Read duty and conflicts."""
        self._since = await self._store.all()
        self._conflicts = await self._store.conflicts()

    def on_duty(self) -> Sequence[StaffMember]:
        """Return who is on duty, the longest first."""
        members = (self._staff.get(user_id) for user_id in self._since)
        return [member for member in members if member is not None]

    def is_on(self, user_id: int) -> bool:
        """Tell whether a member is on duty."""
        return any(member.user_id == user_id for member in self.on_duty())

    def is_enrolled(self, user_id: int | None) -> bool:
        """Tell whether an account is on the team."""
        return user_id is not None and self._staff.get(user_id) is not None

    def excluded(self, people: Collection[int]) -> frozenset[int]:
        """Return who must learn nothing of a case of these people."""
        return excluded(self._conflicts, people)

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

    async def go_on(self, user_id: int) -> None:
        """Put a member on duty.

        Raises:
            UserError: They are on duty already, or not on the team.
        """
        await self._staff.enrolled(user_id)
        if not await self._store.on(user_id, self._clock()):
            raise UserError("care.duty.already_on")
        await self.load()

    async def go_off(self, user_id: int) -> None:
        """Take a member off duty.

        Raises:
            UserError: They are not on duty.
        """
        if not await self._store.off(user_id):
            raise UserError("care.duty.already_off")
        await self.load()

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
