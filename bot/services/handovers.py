"""Handover notes: written by who goes, read by who comes, as far as they may know of it."""

import re
from collections.abc import Collection, Sequence
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.case import REF_ALPHABET, REF_LENGTH, Case
from bot.domain.concern import Concern
from bot.domain.handover import SHOWN_FOR, Handover, HandoverId
from bot.domain.ids import new_id
from bot.domain.participant import Participant
from bot.domain.staff import StaffMember
from bot.services.case_ports import Auditor
from bot.services.database_port import Transactor

REF = re.compile(rf"(?<![A-Z0-9])[{REF_ALPHABET}]{{{REF_LENGTH}}}(?![A-Z0-9])")
MENTION = re.compile(r"<@!?(\d{15,20})>")
CODE = re.compile(r"(?<![A-Z0-9])[A-Z]{1,6}-?\d{1,9}(?![A-Z0-9])")


class HandoverStore(Protocol):
    """What this service needs of the store."""

    async def seal(self, note: Handover) -> bytes: ...
    async def add(self, note: Handover, sealed: bytes, tx: Any) -> None: ...
    async def since(self, moment: Any) -> Sequence[Handover]: ...
    async def mark_read(self, handover_ids: Sequence[str], user_id: int) -> None: ...


class Conflicts(Protocol):
    """Who must learn nothing of whom."""

    def excluded(self, people: Collection[int]) -> frozenset[int]: ...


class CaseStore(Protocol):
    """Finds a case by what staff call it."""

    async def by_ref(self, ref: str) -> Case | None: ...


class ConcernStore(Protocol):
    """Whom a concern is about."""

    async def of_case(self, case_id: str) -> Concern | None: ...


class People(Protocol):
    """Finds a participant by their number in the programme's records."""

    async def by_code(self, code: str) -> Participant | None: ...


class HandoverService:
    """Keeps notes for three days' worth of shifts; a note about a person is kept from whoever
    must learn nothing of them.
    """

    def __init__(
        self,
        *,
        store: HandoverStore,
        conflicts: Conflicts,
        cases: CaseStore,
        concerns: ConcernStore,
        people: People,
        transactor: Transactor,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._conflicts = conflicts
        self._cases = cases
        self._concerns = concerns
        self._people = people
        self._transactor = transactor
        self._audit = audit
        self._clock = clock

    async def write(
        self,
        member: StaffMember,
        text: str,
        about: Collection[str] = (),
    ) -> Handover:
        """Keep a note for whoever is on next.

        Whoever it names, by a request, a number or a mention, is found whether or not the
        author may know of that request: what is found only narrows who reads the note.

        Args:
            member: Who writes.
            text: What they write.
            about: References of requests it is about, besides those in the text.
        """
        people, is_apart = await self._named(" ".join([text, *about]))
        note = Handover(
            id=HandoverId(new_id()),
            author_id=member.user_id,
            written_at=self._clock(),
            text=text,
            people=people,
            is_apart=is_apart,
        )
        sealed = await self._store.seal(note)
        async with self._transactor.transaction() as tx:
            await self._store.add(note, sealed, tx)
            await self._audit.record(
                Subject.staff(member.user_id),
                AuditAction.HANDOVER_WRITTEN,
                PROGRAMME,
                tx=tx,
                handover=note.id,
            )
        return note

    async def unread(self, member: StaffMember) -> Sequence[Handover]:
        """Return the notes of others that a member has not read and may know of."""
        return [
            note
            for note in await self.readable(member)
            if note.author_id != member.user_id and member.user_id not in note.read_by
        ]

    async def readable(self, member: StaffMember) -> Sequence[Handover]:
        """Return the notes of the last three days that a member may know of."""
        notes = await self._store.since(self._clock() - SHOWN_FOR)
        return [note for note in notes if self._may_know(note, member)]

    async def read(self, member: StaffMember) -> Sequence[Handover]:
        """Return what a member may read, and keep that they did."""
        notes = await self.readable(member)
        await self._store.mark_read([note.id for note in notes], member.user_id)
        return notes

    async def _named(self, text: str) -> tuple[frozenset[int], bool]:
        """Return the accounts a text names, and whether it names what only leads know of."""
        capitals = text.upper()
        people = {int(found) for found in MENTION.findall(text)}
        for code in CODE.findall(capitals):
            if (person := await self._people.by_code(code)) is not None:
                people.add(person.user_id)
        is_apart = False
        for ref in REF.findall(capitals):
            if (case := await self._cases.by_ref(ref)) is None:
                continue
            people.add(case.user_id)
            concern = await self._concerns.of_case(case.id)
            if concern is not None and concern.about_id is not None:
                people.add(concern.about_id)
            is_apart = is_apart or case.is_apart
        return frozenset(people), is_apart

    def _may_know(self, note: Handover, member: StaffMember) -> bool:
        if member.user_id in self._conflicts.excluded(note.people):
            return False
        return member.is_lead or not note.is_apart
