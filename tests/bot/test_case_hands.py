"""What has to be taken down in Discord: what is refused is tried again, not only at a start."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from bot.builder.case_hands import RETRY, CaseHands
from bot.domain.ids import OutboxId
from bot.domain.posted import Batch, Posted
from bot.services.clearing import Taken

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
CARD = Posted(
    outbox_id=OutboxId("a"), channel_id=1, message_id=2, sent_at=NOW - timedelta(minutes=1)
)


class Circle:
    """One card that stands where somebody reads who must not know of its case."""

    def __init__(self) -> None:
        self.cards = [CARD]

    async def too_widely_posted(self) -> list[Posted]:
        return self.cards

    async def to_end(self) -> list[Any]:
        return []

    async def taken_down(self, outbox_ids: list[OutboxId]) -> None:
        self.cards = [one for one in self.cards if one.outbox_id not in outbox_ids]


class Refusing:
    """Discord without the permission, until a lead gives it back."""

    def __init__(self) -> None:
        self.answer = Taken.REFUSED
        self.tries = 0

    async def remove(self, batch: Batch) -> AsyncIterator[tuple[Posted, Taken]]:
        for one in batch.messages:
            self.tries += 1
            yield one, self.answer


async def test_a_card_that_was_refused_is_taken_down_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    circle, discord = Circle(), Refusing()
    services: Any = SimpleNamespace(case_circle=circle)
    nothing: Any = None
    hands: Any = discord
    case_hands = CaseHands(nothing, services, nothing, hands)

    assert await case_hands.sweep(NOW) == NOW + RETRY
    assert await case_hands.sweep(NOW + RETRY / 2) == NOW + RETRY
    assert discord.tries == 1

    discord.answer = Taken.REMOVED
    assert await case_hands.sweep(NOW + RETRY) is None
    assert circle.cards == []
    caplog.clear()
