"""Looking at one's own progress, and the weekly summary a person may ask for."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.delivery import (
    Address,
    Decision,
    Kind,
    Occasion,
    Personal,
    Planned,
    Priority,
    Schedule,
    Send,
)
from bot.domain.history import History
from bot.domain.ids import ParticipantId, ScheduleId
from bot.domain.participant import Participant
from bot.domain.progress import SUMMARY_RULE, GoalTrack, Progress
from bot.domain.recurrence import Rule
from bot.services.database_port import Transactor

WEEKLY = Kind(name="progress.weekly", priority=Priority.PROMPT, is_spread=True)
"""The last one is sent late, and those before it are closed: a week is told once."""

UNTIL = "until"
SWITCHED_OFF = "switched_off"


class CheckIns(Protocol):
    """What this service needs of the check-ins."""

    def today(self, participant: Participant) -> date: ...
    async def history(
        self, participant: Participant, span: int, to: date | None = None
    ) -> History: ...


class GoalMarks(Protocol):
    """What this service needs of the goals."""

    async def tracks(
        self, participant_id: ParticipantId, first: date, last: date
    ) -> Sequence[GoalTrack]:
        """Return a person's goals that are current or have a mark on these days, and the marks."""


class Schedules(Protocol):
    """When the summary comes."""

    async def put(
        self, *, kind: str, address: Address, rule: Rule, zone: str, now: datetime, tx: Any = None
    ) -> ScheduleId: ...
    async def find(self, *, kind: str, address: Address, tx: Any = None) -> Schedule | None: ...
    async def remove(self, *, kind: str, address: Address, tx: Any = None) -> bool: ...


class Outbox(Protocol):
    """Summaries on their way."""

    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        participant_id: ParticipantId | None = None,
        kinds: Collection[str] | None = None,
        tx: Any = None,
    ) -> int: ...


class ProgressService:
    """A person's days, for themselves alone; also plans the weekly summary."""

    def __init__(
        self,
        *,
        checkins: CheckIns,
        goals: GoalMarks,
        schedules: Schedules,
        outbox: Outbox,
        database: Transactor,
        clock: Clock,
    ) -> None:
        self._checkins = checkins
        self._goals = goals
        self._schedules = schedules
        self._outbox = outbox
        self._database = database
        self._clock = clock

    async def progress(
        self, participant: Participant, span: int, last: date | None = None
    ) -> Progress:
        """Return a person's days.

        Args:
            participant: Whose days.
            span: How many.
            last: The last of them; today where it is not given.
        """
        history = await self._checkins.history(participant, span, last)
        days = history.days
        goals = await self._goals.tracks(participant.id, days[0].day, days[-1].day)
        return Progress(history=history, goals=goals)

    async def has_weekly(self, participant: Participant) -> bool:
        """Whether the weekly summary is on."""
        found = await self._schedules.find(kind=WEEKLY.name, address=_address(participant))
        return found is not None

    async def switch_on(self, participant: Participant) -> None:
        """Send a summary each Sunday evening from now on."""
        await self._schedules.put(
            kind=WEEKLY.name,
            address=_address(participant),
            rule=SUMMARY_RULE,
            zone=participant.preferences.zone,
            now=self._clock(),
        )

    async def switch_off(self, participant: Participant) -> None:
        """Send no more; one on its way is taken back."""
        async with self._database.transaction() as tx:
            await self._schedules.remove(kind=WEEKLY.name, address=_address(participant), tx=tx)
            await self._outbox.close_for(
                now=self._clock(),
                reason=SWITCHED_OFF,
                participant_id=participant.id,
                kinds={WEEKLY.name},
                tx=tx,
            )

    async def reschedule(self, participant: Participant) -> None:
        """Let the summary come by the clock of the zone a person is in now."""
        if await self.has_weekly(participant):
            await self.switch_on(participant)

    async def plan(
        self, occasions: Sequence[Occasion], now: datetime, tx: Any
    ) -> Sequence[Decision]:
        """Send each; the week is the one that ends on its Sunday, whenever it is opened."""
        return [
            Send(args={UNTIL: occasion.occurrence.nominal_date.isoformat()})
            for occasion in occasions
        ]

    async def record(self, planned: Sequence[Planned], tx: Any) -> None:
        """Keep nothing: the outbox row is all there is."""


def _address(participant: Participant) -> Personal:
    return Personal(participant_id=participant.id)
