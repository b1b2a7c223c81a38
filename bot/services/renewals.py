"""Consents whose text has changed are asked for again."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.content import Consent
from bot.domain.consent import CONSENT_RENEW, ConsentEntry, ConsentKind, Standing, standing
from bot.domain.delivery import Address, Args, Kind, OutboxRow, Personal
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant


class ConsentStore(Protocol):
    """What this service needs of the ledger."""

    async def outdated(self, kind: ConsentKind, version: int) -> Collection[ParticipantId]: ...
    async def current(
        self, participant_id: ParticipantId
    ) -> Mapping[ConsentKind, ConsentEntry]: ...


class Outbox(Protocol):
    """What this service needs of the outbox."""

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        args: Args,
        key: str | None,
        tx: Any = None,
    ) -> OutboxRow | None: ...


class RenewalService:
    """Sends one note to each person for each consent they gave to an earlier text."""

    def __init__(
        self,
        store: ConsentStore,
        wording: Mapping[ConsentKind, Consent],
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._store = store
        self._wording = wording
        self._outbox = outbox
        self._clock = clock
        self._is_done = False

    async def sweep(self, now: datetime) -> datetime | None:
        """Ask everyone once after a start: a text changes only with a new version of the bot."""
        if not self._is_done:
            for kind, consent in self._wording.items():
                if consent.is_in_use:
                    for participant_id in await self._store.outdated(kind, consent.version):
                        await self._ask(participant_id, kind)
            self._is_done = True
        return None

    async def ask(self, participant: Participant) -> None:
        """Ask someone who was away while texts changed."""
        entries = await self._store.current(participant.id)
        for kind, consent in self._wording.items():
            where = standing(entries.get(kind), consent.version)
            if consent.is_in_use and where is Standing.OUTDATED:
                await self._ask(participant.id, kind)

    async def _ask(self, participant_id: ParticipantId, kind: ConsentKind) -> None:
        version = self._wording[kind].version
        await self._outbox.add(
            CONSENT_RENEW,
            Personal(participant_id=participant_id),
            due_at=self._clock(),
            args={"kind": kind.value},
            key=f"{CONSENT_RENEW.name}:{participant_id}:{kind}:{version}",
        )
