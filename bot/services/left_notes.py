"""Notes left for the team in a closed room: into a case when somebody is on, or at once."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.clock import Clock
from bot.domain.case import CaseSource, Circle, Severity
from bot.domain.ids import LeftNoteId, RoomId, new_id
from bot.domain.left_note import LeftNote, urgency
from bot.errors import UserError
from bot.services.apiece import fault_of
from bot.services.cases import AskOutcome
from bot.services.participants import ParticipantService
from bot.services.room_ports import Duty, Screen

log = logging.getLogger(__name__)

LONGEST = 4000


class NoteStore(Protocol):
    """What this service needs of the store."""

    async def add(self, note: LeftNote) -> None: ...
    async def waiting(self) -> Sequence[LeftNote]: ...
    async def drop(self, note: LeftNote) -> None: ...


class Requests(Protocol):
    """What this service needs of the cases."""

    async def ask(
        self,
        user_id: int,
        source: CaseSource = ...,
        severity: Severity = ...,
        detail: str | None = ...,
    ) -> AskOutcome: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Left:
    """What a person who left a note is told.

    Attributes:
        outcome: The request it became, where it did not wait.
        is_urgent: Its words were why it did not wait.
        next_on: When it arrives; nothing where nobody is planned.
    """

    outcome: AskOutcome | None = None
    is_urgent: bool = False
    next_on: datetime | None = None


class LeftNotes:
    """Keeps what people leave until somebody who may read it is on."""

    def __init__(
        self,
        *,
        store: NoteStore,
        requests: Requests,
        participants: ParticipantService,
        duty: Duty,
        screen: Screen | None,
        clock: Clock,
    ) -> None:
        self._store = store
        self._requests = requests
        self._participants = participants
        self._duty = duty
        self._screen = screen
        self._clock = clock
        self._passing_on = asyncio.Lock()

    def next_on(self, user_id: int) -> datetime | None:
        """Return when somebody who may read this person's note is on; now, if somebody is."""
        return self._duty.next_on([user_id])

    async def leave(self, user_id: int, room_id: str, text: str) -> Left:
        """Take a note.

        Raises:
            UserError: There is nothing in it.
        """
        if not text.strip():
            raise UserError("rooms.note.empty")
        severity = None if self._screen is None else urgency(self._screen.screen(text))
        if severity is not None or not self._can_wait([user_id]):
            outcome = await self._requests.ask(
                user_id, CaseSource.LEFT_NOTE, severity or Severity.TODAY, text
            )
            return Left(outcome=outcome, is_urgent=severity is not None)
        participant = await self._participants.find(user_id)
        await self._store.add(
            LeftNote(
                id=LeftNoteId(new_id()),
                room_id=RoomId(room_id),
                participant_id=None if participant is None else participant.id,
                user_id=user_id,
                text=text,
                left_at=self._clock(),
            )
        )
        return Left(next_on=self.next_on(user_id))

    async def sweep(self, _now: datetime) -> datetime | None:
        """Pass on what waits; duty says when there is more to pass on."""
        await self.pass_on()
        return None

    async def pass_on(self) -> None:
        """Bring each note to the team whose reader is on now.

        It is deleted only once it is in a case: killed in between, it is in there twice.
        """
        async with self._passing_on:
            for note in await self._store.waiting():
                if self._can_wait([note.user_id]):
                    continue
                # One note that fails must not keep the others from the team.
                if fault := await fault_of(self._pass_on(note)):
                    log.error("note %s could not be passed on and waits", note.id, exc_info=fault)

    async def _pass_on(self, note: LeftNote) -> None:
        if note.text is not None:
            await self._requests.ask(note.user_id, CaseSource.LEFT_NOTE, Severity.TODAY, note.text)
        await self._store.drop(note)

    def _can_wait(self, people: Collection[int]) -> bool:
        """Tell whether nobody who may read a note is on, and somebody is to come.

        The leads alone may know of some people. Where none of them is planned, a note is better
        on their board than kept for whoever comes on, since that may never be one of them.
        """
        circle = self._duty.circle(people)
        if circle is Circle.NOBODY:
            return False
        if self._duty.free_to_help(people, leads_only=self._duty.apart(people)):
            return False
        return circle is Circle.TEAM or self._duty.next_on(people) is not None
