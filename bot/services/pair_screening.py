"""Whether danger words are looked for in a couple's thread: only if both said yes."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.ids import PairId, ParticipantId
from bot.domain.pair import Space
from bot.domain.screening_wish import ScreeningWish
from bot.services.database_port import Transactor
from bot.services.pair_mail import PairMail

BOTH = 2


class PairScreeningStore(Protocol):
    """Who said yes."""

    async def wants(self, pair_id: PairId, participant_id: ParticipantId) -> bool: ...
    async def say(
        self,
        pair_id: PairId,
        participant_id: ParticipantId,
        *,
        at: datetime,
        until: datetime | None,
        tx: Any,
    ) -> None: ...
    async def wishes(self) -> Sequence[ScreeningWish]: ...


class PairScreening:
    """Keeps each one's answer to themselves; what follows from both is known in memory.

    Somebody who leaves quietly changes nothing here until the space closes for both.
    """

    def __init__(
        self,
        *,
        store: PairScreeningStore,
        mail: PairMail,
        database: Transactor,
        boundary: Callable[[datetime], datetime],
        clock: Clock,
    ) -> None:
        self._store = store
        self._mail = mail
        self._database = database
        self._boundary = boundary
        self._clock = clock
        self._wishes: dict[int, list[ScreeningWish]] = {}

    async def load(self) -> None:
        """Read who said yes: the watch asks at every post, without the database."""
        wishes: dict[int, list[ScreeningWish]] = {}
        for wish in await self._store.wishes():
            wishes.setdefault(wish.thread_id, []).append(wish)
        self._wishes = wishes

    async def sweep(self, now: datetime) -> datetime | None:
        """Follow threads that were made anew, and spaces that closed."""
        await self.load()
        return None

    def may_screen(self, channel_id: int, author_id: int | None = None) -> bool:
        """Whether words in a thread may be looked at.

        A yes that is taken back counts no more for that one's own words at once, and for the
        other one's from the next weekly day on.

        Args:
            channel_id: The thread.
            author_id: Whose words; without it, only where both yeses stand.
        """
        now = self._clock()
        found = self._wishes.get(channel_id, ())
        return len(found) == BOTH and all(wish.covers(author_id, now) for wish in found)

    async def wants(self, space: Space) -> bool:
        """Return what this person said; the other one's answer is theirs."""
        return await self._store.wants(space.pair_id, space.mine)

    async def say(self, space: Space, *, yes: bool) -> None:
        """Keep a person's answer; the other one cannot tell.

        Raises:
            UserError: The space is over.
        """
        now = self._clock()
        until = None if yes else self._boundary(now)
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, space.mine, tx)
            await self._store.say(space.pair_id, space.mine, at=now, until=until, tx=tx)
        await self.load()
