"""Whether the team may write to the person a concern is about: only with the reporter's yes."""

from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import AuditAction, Subject
from bot.domain.case import Case, CaseEventKind, CaseSource
from bot.domain.concern import Concern
from bot.domain.staff import StaffMember
from bot.services.case_ports import Auditor
from bot.services.database_port import Transactor


class ConcernStore(Protocol):
    """What this service needs of the concerns."""

    async def of_case(self, case_id: str) -> Concern | None: ...
    async def allow_contact(self, case_id: str, tx: Any) -> bool: ...


class Timeline(Protocol):
    """A case's timeline."""

    async def record(
        self,
        case_id: str,
        kind: CaseEventKind,
        *,
        at: datetime,
        actor_id: int | None,
        tx: Any,
    ) -> None: ...


class Desk(Protocol):
    """Who may know of a case."""

    async def visible(self, case_id: str, member: StaffMember) -> Case: ...


class ConcernService:
    """Keeps the reporter's yes or no."""

    def __init__(
        self,
        *,
        concerns: ConcernStore,
        cases: Timeline,
        desk: Desk,
        audit: Auditor,
        database: Transactor,
        clock: Clock,
    ) -> None:
        self._concerns = concerns
        self._cases = cases
        self._desk = desk
        self._audit = audit
        self._database = database
        self._clock = clock

    async def may_contact(self, case: Case) -> bool | None:
        """Tell whether the reporter said yes; nothing where a case is about nobody else."""
        if case.source is not CaseSource.CONCERN:
            return None
        concern = await self._concerns.of_case(case.id)
        return None if concern is None or concern.about_id is None else concern.may_contact

    async def allow_contact(self, case_id: str, member: StaffMember) -> Case:
        """Keep that the reporter said yes later; a second press changes nothing.

        Raises:
            UserError: The case is not theirs to know of.
        """
        case = await self._desk.visible(case_id, member)
        async with self._database.transaction() as tx:
            if await self._concerns.allow_contact(case.id, tx):
                await self._cases.record(
                    case.id,
                    CaseEventKind.CONTACT_AGREED,
                    at=self._clock(),
                    actor_id=member.user_id,
                    tx=tx,
                )
                await self._audit.record(
                    Subject.staff(member.user_id),
                    AuditAction.CONTACT_ALLOWED,
                    Subject.case(case.id),
                    tx=tx,
                )
        return case
