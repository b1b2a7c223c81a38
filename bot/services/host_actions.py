"""Taking what the operator did beside a running bot into the audit log."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.domain.audit import LARGEST_COUNT, OPERATOR, PROGRAMME
from bot.domain.host_action import HostAction
from bot.services.case_ports import Auditor
from bot.services.database_port import Transactor

MINUTE = timedelta(minutes=1)


class HostLog(Protocol):
    """Where commands keep what they did."""

    def take(self) -> Sequence[HostAction]: ...
    def taken(self) -> None: ...


async def take_in(log: HostLog, audit: Auditor, transactor: Transactor, now: datetime) -> int:
    """Write what was done since the last start into the audit log, and count it.

    A line of the audit log bears the moment it was written at, so it says how long ago it was.
    """
    actions = log.take()
    if actions:
        async with transactor.transaction() as tx:
            for one in actions:
                ago = min(max(round((now - one.at) / MINUTE), 0), LARGEST_COUNT - 1)
                await audit.record(OPERATOR, one.action, PROGRAMME, tx=tx, minutes_ago=ago)
    log.taken()
    return len(actions)
