"""What is said about a case between its claim and its end: to the team, and to its person."""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.case import FOLLOW_UP_AFTER, NO_ANSWER_AFTER, Case, Circle, Resolution
from bot.domain.delivery import Channel, Kind, Personal, Priority
from bot.domain.ids import ParticipantId
from bot.domain.place import PlaceKey
from bot.services.outbox_port import Outbox
from bot.services.pages import apart_key

log = logging.getLogger(__name__)

NEWS = Kind(name="case.news", priority=Priority.CASE, honours_away=False, honours_quiet=False)
CLOSING = Kind(name="case.closing", priority=Priority.RECEIPT, honours_away=False)
UNREACHED = Kind(name="case.unreached", priority=Priority.RECEIPT, honours_away=False)
THREAD = Kind(
    name="case.thread", priority=Priority.RECEIPT, honours_away=False, honours_quiet=False
)
FOLLOW_UP = Kind(name="case.followup", priority=Priority.INTERACTIVE, honours_away=False)

DESK_KINDS = (NEWS, CLOSING, UNREACHED, THREAD, FOLLOW_UP)

FOLLOWED_UP = frozenset({Resolution.TALKED, Resolution.PASSED_ON, Resolution.NOT_NEEDED})
"""Who did not want contact, or could not be reached, is left in peace afterwards."""

STILL_FITS = timedelta(days=3)
DAY = timedelta(days=1)


class What(StrEnum):
    """What happened to a case that somebody on the team should know."""

    BACKUP = "backup"
    OFFERED = "offered"
    DECLINED = "declined"
    SETTLED = "settled"
    NOT_YET = "not_yet"
    UNANSWERED = "unanswered"
    HERE = "here"


class CaseOutbox(Outbox, Protocol):
    """What the notices need of the outbox."""

    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        subject_id: str,
        kinds: Collection[str],
        also_sent: bool = False,
        tx: Any = None,
    ) -> int: ...


class CaseNotices:
    """Puts notices in the outbox, in the transaction of what they tell of."""

    def __init__(self, outbox: CaseOutbox, clock: Clock) -> None:
        self._outbox = outbox
        self._clock = clock

    async def news(
        self,
        case: Case,
        what: What,
        tx: Any,
        *,
        to: int | None = None,
        after: timedelta | None = None,
    ) -> None:
        """Tell somebody on the team of a case, where those who may know of it read.

        Args:
            case: The case.
            what: What happened.
            tx: The transaction of what is told.
            to: Whom it concerns; they are mentioned while on duty.
            after: How long to wait; taken back by `silence`.
        """
        if case.circle is Circle.NOBODY:
            log.error("nobody on the team may see case %s", case.id)
            return
        await self._outbox.add(
            NEWS,
            place_of(case),
            due_at=self._clock() + (after or timedelta()),
            subject_id=case.id,
            args={"what": what.value, **({"to": str(to)} if to else {})},
            tx=tx,
        )

    async def ask_whether_settled(self, case: Case, person: ParticipantId, tx: Any) -> None:
        """Ask the person whether their request is settled, and think of it in three days."""
        await self._tell(CLOSING, case, person, tx, expires=NO_ANSWER_AFTER)
        if case.tried_at is None:
            await self.news(case, What.UNANSWERED, tx, to=case.owner_id, after=NO_ANSWER_AFTER)

    async def remember_silence(self, case: Case, tx: Any) -> None:
        """Think again of a person who has not answered, where those read who may know."""
        if case.silent_since is not None:
            left = case.silent_since + NO_ANSWER_AFTER - self._clock()
            await self.news(
                case, What.UNANSWERED, tx, to=case.owner_id, after=max(left, timedelta())
            )

    async def unreached(self, case: Case, person: ParticipantId, tx: Any) -> None:
        """Tell the person once a day at most that somebody wrote and heard nothing."""
        key = f"{UNREACHED.name}:{case.id}:{self._clock():%Y%m%d}"
        await self._tell(UNREACHED, case, person, tx, expires=DAY, key=key)

    async def thread(self, case: Case, person: ParticipantId, thread_id: int, tx: Any) -> None:
        """Tell the person where somebody writes to them."""
        key = f"{THREAD.name}:{thread_id}"
        await self._tell(THREAD, case, person, tx, expires=STILL_FITS, key=key)

    async def follow_up(self, case: Case, person: ParticipantId, tx: Any) -> None:
        """Ask the person a day later how it is, where that fits how it ended."""
        if case.resolution not in FOLLOWED_UP or case.closed_at is None:
            return
        key = f"{FOLLOW_UP.name}:{case.id}:{case.closed_at:%Y%m%d%H%M%S}"
        await self._tell(
            FOLLOW_UP, case, person, tx, after=FOLLOW_UP_AFTER, expires=STILL_FITS, key=key
        )

    async def silence(self, case: Case, tx: Any, *kinds: Kind) -> None:
        """Take back what was asked or would be told; what was sent opens no more."""
        await self._outbox.close_for(
            now=self._clock(),
            reason="case",
            subject_id=case.id,
            kinds=[kind.name for kind in kinds],
            also_sent=True,
            tx=tx,
        )

    async def _tell(
        self,
        kind: Kind,
        case: Case,
        person: ParticipantId,
        tx: Any,
        *,
        after: timedelta | None = None,
        expires: timedelta,
        key: str | None = None,
    ) -> None:
        due_at = self._clock() + (after or timedelta())
        await self._outbox.add(
            kind,
            Personal(participant_id=person),
            due_at=due_at,
            expires_at=due_at + expires,
            subject_id=case.id,
            args={"case": case.id},
            key=key,
            tx=tx,
        )


def place_of(case: Case) -> Channel:
    """Name the channel of those who may know of a case."""
    if case.circle is Circle.SOME_LEADS:
        return Channel(key=apart_key(case.id))
    return Channel(key=PlaceKey.CHANNEL_LEAD if case.is_apart else PlaceKey.CHANNEL_STAFF)
