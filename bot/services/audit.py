"""Recording who did what and who opened what, and proving that nothing was taken out."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import (
    BOT,
    KEEP_MONTHS,
    PROGRAMME,
    AuditAction,
    ChainCheck,
    ChainFault,
    Entry,
    Fact,
    FaultKind,
    Head,
    NewEntry,
    Opened,
    SealedReason,
    Segment,
    Subject,
    Verdict,
    encode_facts,
    month_before,
)
from bot.errors import StoreError
from bot.services.database_port import Transactor

log = logging.getLogger(__name__)


class AuditStore(Protocol):
    """What this service needs of the store."""

    async def append(self, entry: NewEntry, tx: Any = None) -> None: ...
    async def head(self) -> Head | None: ...
    def entries(self) -> AsyncIterator[Entry]: ...
    async def segments(self) -> Sequence[Segment]: ...
    async def drop(self, month: int, at: datetime, tx: Any) -> int: ...


class AccessStore(Protocol):
    """What the access log needs of the store."""

    async def seal(self, subject: Subject, text: str, at: datetime) -> SealedReason: ...


class HeadFile(Protocol):
    """The last hash, outside the database."""

    def read(self) -> Head | None: ...
    def write(self, head: Head) -> None: ...


class AuditService:
    """The log of what was done."""

    def __init__(
        self, store: AuditStore, head_file: HeadFile, transactor: Transactor, clock: Clock
    ) -> None:
        self._store = store
        self._head_file = head_file
        self._transactor = transactor
        self._clock = clock
        self._anchoring = asyncio.Lock()
        self._anchored: Head | None = None

    async def record(
        self,
        actor: Subject,
        action: AuditAction,
        subject: Subject,
        *,
        tx: Any = None,
        **facts: Fact,
    ) -> None:
        """Add a line saying who did what to whom.

        Args:
            actor: Who did it.
            action: What was done.
            subject: Whom or what it was done to.
            tx: The unit of work it belongs to; the line is kept or dropped with it.
            facts: Enum members, truth values, counts and IDs of ours.

        Raises:
            ValueError: A fact is none of these.
        """
        entry = NewEntry(
            at=self._clock(),
            actor=actor,
            action=action.value,
            subject=subject,
            facts=encode_facts(facts),
        )
        await self.add(entry, tx)

    async def add(self, entry: NewEntry, tx: Any = None) -> None:
        """Add a line; on its own, its hash is written outside the database at once.

        Within a unit of work the hash follows with the next line or sweep, since only then it is
        known whether the work was kept.
        """
        await self._store.append(entry, tx)
        if tx is None:
            await self.anchor()

    async def anchor(self) -> None:
        """Write the last line's hash outside the database."""
        async with self._anchoring:
            head = await self._store.head()
            if head is None or head == self._anchored:
                return
            await asyncio.to_thread(self._head_file.write, head)
            self._anchored = head

    async def close(self) -> None:
        """Write the last hash outside, if the database still answers."""
        try:
            await self.anchor()
        except StoreError as error:
            log.warning("the last audit hash was not written: %s", error)

    async def sweep(self, now: datetime) -> datetime | None:
        """Write the last hash outside, and drop the months kept long enough."""
        await self.anchor()
        oldest = month_before(now.year * 100 + now.month, KEEP_MONTHS)
        for segment in await self._store.segments():
            if segment.month < oldest and not segment.is_dropped:
                await self._drop(segment.month, now)
        return None

    async def verify(self) -> Verdict:
        """Read the whole log and name the first line that does not fit."""
        try:
            head = await asyncio.to_thread(self._head_file.read)
        except StoreError:
            return Verdict(count=0, fault=ChainFault(kind=FaultKind.HEAD, entry_id=0))
        check = ChainCheck(await self._store.segments(), head)
        async for entry in self._store.entries():
            if (fault := check.feed(entry)) is not None:
                return Verdict(count=check.count, fault=fault)
        return Verdict(count=check.count, fault=check.finish())

    async def _drop(self, month: int, now: datetime) -> None:
        async with self._transactor.transaction() as tx:
            count = await self._store.drop(month, now, tx)
            await self.record(
                BOT, AuditAction.SEGMENT_DROPPED, PROGRAMME, tx=tx, month=month, lines=count
            )
        log.info("audit month %d dropped: %d lines", month, count)
        await self.anchor()


class AccessLog:
    """The log of who opened what about whom."""

    def __init__(self, store: AccessStore, audit: AuditService, clock: Clock) -> None:
        self._store = store
        self._audit = audit
        self._clock = clock

    async def record(
        self,
        viewer: Subject,
        subject: Subject,
        what: Opened,
        *,
        reason: str | None = None,
    ) -> None:
        """Add a line saying who opened what about whom, and why.

        The reason is sealed under the key of the participant or case it is about, and can be
        read for a year.
        """
        now = self._clock()
        sealed = await self._store.seal(subject, reason, now) if reason else None
        entry = NewEntry(at=now, actor=viewer, action=what.value, subject=subject, reason=sealed)
        await self._audit.add(entry)
