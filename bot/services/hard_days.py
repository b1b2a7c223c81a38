"""A hard day: what is told to the other one, in one's own words and at one's own time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.case import CaseSource, Severity
from bot.domain.delivery import Kind, Priority
from bot.domain.hard_day import (
    DRAFT_LASTS,
    LONGEST,
    MOST_A_DAY,
    Telling,
    When,
    telling_time,
)
from bot.domain.ids import PairId, ParticipantId, TellingId, new_id
from bot.domain.localtime import find_zone, local_day, resolve
from bot.domain.pair import Member, Pair, Space
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.pair_mail import PairMail
from bot.services.pair_ports import Cases

TOLD = Kind(name="pair.hard_day", priority=Priority.INTERACTIVE, honours_away=False)
TELLING = "telling"
BATCH = 50


class HardDayStore(Protocol):
    """What is told, and drafts of it."""

    async def seal(self, telling: Telling) -> bytes: ...
    async def draft(self, telling: Telling, sealed: bytes, tx: Any) -> None: ...
    async def get(self, telling_id: str) -> Telling | None: ...
    async def bare(self, telling_id: str, tx: Any) -> Telling | None: ...
    async def plan(
        self, telling_id: TellingId, tell_at: datetime, told_at: datetime | None, tx: Any
    ) -> None: ...
    async def planned_since(
        self, participant_id: ParticipantId, since: datetime, tx: Any
    ) -> int: ...
    async def waiting_of(self, pair_id: PairId, mine: ParticipantId) -> Sequence[Telling]: ...
    async def due(self, tx: Any, now: datetime, limit: int) -> Sequence[Telling]: ...
    async def next_at(self) -> datetime | None: ...
    async def drop(self, telling_id: TellingId, tx: Any) -> bool: ...
    async def drop_of(self, pair_id: PairId, mine: ParticipantId, tx: Any) -> None: ...
    async def drop_drafts(self, before: datetime) -> None: ...


class HardDayService:
    """Prepares what is told, tells it at its time, and keeps everything else to its author."""

    def __init__(
        self,
        *,
        store: HardDayStore,
        mail: PairMail,
        database: Transactor,
        cases: Cases,
        clock: Clock,
    ) -> None:
        self._store = store
        self._mail = mail
        self._database = database
        self._cases = cases
        self._clock = clock

    async def prepare(
        self, participant: Participant, space: Space, text: str, when: When
    ) -> Telling:
        """Keep a draft to look at once more; nobody else sees it.

        Raises:
            UserError: It is empty or too long.
        """
        [clean] = self._mail.take(participant, [text], LONGEST)
        telling = Telling(
            id=TellingId(new_id()),
            pair_id=space.pair_id,
            participant_id=participant.id,
            text=clean,
            when=when,
            at=self._clock(),
        )
        sealed = await self._store.seal(telling)
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, participant.id, tx)
            await self._store.draft(telling, sealed, tx)
        return telling

    async def draft(self, space: Space, telling_id: str) -> Telling:
        """Return what a person wrote.

        Raises:
            UserError: It is gone.
        """
        return self._own(space, await self._store.get(telling_id))

    async def tell(
        self, participant: Participant, space: Space, telling_id: str, *, with_team: bool
    ) -> Telling:
        """Tell it at the time that was chosen; pressed twice, it is told once.

        Raises:
            UserError: The draft is gone, its time has passed, or this person told three today.
        """
        now = self._clock()
        zone = find_zone(participant.preferences.zone)
        midnight = resolve(local_day(now, zone), time(0), zone)
        draft = self._own(space, await self._store.get(telling_id))
        if with_team and draft.tell_at is None:
            # First: killed in between, the call for a person has reached the team all the same.
            await self._cases.ask(participant.user_id, CaseSource.ASK, Severity.TODAY)
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, participant.id, tx)
            telling = self._own(space, await self._store.bare(telling_id, tx))
            if telling.tell_at is not None:
                return replace(telling, text=draft.text)
            if await self._store.planned_since(participant.id, midnight, tx) >= MOST_A_DAY:
                raise UserError("hardday.enough", n=MOST_A_DAY)
            await self._plan(telling, now, zone, tx)
        return self._own(space, await self._store.get(telling_id))

    async def take_back(self, space: Space, telling_id: str) -> None:
        """Do not tell it after all.

        Raises:
            UserError: It is past the time that was chosen.
        """
        async with self._database.transaction() as tx:
            found = await self._store.bare(telling_id, tx)
            if found is None:
                return
            telling = self._own(space, found)
            is_past = telling.tell_at is not None and telling.tell_at <= self._clock()
            if is_past or not await self._store.drop(telling.id, tx):
                raise UserError("hardday.told_already")

    async def waiting(self, space: Space) -> Sequence[Telling]:
        """Return what a person chose to tell later."""
        now = self._clock()
        found = await self._store.waiting_of(space.pair_id, space.mine)
        return [one for one in found if one.tell_at is not None and one.tell_at > now]

    async def told(self, space: Space, telling_id: str) -> Telling:
        """Return what the other one told this person.

        Raises:
            UserError: It is not there any more.
        """
        found = await self._store.get(telling_id)
        if (
            found is None
            or found.pair_id != space.pair_id
            or found.participant_id == space.mine
            or found.told_at is None
            or not found.text
        ):
            raise UserError("core.note_closed")
        return found

    async def parted(self, pair: Pair, member: Member, tx: Any) -> None:
        """Let nothing be told any more by someone who left."""
        await self._store.drop_of(pair.id, member.participant_id, tx)

    async def sweep(self, now: datetime) -> datetime | None:
        """Tell what is due, and delete drafts left lying."""
        await self._store.drop_drafts(now - DRAFT_LASTS)
        while True:
            async with self._database.transaction() as tx:
                due = await self._store.due(tx, now, BATCH)
                for telling in due:
                    if await self._mail.is_in(telling.pair_id, telling.participant_id, tx):
                        tell_at = telling.tell_at or now
                        await self._store.plan(telling.id, tell_at, now, tx)
                        await self._send(telling, tx)
                    else:
                        await self._store.drop(telling.id, tx)
            if len(due) < BATCH:
                return await self._store.next_at()

    async def _plan(self, telling: Telling, now: datetime, zone: ZoneInfo, tx: Any) -> None:
        is_now = telling.when is When.NOW
        # What the person read before they said yes holds, however long they took.
        tell_at = now if is_now else telling_time(telling.when, telling.at, zone)
        if tell_at <= now and not is_now:
            raise UserError("hardday.time_passed")
        await self._store.plan(telling.id, tell_at, now if is_now else None, tx)
        if is_now:
            await self._send(telling, tx)

    async def _send(self, telling: Telling, tx: Any) -> None:
        await self._mail.send(
            TOLD,
            telling.pair_id,
            telling.participant_id,
            args={TELLING: str(telling.id)},
            tx=tx,
        )

    def _own(self, space: Space, telling: Telling | None) -> Telling:
        if (
            telling is None
            or telling.pair_id != space.pair_id
            or telling.participant_id != space.mine
        ):
            raise UserError("hardday.gone")
        return telling
