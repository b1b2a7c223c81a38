"""Consents: asked once where they are first used, taken back at any time."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Protocol, TypeAlias

from bot.clock import Clock
from bot.content import Consent
from bot.domain.consent import ConsentEntry, ConsentKind, Standing, standing
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant

OnChange: TypeAlias = Callable[[ParticipantId, bool], Awaitable[None]]


class ConsentStore(Protocol):
    """What this service needs of the store."""

    async def record(self, entry: ConsentEntry, tx: Any = None) -> None: ...
    async def current(
        self, participant_id: ParticipantId
    ) -> Mapping[ConsentKind, ConsentEntry]: ...

    async def holders(self, kind: ConsentKind, version: int) -> Collection[ParticipantId]: ...


class ConsentService:
    """The ledger, and what hangs on it."""

    def __init__(
        self, store: ConsentStore, wording: Mapping[ConsentKind, Consent], clock: Clock
    ) -> None:
        self._store = store
        self._wording = wording
        self._clock = clock
        self._listeners: defaultdict[ConsentKind, list[OnChange]] = defaultdict(list)
        self._in_rooms: set[ParticipantId] = set()

    async def load(self) -> None:
        """Read who may be in the rooms: Discord's roles are held to it without the database."""
        kind = ConsentKind.GROUPS
        self._in_rooms = set(await self._store.holders(kind, self.version(kind)))

    def in_rooms(self, participant_id: ParticipantId) -> bool:
        """Whether a person agreed to be in the rooms."""
        return participant_id in self._in_rooms

    def drop(self, participant_id: ParticipantId) -> None:
        """Keep nothing in memory of someone who was deleted."""
        self._in_rooms.discard(participant_id)

    def on_change(self, kind: ConsentKind, callback: OnChange) -> None:
        """Call back with the participant and whether it holds, each time this consent changes.

        It may be called twice with the same answer.
        """
        self._listeners[kind].append(callback)

    def version(self, kind: ConsentKind) -> int:
        """Return the version of the text that is asked now."""
        return self._wording[kind].version

    async def standings(self, participant_id: ParticipantId) -> Mapping[ConsentKind, Standing]:
        """Return where each consent in use stands."""
        entries = await self._store.current(participant_id)
        return {
            kind: standing(entries.get(kind), wording.version)
            for kind, wording in self._wording.items()
            if wording.is_in_use
        }

    async def given(self, participant_id: ParticipantId, kind: ConsentKind) -> bool:
        """Whether a consent holds: given to the text as it is now, and not taken back."""
        standings = await self.standings(participant_id)
        return standings.get(kind) is Standing.GIVEN

    async def give(self, participant: Participant, kind: ConsentKind) -> None:
        """Note that a person agreed to the text as it is now."""
        await self._set(participant, kind, given=True)

    async def revoke(self, participant: Participant, kind: ConsentKind) -> None:
        """Note that a person said no, or took a consent back."""
        await self._set(participant, kind, given=False)

    async def _set(self, participant: Participant, kind: ConsentKind, *, given: bool) -> None:
        entries = await self._store.current(participant.id)
        version = self.version(kind)
        wanted = Standing.GIVEN if given else Standing.REFUSED
        if standing(entries.get(kind), version) is not wanted:
            await self._store.record(
                ConsentEntry(
                    participant_id=participant.id,
                    kind=kind,
                    given=given,
                    text_version=version,
                    locale=participant.preferences.locale,
                    at=self._clock(),
                )
            )
        if kind is ConsentKind.GROUPS:
            change = self._in_rooms.add if given else self._in_rooms.discard
            change(participant.id)
        # Also where the ledger said so already: a listener may have been cut off before.
        for listener in self._listeners[kind]:
            await listener(participant.id, given)
