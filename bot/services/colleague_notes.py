"""What colleagues tell one another about a person, and that person's card for the team."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Opened, Subject
from bot.domain.ids import ParticipantId
from bot.domain.moderation import Act, ColleagueNote
from bot.domain.participant import Participant
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.case_ports import AccessLog, Auditor
from bot.services.database_port import Transactor


class NoteStore(Protocol):
    """What this service needs of the store."""

    async def seal(self, text: str) -> tuple[str, bytes]: ...
    async def add(
        self,
        sealed: tuple[str, bytes],
        *,
        user_id: int,
        participant_id: ParticipantId | None,
        by_id: int,
        at: datetime,
        tx: Any,
    ) -> None: ...
    async def about(self, user_id: int, limit: int = 10) -> Sequence[ColleagueNote]: ...


class Acts(Protocol):
    """What was done to a member."""

    async def about(self, user_id: int) -> Sequence[Act]: ...


class Participants(Protocol):
    """Who joined."""

    async def find(self, user_id: int) -> Participant | None: ...


class Duty(Protocol):
    """Who must learn nothing of whom."""

    def excluded(self, people: Collection[int]) -> frozenset[int]: ...
    def apart(self, people: Collection[int]) -> bool: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonFile:
    """What the team wrote down about a person, the newest first."""

    user_id: int
    code: str | None
    notes: Sequence[ColleagueNote]
    acts: Sequence[Act]


class ColleagueNotes:
    """Kept sealed; who has a conflict with a person finds the card empty, like a new one."""

    def __init__(
        self,
        *,
        store: NoteStore,
        acts: Acts,
        participants: Participants,
        duty: Duty,
        access: AccessLog,
        audit: Auditor,
        database: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._acts = acts
        self._participants = participants
        self._duty = duty
        self._access = access
        self._audit = audit
        self._database = database
        self._clock = clock

    async def open(self, user_id: int, member: StaffMember) -> PersonFile:
        """Return a person's card and log who looked at it.

        A partner or relative on the team reads an empty card, in the same words as where nothing
        was written down, and so does everyone but the leads while there is one.
        """
        person = await self._participants.find(user_id)
        code = None if person is None else person.code
        if not self._may_read(user_id, member):
            return PersonFile(user_id=user_id, code=None, notes=(), acts=())
        notes, acts = await self._store.about(user_id), await self._acts.about(user_id)
        if person is not None and (notes or acts):
            subject = Subject.participant(person.id)
            await self._access.record(Subject.staff(member.user_id), subject, Opened.PERSON)
        return PersonFile(user_id=user_id, code=code, notes=notes, acts=acts)

    async def write(self, user_id: int, member: StaffMember, text: str) -> None:
        """Keep a note for colleagues.

        Raises:
            UserError: It is empty, or about the writer.
        """
        if not text:
            raise UserError("moderation.note_empty")
        if user_id == member.user_id:
            raise UserError("moderation.note_self")
        person = await self._participants.find(user_id)
        sealed = await self._store.seal(text)
        async with self._database.transaction() as tx:
            await self._store.add(
                sealed,
                user_id=user_id,
                participant_id=None if person is None else person.id,
                by_id=member.user_id,
                at=self._clock(),
                tx=tx,
            )
            await self._audit.record(
                Subject.staff(member.user_id),
                AuditAction.COLLEAGUE_NOTED,
                PROGRAMME if person is None else Subject.participant(person.id),
                tx=tx,
            )

    def _may_read(self, user_id: int, member: StaffMember) -> bool:
        if member.user_id in self._duty.excluded([user_id]):
            return False
        return member.is_lead or not self._duty.apart([user_id])
