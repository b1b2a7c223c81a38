"""The safety question: asked of both, each at their own time, again and again.

An answer closes nothing and changes nothing that the other one could see.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.delivery import (
    CatchUp,
    Close,
    Decision,
    Kind,
    Occasion,
    Personal,
    Planned,
    Priority,
    Send,
)
from bot.domain.ids import PairId, ParticipantId
from bot.domain.localtime import local_day
from bot.domain.pair import Member, Pair
from bot.domain.participant import Participant
from bot.domain.recurrence import Rule, Slot, Weekly
from bot.services.database_port import Transactor
from bot.services.offers import Profiles
from bot.services.outbox_port import Outbox
from bot.services.pair_ports import PairStore
from bot.services.pairs import is_theirs
from bot.services.schedules_port import Schedules

SAFETY = Kind(name="pair.safety", priority=Priority.PROMPT, catch_up=CatchUp.CLOSE, is_spread=True)
EVERY_WEEKS = 4
AT = time(12, 30)
LATER = timedelta(days=3)
LASTS = timedelta(days=7)
OVER = "over"


class SafetyQuestions:
    """Asks whether there is anything somebody would like to talk about alone."""

    def __init__(
        self,
        *,
        pairs: PairStore,
        database: Transactor,
        schedules: Schedules,
        outbox: Outbox,
        profiles: Profiles,
        clock: Clock,
    ) -> None:
        self._pairs = pairs
        self._database = database
        self._schedules = schedules
        self._outbox = outbox
        self._profiles = profiles
        self._clock = clock

    async def joined(self, pair: Pair, member: Member, tx: Any) -> None:
        """Ask someone every four weeks from now on, on a weekday that is theirs alone."""
        profile = self._profiles.by_id(member.participant_id)
        if profile is not None:
            await self._put(pair.id, member.participant_id, profile.zone, tx)

    async def reschedule(self, participant: Participant) -> None:
        """Ask by the clock of the zone a person is in now."""
        for pair in await self._pairs.of(participant.id):
            address = Personal(participant_id=participant.id)
            async with self._database.transaction() as tx:
                known = await self._schedules.find(
                    kind=SAFETY.name, address=address, subject_id=pair.id, tx=tx
                )
                if known is not None:
                    await self._put(pair.id, participant.id, participant.preferences.zone, tx)

    async def plan(
        self, occasions: Sequence[Occasion], now: datetime, tx: Any
    ) -> Sequence[Decision]:
        """Ask once, however many spaces somebody is in."""
        decisions: list[Decision] = []
        for one in occasions:
            who = getattr(one.schedule.address, "participant_id", None)
            first = await self._first(who, tx) if who else None
            if first == one.schedule.subject_id:
                decisions.append(Send(expires_at=one.occurrence.due_at + LASTS))
            else:
                decisions.append(Close(reason=OVER))
        return decisions

    async def record(self, planned: Sequence[Planned], tx: Any) -> None:
        """Keep nothing: no answer is an answer too."""

    async def later(self, participant: Participant) -> None:
        """Ask again in three days; a no, and what was asked before, is written nowhere."""
        now = self._clock()
        async with self._database.transaction() as tx:
            first = await self._first(participant.id, tx)
            if first is not None:
                await self._outbox.add(
                    SAFETY,
                    Personal(participant_id=participant.id),
                    due_at=now + LATER,
                    subject_id=first,
                    expires_at=now + LATER + LASTS,
                    key=f"{SAFETY.name}:{participant.id}:{now.date().isoformat()}",
                    tx=tx,
                )

    async def _first(self, participant_id: ParticipantId, tx: Any) -> PairId | None:
        """Return the oldest space somebody is in: the question comes by it."""
        mine = [
            pair
            for pair in await self._pairs.of(participant_id, tx)
            if is_theirs(pair, participant_id)
        ]
        return min(mine, key=lambda pair: (pair.agreed_at, pair.id)).id if mine else None

    async def _put(
        self, pair_id: PairId, participant_id: ParticipantId, zone: str, tx: Any
    ) -> None:
        now = self._clock()
        today = local_day(now, ZoneInfo(zone))
        await self._schedules.put(
            kind=SAFETY.name,
            address=Personal(participant_id=participant_id),
            rule=Rule(
                dates=Weekly(weekdays=frozenset({_weekday(participant_id)}), every=EVERY_WEEKS),
                slots=(Slot(at=AT),),
                start=today + timedelta(weeks=1),
            ),
            zone=zone,
            now=now,
            subject_id=pair_id,
            tx=tx,
        )


def _weekday(participant_id: ParticipantId) -> int:
    """Return a weekday that depends on the person alone; Monday to Friday, for the team's sake."""
    return sum(participant_id.encode()) % 5
