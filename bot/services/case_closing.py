"""How a case ends: proposed by its owner, settled by its person, asked about a day later."""

from typing import Any

from bot.domain.audit import AuditAction, Fact, Subject
from bot.domain.case import (
    NO_ANSWER_AFTER,
    Case,
    CaseEventKind,
    Resolution,
    may_close_unanswered,
)
from bot.domain.staff import StaffMember, StaffRole
from bot.errors import UserError
from bot.services.case_book import CaseBook
from bot.services.case_notices import CLOSING, FOLLOW_UP, NEWS, UNREACHED, CaseNotices, What
from bot.services.case_ports import Clocks, WorkStore


class CaseClosing:
    """Closes cases with the person who asked, and opens them again; none closes by itself."""

    def __init__(
        self,
        *,
        book: CaseBook,
        work: WorkStore,
        notices: CaseNotices,
        clocks: Clocks,
    ) -> None:
        self._book = book
        self._work = work
        self._notices = notices
        self._clocks = clocks

    async def close(
        self, case_id: str, member: StaffMember, ending: Resolution, text: str = ""
    ) -> Case:
        """Close a case, or ask its person first where they asked for it and can be asked.

        A case that others brought is closed at once: its person does not know of it.

        Raises:
            UserError: The case is not theirs, closed already, or the person is asked already.
        """
        book = self._book
        case = await book.visible(case_id, member)
        person = await book.person_to_ask(case)
        if person is not None and case.closing_at is not None:
            raise UserError("care.close.asked_already", ref=case.ref)
        note = await book.seal(case, text)
        now, by = book.clock(), member.user_id
        async with book.database.transaction() as tx:
            if person is None:
                done = await book.cases.close(case.id, by, ending, now, tx)
            else:
                done = await self._work.propose(case.id, by, ending, now, tx)
            if not done:
                raise UserError("care.case.not_owner", ref=case.ref)
            kind = CaseEventKind.CLOSED if person is None else CaseEventKind.PROPOSED
            await book.write(case, kind, by, tx, note=note)
            actor = Subject.staff(by)
            if person is None:
                await self._closed(case, actor, ending, tx)
            else:
                await book.log(actor, AuditAction.CASE_CHANGED, case, tx, closing=ending)
                await self._notices.silence(case, tx, UNREACHED)
                await self._notices.ask_whether_settled(case, person.id, tx)
        return await book.visible(case_id, member)

    async def close_unanswered(self, case_id: str, member: StaffMember, text: str = "") -> Case:
        """Close a case whose person said nothing for three days; a clinician or a lead does.

        Raises:
            UserError: It is too early, they answered, or it takes a clinician.
        """
        book = self._book
        case = await book.visible(case_id, member)
        now = book.clock()
        if not may_close_unanswered(member, case, now):
            is_moderator = member.role is StaffRole.MODERATOR
            raise UserError(
                "care.close.clinician" if is_moderator else "care.close.too_early", ref=case.ref
            )
        ending = case.closing or Resolution.NOT_REACHED
        note = await book.seal(case, text)
        before = now - NO_ANSWER_AFTER
        async with book.database.transaction() as tx:
            if not await self._work.close_unanswered(case.id, ending, now, before, tx):
                raise UserError("care.close.too_early", ref=case.ref)
            await book.write(case, CaseEventKind.CLOSED, member.user_id, tx, note=note)
            await self._closed(case, Subject.staff(member.user_id), ending, tx)
        return await book.visible(case_id, member)

    async def tried(self, case_id: str, member: StaffMember) -> Case:
        """Keep that the owner wrote and heard nothing; the person finds a note that they did.

        Raises:
            UserError: The case is not theirs, or closed.
        """
        book = self._book
        case = await book.visible(case_id, member)
        person = await book.person_to_ask(case)
        async with book.database.transaction() as tx:
            if not await self._work.tried(case.id, member.user_id, book.clock(), tx):
                raise UserError("care.case.not_owner", ref=case.ref)
            await book.write(case, CaseEventKind.TRIED, member.user_id, tx)
            await book.log(Subject.staff(member.user_id), AuditAction.CASE_CHANGED, case, tx)
            await self._clocks.contacted(await book.cases.get(case.id, tx) or case, tx)
            if case.tried_at is None and case.closing_at is None:
                await self._notices.news(
                    case, What.UNANSWERED, tx, to=case.owner_id, after=NO_ANSWER_AFTER
                )
            if person is not None:
                await self._notices.unreached(case, person.id, tx)
        return await book.visible(case_id, member)

    async def reopen(self, case_id: str, member: StaffMember, text: str = "") -> Case:
        """Open a closed case again; it waits for somebody like a new one.

        Raises:
            UserError: It is open, or the person asked anew since.
        """
        case = await self._book.visible(case_id, member)
        note = await self._book.seal(case, text)
        by = Subject.staff(member.user_id)
        async with self._book.database.transaction() as tx:
            if not await self._opened_again(case, by, tx):
                raise UserError("care.case.not_closed", ref=case.ref)
            await self._book.write(case, CaseEventKind.REOPENED, member.user_id, tx, note=note)
        return await self._book.visible(case_id, member)

    # --- What the person says

    async def settled(self, case_id: str, user_id: int) -> Case:
        """Close a person's own request on their word; a day later they are asked how it is.

        Raises:
            UserError: Nobody asks them that, or it is not theirs.
        """
        book = self._book
        case = await self._own(case_id, user_id)
        if case.is_closed:
            return case
        async with book.database.transaction() as tx:
            if not await self._work.settle(case.id, book.clock(), tx):
                raise UserError("care.close.not_asked")
            await book.write(case, CaseEventKind.SETTLED, user_id, tx)
            await self._closed(case, _person(case), case.closing or Resolution.TALKED, tx)
            await self._notices.news(case, What.SETTLED, tx, to=case.owner_id)
        return await self._own(case_id, user_id)

    async def not_yet(self, case_id: str, user_id: int) -> Case:
        """Keep a request open on its person's word; its owner is told.

        Raises:
            UserError: Nobody asks them that, or it is not theirs.
        """
        book = self._book
        case = await self._own(case_id, user_id)
        if case.is_closed:
            raise UserError("care.close.closed_by_now")
        async with book.database.transaction() as tx:
            if not await self._work.not_yet(case.id, tx):
                raise UserError("care.close.not_asked")
            await book.write(case, CaseEventKind.NOT_YET, user_id, tx)
            await book.log(_person(case), AuditAction.CASE_CHANGED, case, tx)
            await self._notices.silence(case, tx, CLOSING, NEWS)
            await self._notices.news(case, What.NOT_YET, tx, to=case.owner_id)
        return await self._own(case_id, user_id)

    async def here(self, case_id: str, user_id: int) -> Case:
        """Tell the owner, who heard nothing, that their person is there.

        Raises:
            UserError: It is not theirs.
        """
        book = self._book
        case = await self._own(case_id, user_id)
        if case.is_closed:
            raise UserError("care.close.closed_by_now")
        async with book.database.transaction() as tx:
            if await self._work.here(case.id, tx):
                await book.write(case, CaseEventKind.HERE, user_id, tx)
                await self._notices.silence(case, tx, UNREACHED, NEWS)
                await self._notices.news(case, What.HERE, tx, to=case.owner_id)
        return await self._own(case_id, user_id)

    async def better(self, case_id: str, user_id: int) -> Case:
        """Keep that all is well a day later.

        Raises:
            UserError: It is not theirs.
        """
        case = await self._own(case_id, user_id)
        async with self._book.database.transaction() as tx:
            if case.is_closed:
                await self._book.write(case, CaseEventKind.BETTER, user_id, tx)
            await self._notices.silence(case, tx, FOLLOW_UP)
        return case

    async def not_really(self, case_id: str, user_id: int) -> Case:
        """Open a person's request again on their word; pressed twice it opens once.

        Where they asked anew since, that request is with the team already.

        Raises:
            UserError: It is not theirs.
        """
        case = await self._own(case_id, user_id)
        async with self._book.database.transaction() as tx:
            if await self._opened_again(case, _person(case), tx):
                await self._book.write(case, CaseEventKind.NOT_REALLY, user_id, tx)
        return await self._own(case_id, user_id)

    async def _opened_again(self, case: Case, by: Subject, tx: Any) -> bool:
        if not await self._work.reopen(case.id, self._book.clock(), tx):
            return False
        await self._book.log(by, AuditAction.CASE_REOPENED, case, tx)
        await self._notices.silence(case, tx, FOLLOW_UP, NEWS)
        waiting = await self._book.cases.get(case.id, tx) or case
        await self._clocks.reopened(waiting, tx)
        return True

    async def _closed(self, case: Case, by: Subject, ending: Resolution, tx: Any) -> None:
        """Stop the clocks of a case that was closed, and plan the question a day later."""
        facts: dict[str, Fact] = {"resolution": ending}
        await self._book.log(by, AuditAction.CASE_CLOSED, case, tx, **facts)
        closed = await self._book.cases.get(case.id, tx) or case
        await self._clocks.closed(closed, tx)
        await self._notices.silence(closed, tx, CLOSING, UNREACHED, NEWS)
        if case.is_asked_for and case.participant_id is not None:
            await self._notices.follow_up(closed, case.participant_id, tx)

    async def _own(self, case_id: str, user_id: int) -> Case:
        """Return one of a person's own requests.

        Raises:
            UserError: There is none.
        """
        case = await self._book.cases.get(case_id)
        if case is None or case.user_id != user_id or not case.is_asked_for:
            raise UserError("core.note_closed")
        return case


def _person(case: Case) -> Subject:
    if case.participant_id is None:
        return Subject.case(case.id)
    return Subject.participant(case.participant_id)
