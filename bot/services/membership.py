"""Leaving the server and coming back."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.audit import AuditAction, Subject
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant, ParticipantState
from bot.services.database_port import Transactor
from bot.services.participants import ParticipantService
from bot.services.profiles import Profiles

log = logging.getLogger(__name__)

LEFT = "left"

Listener: TypeAlias = Callable[[Participant], Awaitable[None]]


class ParticipantStore(Protocol):
    """What this service needs of the participants."""

    async def set_state(
        self, participant_id: ParticipantId, state: ParticipantState, at: datetime, tx: Any = None
    ) -> bool: ...
    async def here(self) -> Sequence[int]: ...


class Schedules(Protocol):
    """What this service needs of the schedules."""

    async def pause(self, participant_id: ParticipantId, tx: Any = None) -> None: ...
    async def resume(
        self, participant_id: ParticipantId, now: datetime, tx: Any = None
    ) -> None: ...


class Outbox(Protocol):
    """What this service needs of the outbox."""

    async def close_for(
        self, *, now: datetime, reason: str, participant_id: ParticipantId | None, tx: Any
    ) -> int: ...


class Audit(Protocol):
    """What this service needs of the audit log."""

    async def record(
        self, actor: Subject, action: AuditAction, subject: Subject, *, tx: Any = None
    ) -> None: ...


class MembershipService:
    """Pauses everything for who leaves, however they left, and starts it again on their word."""

    def __init__(
        self,
        *,
        store: ParticipantStore,
        participants: ParticipantService,
        profiles: Profiles,
        schedules: Schedules,
        outbox: Outbox,
        audit: Audit,
        transactor: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._participants = participants
        self._profiles = profiles
        self._schedules = schedules
        self._outbox = outbox
        self._audit = audit
        self._transactor = transactor
        self._clock = clock
        self._on_left: list[Listener] = []
        self._on_returned: list[Listener] = []

    def on_left(self, callback: Listener) -> None:
        """Call back with everyone who has left the server, after it was noted."""
        self._on_left.append(callback)

    def on_returned(self, callback: Listener) -> None:
        """Call back with everyone who has resumed, after it was noted."""
        self._on_returned.append(callback)

    async def leave(self, user_id: int) -> bool:
        """Pause everything for someone who is not in the server any more.

        What they wrote stays theirs; the retention clock starts. `False` where there is nothing
        to pause.
        """
        participant = await self._participants.find(user_id)
        if participant is None or not participant.is_open:
            return False
        now = self._clock()
        subject = Subject.participant(participant.id)
        async with self._transactor.transaction() as tx:
            if not await self._store.set_state(participant.id, ParticipantState.LEFT, now, tx):
                return False
            await self._schedules.pause(participant.id, tx)
            await self._outbox.close_for(now=now, reason=LEFT, participant_id=participant.id, tx=tx)
            await self._audit.record(subject, AuditAction.LEFT, subject, tx=tx)
        await self._tell(user_id, self._on_left)
        log.info("participant %s left the server", participant.id)
        return True

    async def resume(self, user_id: int) -> Participant | None:
        """Start everything again as it was; nothing for who never began.

        Someone who left on the way in goes on where they were.
        """
        participant = await self._participants.find(user_id)
        if participant is None or participant.is_open:
            return participant
        was_in = participant.joined_at is not None
        state = ParticipantState.ACTIVE if was_in else ParticipantState.JOINING
        now = self._clock()
        # What was sent while they were away could not reach them; now it can.
        await self._participants.change(participant, reachable=True)
        async with self._transactor.transaction() as tx:
            await self._store.set_state(participant.id, state, now, tx)
            await self._schedules.resume(participant.id, now, tx)
        log.info("participant %s resumed", participant.id)
        return await self._tell(user_id, self._on_returned if was_in else ())

    async def reconcile(self, is_here: Callable[[int], Awaitable[bool]]) -> int:
        """Note everyone who left while nobody was looking, and count them."""
        gone = 0
        for user_id in await self._store.here():
            if not await is_here(user_id):
                gone += await self.leave(user_id)
        return gone

    async def _tell(self, user_id: int, listeners: Sequence[Listener]) -> Participant | None:
        participant = await self._participants.find(user_id)
        if participant is not None:
            self._profiles.note(participant)
            for listener in listeners:
                await listener(participant)
        return participant
