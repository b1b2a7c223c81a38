"""What the tests of planning share: rules, and schedules that follow them."""

from datetime import UTC, datetime, time, timedelta

from bot.domain.delivery import (
    Address,
    Channel,
    OutboxRow,
)
from bot.domain.recurrence import Daily, Rule, Slot
from tests.fakes.delivery import Delivery

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
STAFF = Channel(key="channel.staff")
AT_NINE = Rule(dates=Daily(), slots=(Slot(at=time(9)),))
THRICE = Rule(dates=Daily(), slots=(Slot(at=time(8)), Slot(at=time(14)), Slot(at=time(20))))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def schedule(
    delivery: Delivery,
    kind: str,
    address: Address,
    rule: Rule = AT_NINE,
    *,
    zone: str = "UTC",
    subject_id: str = "",
) -> None:
    await delivery.schedules.put(
        kind=kind,
        address=address,
        rule=rule,
        zone=zone,
        now=delivery.clock(),
        subject_id=subject_id,
    )


def outcomes(rows: list[OutboxRow]) -> list[tuple[str, str, str]]:
    return [(row.due_at.strftime("%d %H:%M"), row.state.value, row.reason) for row in rows]
