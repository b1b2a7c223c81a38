"""The care team: enrolled by the operator or a lead, kept in memory too."""

from collections.abc import Sequence
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError


class StaffStore(Protocol):
    """What this service needs of the store."""

    async def save(self, member: StaffMember, tx: Any = None) -> None: ...
    async def remove(self, user_id: int, tx: Any = None) -> bool: ...
    async def all(self) -> Sequence[StaffMember]: ...


class StaffService:
    """Who belongs to the care team; a Discord role alone gives nothing."""

    def __init__(self, store: StaffStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._members: dict[int, StaffMember] = {}

    async def load(self) -> None:
        """Read everyone enrolled."""
        self._members = {member.user_id: member for member in await self._store.all()}

    @property
    def members(self) -> Sequence[StaffMember]:
        """Everyone enrolled, longest first."""
        return list(self._members.values())

    def get(self, user_id: int) -> StaffMember | None:
        """Return an enrolled person, without the database."""
        return self._members.get(user_id)

    async def enrolled(self, user_id: int) -> StaffMember:
        """Return an enrolled person.

        Raises:
            UserError: They are not enrolled.
        """
        member = self._members.get(user_id)
        if member is None:
            raise UserError("core.staff_only")
        return member

    async def lead(self, user_id: int) -> StaffMember:
        """Return an enrolled lead.

        Raises:
            UserError: They are not a lead.
        """
        member = await self.enrolled(user_id)
        if not member.is_lead:
            raise UserError("core.lead_only")
        return member

    async def enrol(
        self, user_id: int, role: StaffRole, *, by: int | None, locale: str = "en"
    ) -> StaffMember:
        """Enrol a person, or change the role of one who is."""
        member = StaffMember(
            user_id=user_id,
            role=role,
            locale=locale,
            enrolled_at=self._clock(),
            enrolled_by=by,
        )
        await self._store.save(member)
        await self.load()
        return self._members[user_id]

    async def remove(self, user_id: int) -> bool:
        """End a person's enrolment; `False` where there was none."""
        removed = await self._store.remove(user_id)
        await self.load()
        return removed
