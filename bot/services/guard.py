"""The separation guard: recomputes who can see private spaces; closes first, calls second."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import BOT, PROGRAMME, AuditAction, Subject
from bot.domain.delivery import Channel, DeliveryError, Kind, Priority
from bot.domain.pair import Member, Pair, PairKind, PairState
from bot.domain.place import PlaceKey
from bot.domain.sight import Sight, intruders
from bot.errors import StoreError, UserError
from bot.services.database_port import Transactor
from bot.services.outbox_port import Outbox
from bot.services.pair_ports import Auditor, PairStore
from bot.services.pairs import thread_key

log = logging.getLogger(__name__)

DRIFT = Kind(name="guard.drift", priority=Priority.CASE, honours_away=False, honours_quiet=False)
"""Tells the leads that somebody could see what they must not."""

IN_THREAD = Kind(
    name="guard.thread", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
PARENTS = (PlaceKey.CHANNEL_COUPLES, PlaceKey.CHANNEL_PERSONAL)
RETRY = timedelta(minutes=1)
COUNT, PLACE, CLOSED = "count", "place", "closed"


class Holding(Protocol):
    """Holds two people still under the parent of their thread."""

    async def hold(self, members: Sequence[Member], *, still: bool) -> None: ...


class GuardHands(Protocol):
    """Looks and closes in Discord. Every method raises only `DeliveryError`s."""

    async def look(self, key: PlaceKey) -> Sight | None:
        """Return who sees what under a parent; nothing where there is no such channel yet."""

    async def restore(self, key: PlaceKey, allowed: Collection[int]) -> None:
        """Let nobody but these see a parent, in one request."""

    async def remove_guest(self, thread_id: int, user_id: int) -> None:
        """Take somebody out of a thread that is not theirs."""

    async def rename(self, thread_id: int) -> None:
        """Give a thread the name it was made with."""

    async def hold(self, members: Sequence[Member], *, still: bool) -> None:
        """Let two people read but not write under the parent, or write again."""


class People(Protocol):
    """Whose private threads there are."""

    def users(self) -> Collection[int]: ...


class GuardService:
    """Holds every private space to those it is for."""

    def __init__(
        self,
        *,
        pairs: PairStore,
        people: People,
        team: Callable[[], Collection[int]],
        is_paused: Callable[[Pair], Awaitable[bool]],
        database: Transactor,
        outbox: Outbox,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self._pairs = pairs
        self._people = people
        self._team = team
        self._is_paused = is_paused
        self._database = database
        self._outbox = outbox
        self._audit = audit
        self._clock = clock
        self._lock = asyncio.Lock()
        self._waiting = False
        self._is_owed = False
        self._going: set[int] = set()

    @contextmanager
    def expecting(self, user_id: int) -> Iterator[None]:
        """Raise no alarm over someone whose rows are gone, while their sight is being taken."""
        self._going.add(user_id)
        try:
            yield
        finally:
            self._going.discard(user_id)

    async def check(self, hands: GuardHands) -> None:
        """Look at every private space now; many calls at once look once more, not each.

        A flood of changes of roles calls this for each of them.
        """
        if self._waiting:
            return
        self._waiting = True
        try:
            await self._lock.acquire()
        finally:
            self._waiting = False
        try:
            is_seen = True
            for key in PARENTS:
                try:
                    await self._check(key, hands)
                except DeliveryError as error:
                    log.error("who sees %s could not be seen: %s", key.value, error)
                    is_seen = False
            self._is_owed = not is_seen
        except StoreError as error:
            log.error("who sees private spaces could not be looked at: %s", error)
            self._is_owed = True
        finally:
            self._lock.release()

    async def sweep(self, now: datetime, hands: GuardHands) -> datetime | None:
        """Look again where the database or Discord did not answer."""
        if self._is_owed:
            await self.check(hands)
        return now + RETRY if self._is_owed else None

    async def _check(self, key: PlaceKey, hands: GuardHands) -> None:
        sight = await hands.look(key)
        if sight is None:
            return
        allowed = await self._allowed(key)
        found = intruders(sight, await self._expected(key, allowed))
        closed = not found or await self._close(key, allowed, hands)
        for thread_id, user_id in sight.guests:
            closed &= await self._do(hands.remove_guest(thread_id, user_id))
        if found or sight.guests:
            if key is PlaceKey.CHANNEL_COUPLES:
                await self._hold(sight, hands, everyone=bool(found))
            await self._call(key, len(found) + len(sight.guests), closed=closed)
        for thread_id in sight.renamed:
            # Last: Discord lets a thread be renamed twice in ten minutes only.
            await self._do(hands.rename(thread_id))

    async def _do(self, step: Awaitable[None]) -> bool:
        """Take a step that others must not wait for; `False` where Discord refuses."""
        try:
            await step
        except DeliveryError as error:
            log.error("the guard was refused: %s", error)
            return False
        return True

    async def _close(self, key: PlaceKey, allowed: Collection[int], hands: GuardHands) -> bool:
        return await self._do(hands.restore(key, allowed))

    async def _hold(self, sight: Sight, hands: GuardHands, *, everyone: bool) -> None:
        """Hold the threads concerned still for both of the two, until a lead has looked."""
        now, concerned = self._clock(), {thread_id for thread_id, _ in sight.guests}
        for pair in await self._open_pairs():
            if pair.guarded_at is not None or not (everyone or pair.thread_id in concerned):
                continue
            async with self._database.transaction() as tx:
                await self._pairs.guard(pair.id, now, tx)
                await self._audit.record(BOT, AuditAction.PAIR_GUARDED, _subject(pair), tx=tx)
            await self._do(hands.hold(pair.members, still=True))

    async def reopen(self, hands: GuardHands) -> int:
        """Open again what the guard held, once nobody sees what they must not; count spaces.

        Raises:
            UserError: Somebody still does, or Discord does not answer.
        """
        key = PlaceKey.CHANNEL_COUPLES
        try:
            sight = await hands.look(key)
            expected = await self._expected(key, await self._allowed(key))
            if sight is not None and intruders(sight, expected):
                raise UserError("guard.still")
            opened = 0
            for pair in await self._open_pairs():
                if pair.guarded_at is None:
                    continue
                if not await self._is_paused(pair):
                    await hands.hold(pair.members, still=False)
                await self._pairs.guard(pair.id, None)
                await self._say(pair, tx=None)
                opened += 1
        except DeliveryError as error:
            raise UserError("guard.refused") from error
        return opened

    async def _call(self, key: PlaceKey, count: int, *, closed: bool) -> None:
        """Call the leads, after all that can be closed is closed."""
        log.error("%d accounts could see what they must not under %s", count, key.value)
        await self._outbox.add(
            DRIFT,
            Channel(key=PlaceKey.CHANNEL_LEAD),
            due_at=self._clock(),
            args={COUNT: str(count), PLACE: key.value, CLOSED: "1" if closed else ""},
        )

    async def _say(self, pair: Pair, tx: Any) -> None:
        await self._outbox.add(
            IN_THREAD,
            Channel(key=thread_key(pair.id)),
            due_at=self._clock(),
            subject_id=pair.id,
            tx=tx,
        )

    async def _allowed(self, key: PlaceKey) -> Collection[int]:
        if key is PlaceKey.CHANNEL_PERSONAL:
            # A case's thread stands there too, and whoever of the team writes in it sees it.
            return {*self._people.users(), *self._team()}
        return {
            member.user_id
            for pair in await self._open_pairs()
            for member in pair.members
            if member.is_in
        }

    async def _expected(self, key: PlaceKey, allowed: Collection[int]) -> Collection[int]:
        """Add those whose sight the bot itself is taking right now: that is no drift."""
        if key is not PlaceKey.CHANNEL_COUPLES:
            return {*allowed, *self._going}
        return {*allowed, *self._going, *await self._pairs.leaving()}

    async def _open_pairs(self) -> Sequence[Pair]:
        pairs = await self._pairs.in_states({PairState.OPEN})
        return [pair for pair in pairs if pair.kind is PairKind.COUPLE]


def _subject(pair: Pair) -> Subject:
    return Subject.participant(pair.members[0].participant_id) if pair.members else PROGRAMME
