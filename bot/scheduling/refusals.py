"""What a refusal means (DESIGN section 4.5)."""

import logging
import zlib
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.delivery import (
    DeliveryError,
    Kinds,
    NoPermissionError,
    NotWantedError,
    OutboxRow,
    OutboxState,
    PlaceGoneError,
    Reason,
    TryLaterError,
    UnreachableError,
)
from bot.scheduling.marks import Marks
from bot.scheduling.protocols import Alerts, Escalation, Gateway, People
from bot.scheduling.scopes import Scopes

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=10)
LONGEST_WAIT_FOR_PAGES = timedelta(seconds=30)
MOST_WAYS = 4
"""Ways of delivery tried for one message before the person counts as unreachable."""


class Refusals:
    """Puts a row off, pauses it or ends it, and tells whoever must know."""

    def __init__(
        self,
        *,
        kinds: Kinds,
        gateway: Gateway[Any],
        people: People,
        escalation: Escalation,
        alerts: Alerts,
        marks: Marks,
        scopes: Scopes,
        clock: Clock,
    ) -> None:
        self._kinds = kinds
        self._gateway = gateway
        self._people = people
        self._escalation = escalation
        self._alerts = alerts
        self._marks = marks
        self._scopes = scopes
        self._clock = clock

    async def take(self, row: OutboxRow, error: DeliveryError) -> None:
        """Deal with the refusal of a row that is on its way."""
        log.info("row %s of %s: %s", row.id, row.kind, type(error).__name__)
        await self._escalate(row, error)
        match error:
            case UnreachableError():
                await self._unreachable(row, error)
            case NotWantedError():
                await self._end(row, OutboxState.CLOSED, Reason.NOT_WANTED)
            case PlaceGoneError():
                await self._place_gone(row, error)
            case NoPermissionError():
                scope = self._gateway.scope(row.address)
                await self._scopes.lose(row, scope, self._clock())
            case TryLaterError():
                await self._put_off(row, error)
            case _:
                await self._fail(row, Reason.REFUSED, error)

    async def _escalate(self, row: OutboxRow, error: DeliveryError) -> None:
        """Go to the next rung at the first refusal of a page, before anything else can fail."""
        first = row.reason in {"", Reason.UNRESOLVED}
        if not (first and self._is_page(row)):
            return
        try:
            await self._escalation.page_failed(row, error)
        except Exception:
            log.exception("the page %s could not go to the next rung", row.id)

    async def _unreachable(self, row: OutboxRow, error: DeliveryError) -> None:
        if row.participant_id is None:
            await self._fail(row, Reason.UNREACHABLE, error)
            return
        has_other_way = await self._people.mark_unreachable(row.participant_id)
        if has_other_way and row.tries < MOST_WAYS:
            await self._marks.put_off(row, self._clock(), Reason.UNREACHABLE)
        else:
            await self._end(row, OutboxState.FAILED, Reason.UNREACHABLE)

    async def _place_gone(self, row: OutboxRow, error: DeliveryError) -> None:
        if row.reason == Reason.PLACE_GONE:
            await self._fail(row, Reason.PLACE_GONE, error)
            return
        try:
            await self._gateway.recreate(row.address)
        except PlaceGoneError as still:
            await self._fail(row, Reason.PLACE_GONE, still)
        except DeliveryError as other:
            await self.take(row, other)
        else:
            await self._marks.put_off(row, self._clock(), Reason.PLACE_GONE)

    async def _put_off(self, row: OutboxRow, error: TryLaterError) -> None:
        now = self._clock()
        longest = LONGEST_WAIT_FOR_PAGES if self._is_page(row) else LONGEST_WAIT
        doubtful_since = row.doubtful_since or (row.claimed_at if error.is_doubtful else None)
        until = now + (error.after or back_off(row, longest))
        await self._marks.put_off(row, until, Reason.TRY_LATER, doubtful_since)

    async def _fail(self, row: OutboxRow, reason: Reason, error: DeliveryError) -> None:
        await self._end(row, OutboxState.FAILED, reason)
        await self._alerts.failed(row, error)

    async def _end(self, row: OutboxRow, state: OutboxState, reason: Reason) -> None:
        await self._marks.settle(row, state, reason, self._clock())

    def _is_page(self, row: OutboxRow) -> bool:
        kind = self._kinds.get(row.kind)
        return kind is not None and kind.is_page


def back_off(row: OutboxRow, longest: timedelta) -> timedelta:
    """Wait twice as long after every try, and not all rows equally long."""
    seconds = 2.0 ** min(row.tries - 1, 12)
    jitter = 1 + zlib.crc32(row.id.encode()) / 2**32 / 2
    return min(timedelta(seconds=seconds * jitter), longest)
