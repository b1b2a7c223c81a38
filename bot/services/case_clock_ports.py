"""What the clocks of cases need of stores and services."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.domain.case import Case, CaseEventKind, Circle, Severity
from bot.domain.ladder import CaseClock
from bot.domain.oncall import CallWay, OnCall
from bot.domain.programme import Programme


class Store(Protocol):
    """What this service needs of the clocks' store."""

    async def get(self, case_id: str, tx: Any = None) -> CaseClock | None: ...
    async def save(self, clock: CaseClock, tx: Any) -> None: ...
    async def due(self, now: datetime, limit: int, tx: Any) -> Sequence[CaseClock]: ...
    async def next_due(self, tx: Any) -> datetime | None: ...
    async def set_back(self, now: datetime, tx: Any) -> int: ...
    async def wake(self, now: datetime, tx: Any) -> int: ...
    async def hurry(self, case_id: str, round_: int, fired: int, now: datetime) -> bool: ...
    async def people(self, case_id: str, tx: Any = None) -> Collection[int]: ...
    async def expire_claim(self, case_id: str, tx: Any) -> bool: ...
    async def may_ring(
        self,
        case_id: str,
        about: str,
        severity: Severity,
        *,
        at: datetime,
        before: datetime,
        tx: Any,
    ) -> bool: ...


class Cases(Protocol):
    """What this service needs of the cases."""

    async def get(self, case_id: str, tx: Any = None) -> Case | None: ...
    async def narrow(self, case_id: str, circle: Circle, tx: Any) -> None: ...
    async def repage(
        self, case_id: str, severity: Severity, at: datetime, before: datetime, tx: Any
    ) -> bool: ...
    async def record(
        self, case_id: str, kind: CaseEventKind, *, at: datetime, actor_id: int | None, tx: Any
    ) -> None: ...


class Duty(Protocol):
    """Whom a case may ring, in memory."""

    def callable_now(
        self, people: Collection[int], *, leads_only: bool, owner_id: int | None = None
    ) -> Sequence[OnCall]: ...
    def next_on(self, people: Collection[int]) -> datetime | None: ...
    def circle(self, people: Collection[int]) -> Circle: ...
    def is_enrolled(self, user_id: int | None) -> bool: ...


class Outbox(Protocol):
    """Silences what has no point any more."""

    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        subject_id: str | None = None,
        kinds: Collection[str] | None = None,
        tx: Any = None,
    ) -> int: ...


class CurrentProgramme(Protocol):
    """Knows the programme's zone."""

    @property
    def current(self) -> Programme: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """How people outside of Discord can be called.

    Attributes:
        channels: The host's own, called for every case that the whole team may know of.
        ways: How volunteers can be called.
    """

    channels: tuple[str, ...] = ()
    ways: frozenset[CallWay] = frozenset()
