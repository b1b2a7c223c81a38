"""The care team's work on cases: claim, note, contact, close, and opening one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.domain.audit import AuditAction, Fact, Opened, Subject
from bot.domain.case import (
    ASKED_FOR,
    Case,
    CaseEvent,
    CaseEventKind,
    CaseSource,
    Resolution,
    may_open,
)
from bot.domain.concern import Concern
from bot.domain.ids import new_id
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.case_ports import AccessLog, Auditor, CaseStore, ConcernStore, Transactor
from bot.services.duty import DutyService
from bot.services.pages import Pages
from bot.services.participants import ParticipantService


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFile:
    """A case's whole content, for the few who may open it.

    Attributes:
        is_free: Anyone may take it.
    """

    case: Case
    code: str | None
    is_free: bool
    timeline: Sequence[CaseEvent]
    concern: Concern | None


class CaseDesk:
    """Works on cases; two people pressing at once get one winner."""

    def __init__(
        self,
        *,
        cases: CaseStore,
        concerns: ConcernStore,
        database: Transactor,
        participants: ParticipantService,
        duty: DutyService,
        pages: Pages,
        audit: Auditor,
        access: AccessLog,
        clock: Clock,
    ) -> None:
        self._cases = cases
        self._concerns = concerns
        self._database = database
        self._participants = participants
        self._duty = duty
        self._pages = pages
        self._audit = audit
        self._access = access
        self._clock = clock

    async def claim(self, case_id: str, member: StaffMember) -> Case:
        """Make a member the owner of an open case and tell the person who asked.

        Raises:
            UserError: Somebody else has it, it is closed, or it is not theirs to see.
        """
        case = await self.visible(case_id, member)
        now = self._clock()
        async with self._database.transaction() as tx:
            if won := await self._cases.claim(case.id, member.user_id, now, tx):
                await self._cases.record(
                    case.id, CaseEventKind.CLAIMED, at=now, actor_id=member.user_id, tx=tx
                )
                await self._log(member, AuditAction.CASE_CLAIMED, case, tx)
                if case.source in ASKED_FOR and case.participant_id is not None:
                    await self._pages.receipt(case, tx)
        case = await self.visible(case_id, member)
        if not won and case.owner_id != member.user_id:
            key = "care.case.closed" if case.is_closed else "care.case.taken"
            raise UserError(key, ref=case.ref, owner=f"<@{case.owner_id}>")
        return case

    async def contacted(self, case_id: str, member: StaffMember) -> Case:
        """Keep that the owner wrote to the person.

        Raises:
            UserError: The case is not theirs, or closed.
        """
        case = await self.visible(case_id, member)
        now = self._clock()
        async with self._database.transaction() as tx:
            if not await self._cases.contact(case.id, member.user_id, now, tx):
                raise UserError("care.case.not_owner", ref=case.ref)
            await self._cases.record(
                case.id, CaseEventKind.CONTACTED, at=now, actor_id=member.user_id, tx=tx
            )
            await self._log(member, AuditAction.CASE_CHANGED, case, tx)
        return await self.visible(case_id, member)

    async def note(self, case_id: str, member: StaffMember, text: str) -> Case:
        """Add a colleague's note to a case.

        Raises:
            UserError: The case is not theirs to see, or closed.
        """
        case = await self.visible(case_id, member)
        if case.is_closed:
            raise UserError("care.case.closed", ref=case.ref, owner="")
        event_id = new_id()
        sealed = await self._cases.seal_note(case.id, event_id, text)
        async with self._database.transaction() as tx:
            await self._cases.record(
                case.id,
                CaseEventKind.NOTE,
                at=self._clock(),
                actor_id=member.user_id,
                tx=tx,
                event_id=event_id,
                sealed=sealed,
            )
            await self._log(member, AuditAction.CASE_NOTED, case, tx)
        return case

    async def close(
        self, case_id: str, member: StaffMember, resolution: Resolution, text: str = ""
    ) -> Case:
        """Close a case with how it ended.

        Raises:
            UserError: The case is not theirs, or closed already.
        """
        case = await self.visible(case_id, member)
        now, event_id = self._clock(), new_id()
        sealed = await self._cases.seal_note(case.id, event_id, text)
        async with self._database.transaction() as tx:
            if not await self._cases.close(case.id, member.user_id, resolution, now, tx):
                raise UserError("care.case.not_owner", ref=case.ref)
            await self._cases.record(
                case.id,
                CaseEventKind.CLOSED,
                at=now,
                actor_id=member.user_id,
                tx=tx,
                event_id=event_id,
                sealed=sealed,
            )
            await self._log(member, AuditAction.CASE_CLOSED, case, tx, resolution=resolution)
        return await self.visible(case_id, member)

    async def get(self, case_id: str) -> Case | None:
        """Return a case for a card in the channel of those who may know of it."""
        return await self._cases.get(case_id)

    async def apart_thread(self, case_id: str) -> int | None:
        """Return the private thread of a case that not every lead may see."""
        return await self._cases.apart_thread(case_id)

    async def set_apart_thread(self, case_id: str, thread_id: int) -> None:
        """Keep the private thread of a case."""
        await self._cases.set_apart_thread(case_id, thread_id)

    async def visible(self, case_id: str, member: StaffMember) -> Case:
        """Return a case to a member who may know of it.

        Raises:
            UserError: There is none, in the same words as where the member has a conflict.
        """
        case = await self._cases.get(case_id)
        if case is None or not await self._may_know(case, member):
            raise UserError("care.case.unknown")
        return case

    async def by_ref(self, ref: str, member: StaffMember) -> Case:
        """Return a case by its reference to a member who may know of it.

        Raises:
            UserError: There is none, in the same words as where the member has a conflict.
        """
        case = await self._cases.by_ref(ref)
        if case is None or not await self._may_know(case, member):
            raise UserError("care.case.unknown")
        return case

    async def queue(self, member: StaffMember) -> Sequence[Case]:
        """Return what is left to do, as far as a member may know of it."""
        return [case for case in await self._cases.unclosed() if await self._may_know(case, member)]

    async def open_file(
        self, case_id: str, member: StaffMember, *, reason: str | None = None
    ) -> CaseFile | None:
        """Open a case's content and log who opened it.

        Returns:
            The file, or nothing where the member has to give a reason first.

        Raises:
            UserError: The case is not theirs to know of.
        """
        case = await self.visible(case_id, member)
        entitled = may_open(member, case, on_duty=self._duty.is_on(member.user_id))
        if not entitled and not reason:
            return None
        await self._access.record(
            Subject.staff(member.user_id), Subject.case(case.id), Opened.CASE, reason=reason
        )
        if not entitled:
            await self._tell_lead(case, member)
        participant = await self._participants.find(case.user_id)
        return CaseFile(
            case=case,
            code=participant.code if participant else None,
            is_free=self.is_free(case),
            timeline=await self._cases.timeline(case.id),
            concern=await self._concerns.of_case(case.id),
        )

    async def _tell_lead(self, case: Case, member: StaffMember) -> None:
        async with self._database.transaction() as tx:
            await self._pages.opened_with_reason(case, member.user_id, tx)

    async def _may_know(self, case: Case, member: StaffMember) -> bool:
        if member.user_id in self._duty.excluded(await self.people(case)):
            return False
        return member.is_lead or not case.is_apart or case.owner_id == member.user_id

    def is_free(self, case: Case) -> bool:
        """Tell whether anyone may take a case: nobody has it, or who had it left the team."""
        return not case.is_closed and not self._duty.is_enrolled(case.owner_id)

    async def people(self, case: Case) -> Collection[int]:
        """Return the accounts a case is about or was raised by."""
        if case.source is not CaseSource.CONCERN:
            return [case.user_id]
        concern = await self._concerns.of_case(case.id)
        about = concern.about_id if concern else None
        return [case.user_id, *([about] if about else [])]

    async def _log(
        self, member: StaffMember, action: AuditAction, case: Case, tx: Any, **facts: Fact
    ) -> None:
        await self._audit.record(
            Subject.staff(member.user_id), action, Subject.case(case.id), tx=tx, **facts
        )
