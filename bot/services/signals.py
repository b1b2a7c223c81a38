"""Heads-ups: found in the transaction of an answer or a silence, passed on to the team after."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.case import CaseSource
from bot.domain.checkin import CheckIn
from bot.domain.consent import ConsentKind
from bot.domain.delivery import Address, CatchUp, Kind, OutboxRow, Personal, Priority
from bot.domain.ids import ParticipantId
from bot.domain.participant import Pace
from bot.domain.signal import (
    AGAIN_AFTER,
    NORM_DAYS,
    Marks,
    QuietStep,
    Reading,
    Signal,
    are_both_quiet,
    is_low_twice,
    is_unsupported,
    quiet_step,
    silence,
)

log = logging.getLogger(__name__)

NUDGE = Kind(name="checkin.nudge", priority=Priority.REMINDER, catch_up=CatchUp.SEND_LATE)
NUDGE_LIFE = timedelta(days=3)
LOOK_BACK = timedelta(days=2 * NORM_DAYS)

PartnerOf: TypeAlias = Callable[[ParticipantId, Any], Awaitable[ParticipantId | None]]
"""Returns whom someone shares a space with, while both are in it."""


class Outbox(Protocol):
    """What a nudge needs."""

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        expires_at: datetime | None = None,
        key: str | None = None,
        tx: Any = None,
    ) -> OutboxRow | None: ...


class SignalStore(Protocol):
    """What this service needs of the store."""

    async def add(
        self, tx: Any, participant_id: ParticipantId, source: CaseSource, at: datetime
    ) -> None: ...
    async def was_found(
        self, tx: Any, participant_id: ParticipantId, source: CaseSource, since: datetime
    ) -> bool: ...
    async def pending(self, limit: int = 100) -> Sequence[Signal]: ...
    async def take(self, signal_id: str, at: datetime) -> bool: ...
    async def withdraw(self, signal_id: str) -> None: ...
    async def marks(self, participant_id: ParticipantId, tx: Any = None) -> Marks: ...
    async def mark_nudged(self, tx: Any, participant_id: ParticipantId, at: datetime) -> None: ...
    async def mark_offered(self, participant_id: ParticipantId, at: datetime) -> bool: ...


class CheckInReader(Protocol):
    """The check-ins the rules read."""

    async def since(
        self,
        participant_id: ParticipantId,
        first: date,
        last: date = date.max,
        tx: Any = None,
    ) -> Sequence[CheckIn]: ...


class Consents(Protocol):
    """Whether a consent holds."""

    async def given(self, participant_id: ParticipantId, kind: ConsentKind) -> bool: ...


class Cases(Protocol):
    """Where heads-ups go."""

    async def signal(self, participant_id: ParticipantId, source: CaseSource) -> object: ...


class SignalService:
    """Tells the care team *that* a rule applies, never an answer; only with the consent."""

    def __init__(
        self,
        *,
        store: SignalStore,
        checkins: CheckInReader,
        outbox: Outbox,
        consents: Consents,
        cases: Cases,
        clock: Clock,
    ) -> None:
        self._store = store
        self._checkins = checkins
        self._outbox = outbox
        self._consents = consents
        self._cases = cases
        self._clock = clock
        self._partner_of: PartnerOf | None = None

    def with_partners(self, partner_of: PartnerOf) -> None:
        """Know who is with whom: two who are quiet together are a heads-up of their own."""
        self._partner_of = partner_of

    async def agreed(self, participant_id: ParticipantId) -> bool:
        """Whether a person agreed to heads-ups; asked before a transaction is opened."""
        return await self._consents.given(participant_id, ConsentKind.HEADS_UPS)

    async def offer(self, participant_id: ParticipantId) -> bool:
        """Whether to ask for the consent now: once, and never where it was given elsewhere."""
        if await self.agreed(participant_id):
            return False
        return await self._store.mark_offered(participant_id, self._clock())

    async def read_answers(self, tx: Any, participant_id: ParticipantId, today: date) -> None:
        """Find what a person's answers call for; the caller has made sure of the consent."""
        checkins = await self._checkins.since(participant_id, today - LOOK_BACK, tx=tx)
        readings = [Reading.of(checkin) for checkin in checkins if checkin.is_answered]
        now = self._clock()
        if is_low_twice(readings):
            await self._find(tx, participant_id, CaseSource.LOW_TWICE, now - AGAIN_AFTER)
        if is_unsupported(readings):
            await self._find(tx, participant_id, CaseSource.UNSUPPORTED, now - AGAIN_AFTER)

    async def read_silence(
        self, tx: Any, participant_id: ParticipantId, pace: Pace, today: date, *, agreed: bool
    ) -> None:
        """Nudge a quiet person once in private, and only then tell the team."""
        checkins = await self._checkins.since(participant_id, today - LOOK_BACK, tx=tx)
        silent = silence(checkins)
        if not silent:
            return
        await self._read_both(tx, participant_id, checkins, today)
        began = silent[0].due_at or self._clock()
        marks = await self._store.marks(participant_id, tx)
        was_nudged = marks.nudged_at is not None and marks.nudged_at >= began
        step = quiet_step(checkins, pace, was_nudged=was_nudged)
        if step is QuietStep.NUDGE:
            await self._nudge(tx, participant_id, silent[0].day)
        elif step is QuietStep.HEADS_UP and agreed:
            await self._find(tx, participant_id, CaseSource.QUIET, began)

    async def sweep(self, now: datetime) -> datetime | None:
        """Pass on what was found.

        The team is told first and the row marked after: a crash in between tells it twice, and
        an open case of the same kind takes that in.
        """
        while pending := await self._store.pending():
            for signal in pending:
                if await self._may_pass(signal):
                    await self._cases.signal(signal.participant_id, signal.source)
                    await self._store.take(signal.id, now)
                    log.info("heads-up %s passed on for %s", signal.source, signal.participant_id)
                else:
                    await self._store.withdraw(signal.id)
        return None

    async def _read_both(
        self, tx: Any, participant_id: ParticipantId, mine: Sequence[CheckIn], today: date
    ) -> None:
        """Note that two people are quiet together; whether both agreed is asked when it is told.

        Neither can tell: nothing of it is sent to them, and no export holds it.
        """
        partner = await self._partner_of(participant_id, tx) if self._partner_of else None
        if partner is None:
            return
        theirs = await self._checkins.since(partner, today - LOOK_BACK, tx=tx)
        if not are_both_quiet(mine, theirs, today):
            return
        since = self._clock() - AGAIN_AFTER
        for who in (participant_id, partner):
            await self._find(tx, who, CaseSource.BOTH_QUIET, since)

    async def _may_pass(self, signal: Signal) -> bool:
        """Whether a heads-up may reach the team: what two are in needs the yes of both."""
        if not await self.agreed(signal.participant_id):
            return False
        if signal.source is not CaseSource.BOTH_QUIET or self._partner_of is None:
            return signal.source is not CaseSource.BOTH_QUIET
        partner = await self._partner_of(signal.participant_id, None)
        return partner is not None and await self.agreed(partner)

    async def _nudge(self, tx: Any, participant_id: ParticipantId, began: date) -> None:
        now = self._clock()
        await self._store.mark_nudged(tx, participant_id, now)
        await self._outbox.add(
            NUDGE,
            Personal(participant_id=participant_id),
            due_at=now,
            expires_at=now + NUDGE_LIFE,
            key=f"{NUDGE.name}:{participant_id}:{began.isoformat()}",
            tx=tx,
        )

    async def _find(
        self, tx: Any, participant_id: ParticipantId, source: CaseSource, since: datetime
    ) -> None:
        if not await self._store.was_found(tx, participant_id, source, since):
            await self._store.add(tx, participant_id, source, self._clock())
