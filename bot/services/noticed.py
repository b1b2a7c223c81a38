"""Agreed signs: each chooses what they may be told of; the other one can tell no more."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.domain.delivery import Kind, Priority
from bot.domain.ids import PairId, ParticipantId, SignId, new_id
from bot.domain.localtime import local_day
from bot.domain.noticed import LONGEST, MOST_SIGNS, Sign
from bot.domain.pair import Space
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.pair_mail import PairMail

NOTICED = Kind(name="pair.noticed", priority=Priority.INTERACTIVE, honours_away=False)
SIGN = "sign"
NEWS_LASTS = timedelta(days=2)


class NoticedStore(Protocol):
    """Signs, and on which day one was sent."""

    async def seal(self, sign: Sign) -> bytes: ...
    async def add(self, sign: Sign, sealed: bytes, tx: Any) -> None: ...
    async def count(self, pair_id: PairId, owner: ParticipantId, tx: Any) -> int: ...
    async def of(self, pair_id: PairId, owner: ParticipantId) -> Sequence[Sign]: ...
    async def shared_with(self, pair_id: PairId, reader: ParticipantId) -> Sequence[Sign]: ...
    async def get(self, sign_id: str) -> Sign | None: ...
    async def bare(self, sign_id: str, tx: Any) -> Sign | None: ...
    async def share(self, sign_id: SignId, at: datetime | None) -> None: ...
    async def mute(self, sign_id: SignId, *, muted: bool) -> None: ...
    async def remove(self, sign_id: SignId) -> None: ...
    async def sent(
        self,
        pair_id: PairId,
        sender: ParticipantId,
        day: date,
        *,
        sign_id: str,
        at: datetime,
        tx: Any,
    ) -> bool: ...
    async def has_sent(self, pair_id: PairId, sender: ParticipantId, day: date) -> bool: ...


class NoticedService:
    """Keeps each one's list, and sends a sign without saying whether it arrives."""

    def __init__(
        self, *, store: NoticedStore, mail: PairMail, database: Transactor, clock: Clock
    ) -> None:
        self._store = store
        self._mail = mail
        self._database = database
        self._clock = clock

    async def mine(self, space: Space) -> Sequence[Sign]:
        """Return a person's own signs."""
        return await self._store.of(space.pair_id, space.mine)

    async def theirs(self, space: Space) -> Sequence[Sign]:
        """Return the signs the other one shared."""
        return [one for one in await self._store.shared_with(space.pair_id, space.mine) if one.sign]

    async def has_sent(self, space: Space) -> bool:
        """Whether this person sent a sign today."""
        return await self._store.has_sent(space.pair_id, space.mine, self._today(space))

    async def add(self, participant: Participant, space: Space, texts: Sequence[str]) -> Sign:
        """Write a sign down, for oneself alone until it is shared.

        Args:
            participant: Whose sign it is.
            space: Where.
            texts: The sign, and the help that is welcome.

        Raises:
            UserError: One of the two is empty or too long, or there are five.
        """
        clean = self._mail.take(participant, texts, LONGEST)
        if not all(clean):
            raise UserError("openings.empty")
        sign = Sign(
            id=SignId(new_id()),
            pair_id=space.pair_id,
            participant_id=participant.id,
            sign=clean[0],
            helps=clean[1],
            at=self._clock(),
        )
        sealed = await self._store.seal(sign)
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, participant.id, tx)
            if await self._store.count(space.pair_id, participant.id, tx) >= MOST_SIGNS:
                raise UserError("noticed.five", n=MOST_SIGNS)
            await self._store.add(sign, sealed, tx)
        return sign

    async def own(self, space: Space, sign_id: str) -> Sign:
        """Return one of a person's own signs.

        Raises:
            UserError: It is gone.
        """
        found = await self._store.get(sign_id)
        if found is None or found.pair_id != space.pair_id or found.participant_id != space.mine:
            raise UserError("noticed.gone")
        return found

    async def share(self, space: Space, sign_id: str) -> Sign:
        """Let the other one see a sign and send it: a declared act.

        Raises:
            UserError: It is gone.
        """
        sign = await self.own(space, sign_id)
        if not sign.is_shared:
            await self._store.share(sign.id, self._clock())
        return await self.own(space, sign_id)

    async def unshare(self, space: Space, sign_id: str) -> Sign:
        """Take a sign off the list the other one sees, which they can notice.

        Raises:
            UserError: It is gone.
        """
        sign = await self.own(space, sign_id)
        await self._store.share(sign.id, None)
        return await self.own(space, sign_id)

    async def mute(self, space: Space, sign_id: str, *, muted: bool) -> Sign:
        """Let a sign not be delivered, or again; for the other one nothing changes.

        Raises:
            UserError: It is gone.
        """
        sign = await self.own(space, sign_id)
        await self._store.mute(sign.id, muted=muted)
        return await self.own(space, sign_id)

    async def remove(self, space: Space, sign_id: str) -> None:
        """Delete a sign; where it was shared, the other one can notice.

        Raises:
            UserError: It is gone.
        """
        sign = await self.own(space, sign_id)
        await self._store.remove(sign.id)

    async def send(self, participant: Participant, space: Space, sign_id: str) -> None:
        """Say that one noticed a sign, once a day; whether it arrives stays unsaid.

        Raises:
            UserError: The sign is not on the shared list, or this person sent one today.
        """
        now = self._clock()
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, participant.id, tx)
            sign = await self._store.bare(sign_id, tx)
            if (
                sign is None
                or not sign.is_shared
                or sign.pair_id != space.pair_id
                or sign.participant_id == participant.id
            ):
                raise UserError("noticed.off_list")
            kept = await self._store.sent(
                space.pair_id,
                participant.id,
                self._today(space),
                sign_id=sign_id,
                at=now,
                tx=tx,
            )
            if not kept:
                raise UserError("noticed.once_a_day")
            if not sign.is_muted:
                await self._mail.send(
                    NOTICED,
                    space.pair_id,
                    participant.id,
                    args={SIGN: sign_id},
                    expires_at=now + NEWS_LASTS,
                    tx=tx,
                )

    def _today(self, space: Space) -> date:
        return local_day(self._clock(), ZoneInfo(space.zone))
