"""What services need of the schedules to let something come again and again."""

from datetime import datetime
from typing import Any, Protocol

from bot.domain.delivery import Address, Schedule
from bot.domain.ids import ScheduleId
from bot.domain.recurrence import Rule


class Schedules(Protocol):
    """One schedule a kind, address and subject."""

    async def put(
        self,
        *,
        kind: str,
        address: Address,
        rule: Rule,
        zone: str,
        now: datetime,
        subject_id: str = "",
        tx: Any = None,
    ) -> ScheduleId: ...
    async def find(
        self, *, kind: str, address: Address, subject_id: str = "", tx: Any = None
    ) -> Schedule | None: ...
    async def remove(
        self, *, kind: str, address: Address, subject_id: str = "", tx: Any = None
    ) -> bool: ...
