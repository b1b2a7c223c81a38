"""The care team: enrolled by the operator or a lead, kept in memory too."""

from collections.abc import Sequence
from typing import Protocol

from bot.domain.staff import StaffMember
from bot.errors import UserError


class StaffStore(Protocol):
    """What this service needs of the store."""

    async def all(self) -> Sequence[StaffMember]: ...


class StaffService:
    """Who belongs to the care team; a Discord role alone gives nothing."""

    def __init__(self, store: StaffStore) -> None:
        self._store = store
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
