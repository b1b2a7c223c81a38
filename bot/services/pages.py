"""What the care team is sent about a case, and what the person who asked is."""

import logging
from typing import Any

from bot.clock import Clock
from bot.domain.case import Case, Circle, Severity
from bot.domain.delivery import Channel, Kind, Personal, Priority
from bot.domain.place import PlaceKey
from bot.services.outbox_port import Outbox

log = logging.getLogger(__name__)

APART = "apart."
AGAIN = "again"

URGENT = Kind(
    name="case.page",
    priority=Priority.CASE,
    is_page=True,
    honours_away=False,
    honours_quiet=False,
)
REQUEST = Kind(name="case.request", priority=Priority.CASE, honours_away=False, honours_quiet=False)
OPENED_WITH_REASON = Kind(
    name="case.opened", priority=Priority.CASE, honours_away=False, honours_quiet=False
)
RECEIPT = Kind(
    name="case.receipt", priority=Priority.RECEIPT, honours_away=False, honours_quiet=False
)
CARE_KINDS = (URGENT, REQUEST, OPENED_WITH_REASON, RECEIPT)


class Pages:
    """Puts pages and receipts in the outbox, in the transaction of what they tell of."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock

    async def page(self, case: Case, tx: Any, *, is_again: bool = False) -> None:
        """Tell the team of a case, in the channel of those who may know of it.

        Args:
            case: The case; its severity says how urgently to tell.
            tx: The transaction of what is told.
            is_again: The person asked before.
        """
        if case.circle is Circle.NOBODY:
            log.error("nobody on the team may see case %s", case.id)
            return
        kind = URGENT if case.severity <= Severity.SOON else REQUEST
        await self._outbox.add(
            kind,
            self._where(case),
            due_at=self._clock(),
            subject_id=case.id,
            args={AGAIN: "1"} if is_again else {},
            tx=tx,
        )

    async def receipt(self, case: Case, tx: Any) -> None:
        """Tell the person who asked that somebody picked it up; only ever after a claim."""
        if case.participant_id is not None:
            await self._outbox.add(
                RECEIPT,
                Personal(participant_id=case.participant_id),
                due_at=self._clock(),
                subject_id=case.id,
                args={"case": case.id},
                key=f"receipt:{case.id}",
                tx=tx,
            )

    async def opened_with_reason(self, case: Case, by: int, tx: Any) -> None:
        """Tell the leads that somebody opened a case with a reason."""
        await self._outbox.add(
            OPENED_WITH_REASON,
            self._where(case) if case.is_apart else Channel(key=PlaceKey.CHANNEL_LEAD),
            due_at=self._clock(),
            subject_id=case.id,
            args={"by": str(by)},
            tx=tx,
        )

    def _where(self, case: Case) -> Channel:
        if case.circle is Circle.SOME_LEADS:
            return Channel(key=apart_key(case.id))
        return Channel(key=PlaceKey.CHANNEL_LEAD if case.is_apart else PlaceKey.CHANNEL_STAFF)


def apart_key(case_id: str) -> str:
    """Name the private thread of a case that not every lead may see."""
    return f"{APART}{case_id}"
