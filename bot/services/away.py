"""Being away: nothing is asked, nothing counts, and nobody is told."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.away import MOST_DAYS, Away, AwayFault, find_fault
from bot.domain.checkin import OPEN, CheckInState
from bot.domain.delivery import Reason
from bot.domain.ids import ParticipantId, new_id
from bot.domain.localtime import find_zone, local_day
from bot.domain.participant import Participant
from bot.domain.typed_dates import DateTextError, read_range
from bot.errors import UserError
from bot.services.checkin_ports import AwayStore, CheckInStore, Outbox
from bot.services.checkin_prompts import PROMPT
from bot.services.database_port import Transactor
from bot.services.signals import NUDGE

ENGLISH = "en"


class AwayService:
    """One range at a time: a new one takes the place of what was still to come."""

    def __init__(
        self,
        *,
        store: AwayStore,
        checkins: CheckInStore,
        database: Transactor,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._store = store
        self._checkins = checkins
        self._database = database
        self._outbox = outbox
        self._clock = clock

    async def upcoming(self, participant: Participant) -> Sequence[Away]:
        """Return the range a person is in and those to come, in order."""
        return await self._store.of(participant.id, self._today(participant))

    async def set(self, participant: Participant, first: str, last: str, locale: str) -> Away:
        """Be away in a range typed in words.

        Raises:
            UserError: It cannot be read, ends before it starts, is over, or is too long.
        """
        today = self._today(participant)
        try:
            start, end = read_range(first, last, today=today, day_first=locale != ENGLISH)
        except DateTextError as error:
            raise UserError("checkin.away.unreadable", typed=error.text) from error
        self._check(start, end, today, typed=" - ".join(part for part in (first, last) if part))
        away = Away(id=new_id(), participant_id=participant.id, first=start, last=end)
        days = [start + timedelta(days=place) for place in range((end - start).days + 1)]
        async with self._database.transaction() as tx:
            await self._store.cut(tx, participant.id, start)
            await self._store.add(tx, away, self._clock())
            if start <= today:
                # A day to come has no check-in yet, and nothing on its way.
                await self._silence(tx, participant.id, days)
        return away

    async def end(self, participant: Participant) -> None:
        """Be back today.

        Raises:
            UserError: They are not away, and will not be.
        """
        async with self._database.transaction() as tx:
            if not await self._store.cut(tx, participant.id, self._today(participant)):
                raise UserError("checkin.away.not_away")

    async def _silence(self, tx: Any, participant_id: ParticipantId, days: Sequence[date]) -> None:
        await self._checkins.move(
            participant_id,
            days,
            CheckInState.EXCUSED,
            among=OPEN | {CheckInState.NO_ANSWER},
            tx=tx,
        )
        await self._outbox.close_for(
            now=self._clock(),
            reason=Reason.EXCUSED,
            participant_id=participant_id,
            kinds={PROMPT.name, NUDGE.name},
            tx=tx,
        )

    def _check(self, first: date, last: date, today: date, *, typed: str) -> None:
        fault = find_fault(first, last, today)
        if fault is AwayFault.END_BEFORE_START:
            raise UserError("checkin.away.end_before_start", typed=typed)
        if fault is AwayFault.PAST:
            raise UserError("checkin.away.past", typed=typed)
        if fault is AwayFault.TOO_LONG:
            raise UserError("checkin.away.too_long", n=MOST_DAYS)

    def _today(self, participant: Participant) -> date:
        return local_day(self._clock(), find_zone(participant.preferences.zone))
