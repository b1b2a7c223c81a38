"""What the care team is sent about a case, and what the person who asked is."""

import logging
from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.case import Case, Circle, Severity
from bot.domain.delivery import Channel, Kind, Personal, Priority
from bot.domain.ladder import Ring, Told
from bot.domain.place import PlaceKey
from bot.services.outbox_port import Outbox

log = logging.getLogger(__name__)

APART = "apart."
OUTSIDE_PREFIX = "outside."
VOLUNTEER = f"{OUTSIDE_PREFIX}volunteer."

AGAIN = "again"
RINGS = "rings"
WAITED = "waited"
REOPENED = "reopened"
REF = "ref"
SEVERITY = "severity"

CALL_OUT_LIFE = timedelta(hours=1)
"""A call-out that could not be made for so long is given up: the ladder has made others since."""

STILL_USEFUL = timedelta(hours=12)

URGENT = Kind(
    name="case.page",
    priority=Priority.CASE,
    is_page=True,
    honours_away=False,
    honours_quiet=False,
)
REQUEST = Kind(name="case.request", priority=Priority.CASE, honours_away=False, honours_quiet=False)
OUTSIDE = Kind(
    name="case.outside",
    priority=Priority.CASE,
    is_page=True,
    honours_away=False,
    honours_quiet=False,
    is_outside=True,
)
OPENED_WITH_REASON = Kind(
    name="case.opened", priority=Priority.CASE, honours_away=False, honours_quiet=False
)
RECEIPT = Kind(
    name="case.receipt", priority=Priority.RECEIPT, honours_away=False, honours_quiet=False
)
TOLD = {
    Told.EMERGENCY: Kind(
        name="case.emergency", priority=Priority.RECEIPT, honours_away=False, honours_quiet=False
    ),
    Told.NO_ONE: Kind(
        name="case.no_one", priority=Priority.RECEIPT, honours_away=False, honours_quiet=False
    ),
}
UNTIL_MORNING = Kind(
    name="case.waiting", priority=Priority.RECEIPT, honours_away=False, honours_quiet=False
)
CARE_KINDS = (URGENT, REQUEST, OUTSIDE, OPENED_WITH_REASON, RECEIPT, *TOLD.values(), UNTIL_MORNING)
NEWS = frozenset(kind.name for kind in (*TOLD.values(), UNTIL_MORNING))
"""What a person is told while nobody has their request."""


class Pages:
    """Puts pages and receipts in the outbox, in the transaction of what they tell of."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock

    async def page(
        self,
        case: Case,
        tx: Any,
        *,
        rings: Collection[Ring] = (Ring.TEAM,),
        key: str | None = None,
        is_again: bool = False,
        is_reopened: bool = False,
        waited: int = 0,
    ) -> None:
        """Tell the team of a case, in the channel of those who may know of it.

        Args:
            case: The case; its severity says how urgently to tell.
            tx: The transaction of what is told.
            rings: Whom of those on duty it mentions when it is sent.
            key: Makes it safe to repeat.
            is_again: The person asked before.
            is_reopened: Somebody had it, and wrote no word.
            waited: For how many minutes nobody took it.
        """
        if case.circle is Circle.NOBODY:
            log.error("nobody on the team may see case %s", case.id)
            return
        args = {RINGS: ",".join(sorted(rings))}
        args |= {AGAIN: "1"} if is_again else {}
        args |= {REOPENED: "1"} if is_reopened else {}
        args |= {WAITED: str(waited)} if waited else {}
        await self._outbox.add(
            URGENT if case.severity <= Severity.SOON else REQUEST,
            where(case),
            due_at=self._clock(),
            subject_id=case.id,
            args=args,
            key=key,
            tx=tx,
        )

    async def copy_to_leads(self, case: Case, tx: Any, *, key: str, waited: int) -> None:
        """Let the leads' own channel know of a case, without mentioning anyone."""
        await self._outbox.add(
            URGENT if case.severity <= Severity.SOON else REQUEST,
            Channel(key=PlaceKey.CHANNEL_LEAD),
            due_at=self._clock(),
            subject_id=case.id,
            args={RINGS: "", WAITED: str(waited)},
            key=key,
            tx=tx,
        )

    async def call_out(
        self, case: Case, addresses: Iterable[str], tx: Any, *, key: str, waited: int
    ) -> None:
        """Call people outside of Discord; what they read names nobody."""
        now = self._clock()
        for address in addresses:
            await self._outbox.add(
                OUTSIDE,
                Channel(key=address),
                due_at=now,
                subject_id=case.id,
                args={REF: case.ref, SEVERITY: str(case.severity.value), WAITED: str(waited)},
                expires_at=now + CALL_OUT_LIFE,
                key=f"{key}:{address}",
                tx=tx,
            )

    async def receipt(self, case: Case, tx: Any) -> None:
        """Tell the person who asked that somebody picked it up; only ever after a claim."""
        now = self._clock()
        if case.participant_id is not None:
            await self._outbox.add(
                RECEIPT,
                Personal(participant_id=case.participant_id),
                due_at=now,
                subject_id=case.id,
                args={"case": case.id},
                key=f"receipt:{case.id}:{now.isoformat()}",
                tx=tx,
            )

    async def tell(self, kind: Kind, case: Case, tx: Any, *, key: str) -> None:
        """Tell the person how their request stands, behind a neutral note."""
        now = self._clock()
        if case.participant_id is not None:
            await self._outbox.add(
                kind,
                Personal(participant_id=case.participant_id),
                due_at=now,
                subject_id=case.id,
                args={"case": case.id},
                expires_at=now + STILL_USEFUL,
                key=key,
                tx=tx,
            )

    async def opened_with_reason(self, case: Case, by: int, tx: Any) -> None:
        """Tell the leads that somebody opened a case with a reason."""
        await self._outbox.add(
            OPENED_WITH_REASON,
            where(case) if case.is_apart else Channel(key=PlaceKey.CHANNEL_LEAD),
            due_at=self._clock(),
            subject_id=case.id,
            args={"by": str(by)},
            tx=tx,
        )


def where(case: Case) -> Channel:
    """Name the channel of those who may know of a case."""
    if case.circle is Circle.SOME_LEADS:
        return Channel(key=apart_key(case.id))
    return Channel(key=PlaceKey.CHANNEL_LEAD if case.is_apart else PlaceKey.CHANNEL_STAFF)


def apart_key(case_id: str) -> str:
    """Name the private thread of a case that not every lead may see."""
    return f"{APART}{case_id}"
