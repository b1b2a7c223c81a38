"""The care team's work on cases: claim, note, contact, tick, and opening one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.audit import AuditAction, Opened, Subject
from bot.domain.case import Case, CaseEvent, CaseEventKind, Step, may_open
from bot.domain.concern import Concern
from bot.domain.participant import Participant
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.case_book import CaseBook
from bot.services.case_ports import AccessLog, Clocks, Excerpts, WorkStore
from bot.services.pages import Pages


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFile:
    """A case's whole content, for the few who may open it.

    Attributes:
        person: Who it is about, where they joined.
        is_free: Anyone may take it.
        thread_id: Where somebody of the team and the person write.
        excerpt: What was written, where it is kept.
    """

    case: Case
    person: Participant | None
    is_free: bool
    timeline: Sequence[CaseEvent]
    steps: Sequence[Step]
    concern: Concern | None
    thread_id: int | None = None
    excerpt: str | None = None

    @property
    def code(self) -> str | None:
        """The person's number in the programme's own records."""
        return self.person.code if self.person else None


class CaseDesk:
    """Works on cases; two people pressing at once get one winner."""

    def __init__(
        self,
        *,
        book: CaseBook,
        work: WorkStore,
        pages: Pages,
        clocks: Clocks,
        access: AccessLog,
        excerpts: Excerpts | None = None,
    ) -> None:
        self._book = book
        self._work = work
        self._pages = pages
        self._clocks = clocks
        self._access = access
        self._excerpts = excerpts
        self.visible = book.visible
        self.by_ref = book.by_ref
        self.queue = book.queue
        self.people = book.people
        self.is_free = book.is_free

    async def claim(self, case_id: str, member: StaffMember) -> Case:
        """Make a member the owner of an open case, or of one a colleague offered them.

        The person who asked is told that somebody picked it up.

        Raises:
            UserError: Somebody else has it, it is closed, or it is not theirs to see.
        """
        book = self._book
        case = await book.visible(case_id, member)
        if case.offered_to == member.user_id:
            return await self._take_over(case, member)
        now = book.clock()
        async with book.database.transaction() as tx:
            if won := await book.cases.claim(case.id, member.user_id, now, tx):
                await book.write(case, CaseEventKind.CLAIMED, member.user_id, tx)
                await self._log(member, AuditAction.CASE_CLAIMED, case, tx)
                claimed = await book.cases.get(case.id, tx) or case
                await self._clocks.claimed(claimed, tx)
                if case.is_asked_for and case.participant_id is not None:
                    await self._pages.receipt(case, tx)
        case = await book.visible(case_id, member)
        if not won and case.owner_id != member.user_id:
            key = "care.case.closed" if case.is_closed else "care.case.taken"
            raise UserError(key, ref=case.ref, owner=f"<@{case.owner_id}>")
        return case

    async def _take_over(self, case: Case, member: StaffMember) -> Case:
        book = self._book
        async with book.database.transaction() as tx:
            if not await self._work.take_over(case.id, member.user_id, book.clock(), tx):
                raise UserError("care.hand.offer_gone", ref=case.ref)
            await book.write(case, CaseEventKind.TAKEN_OVER, member.user_id, tx)
            await self._log(member, AuditAction.CASE_HANDED, case, tx)
            taken = await book.cases.get(case.id, tx) or case
            if taken.contacted_at is None:
                await self._clocks.claimed(taken, tx)
        return await book.visible(case.id, member)

    async def contacted(self, case_id: str, member: StaffMember) -> Case:
        """Keep that the owner, or their back-up, wrote to the person.

        Raises:
            UserError: The case is not theirs, or closed.
        """
        book = self._book
        case = await book.visible(case_id, member)
        async with book.database.transaction() as tx:
            if not await book.cases.contact(case.id, member.user_id, book.clock(), tx):
                raise UserError("care.case.not_owner", ref=case.ref)
            await book.write(case, CaseEventKind.CONTACTED, member.user_id, tx)
            await self._log(member, AuditAction.CASE_CHANGED, case, tx)
            await self._clocks.contacted(await book.cases.get(case.id, tx) or case, tx)
        return await book.visible(case_id, member)

    async def note(self, case_id: str, member: StaffMember, text: str) -> Case:
        """Add a colleague's note to a case.

        Raises:
            UserError: The case is not theirs to see, or closed.
        """
        book = self._book
        case = await book.visible(case_id, member)
        if case.is_closed:
            raise UserError("care.case.closed", ref=case.ref, owner="")
        note = await book.seal(case, text)
        async with book.database.transaction() as tx:
            await book.write(case, CaseEventKind.NOTE, member.user_id, tx, note=note)
            await self._log(member, AuditAction.CASE_NOTED, case, tx)
        return case

    async def tick(
        self, case_id: str, member: StaffMember, done: Collection[str]
    ) -> tuple[Case, Sequence[Step]]:
        """Keep which steps of the playbook are done.

        Raises:
            UserError: The case is not theirs, or closed.
        """
        book = self._book
        case = await book.visible(case_id, member)
        if case.is_closed or member.user_id not in (case.owner_id, case.backup_id):
            raise UserError("care.case.not_owner", ref=case.ref)
        async with book.database.transaction() as tx:
            await self._work.set_steps(case.id, done, member.user_id, book.clock(), tx)
        return case, await self._work.steps(case.id)

    async def steps(self, case: Case) -> Sequence[Step]:
        """Return the steps of the playbook that are done; no content of the case."""
        return await self._work.steps(case.id)

    async def get(self, case_id: str) -> Case | None:
        """Return a case for a card in the channel of those who may know of it."""
        return await self._book.cases.get(case_id)

    async def apart_thread(self, case_id: str) -> int | None:
        """Return the private thread of a case that not every lead may see."""
        return await self._book.cases.apart_thread(case_id)

    async def set_apart_thread(self, case_id: str, thread_id: int) -> None:
        """Keep the private thread of a case."""
        await self._book.cases.set_apart_thread(case_id, thread_id)

    async def open_file(
        self, case_id: str, member: StaffMember, *, reason: str | None = None
    ) -> CaseFile | None:
        """Open a case's content and log who opened it.

        Returns:
            The file, or nothing where the member has to give a reason first.

        Raises:
            UserError: The case is not theirs to know of.
        """
        book = self._book
        case = await book.visible(case_id, member)
        entitled = may_open(member, case, on_duty=book.duty.is_on(member.user_id))
        if not entitled and not reason:
            return None
        await self._access.record(
            Subject.staff(member.user_id), Subject.case(case.id), Opened.CASE, reason=reason
        )
        if not entitled:
            async with book.database.transaction() as tx:
                await self._pages.opened_with_reason(case, member.user_id, tx)
        return await self.file_of(case)

    async def written_out(self, ref: str, by: Subject) -> CaseFile | None:
        """Return a case's content to be written down on the host; it is logged as opened.

        Returns:
            The file; nothing where there is no such case.
        """
        case = await self._book.cases.by_ref(ref)
        if case is None:
            return None
        await self._access.record(by, Subject.case(case.id), Opened.CASE)
        async with self._book.database.transaction() as tx:
            await self._book.log(by, AuditAction.CASE_WRITTEN_OUT, case, tx)
        return await self.file_of(case)

    async def file_of(self, case: Case) -> CaseFile:
        """Return a case's content; whoever calls this has logged the opening."""
        book = self._book
        thread = await self._work.thread_of(case.id)
        return CaseFile(
            case=case,
            person=await book.participants.find(case.user_id),
            is_free=book.is_free(case),
            timeline=await book.cases.timeline(case.id),
            steps=await self._work.steps(case.id),
            concern=await book.concerns.of_case(case.id),
            excerpt=await self._excerpts.written_in(case.id) if self._excerpts else None,
            thread_id=thread.thread_id if thread is not None and thread.may_read else None,
        )

    async def _log(self, member: StaffMember, action: AuditAction, case: Case, tx: object) -> None:
        await self._book.log(Subject.staff(member.user_id), action, case, tx)
