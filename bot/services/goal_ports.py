"""What the goal services need of stores, schedules and other services."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from bot.domain.consent import ConsentKind
from bot.domain.delivery import Address, Args, Kind, OutboxRow
from bot.domain.goal import DayCount, GoalMark, GoalPart, GoalTexts, PartState
from bot.domain.ids import GoalId, OutboxId, ParticipantId
from bot.domain.note import Note
from bot.domain.participant import Profile


class GoalStore(Protocol):
    """Goals."""

    async def seal(
        self, part: GoalPart, texts: GoalTexts, *, is_pending: bool = False
    ) -> bytes: ...
    async def texts(self, part: GoalPart, *, is_pending: bool = False) -> GoalTexts | None: ...
    async def start(self, tx: Any, part: GoalPart) -> None: ...
    async def add(self, tx: Any, part: GoalPart) -> None: ...
    async def save(self, part: GoalPart, tx: Any = None) -> None: ...
    async def put_texts(self, tx: Any, part: GoalPart, sealed: bytes) -> None: ...
    async def put_pending(self, tx: Any, part: GoalPart, sealed: bytes) -> None: ...
    async def get(
        self, part_id: str, participant_id: ParticipantId, tx: Any = None
    ) -> GoalPart | None: ...
    async def among(self, tx: Any, part_ids: Collection[str]) -> Mapping[str, GoalPart]: ...
    async def of(
        self, participant_id: ParticipantId, states: Collection[PartState] | None = None
    ) -> Sequence[GoalPart]: ...
    async def other(self, part: GoalPart, tx: Any = None) -> GoalPart | None: ...
    async def invited(self, tx: Any, inviter: ParticipantId, invited: ParticipantId) -> bool: ...
    async def drop(self, part: GoalPart, tx: Any = None) -> None: ...
    async def tidy(self, tx: Any, goal_id: GoalId) -> None: ...
    async def close(self, tx: Any, goal_id: GoalId, at: datetime) -> None: ...
    async def unfinished(
        self, tx: Any, state: PartState, before: datetime, limit: int
    ) -> Sequence[GoalPart]: ...
    async def oldest(self, state: PartState) -> datetime | None: ...
    async def mark(self, tx: Any, part: GoalPart, mark: GoalMark, at: datetime) -> None: ...
    async def marks(
        self,
        part_ids: Iterable[str],
        first: date = date.min,
        last: date = date.max,
        tx: Any = None,
    ) -> Mapping[str, Sequence[GoalMark]]: ...


class DayCountStore(Protocol):
    """Days counted."""

    async def of(self, participant_id: ParticipantId, tx: Any = None) -> Sequence[DayCount]: ...
    async def put(self, tx: Any, count: DayCount, next_at: datetime | None) -> None: ...
    async def drop(self, tx: Any, count: DayCount) -> None: ...
    async def due(self, tx: Any, now: datetime, limit: int) -> Sequence[DayCount]: ...
    async def next_at(self) -> datetime | None: ...


class Aways(Protocol):
    """When people are away."""

    async def ranges(
        self, participant_ids: Collection[ParticipantId], tx: Any = None
    ) -> Mapping[ParticipantId, Sequence[tuple[date, date]]]: ...


class Outbox(Protocol):
    """Notes on their way."""

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        subject_id: str = "",
        args: Args = ...,
        expires_at: datetime | None = None,
        key: str | None = None,
        tx: Any = None,
    ) -> OutboxRow | None: ...
    async def merged(self, outbox_id: OutboxId) -> Sequence[Note]: ...
    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        participant_id: ParticipantId | None = None,
        subject_id: str | None = None,
        nominal_date: date | None = None,
        slot: str | None = None,
        kinds: Collection[str] | None = None,
        also_sent: bool = False,
        tx: Any = None,
    ) -> int: ...


class Consents(Protocol):
    """Whether a consent holds."""

    async def given(self, participant_id: ParticipantId, kind: ConsentKind) -> bool: ...


class Profiles(Protocol):
    """Who there is."""

    def get(self, user_id: int) -> Profile | None: ...
    def by_id(self, participant_id: ParticipantId) -> Profile | None: ...
