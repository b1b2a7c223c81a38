"""What the leads and the operator are told about delivery, and a failed page's next rung."""

import logging
from datetime import datetime
from typing import Protocol

from bot.clock import Clock
from bot.domain.delivery import (
    Args,
    Channel,
    DeliveryError,
    Kind,
    NotWantedError,
    OutboxRow,
    Priority,
)
from bot.domain.place import PlaceKey
from bot.services.outbox_port import Outbox
from bot.services.pages import APART, OUTSIDE, OUTSIDE_PREFIX, REQUEST, VOLUNTEER

log = logging.getLogger(__name__)

ALERT = Kind(
    name="ops.alert", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)


def _is_apart(row: OutboxRow) -> bool:
    return isinstance(row.address, Channel) and row.address.key.startswith(APART)


class Ladder(Protocol):
    """What this service needs of the clocks of cases."""

    async def hurry(self, row: OutboxRow) -> bool: ...


class Alerts:
    """Tells the lead-only channel once a day of each trouble, and the log each time."""

    def __init__(self, outbox: Outbox, page: Kind, ladder: Ladder, clock: Clock) -> None:
        self._outbox = outbox
        self._page = page
        self._ladder = ladder
        self._clock = clock

    async def uncertain(self, row: OutboxRow) -> None:
        """A message may or may not have arrived before a crash."""
        log.warning("outbox %s (%s) may not have arrived", row.id, row.kind)
        await self._tell("uncertain", row.id, {"kind": row.kind})

    async def failed(self, row: OutboxRow, error: DeliveryError) -> None:
        """A message was refused for good; a request for a person goes to the leads instead."""
        log.warning("outbox %s (%s) failed: %s", row.id, row.kind, type(error).__name__)
        if row.kind == REQUEST.name:
            await self._tell_leads(REQUEST, row)
        if row.kind == OUTSIDE.name:
            await self._tell_of_call(row)
        elif row.kind != ALERT.name and not _is_apart(row):
            await self._tell("failed", row.kind, {"kind": row.kind})

    async def held(self, row: OutboxRow) -> None:
        """A request waits for a permission; the leads read at once that somebody asked."""
        if row.kind == REQUEST.name:
            await self._tell_leads(REQUEST, row)

    async def permission_lost(self, scope: str) -> None:
        """Nothing can be sent there; its messages are kept."""
        log.error("permission lost in %s; its messages are kept", scope)
        await self._tell("permission_lost", scope, {"scope": scope})

    async def permission_back(self, scope: str) -> None:
        """The messages kept for it go out now."""
        log.info("permission is back in %s", scope)
        await self._tell("permission_back", scope, {"scope": scope})

    async def sending_stopped(self, until: datetime) -> None:
        """So many requests were invalid that all but cases wait."""
        log.error("sending stopped until %s: too many invalid requests", until.isoformat())
        await self._tell("sending_stopped", "", {})

    async def page_failed(self, row: OutboxRow, error: DeliveryError) -> None:
        """Let the ladder go on at once, and the leads know; the log is the last rung of all."""
        log.error("page %s failed: %s", row.id, type(error).__name__)
        if row.kind == OUTSIDE.name:
            if not isinstance(error, NotWantedError):
                await self._tell_of_call(row)
            return
        await self._tell_leads(self._page, row)
        await self._ladder.hurry(row)

    async def _tell_leads(self, kind: Kind, row: OutboxRow) -> None:
        if row.address == Channel(key=PlaceKey.CHANNEL_LEAD) or _is_apart(row):
            # There is no wider circle that may learn of it.
            return
        await self._outbox.add(
            kind,
            Channel(key=PlaceKey.CHANNEL_LEAD),
            due_at=self._clock(),
            subject_id=row.subject_id,
            args=row.args,
            key=f"rung:{row.id}",
        )

    async def _tell_of_call(self, row: OutboxRow) -> None:
        """Tell which way of calling people fails; never for which request."""
        key = row.address.key if isinstance(row.address, Channel) else ""
        way = "volunteer" if key.startswith(VOLUNTEER) else key.removeprefix(OUTSIDE_PREFIX)
        await self._tell(f"{way}_failed", "", {})

    async def _tell(self, what: str, about: str, args: Args) -> None:
        now = self._clock()
        await self._outbox.add(
            ALERT,
            Channel(key=PlaceKey.CHANNEL_LEAD),
            due_at=now,
            args={"what": what, **args},
            key=f"{ALERT.name}:{what}:{about}:{now:%Y%m%d}",
        )
