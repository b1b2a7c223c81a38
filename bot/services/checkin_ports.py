"""What the check-in services need of stores, schedules and other services."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.away import Away
from bot.domain.case import CaseSource
from bot.domain.checkin import OPEN, CheckIn, CheckInState
from bot.domain.consent import ConsentKind
from bot.domain.delivery import Address, OutboxRow
from bot.domain.ids import OutboxId, ParticipantId, ScheduleId
from bot.domain.recurrence import Rule


class CheckInStore(Protocol):
    """Check-ins."""

    async def seal(
        self, participant_id: ParticipantId, day: date, texts: Mapping[str, str]
    ) -> bytes | None: ...
    async def plan(self, tx: Any, checkins: Iterable[CheckIn]) -> None: ...
    async def save(self, tx: Any, checkin: CheckIn, sealed: bytes | None) -> None: ...
    async def move(
        self,
        participant_id: ParticipantId,
        days: Collection[date],
        state: CheckInState,
        *,
        among: Collection[CheckInState] = OPEN,
        at: datetime | None = None,
        tx: Any = None,
    ) -> int: ...
    async def drop(self, tx: Any, participant_id: ParticipantId, day: date) -> None: ...
    async def get(
        self, participant_id: ParticipantId, day: date, tx: Any = None
    ) -> CheckIn | None: ...
    async def texts(self, participant_id: ParticipantId, day: date) -> Mapping[str, str]: ...
    async def since(
        self,
        participant_id: ParticipantId,
        first: date,
        last: date = date.max,
        tx: Any = None,
    ) -> Sequence[CheckIn]: ...
    async def of_days(
        self, tx: Any, keys: Collection[tuple[ParticipantId, date]]
    ) -> Mapping[tuple[ParticipantId, date], CheckIn]: ...
    async def open_of(self, participant_id: ParticipantId) -> Sequence[CheckIn]: ...
    async def open_among(
        self, tx: Any, participant_ids: Collection[ParticipantId], now: datetime
    ) -> Collection[ParticipantId]: ...
    async def over(self, tx: Any, now: datetime, limit: int) -> Sequence[CheckIn]: ...
    async def next_over(self) -> datetime | None: ...


class AwayStore(Protocol):
    """When people are away."""

    async def add(self, tx: Any, away: Away, at: datetime) -> None: ...
    async def cut(self, tx: Any, participant_id: ParticipantId, day: date) -> int: ...
    async def of(
        self, participant_id: ParticipantId, since: date = date.min, tx: Any = None
    ) -> Sequence[Away]: ...


class Schedules(Protocol):
    """When a person is asked."""

    async def put(
        self,
        *,
        kind: str,
        address: Address,
        rule: Rule,
        zone: str,
        now: datetime,
        tx: Any = None,
    ) -> ScheduleId: ...
    async def remove(self, *, kind: str, address: Address, tx: Any = None) -> bool: ...
    async def pause(self, participant_id: ParticipantId, tx: Any = None) -> None: ...
    async def resume(
        self, participant_id: ParticipantId, now: datetime, tx: Any = None
    ) -> None: ...


class Outbox(Protocol):
    """Prompts on their way."""

    async def get(self, outbox_id: OutboxId) -> OutboxRow | None: ...
    async def again(
        self,
        row: OutboxRow,
        *,
        due_at: datetime,
        expires_at: datetime | None = None,
        tx: Any = None,
    ) -> OutboxRow | None: ...
    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        participant_id: ParticipantId | None = None,
        nominal_date: date | None = None,
        kinds: Collection[str] | None = None,
        also_sent: bool = False,
        tx: Any = None,
    ) -> int: ...


class Consents(Protocol):
    """Whether a consent holds."""

    async def given(self, participant_id: ParticipantId, kind: ConsentKind) -> bool: ...


class Asked(Protocol):
    """What a person who asked for the team is told."""

    @property
    def on_duty(self) -> bool: ...
    @property
    def next_on(self) -> datetime | None: ...


class Cases(Protocol):
    """Where a call for a person goes."""

    async def ask(self, user_id: int, source: CaseSource = CaseSource.ASK) -> Asked: ...
