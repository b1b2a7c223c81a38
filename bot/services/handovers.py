"""Handover notes: written by who goes, read by who comes, as far as they may know of it."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.handover import SHOWN_FOR, Handover, HandoverId
from bot.domain.ids import new_id
from bot.domain.staff import StaffMember
from bot.services.case_ports import Auditor, Transactor


class HandoverStore(Protocol):
    """What this service needs of the store."""

    async def seal(self, note: Handover) -> bytes: ...
    async def add(self, note: Handover, sealed: bytes, tx: Any) -> None: ...
    async def since(self, moment: Any) -> Sequence[Handover]: ...
    async def mark_read(self, handover_ids: Sequence[str], user_id: int) -> None: ...


class Conflicts(Protocol):
    """Who must learn nothing of whom."""

    def excluded(self, people: Collection[int]) -> frozenset[int]: ...


class HandoverService:
    """Keeps notes for three days' worth of shifts; a note about a person is kept from whoever
    must learn nothing of them.
    """

    def __init__(
        self,
        *,
        store: HandoverStore,
        conflicts: Conflicts,
        transactor: Transactor,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._conflicts = conflicts
        self._transactor = transactor
        self._audit = audit
        self._clock = clock

    async def write(
        self,
        member: StaffMember,
        text: str,
        *,
        people: Collection[int] = (),
        is_apart: bool = False,
    ) -> Handover:
        """Keep a note for whoever is on next.

        Args:
            member: Who writes.
            text: What they write.
            people: The accounts it is about.
            is_apart: It names a request that only leads may know of.
        """
        note = Handover(
            id=HandoverId(new_id()),
            author_id=member.user_id,
            written_at=self._clock(),
            text=text,
            people=frozenset(people),
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

    def _may_know(self, note: Handover, member: StaffMember) -> bool:
        if member.user_id in self._conflicts.excluded(note.people):
            return False
        return member.is_lead or not note.is_apart
