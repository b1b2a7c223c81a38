"""What the tests of sending share: addresses, and rows that are due."""

from datetime import timedelta
from typing import Any

from bot.domain.delivery import (
    Address,
    Channel,
    Kind,
    OutboxRow,
    OutboxState,
    Personal,
)
from bot.domain.ids import ParticipantId
from tests.fakes.delivery import Delivery

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
ADA = Personal(participant_id=ParticipantId("ada"))
BOB = Personal(participant_id=ParticipantId("bob"))
STAFF = Channel(key="channel.staff")
ROOM = Channel(key="channel.room")


async def add(delivery: Delivery, kind: Kind, address: Address = ADA, **changes: Any) -> OutboxRow:
    row = await delivery.outbox.add(kind, address, **{"due_at": delivery.clock(), **changes})
    assert row is not None
    return row


async def now_of(delivery: Delivery, row: OutboxRow) -> OutboxRow:
    found = await delivery.outbox.get(row.id)
    assert found is not None
    return found


async def state_of(delivery: Delivery, row: OutboxRow) -> tuple[OutboxState, str]:
    found = await now_of(delivery, row)
    return found.state, found.reason
