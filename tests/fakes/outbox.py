"""Outbox rows for the tests of its two stores."""

from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.delivery import (
    Address,
    Channel,
    OutboxRow,
    Personal,
)
from bot.domain.ids import OutboxId, ParticipantId, ScheduleId, new_id
from bot.store.database import Transaction
from bot.store.deliveries import DeliveryStore
from bot.store.outbox import OutboxStore
from tests.fakes.clock import START
from tests.fakes.delivery import PROMPT, REMINDER

ADA = Personal(participant_id=ParticipantId("ada"))
BOB = Personal(participant_id=ParticipantId("bob"))
STAFF = Channel(key="channel.staff")
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def occurrence(now: datetime, slot: str = "09:00", schedule: str = "s1") -> OutboxRow:
    return OutboxRow(
        id=OutboxId(new_id()),
        kind=PROMPT.name,
        priority=PROMPT.priority,
        address=ADA,
        schedule_id=ScheduleId(schedule),
        nominal_date=date(2026, 1, 5),
        slot=slot,
        due_at=now,
        send_after=now,
    )


async def claimed(
    deliveries: DeliveryStore, tx: Transaction, row: OutboxRow, at: datetime
) -> OutboxRow:
    found = await deliveries.claim(tx, row.id, at)
    assert found is not None
    return found


async def add(outbox: OutboxStore, *, address: Address = ADA, **changes: Any) -> OutboxRow:
    given = {"due_at": START, **changes}
    row = await outbox.add(REMINDER, address, **given)
    assert row is not None
    return row
