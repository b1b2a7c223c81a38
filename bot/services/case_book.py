"""Who may know of a case, and how each step on it is written down."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.domain.audit import AuditAction, Fact, Subject
from bot.domain.case import Case, CaseEventKind, CaseSource
from bot.domain.ids import new_id
from bot.domain.participant import Participant
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.case_ports import Auditor, CaseStore, ConcernStore
from bot.services.database_port import Transactor
from bot.services.duty import DutyService
from bot.services.participants import ParticipantService


@dataclass(frozen=True, kw_only=True, slots=True)
class SealedNote:
    """A note sealed before the transaction that keeps it."""

    event_id: str
    blob: bytes | None


class CaseBook:
    """Finds cases for those who may know of them, and writes down what they do.

    A case that is not a member's to know of and one that never was share one sentence.
    """

    def __init__(
        self,
        *,
        cases: CaseStore,
        concerns: ConcernStore,
        database: Transactor,
        participants: ParticipantService,
        duty: DutyService,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self.cases = cases
        self.concerns = concerns
        self.database = database
        self.participants = participants
        self.duty = duty
        self.clock = clock
        self._audit = audit

    async def visible(self, case_id: str, member: StaffMember) -> Case:
        """Return a case to a member who may know of it.

        Raises:
            UserError: There is none, in the same words as where the member has a conflict.
        """
        case = await self.cases.get(case_id)
        if case is None or not await self.may_know(case, member):
            raise UserError("care.case.unknown")
        return case

    async def by_ref(self, ref: str, member: StaffMember) -> Case:
        """Return a case by its reference to a member who may know of it.

        Raises:
            UserError: There is none, in the same words as where the member has a conflict.
        """
        case = await self.cases.by_ref(ref)
        if case is None or not await self.may_know(case, member):
            raise UserError("care.case.unknown")
        return case

    async def queue(self, member: StaffMember) -> Sequence[Case]:
        """Return what is left to do, as far as a member may know of it."""
        return [case for case in await self.cases.unclosed() if await self.may_know(case, member)]

    async def may_know(self, case: Case, member: StaffMember) -> bool:
        """Tell whether a member may learn that a case is there."""
        if member.user_id in self.duty.excluded(await self.people(case)):
            return False
        own = (case.owner_id, case.backup_id, case.offered_to)
        return member.is_lead or not case.is_apart or member.user_id in own

    async def people(self, case: Case) -> Collection[int]:
        """Return the accounts a case is about or was raised by."""
        if case.source is not CaseSource.CONCERN:
            return [case.user_id]
        concern = await self.concerns.of_case(case.id)
        about = concern.about_id if concern else None
        return [case.user_id, *([about] if about else [])]

    def is_free(self, case: Case) -> bool:
        """Tell whether anyone may take a case: nobody has it, or who had it left the team."""
        return not case.is_closed and not self.duty.is_enrolled(case.owner_id)

    async def person_to_ask(self, case: Case) -> Participant | None:
        """Return the person who asked for a case, where they can be asked about it.

        Whoever did not ask does not know of it, and whoever left the server or never joined
        cannot be asked.
        """
        if not case.is_asked_for:
            return None
        participant = await self.participants.find(case.user_id)
        return participant if participant is not None and participant.is_open else None

    async def seal(self, case: Case, text: str) -> SealedNote:
        """Seal a note before the transaction that keeps it."""
        event_id = new_id()
        return SealedNote(
            event_id=event_id, blob=await self.cases.seal_note(case.id, event_id, text)
        )

    async def write(
        self,
        case: Case,
        kind: CaseEventKind,
        by: int | None,
        tx: Any,
        *,
        note: SealedNote | None = None,
    ) -> None:
        """Add a line to a case's timeline."""
        await self.cases.record(
            case.id,
            kind,
            at=self.clock(),
            actor_id=by,
            tx=tx,
            event_id=note.event_id if note else None,
            sealed=note.blob if note else None,
        )

    async def log(
        self, actor: Subject, action: AuditAction, case: Case, tx: Any, **facts: Fact
    ) -> None:
        """Add a line to the audit log."""
        await self._audit.record(actor, action, Subject.case(case.id), tx=tx, **facts)
