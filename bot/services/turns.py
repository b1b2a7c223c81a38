"""Speaking and listening in turns: rows that survive a restart, and one card in the thread."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.delivery import Channel, DeliveryError, Kind, Priority, TryLaterError
from bot.domain.ids import PairId, ParticipantId, TurnId, new_id
from bot.domain.pair import Pair, Space
from bot.domain.participant import Participant
from bot.domain.turn import LASTS, Move, Turn, TurnStep, may, moved, over
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.outbox_port import Outbox
from bot.services.pair_mail import PairMail
from bot.services.pair_ports import PairStore
from bot.services.pairs import thread_key

log = logging.getLogger(__name__)

IN_THREAD = Kind(
    name="pair.turns", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
TURN = "turn"
STEP = "step"
MOVES = "moves"
BOTH = 2
RETRY = timedelta(minutes=1)
GIVE_UP = timedelta(days=7)
"""How long the bot tries to remove what was written, while Discord is down."""


class TurnStore(Protocol):
    """Talks in turns."""

    async def begin(self, turn: Turn, tx: Any) -> bool: ...
    async def save(self, was: Turn, turn: Turn, tx: Any = None) -> bool: ...
    async def current(self, pair_id: PairId, tx: Any = None) -> Turn | None: ...
    async def get(self, turn_id: str, tx: Any = None) -> Turn | None: ...
    async def unfinished(self) -> Sequence[Turn]: ...
    async def keep(
        self, turn_id: TurnId, participant_id: ParticipantId, at: datetime, tx: Any
    ) -> int: ...


class Pausing(Protocol):
    """Whether a pause holds two people apart."""

    async def is_on(self, pair: Pair) -> bool: ...


class Erasing(Protocol):
    """Removes words from a thread; raises only `DeliveryError`s."""

    async def erase(
        self, thread_id: int, authors: Collection[int], since: datetime, until: datetime
    ) -> None: ...


class TurnService:
    """Keeps whose turn it is; a tap counts once, and only for whoever's it is."""

    def __init__(
        self,
        *,
        store: TurnStore,
        pairs: PairStore,
        pauses: Pausing,
        mail: PairMail,
        database: Transactor,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pairs = pairs
        self._pauses = pauses
        self._mail = mail
        self._database = database
        self._outbox = outbox
        self._clock = clock

    async def current(self, space: Space) -> Turn | None:
        """Return the talk that is on; both see it alike."""
        return await self._store.current(space.pair_id)

    async def get(self, turn_id: str) -> Turn | None:
        """Return a talk."""
        return await self._store.get(turn_id)

    async def begin(self, participant: Participant, space: Space) -> Turn:
        """Begin a talk as the first to speak; where the other one was faster, theirs is on.

        Raises:
            UserError: A pause is on, or the space has no thread yet.
        """
        pair = await self._pairs.get(space.pair_id)
        if pair is None or pair.thread_id is None:
            raise UserError("turns.no_thread")
        if await self._pauses.is_on(pair):
            raise UserError("turns.paused")
        now = self._clock()
        turn = Turn(
            id=TurnId(new_id()),
            pair_id=space.pair_id,
            begun_by=participant.id,
            speaker=participant.id,
            thread_id=pair.thread_id,
            begun_at=now,
            ends_at=now + LASTS,
        )
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, participant.id, tx)
            if not await self._store.begin(turn, tx):
                return await self._store.current(space.pair_id, tx) or turn
            await self._post(turn, now, tx)
        return turn

    async def move(
        self, participant: Participant, space: Space, turn_id: str, seen: int, move: Move
    ) -> Turn:
        """Take a tap on the card in the thread.

        Args:
            participant: Who tapped.
            space: Theirs.
            turn_id: The talk.
            seen: How many taps the card knew of.
            move: What was tapped.

        Raises:
            UserError: The talk is over, the card is an older one, or it is the other one's tap.
        """
        now = self._clock()
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, participant.id, tx)
            turn = await self._store.get(turn_id, tx)
            if turn is None or turn.pair_id != space.pair_id or not turn.is_on:
                raise UserError("turns.over")
            if now >= turn.ends_at:
                raise UserError("turns.over")
            if turn.moves != seen and move is not Move.STOP:
                raise UserError("turns.moved_on")
            if not may(turn, participant.id, move):
                raise UserError("turns.not_yours")
            after = moved(turn, move, await self._other(turn, tx), now)
            if not await self._store.save(turn, after, tx):
                raise UserError("turns.moved_on")
            if move is Move.STOP:
                await self._post(after, now, tx)
        return after

    async def keep(self, participant: Participant, space: Space, turn_id: str) -> Turn:
        """Keep that someone would keep what was written; one alone shows nothing.

        Raises:
            UserError: It is too late for that.
        """
        now = self._clock()
        async with self._database.transaction() as tx:
            await self._mail.check(space.pair_id, participant.id, tx)
            turn = await self._store.get(turn_id, tx)
            if turn is None or turn.pair_id != space.pair_id:
                raise UserError("turns.over")
            if turn.step is TurnStep.KEPT:
                return turn
            is_open = turn.step is TurnStep.DECIDING and turn.decide_at is not None
            if not is_open or turn.decide_at is None or now >= turn.decide_at:
                raise UserError("turns.decided")
            if await self._store.keep(turn.id, participant.id, now, tx) == BOTH:
                kept = replace(turn, step=TurnStep.KEPT)
                await self._store.save(turn, kept, tx)
                await self._post(kept, now, tx)
                return kept
        return turn

    async def sweep(self, now: datetime, hands: Erasing) -> datetime | None:
        """End what is over, and remove what is not kept."""
        moments: list[datetime] = []
        for turn in await self._store.unfinished():
            current = await self._due(turn, now)
            if current.step is TurnStep.REMOVING:
                current = await self._remove(current, now, hands)
            if current.is_on:
                moments.append(current.ends_at)
            elif current.step is TurnStep.DECIDING and current.decide_at is not None:
                moments.append(current.decide_at)
            elif current.step is TurnStep.REMOVING:
                moments.append(now + RETRY)
        return min(moments, default=None)

    async def _due(self, turn: Turn, now: datetime) -> Turn:
        after = turn
        if turn.is_on and turn.ends_at <= now:
            after = over(turn, now)
        elif (
            turn.step is TurnStep.DECIDING and turn.decide_at is not None and turn.decide_at <= now
        ):
            after = replace(turn, step=TurnStep.REMOVING)
        if after is turn:
            return turn
        async with self._database.transaction() as tx:
            if not await self._store.save(turn, after, tx):
                return await self._store.get(turn.id, tx) or turn
            if after.step is TurnStep.DECIDING:
                await self._post(after, now, tx)
        return after

    async def _remove(self, turn: Turn, now: datetime, hands: Erasing) -> Turn:
        pair = await self._pairs.get(turn.pair_id)
        step = TurnStep.REMOVED
        if pair is not None and turn.thread_id is not None:
            authors = [member.user_id for member in pair.members]
            try:
                await hands.erase(turn.thread_id, authors, turn.begun_at, turn.ends_at)
            except TryLaterError as error:
                log.warning("what was written in talk %s stays for now: %s", turn.id, error)
                if now - turn.ends_at < GIVE_UP:
                    return turn
                step = TurnStep.REFUSED
            except DeliveryError as error:
                log.warning("what was written in talk %s stays: %s", turn.id, error)
                step = TurnStep.REFUSED
        gone = replace(turn, step=step)
        async with self._database.transaction() as tx:
            if await self._store.save(turn, gone, tx):
                await self._post(gone, now, tx)
        return gone

    async def _other(self, turn: Turn, tx: Any) -> ParticipantId:
        pair = await self._pairs.get(turn.pair_id, tx)
        other = pair.other(turn.speaker) if pair is not None else None
        return other.participant_id if other is not None else turn.speaker

    async def _post(self, turn: Turn, now: datetime, tx: Any) -> None:
        await self._outbox.add(
            IN_THREAD,
            Channel(key=thread_key(turn.pair_id)),
            due_at=now,
            subject_id=turn.pair_id,
            args={TURN: turn.id, STEP: turn.step.value, MOVES: str(turn.moves)},
            expires_at=now + timedelta(hours=1),
            tx=tx,
        )
