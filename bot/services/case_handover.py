"""Sharing the work on a case: back-up, a breathing space, hand-over, severity."""

from collections.abc import Sequence
from typing import Any

from bot.domain.audit import AuditAction, Fact, Subject
from bot.domain.case import BUSY_FOR, Case, CaseEventKind, CaseState, Severity
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.case_book import CaseBook
from bot.services.case_notices import CLOSING, NEWS, UNREACHED, CaseNotices, What
from bot.services.case_ports import Clocks, WorkStore
from bot.services.staff import StaffService


class CaseHandover:
    """Passes cases on; until somebody takes one it stays with whom it was, or rings anew."""

    def __init__(
        self,
        *,
        book: CaseBook,
        work: WorkStore,
        staff: StaffService,
        notices: CaseNotices,
        clocks: Clocks,
    ) -> None:
        self._book = book
        self._work = work
        self._staff = staff
        self._notices = notices
        self._clocks = clocks

    async def backup(self, case_id: str, member: StaffMember) -> Case:
        """Ask for back-up as the owner, or answer a colleague who did.

        Raises:
            UserError: Nobody asked, somebody came first, or it is asked for already.
        """
        book = self._book
        case = await book.visible(case_id, member)
        is_owner = case.owner_id == member.user_id
        if is_owner and (case.backup_asked_at is not None or case.backup_id is not None):
            key = "care.backup.there" if case.backup_id else "care.backup.asked_already"
            raise UserError(key, ref=case.ref, who=f"<@{case.backup_id}>")
        async with book.database.transaction() as tx:
            if is_owner:
                done = await self._work.ask_backup(case.id, member.user_id, book.clock(), tx)
            else:
                done = await self._work.join_backup(case.id, member.user_id, tx)
            if not done:
                raise UserError("care.backup.not_asked", ref=case.ref)
            kind = CaseEventKind.BACKUP_ASKED if is_owner else CaseEventKind.BACKUP
            await self._step(case, kind, member, tx)
            if is_owner:
                await self._notices.news(case, What.BACKUP, tx)
        return await book.visible(case_id, member)

    async def busy(self, case_id: str, member: StaffMember) -> Case:
        """Give the owner, who is with someone else now, fifteen minutes more on the clock.

        Raises:
            UserError: The case is not theirs, or that time runs already.
        """
        book = self._book
        case = await book.visible(case_id, member)
        now = book.clock()
        if case.busy_until is not None and case.busy_until > now:
            raise UserError("care.busy.already", ref=case.ref)
        async with book.database.transaction() as tx:
            if not await self._work.busy(case.id, member.user_id, now + BUSY_FOR, tx):
                raise UserError("care.case.not_owner", ref=case.ref)
            await self._step(case, CaseEventKind.BUSY, member, tx)
            await self._clocks.postponed(case, now + BUSY_FOR, tx)
        return await book.visible(case_id, member)

    async def colleagues(self, case_id: str, member: StaffMember) -> Sequence[StaffMember]:
        """Return who may take a case over, those on duty first; never who must not know of it.

        Raises:
            UserError: The case is not theirs to hand over.
        """
        case = await self._own(case_id, member)
        barred = self._book.duty.excluded(await self._book.people(case))
        fitting = [
            one
            for one in self._staff.members
            if one.user_id not in barred
            and one.user_id != case.owner_id
            and (one.is_lead or not case.is_apart)
        ]
        return sorted(fitting, key=lambda one: not self._book.duty.is_on(one.user_id))

    async def offer(self, case_id: str, member: StaffMember, to: int) -> Case:
        """Offer a case to a colleague; it changes hands only when they take it.

        Raises:
            UserError: It is not theirs to hand over, or the colleague cannot take it.
        """
        colleagues = await self.colleagues(case_id, member)
        case = await self._own(case_id, member)
        if to not in [one.user_id for one in colleagues]:
            raise UserError("care.hand.not_possible", ref=case.ref, who=f"<@{to}>")
        async with self._book.database.transaction() as tx:
            if not await self._work.offer(case.id, case.owner_id or 0, to, tx):
                raise UserError("care.hand.offered_already", ref=case.ref, who=f"<@{to}>")
            await self._step(case, CaseEventKind.OFFERED, member, tx)
            await self._notices.news(case, What.OFFERED, tx, to=to)
        return await self._book.visible(case_id, member)

    async def decline(self, case_id: str, member: StaffMember) -> Case:
        """Say that one cannot take an offered case now; its owner is told.

        Raises:
            UserError: It is not offered to them.
        """
        case = await self._book.visible(case_id, member)
        if case.offered_to != member.user_id or case.owner_id is None:
            raise UserError("care.hand.offer_gone", ref=case.ref)
        async with self._book.database.transaction() as tx:
            if not await self._work.offer(case.id, case.owner_id, None, tx):
                raise UserError("care.hand.offer_gone", ref=case.ref)
            await self._step(case, CaseEventKind.DECLINED, member, tx)
            await self._notices.news(case, What.DECLINED, tx, to=case.owner_id)
        return case

    async def to_next_shift(self, case_id: str, member: StaffMember, text: str = "") -> Case:
        """Let a case wait for whoever comes next; its clock starts anew at once.

        Raises:
            UserError: It is not theirs to hand over, or it changed hands meanwhile.
        """
        book = self._book
        case = await self._own(case_id, member)
        note = await book.seal(case, text)
        owner, now = case.owner_id or 0, book.clock()
        async with book.database.transaction() as tx:
            if not await self._work.let_go(case.id, owner, CaseState.HANDED_OFF, now, tx):
                raise UserError("care.case.not_owner", ref=case.ref)
            await book.write(case, CaseEventKind.HANDED_OFF, member.user_id, tx, note=note)
            await self._log(member, AuditAction.CASE_HANDED, case, tx)
            # What the last owner asked the person stands no more.
            await self._notices.silence(case, tx, NEWS, CLOSING, UNREACHED)
            waiting = await book.cases.get(case.id, tx) or case
            await self._clocks.reopened(waiting, tx)
        return await book.visible(case_id, member)

    async def rate(
        self, case_id: str, member: StaffMember, severity: Severity, text: str = ""
    ) -> Case:
        """Change a severity, which only a person does; the clock starts anew.

        Raises:
            UserError: It is somebody else's, closed, or was changed meanwhile.
        """
        book = self._book
        case = await book.visible(case_id, member)
        if not book.is_free(case):
            self._check_own(case, member)
        if case.severity is severity:
            raise UserError("care.severity_form.same", ref=case.ref)
        note = await book.seal(case, text)
        async with book.database.transaction() as tx:
            if not await self._work.rate(case.id, case.severity, severity, tx):
                raise UserError("care.severity_form.changed", ref=case.ref)
            kind = CaseEventKind(f"severity_{severity.value}")
            await book.write(case, kind, member.user_id, tx, note=note)
            await self._log(
                member, AuditAction.CASE_RATED, case, tx, was=case.severity, severity=severity
            )
            rated = await book.cases.get(case.id, tx) or case
            await self._clocks.changed(rated, tx)
        return await book.visible(case_id, member)

    async def _own(self, case_id: str, member: StaffMember) -> Case:
        case = await self._book.visible(case_id, member)
        self._check_own(case, member)
        return case

    def _check_own(self, case: Case, member: StaffMember) -> None:
        """Check that a case is a member's to steer: its owner's, or a lead's who supervises."""
        is_theirs = case.owner_id == member.user_id or member.is_lead
        if case.is_closed or case.owner_id is None or not is_theirs:
            raise UserError("care.case.not_owner", ref=case.ref)

    async def _step(self, case: Case, kind: CaseEventKind, member: StaffMember, tx: Any) -> None:
        await self._book.write(case, kind, member.user_id, tx)
        await self._log(member, AuditAction.CASE_CHANGED, case, tx)

    async def _log(
        self, member: StaffMember, action: AuditAction, case: Case, tx: Any, **facts: Fact
    ) -> None:
        await self._book.log(Subject.staff(member.user_id), action, case, tx, **facts)
