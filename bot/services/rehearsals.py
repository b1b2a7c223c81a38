"""Rehearsals: a marked case, a script with steps, and what came of it."""

import logging
from collections.abc import Awaitable, Callable, Collection
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import BOT, AuditAction, Fact, Subject
from bot.domain.case import Case, CaseEventKind, CaseSource
from bot.domain.delivery import Channel, Kind, Priority
from bot.domain.ids import CaseId, new_id
from bot.domain.place import PlaceKey
from bot.domain.rehearsal import LONGEST, NOBODY, SEVERITIES, Outcome, Play, Rehearsal
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.outbox_port import Outbox

log = logging.getLogger(__name__)

PLAY = Kind(
    name="rehearsal.play", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
SUMMARY = Kind(
    name="rehearsal.summary",
    priority=Priority.INTERACTIVE,
    honours_away=False,
    honours_quiet=False,
)
REHEARSAL_KINDS = (PLAY, SUMMARY)

OnStart = Callable[[Rehearsal, Any], Awaitable[None]]


class RehearsalStore(Protocol):
    """What this service needs of the store."""

    async def add(self, rehearsal: Rehearsal, tx: Any) -> bool: ...
    async def get(self, rehearsal_id: str, tx: Any = None) -> Rehearsal | None: ...
    async def running(self) -> Rehearsal | None: ...
    async def step(self, rehearsal_id: str, step: str, by: int, at: datetime, tx: Any) -> None: ...
    async def end(self, rehearsal_id: str, at: datetime, tx: Any) -> bool: ...
    async def first(self, case_id: str, kind: CaseEventKind) -> datetime | None: ...


class Cases(Protocol):
    """What this service needs of the cases."""

    async def add(self, case: Case, tx: Any) -> Case | None: ...
    async def get(self, case_id: str, tx: Any = None) -> Case | None: ...
    async def record(
        self, case_id: str, kind: CaseEventKind, *, at: datetime, actor_id: int | None, tx: Any
    ) -> None: ...


class Clocks(Protocol):
    """What this service needs of the clocks of cases."""

    async def opened(self, case: Case, tx: Any) -> None: ...
    async def closed(self, case: Case, tx: Any) -> None: ...


class Audit(Protocol):
    """What this service needs of the audit log."""

    async def record(
        self,
        actor: Subject,
        action: AuditAction,
        subject: Subject,
        *,
        tx: Any = None,
        **facts: Fact,
    ) -> None: ...


class RehearsalService:
    """Starts, walks through and ends a rehearsal; no participant is ever part of one."""

    def __init__(
        self,
        *,
        store: RehearsalStore,
        cases: Cases,
        clocks: Clocks,
        outbox: Outbox,
        audit: Audit,
        transactor: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._cases = cases
        self._clocks = clocks
        self._outbox = outbox
        self._audit = audit
        self._transactor = transactor
        self._clock = clock
        self._starting: dict[Play, list[OnStart]] = {}

    def on_start(self, play: Play, callback: OnStart) -> None:
        """Call this with a rehearsal of a play, in the transaction in which it begins.

        What plays with more than a case, such as a couple's space, comes in here.
        """
        self._starting.setdefault(play, []).append(callback)

    async def start(self, play: Play, lead: StaffMember, *, calls_out: bool = False) -> Rehearsal:
        """Open a marked case, whose ladder rings who is on duty, and post the script.

        Args:
            play: What is played.
            lead: Who starts it.
            calls_out: The last rung calls outside Discord too.

        Raises:
            UserError: One is going on.
        """
        now = self._clock()
        async with self._transactor.transaction() as tx:
            case = await self._cases.add(_case(play, now, calls_out=calls_out), tx)
            if case is None:
                raise UserError("rehearsal.running")
            rehearsal = Rehearsal(
                id=new_id(),
                play=play,
                case_id=case.id,
                case_ref=case.ref,
                started_by=lead.user_id,
                started_at=now,
            )
            if not await self._store.add(rehearsal, tx):
                raise UserError("rehearsal.running")
            await self._cases.record(
                case.id, CaseEventKind.OPENED, at=now, actor_id=lead.user_id, tx=tx
            )
            await self._log(Subject.staff(lead.user_id), AuditAction.REHEARSAL_STARTED, case.id, tx)
            await self._outbox.add(
                PLAY,
                Channel(key=PlaceKey.CHANNEL_STAFF),
                due_at=now,
                subject_id=rehearsal.id,
                key=f"{PLAY.name}:{rehearsal.id}",
                tx=tx,
            )
            await self._clocks.opened(case, tx)
            for begin in self._starting.get(play, ()):
                await begin(rehearsal, tx)
        log.info("rehearsal %s of %s began", rehearsal.id, play.value)
        return rehearsal

    async def get(self, rehearsal_id: str) -> Rehearsal:
        """Return a rehearsal.

        Raises:
            UserError: There is none.
        """
        rehearsal = await self._store.get(rehearsal_id)
        if rehearsal is None:
            raise UserError("core.old_card")
        return rehearsal

    async def done(
        self, rehearsal_id: str, step: str, member: StaffMember, known: Collection[str]
    ) -> Rehearsal:
        """Keep that a step was done; pressed twice, the first one counts.

        Raises:
            UserError: It is over, or the step is not one of its play.
        """
        if step not in known:
            raise UserError("core.old_card")
        async with self._transactor.transaction() as tx:
            rehearsal = await self._store.get(rehearsal_id, tx)
            if rehearsal is None or rehearsal.is_over:
                raise UserError("rehearsal.over")
            await self._store.step(rehearsal_id, step, member.user_id, self._clock(), tx)
        return await self.get(rehearsal_id)

    async def end(self, rehearsal_id: str, by: StaffMember | None = None) -> Rehearsal:
        """End a rehearsal, close its case and post how it went; ended twice, once counts.

        Args:
            rehearsal_id: Which one.
            by: The lead who ends it; nobody where its time is over.
        """
        now = self._clock()
        async with self._transactor.transaction() as tx:
            rehearsal = await self._store.get(rehearsal_id, tx)
            if rehearsal is not None and await self._store.end(rehearsal_id, now, tx):
                await self._close(rehearsal, by, now, tx)
        return await self.get(rehearsal_id)

    async def outcome(self, rehearsal_id: str) -> Outcome:
        """Say how a rehearsal went."""
        rehearsal = await self.get(rehearsal_id)
        claimed = await self._store.first(rehearsal.case_id, CaseEventKind.CLAIMED)
        contacted = await self._store.first(rehearsal.case_id, CaseEventKind.CONTACTED)
        return Outcome(
            rehearsal=rehearsal,
            claim=claimed - rehearsal.started_at if claimed else None,
            contact=contacted - rehearsal.started_at if contacted else None,
        )

    async def sweep(self, now: datetime) -> datetime | None:
        """End what nobody ended."""
        rehearsal = await self._store.running()
        if rehearsal is None:
            return None
        until = rehearsal.started_at + LONGEST
        if now < until:
            return until
        await self.end(rehearsal.id)
        return None

    async def _close(
        self, rehearsal: Rehearsal, by: StaffMember | None, now: datetime, tx: Any
    ) -> None:
        actor = BOT if by is None else Subject.staff(by.user_id)
        case = await self._cases.get(rehearsal.case_id, tx)
        if case is not None:
            by_id = by.user_id if by else None
            await self._cases.record(case.id, CaseEventKind.CLOSED, at=now, actor_id=by_id, tx=tx)
            await self._clocks.closed(case, tx)
        await self._log(actor, AuditAction.REHEARSAL_ENDED, rehearsal.case_id, tx)
        await self._outbox.add(
            SUMMARY,
            Channel(key=PlaceKey.CHANNEL_STAFF),
            due_at=now,
            subject_id=rehearsal.id,
            key=f"{SUMMARY.name}:{rehearsal.id}",
            tx=tx,
        )

    async def _log(self, actor: Subject, action: AuditAction, case_id: str, tx: Any) -> None:
        await self._audit.record(actor, action, Subject.case(CaseId(case_id)), tx=tx)


def _case(play: Play, now: datetime, *, calls_out: bool) -> Case:
    return Case(
        id=CaseId(new_id()),
        ref="",
        participant_id=None,
        user_id=NOBODY,
        source=CaseSource.STAFF,
        severity=SEVERITIES[play],
        opened_at=now,
        paged_at=now,
        is_drill=True,
        drill_calls_out=calls_out,
    )
