"""Saying thanks: sent now or kept for a hard day; its author never learns what became of it."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.delivery import Kind, Priority
from bot.domain.ids import PairId, ParticipantId, ThanksId, new_id
from bot.domain.localtime import local_day, resolve
from bot.domain.pair import Space
from bot.domain.participant import Participant
from bot.domain.thanks import LONGEST, MOST_A_DAY, Appreciation, Moment
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.pair_mail import PairMail

THANKS = Kind(name="pair.thanks", priority=Priority.INTERACTIVE)
WHICH = "thanks"
LATEST = 25


class ThanksStore(Protocol):
    """Appreciations."""

    async def seal(self, thanks: Appreciation) -> bytes: ...
    async def add(self, thanks: Appreciation, sealed: bytes, tx: Any) -> None: ...
    async def written_since(
        self, participant_id: ParticipantId, since: datetime, tx: Any
    ) -> int: ...
    async def next_held(self, space: tuple[PairId, ParticipantId], tx: Any) -> str | None: ...
    async def hand_out(self, thanks_id: str, at: datetime, tx: Any) -> None: ...
    async def get(self, thanks_id: str) -> Appreciation | None: ...
    async def got(
        self, pair_id: PairId, mine: ParticipantId, limit: int
    ) -> Sequence[Appreciation]: ...


class ThanksService:
    """Takes appreciations and hands out what is held, without an echo to whoever wrote it."""

    def __init__(
        self, *, store: ThanksStore, mail: PairMail, database: Transactor, clock: Clock
    ) -> None:
        self._store = store
        self._mail = mail
        self._database = database
        self._clock = clock

    async def thank(
        self, participant: Participant, space: Space, text: str, moment: Moment
    ) -> None:
        """Send an appreciation now, or keep it for a hard day.

        Raises:
            UserError: It is empty or too long, or this person wrote three today.
        """
        [clean] = self._mail.take(participant, [text], LONGEST)
        now = self._clock()
        zone = ZoneInfo(space.zone)
        thanks = Appreciation(
            id=ThanksId(new_id()),
            pair_id=space.pair_id,
            participant_id=participant.id,
            text=clean,
            at=now,
            moment=moment,
        )
        sealed = await self._store.seal(thanks)
        midnight = resolve(local_day(now, zone), time(0), zone)
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, participant.id, tx)
            if await self._store.written_since(participant.id, midnight, tx) >= MOST_A_DAY:
                raise UserError("thanks.enough", n=MOST_A_DAY)
            await self._store.add(thanks, sealed, tx)
            if moment is Moment.NOW:
                args = {WHICH: str(thanks.id)}
                await self._mail.send(THANKS, space.pair_id, participant.id, args=args, tx=tx)

    async def something_kind(self, space: Space) -> Appreciation | None:
        """Hand out the oldest appreciation held for a person; each press gives one."""
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, space.mine, tx)
            found = await self._store.next_held((space.pair_id, space.mine), tx)
            if found is not None:
                await self._store.hand_out(found, self._clock(), tx)
        return None if found is None else await self._store.get(found)

    async def got(self, space: Space) -> Sequence[Appreciation]:
        """Return what reached a person, the newest first."""
        found = await self._store.got(space.pair_id, space.mine, LATEST)
        return [one for one in found if one.text]

    async def one(self, space: Space, thanks_id: str) -> Appreciation:
        """Return an appreciation for this person.

        Raises:
            UserError: It is not there any more.
        """
        found = await self._store.get(thanks_id)
        if (
            found is None
            or found.pair_id != space.pair_id
            or found.participant_id == space.mine
            or not found.text
        ):
            raise UserError("core.note_closed")
        return found
