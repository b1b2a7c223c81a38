"""Marking what becomes of rows, together with the service that listens."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.domain.delivery import CatchUp, Close, Kinds, OutboxRow, OutboxState, SentRef
from bot.errors import StoreError
from bot.scheduling.protocols import Listener
from bot.scheduling.verdicts import Go, Hold, Pause, Verdict
from bot.store.database import Database, Transaction
from bot.store.deliveries import DeliveryStore, savepoint

log = logging.getLogger(__name__)


class Marks:
    """Writes what was decided and what happened, and tells the kind's listener.

    A listener that fails is logged and undone; the mark stands.
    """

    def __init__(
        self,
        *,
        database: Database,
        deliveries: DeliveryStore,
        kinds: Kinds,
        listeners: Mapping[str, Listener],
    ) -> None:
        self._database = database
        self._deliveries = deliveries
        self._kinds = kinds
        self._listeners = listeners

    async def take(
        self, judged: Sequence[tuple[OutboxRow, Verdict]], now: datetime
    ) -> Sequence[OutboxRow]:
        """Carry out verdicts in one transaction and return the rows claimed for sending."""
        claimed = []
        async with self._database.transaction() as tx:
            for row, verdict in judged:
                match verdict:
                    case Go():
                        mine = await self._claim(tx, row, now)
                        claimed += [mine] if mine else []
                    case Hold(until=until):
                        await self._deliveries.hold(tx, row.id, until)
                    case Pause(scope=scope):
                        await self._deliveries.pause(tx, row.id, scope)
                    case Close(reason=reason):
                        closed = await self._deliveries.close(tx, row.id, reason, now)
                        await self._tell(tx, closed)
        return claimed

    async def sent(self, row: OutboxRow, ref: SentRef | None, at: datetime) -> None:
        """Mark a row as sent."""
        async with self._database.transaction() as tx:
            await self._tell(tx, await self._deliveries.sent(tx, row.id, ref, at))

    async def settle(self, row: OutboxRow, state: OutboxState, reason: str, now: datetime) -> None:
        """End a row on its way as closed, failed or uncertain."""
        async with self._database.transaction() as tx:
            await self._tell(tx, await self._deliveries.settle(tx, row, state, reason, now))

    async def put_off(
        self,
        row: OutboxRow,
        until: datetime,
        reason: str,
        doubtful_since: datetime | None = None,
    ) -> None:
        """Give a row on its way back, to be tried again."""
        async with self._database.transaction() as tx:
            await self._deliveries.put_off(tx, row, until, reason, doubtful_since)

    async def look_later(self, row: OutboxRow, now: datetime) -> None:
        """Leave a row on its way, to be looked up again later."""
        await self._deliveries.look_later(row, now)

    async def _claim(self, tx: Transaction, row: OutboxRow, now: datetime) -> OutboxRow | None:
        claimed = await self._deliveries.claim(tx, row.id, now)
        if claimed and self._kinds[row.kind].catch_up is CatchUp.MERGE and row.participant_id:
            for merged in await self._deliveries.merge(tx, claimed, now):
                await self._tell(tx, merged)
        return claimed

    async def _tell(self, tx: Transaction, row: OutboxRow | None) -> None:
        listener = self._listeners.get(row.kind) if row else None
        if row is None or listener is None:
            return
        try:
            async with savepoint(tx):
                await listener.settled(row, tx)
        except StoreError:
            raise
        except Exception:
            log.exception("the listener of %s failed on row %s", row.kind, row.id)
