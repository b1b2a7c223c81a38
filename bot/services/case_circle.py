"""Taking cases out of the sight of those who must know nothing of them, and their threads."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.audit import BOT, AuditAction
from bot.domain.case import Case, CaseEventKind, CaseThread, Circle, narrower
from bot.domain.ids import OutboxId
from bot.domain.participant import SafeContact
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.case_book import CaseBook
from bot.services.case_notices import NEWS, CaseNotices
from bot.services.case_ports import Clocks, WorkStore
from bot.services.pages import OPENED_WITH_REASON, OUTSIDE, REQUEST, URGENT, Pages

log = logging.getLogger(__name__)


class Posts(Protocol):
    """What stands in Discord."""

    async def taken_down(self, outbox_ids: Collection[OutboxId]) -> None: ...


class CaseCircle:
    """Narrows who may know of a case, and says what has to go from Discord for it.

    What has to go is read from the rows each time, so that a crash or a refusal in between
    loses nothing.
    """

    def __init__(
        self,
        *,
        book: CaseBook,
        work: WorkStore,
        pages: Pages,
        notices: CaseNotices,
        clocks: Clocks,
        posts: Posts,
    ) -> None:
        self._book = book
        self._work = work
        self._pages = pages
        self._notices = notices
        self._clocks = clocks
        self._posts = posts
        self.to_end = work.threads_to_end
        self.left = work.thread_left
        self.ended = work.thread_ended
        self.too_widely_posted = work.too_widely_posted
        self.taken_down = posts.taken_down

    async def narrow_for(self, staff_id: int, user_id: int) -> int:
        """Take a person's cases away from a member of the team, and count them.

        Those open are posted again where only those read who may know of them; one the member
        had waits for somebody else. Nobody is told why.
        """
        count = 0
        for case in await self._work.of_person(user_id):
            circle = narrower(case.circle, self._book.duty.circle(await self._book.people(case)))
            is_wide = circle is not case.circle or circle is Circle.SOME_LEADS
            if is_wide or staff_id in _known_to(case):
                await self._narrow(case, circle, [staff_id])
                count += 1
        return count

    async def narrow_for_both(self, one: int, other: int) -> None:
        """Take the cases of each of two who became a pair away from the other."""
        for staff_id, user_id in ((one, other), (other, one)):
            if self._book.duty.is_enrolled(staff_id):
                await self.narrow_for(staff_id, user_id)

    async def sweep(self, now: datetime) -> datetime | None:
        """Narrow what is open by everyone kept away by now.

        That is also who joined the team, or became somebody's partner, after a case was opened,
        and what a stop cut off.
        """
        about = await self._book.concerns.about()
        for case in await self._book.cases.unclosed():
            people = [case.user_id, *([about[case.id]] if case.id in about else [])]
            barred = self._book.duty.excluded(people)
            circle = narrower(case.circle, self._book.duty.circle(people))
            if circle is not case.circle or barred & _known_to(case):
                await self._narrow(case, circle, barred)
        return None

    async def _narrow(self, case: Case, circle: Circle, barred: Collection[int]) -> None:
        book = self._book
        async with book.database.transaction() as tx:
            await book.cases.narrow(case.id, circle, tx)
            # The leads' own thread may have them in it: it is made anew without them.
            await self._work.drop_apart_thread(case.id, tx)
            released = False
            for staff_id in sorted(barred):
                released |= await self._work.strip(case.id, staff_id, tx)
            if released:
                await book.write(case, CaseEventKind.RELEASED, None, tx)
            await book.log(BOT, AuditAction.CASE_NARROWED, case, tx, circle=circle)
            await self._notices.silence(
                case, tx, NEWS, URGENT, REQUEST, OPENED_WITH_REASON, OUTSIDE
            )
            narrowed = await book.cases.get(case.id, tx) or case
            if released:
                await self._clocks.reopened(narrowed, tx)
            elif not narrowed.is_closed:
                await self._pages.page(narrowed, tx)
                await self._notices.remember_silence(narrowed, tx)
        log.info("case %s is now for %s", case.id, circle.value)

    # --- The thread in which the person is written to

    async def may_write(self, case_id: str, member: StaffMember) -> Case:
        """Return a case whose owner may write to its person in a thread.

        Raises:
            UserError: It is not theirs, or the person does not know that it is there.
        """
        case = await self._book.visible(case_id, member)
        if case.is_closed or case.owner_id != member.user_id:
            raise UserError("care.case.not_owner", ref=case.ref)
        if not case.is_asked_for:
            raise UserError("care.thread.not_asked", ref=case.ref)
        person = await self._book.person_to_ask(case)
        if person is None:
            raise UserError("care.thread.not_here", ref=case.ref)
        if person.preferences.safe_contact in (SafeContact.NEVER, SafeContact.DM_ONLY):
            raise UserError(f"care.thread.{person.preferences.safe_contact.value}", ref=case.ref)
        return case

    async def thread_of(self, case: Case) -> CaseThread | None:
        """Return the thread of a case, open or closed."""
        return await self._work.thread_of(case.id)

    async def keep_thread(self, case: Case, thread_id: int, member: StaffMember) -> None:
        """Keep where somebody writes to a person, and tell them by a neutral note."""
        thread = CaseThread(thread_id=thread_id, case_id=case.id, staff_id=member.user_id)
        person = await self._book.person_to_ask(case)
        async with self._book.database.transaction() as tx:
            await self._work.keep_thread(thread, tx)
            await self._book.write(case, CaseEventKind.THREAD, member.user_id, tx)
            if person is not None:
                await self._notices.thread(case, person.id, thread_id, tx)

    async def threads(self) -> Sequence[CaseThread]:
        """Return every thread of a case there is."""
        return await self._work.threads()

    async def others_of(self, staff_id: int, thread_id: int) -> bool:
        """Tell whether a member still writes in another thread under the same parent."""
        return any(
            one.staff_id == staff_id and one.may_read and one.thread_id != thread_id
            for one in await self._work.threads()
        )


def _known_to(case: Case) -> frozenset[int | None]:
    """Return who works on a case, or is asked to."""
    return frozenset((case.owner_id, case.backup_id, case.offered_to))
