"""Taking down what the bot posted, as far as Discord lets it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.ids import OutboxId, ParticipantId
from bot.domain.participant import Participant
from bot.domain.posted import Batch, Posted, batches

PROGRESS_EVERY = 10


class Taken(StrEnum):
    """What became of a message."""

    REMOVED = "removed"
    GONE = "gone"
    REFUSED = "refused"


class Remover(Protocol):
    """Removes messages from Discord."""

    def remove(self, batch: Batch) -> AsyncIterator[tuple[Posted, Taken]]:
        """Remove the messages of a batch, saying of each what became of it."""


class Outbox(Protocol):
    """What this service needs of the outbox."""

    async def posted_to(self, participant_id: ParticipantId) -> Sequence[Posted]: ...
    async def taken_down(self, outbox_ids: Collection[OutboxId]) -> None: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleared:
    """How far it came.

    Attributes:
        total: How many there are to remove.
        removed: How many were removed.
        gone: How many were not there any more.
        refused: How many Discord does not let the bot remove, or not now.
    """

    total: int
    removed: int = 0
    gone: int = 0
    refused: int = 0

    @property
    def done(self) -> int:
        """How many were looked at."""
        return self.removed + self.gone + self.refused


Progress: TypeAlias = Callable[[Cleared], Awaitable[None]]


class ClearingService:
    """Removes what was posted to one person."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock

    async def count(self, participant: Participant) -> int:
        """Count what may be removed."""
        return len(await self._outbox.posted_to(participant.id))

    async def clear(
        self, participant: Participant, remover: Remover, progress: Progress
    ) -> Cleared:
        """Remove everything posted to a person, telling how far it came now and then."""
        posted = await self._outbox.posted_to(participant.id)
        return await take_down(posted, remover, self._outbox, self._clock(), progress)


async def take_down(
    messages: Iterable[Posted],
    remover: Remover,
    outbox: Outbox,
    now: datetime,
    progress: Progress | None = None,
) -> Cleared:
    """Remove messages, and note of each that it is not there any more."""
    found = list(messages)
    counts = dict.fromkeys(Taken, 0)
    noted: list[OutboxId] = []

    def so_far() -> Cleared:
        return Cleared(
            total=len(found),
            removed=counts[Taken.REMOVED],
            gone=counts[Taken.GONE],
            refused=counts[Taken.REFUSED],
        )

    async def note() -> None:
        if noted:
            await outbox.taken_down(noted)
            noted.clear()
        if progress is not None:
            await progress(so_far())

    for batch in batches(found, now):
        async for one, taken in remover.remove(batch):
            counts[taken] += 1
            if taken is not Taken.REFUSED:
                noted.append(one.outbox_id)
            if so_far().done % PROGRESS_EVERY == 0:
                await note()
    await note()
    return so_far()
