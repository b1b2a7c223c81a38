"""Sending one row, and looking up one that a crash left on its way."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Generic

from bot.clock import Clock
from bot.domain.delivery import (
    DeliveryError,
    Kinds,
    OutboxRow,
    OutboxState,
    Reason,
    RefusedError,
    SentRef,
    TryLaterError,
)
from bot.scheduling.brakes import Brakes
from bot.scheduling.marks import Marks
from bot.scheduling.protocols import Alerts, Gateway, Rendered, Renderer
from bot.scheduling.refusals import Refusals
from bot.scheduling.scopes import Scopes

log = logging.getLogger(__name__)

SEND_SECONDS = 60
NONCE_MEMORY = timedelta(minutes=2)
"""For how long Discord surely remembers a nonce; later, a second send may make a second message."""

MOST_SURPRISES = 5
"""Tries that may end in an error nobody expected."""


class Sender(Generic[Rendered]):
    """Takes one claimed row to its end."""

    def __init__(
        self,
        *,
        kinds: Kinds,
        gateway: Gateway[Rendered],
        renderer: Renderer[Rendered],
        alerts: Alerts,
        refusals: Refusals,
        marks: Marks,
        scopes: Scopes,
        brakes: Brakes,
        clock: Clock,
    ) -> None:
        self._kinds = kinds
        self._gateway = gateway
        self._renderer = renderer
        self._alerts = alerts
        self._refusals = refusals
        self._marks = marks
        self._scopes = scopes
        self._brakes = brakes
        self._clock = clock

    async def send(self, row: OutboxRow) -> None:
        """Send a claimed row, or deal with the refusal."""
        try:
            if self._may_be_there(row):
                found = await self._find(row)
                if found:
                    await self._arrived(row, found)
                    return
                row = replace(row, doubtful_since=None)
            ref = await self._attempt(row)
        except DeliveryError as error:
            await self._refusals.take(row, error)
        else:
            if not self._is_outside(row):
                self._brakes.worked()
            await self._arrived(row, ref)

    async def look_up(self, row: OutboxRow) -> None:
        """Settle a row that a crash left on its way."""
        kind = self._kinds.get(row.kind)
        is_page = kind is not None and kind.is_page
        try:
            found = await self._find(row)
        except DeliveryError:
            if not is_page:
                await self._marks.look_later(row, self._clock())
                return
            found = None
        if found:
            await self._arrived(row, found)
        elif is_page:
            await self._marks.put_off(row, self._clock(), Reason.UNRESOLVED)
        else:
            now = self._clock()
            await self._marks.settle(row, OutboxState.UNCERTAIN, Reason.UNRESOLVED, now)
            await self._alerts.uncertain(row)

    def _may_be_there(self, row: OutboxRow) -> bool:
        since = row.doubtful_since
        return since is not None and self._clock() - since > NONCE_MEMORY

    def _is_outside(self, row: OutboxRow) -> bool:
        kind = self._kinds.get(row.kind)
        return kind is not None and kind.is_outside

    async def _attempt(self, row: OutboxRow) -> SentRef | None:
        is_doubtful = False
        try:
            rendered = await self._renderer.render(row)
            is_doubtful = True
            async with asyncio.timeout(SEND_SECONDS):
                return await self._gateway.send(row.address, rendered, nonce=row.id)
        except DeliveryError as error:
            await self._brake(row, error)
            raise
        except TimeoutError as error:
            late = TryLaterError("no answer", is_doubtful=is_doubtful)
            await self._brake(row, late)
            raise late from error
        except Exception as error:
            log.exception("row %s of %s could not be sent", row.id, row.kind)
            if row.tries >= MOST_SURPRISES:
                raise RefusedError(type(error).__name__) from error
            raise TryLaterError(type(error).__name__, is_doubtful=is_doubtful) from error

    async def _brake(self, row: OutboxRow, error: DeliveryError) -> None:
        if self._is_outside(row):
            return
        stopped_until = self._brakes.refused(error, self._clock())
        if stopped_until:
            await self._alerts.sending_stopped(stopped_until)

    async def _find(self, row: OutboxRow) -> SentRef | None:
        """Look for a row's message; a place that is gone or closed holds none.

        Raises:
            TryLaterError: It cannot be known now.
        """
        try:
            async with asyncio.timeout(SEND_SECONDS):
                return await self._gateway.find(row)
        except TryLaterError:
            raise
        except DeliveryError:
            return None
        except TimeoutError as error:
            raise TryLaterError("no answer") from error
        except Exception as error:
            log.exception("row %s of %s could not be looked up", row.id, row.kind)
            raise TryLaterError(type(error).__name__) from error

    async def _arrived(self, row: OutboxRow, ref: SentRef | None) -> None:
        await self._marks.sent(row, ref, self._clock())
        scope = self._gateway.scope(row.address)
        if scope in self._scopes:
            await self._scopes.reopen(scope)
