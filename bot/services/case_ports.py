"""What the case services need of the stores and the logs."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any, Protocol

from bot.domain.audit import AuditAction, Fact, Opened, Subject
from bot.domain.case import Case, CaseEvent, CaseEventKind, Circle, Resolution, Severity
from bot.domain.concern import Concern


class CaseStore(Protocol):
    """What this service needs of the store."""

    async def add(self, case: Case, tx: Any) -> Case | None: ...
    async def get(self, case_id: str, tx: Any = None) -> Case | None: ...
    async def by_ref(self, ref: str) -> Case | None: ...
    async def unclosed(self) -> Sequence[Case]: ...
    async def unclosed_of(self, user_id: int) -> Sequence[Case]: ...
    async def claim(self, case_id: str, by: int, at: datetime, tx: Any) -> bool: ...
    async def contact(self, case_id: str, by: int, at: datetime, tx: Any) -> bool: ...
    async def close(
        self, case_id: str, by: int, resolution: Resolution, at: datetime, tx: Any
    ) -> bool: ...
    async def repage(
        self, case_id: str, severity: Severity, at: datetime, before: datetime, tx: Any
    ) -> bool: ...
    async def seal_note(self, case_id: str, event_id: str, note: str | None) -> bytes | None: ...
    async def record(
        self,
        case_id: str,
        kind: CaseEventKind,
        *,
        at: datetime,
        actor_id: int | None,
        tx: Any,
        event_id: str | None = None,
        sealed: bytes | None = None,
    ) -> None: ...
    async def narrow(self, case_id: str, circle: Circle, tx: Any) -> None: ...
    async def apart_thread(self, case_id: str) -> int | None: ...
    async def set_apart_thread(self, case_id: str, thread_id: int) -> None: ...
    async def timeline(self, case_id: str) -> Sequence[CaseEvent]: ...


class ConcernStore(Protocol):
    """What this service needs of the concerns' store."""

    async def seal(self, concern: Concern) -> bytes: ...
    async def add(self, concern: Concern, sealed: bytes, tx: Any) -> None: ...
    async def of_case(self, case_id: str) -> Concern | None: ...


class Transactor(Protocol):
    """Opens transactions."""

    def transaction(self) -> AbstractAsyncContextManager[Any]: ...


class Auditor(Protocol):
    """Writes the audit log."""

    async def record(
        self,
        actor: Subject,
        action: AuditAction,
        subject: Subject,
        *,
        tx: Any = None,
        **facts: Fact,
    ) -> None: ...


class AccessLog(Protocol):
    """Writes who opened what."""

    async def record(
        self, viewer: Subject, subject: Subject, what: Opened, *, reason: str | None = None
    ) -> None: ...
