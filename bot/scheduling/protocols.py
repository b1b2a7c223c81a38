"""What scheduling needs of services, cards and Discord."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeAlias, TypeVar

from bot.domain.delivery import (
    Address,
    Circumstances,
    Decision,
    DeliveryError,
    Occasion,
    OutboxRow,
    Planned,
    SentRef,
)
from bot.domain.ids import ParticipantId

Rendered = TypeVar("Rendered")
Rendered_co = TypeVar("Rendered_co", covariant=True)
Rendered_contra = TypeVar("Rendered_contra", contravariant=True)

Sweep: TypeAlias = Callable[[datetime], Awaitable[datetime | None]]
"""Does whatever a service has due at a moment, and says when it wants to be called next."""


class PlanHandler(Protocol):
    """A service that decides about the occurrences of one kind.

    Both methods run inside the planner's transaction and await nothing but statements on `tx`.
    """

    async def plan(
        self, occasions: Sequence[Occasion], now: datetime, tx: Any
    ) -> Sequence[Decision]:
        """Decide about each occasion, in the same order."""

    async def record(self, planned: Sequence[Planned], tx: Any) -> None:
        """Keep what was decided; also told of what was closed as excused, expired or superseded."""


class Listener(Protocol):
    """A service that keeps what became of the messages of one kind."""

    async def settled(self, row: OutboxRow, tx: Any) -> None:
        """Take in that a row was sent, closed by the machinery, failed or left uncertain.

        Runs inside the transaction that marks the row.
        """


class People(Protocol):
    """What decides whether a person gets a message now."""

    async def circumstances(
        self, participant_ids: Collection[ParticipantId], tx: Any = None
    ) -> Mapping[ParticipantId, Circumstances]:
        """Return the circumstances of each; whoever is missing gets nothing."""

    async def mark_unreachable(self, participant_id: ParticipantId) -> bool:
        """Note that the way they chose is closed, tell staff once, and take the next choice.

        Returns:
            Whether another way is left.
        """


class Escalation(Protocol):
    """The ladder above a page."""

    async def page_failed(self, row: OutboxRow, error: DeliveryError) -> None:
        """Go to the next rung at once; called on the first refusal of a page."""


class Alerts(Protocol):
    """What the operator is told."""

    async def held(self, row: OutboxRow) -> None:
        """A message is kept until the bot may write there again."""

    async def uncertain(self, row: OutboxRow) -> None:
        """A message may or may not have arrived before a crash."""

    async def failed(self, row: OutboxRow, error: DeliveryError) -> None:
        """A message was refused for good."""

    async def permission_lost(self, scope: str) -> None:
        """Nothing can be sent there; its messages are kept."""

    async def permission_back(self, scope: str) -> None:
        """The messages kept for it go out now."""

    async def sending_stopped(self, until: datetime) -> None:
        """So many requests were invalid that all but cases wait, before Discord blocks us."""


class Renderer(Protocol[Rendered_co]):
    """Makes the message of a row: the neutral notice, or a channel's card."""

    async def render(self, row: OutboxRow) -> Rendered_co:
        """Lay out a row."""


class Gateway(Protocol[Rendered_contra]):
    """The way to Discord. Every method raises only `DeliveryError`s for what Discord refuses."""

    def scope(self, address: Address) -> str:
        """Name what a lost permission would close: a channel, or the parent of all threads."""

    async def send(
        self, address: Address, rendered: Rendered_contra, *, nonce: str
    ) -> SentRef | None:
        """Send a message, once per nonce; nothing where it is not in Discord."""

    async def find(self, row: OutboxRow) -> SentRef | None:
        """Look in the channel's history for the message of a row."""

    async def recreate(self, address: Address) -> None:
        """Make a place that is gone again."""
