"""Where the bot lost a permission: messages are kept, one is tried now and then."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.delivery import OutboxRow
from bot.scheduling.protocols import Alerts
from bot.store.database import Database
from bot.store.deliveries import DeliveryStore, PausedScope

log = logging.getLogger(__name__)

RETRY = timedelta(minutes=10)


class Scopes:
    """The channels, and the parent of all threads, that are paused."""

    def __init__(self, *, database: Database, deliveries: DeliveryStore, alerts: Alerts) -> None:
        self._database = database
        self._deliveries = deliveries
        self._alerts = alerts
        self._paused: Mapping[str, PausedScope] = {}

    def __contains__(self, scope: object) -> bool:
        """Whether a scope is paused."""
        return scope in self._paused

    async def refresh(self, now: datetime) -> None:
        """Read what is paused, and let one row of each try again that has waited long enough."""
        self._paused = await self._deliveries.paused_scopes()
        for paused in self._paused.values():
            if paused.retry_at <= now:
                async with self._database.transaction() as tx:
                    await self._deliveries.probe_scope(tx, paused.scope, now, now + RETRY)

    async def lose(self, row: OutboxRow, scope: str, now: datetime) -> None:
        """Keep a row that met a lost permission; the operator is told the first time."""
        async with self._database.transaction() as tx:
            await self._deliveries.pause(tx, row.id, scope)
            is_new = await self._deliveries.pause_scope(tx, scope, now, now + RETRY)
        self._paused = await self._deliveries.paused_scopes()
        await self._alerts.held(row)
        if is_new:
            log.warning("no permission for %s; its messages are kept", scope)
            await self._alerts.permission_lost(scope)

    async def reopen(self, scope: str) -> None:
        """Let everything kept for a scope go."""
        async with self._database.transaction() as tx:
            was_paused = await self._deliveries.resume_scope(tx, scope)
        self._paused = await self._deliveries.paused_scopes()
        if was_paused:
            log.info("permission for %s is back", scope)
            await self._alerts.permission_back(scope)
