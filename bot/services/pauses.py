"""Pauses: called by one, held by both, with a time to come back."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.delivery import Channel, DeliveryError, Kind, Personal, Priority
from bot.domain.ids import PairId, ParticipantId, PauseId, new_id
from bot.domain.pair import Member, Pair, Space
from bot.domain.participant import Participant
from bot.domain.pause import (
    MORE,
    MOST_MORE,
    OFTEN,
    OFTEN_WITHIN,
    Pause,
    PauseState,
    fits,
)
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.outbox_port import Outbox
from bot.services.pair_ports import PairStore
from bot.services.pairs import thread_key

log = logging.getLogger(__name__)

CALLED = Kind(
    name="pair.pause", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
"""Tells both, where they chose to get messages, that a pause is on."""

RETURN = Kind(
    name="pair.pause_return", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
"""Asks both whether they are ready."""

SOFT_START = Kind(name="pair.pause_soft_start", priority=Priority.INTERACTIVE, honours_away=False)
IN_THREAD = Kind(
    name="pair.pause_thread", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)
"""The line in the couple's thread; its state says which."""

PAUSE_KINDS = (CALLED, RETURN, SOFT_START, IN_THREAD)
PAUSE = "pause"
STATE = "state"
RETRY = timedelta(minutes=1)


class PauseStore(Protocol):
    """Pauses."""

    async def call(self, pause: Pause, tx: Any) -> bool: ...
    async def save(self, pause: Pause, tx: Any = None) -> None: ...
    async def keep_held(self, pause_id: PauseId, *, held: bool) -> None: ...
    async def current(self, pair_id: PairId, tx: Any = None) -> Pause | None: ...
    async def get(self, pause_id: str, tx: Any = None) -> Pause | None: ...
    async def unfinished(self) -> Sequence[Pause]: ...
    async def called_since(self, participant_id: ParticipantId, since: datetime) -> int: ...
    async def answer(
        self,
        pause_id: PauseId,
        participant_id: ParticipantId,
        *,
        ready: bool,
        at: datetime,
        tx: Any,
    ) -> None: ...
    async def ask_anew(self, pause_id: PauseId, tx: Any) -> None: ...
    async def ready(self, pause_id: PauseId, tx: Any) -> int: ...
    async def said(self, pause_id: PauseId, participant_id: ParticipantId) -> bool | None: ...


class Holding(Protocol):
    """Holds a couple's thread still in Discord; raises only `DeliveryError`s."""

    async def hold(self, members: Sequence[Member], *, still: bool) -> None: ...


class PauseService:
    """Keeps two people apart for a while, and brings both back or neither."""

    def __init__(
        self,
        *,
        store: PauseStore,
        pairs: PairStore,
        database: Transactor,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pairs = pairs
        self._database = database
        self._outbox = outbox
        self._clock = clock

    async def current(self, space: Space) -> Pause | None:
        """Return the pause that is on: both see it alike."""
        return await self._store.current(space.pair_id)

    async def get(self, pause_id: str) -> Pause | None:
        """Return a pause."""
        return await self._store.get(pause_id)

    async def is_on(self, pair: Pair) -> bool:
        """Whether a pause holds two people apart."""
        return await self._store.current(pair.id) is not None

    async def said(self, space: Space, pause: Pause) -> bool | None:
        """Return whether this person said that they are ready."""
        return await self._store.said(pause.id, space.mine)

    async def is_often(self, participant: Participant) -> bool:
        """Whether a person calls so many pauses that it is raised with them, alone."""
        since = self._clock() - OFTEN_WITHIN
        return await self._store.called_since(participant.id, since) >= OFTEN

    async def call(self, participant: Participant, space: Space, length: timedelta) -> Pause:
        """Call a pause; where the other one was faster, theirs is on.

        Raises:
            UserError: It would be shorter than 20 minutes or longer than 24 hours.
        """
        if not fits(length):
            raise UserError("pause.out_of_range")
        now = self._clock()
        pause = Pause(
            id=PauseId(new_id()),
            pair_id=space.pair_id,
            called_by=participant.id,
            called_at=now,
            returns_at=now + length,
        )
        async with self._database.transaction() as tx:
            if not await self._store.call(pause, tx):
                running = await self._store.current(space.pair_id, tx)
                return running or pause
            await self._tell(pause, CALLED, now, tx)
            await self._post(pause, now, tx)
        return pause

    async def answer(
        self, participant: Participant, space: Space, pause_id: str, *, ready: bool
    ) -> Pause:
        """Keep that someone is ready, or not today; only both being ready shows.

        Raises:
            UserError: The pause is over.
        """
        now = self._clock()
        async with self._database.transaction() as tx:
            pause = await self._open(space, pause_id, tx)
            await self._store.answer(pause.id, participant.id, ready=ready, at=now, tx=tx)
            if pause.state is PauseState.BACK and await self._store.ready(pause.id, tx) == 2:
                pause = replace(pause, state=PauseState.READY)
                await self._store.save(pause, tx)
                await self._tell(pause, SOFT_START, now, tx)
                await self._post(pause, now, tx)
        return pause

    async def longer(self, space: Space, pause_id: str) -> Pause:
        """Make a pause longer for both; twice at most, whoever asks.

        Raises:
            UserError: The pause is over, or was made longer twice.
        """
        now = self._clock()
        async with self._database.transaction() as tx:
            pause = await self._open(space, pause_id, tx)
            if pause.longer >= MOST_MORE:
                raise UserError("pause.twice")
            pause = replace(
                pause,
                state=PauseState.ON,
                longer=pause.longer + 1,
                returns_at=max(pause.returns_at, now) + MORE,
            )
            await self._store.save(pause, tx)
            # Who was ready then is asked again: it was about coming back at another time.
            await self._store.ask_anew(pause.id, tx)
            await self._post(pause, now, tx)
        return pause

    async def sweep(self, now: datetime, hands: Holding) -> datetime | None:
        """Ask at the return, end what is over, and hold or release the threads."""
        moments: list[datetime] = []
        for pause in await self._store.unfinished():
            async with self._database.transaction() as tx:
                pair = await self._pairs.get(pause.pair_id, tx)
                current = await self._move(
                    await self._store.get(pause.id, tx) or pause, pair, now, tx
                )
            if not await self._hold(current, pair, hands):
                moments.append(now + RETRY)
            if current.state is PauseState.ON:
                moments.append(current.returns_at)
            elif current.state is PauseState.BACK:
                moments.append(current.ends_at)
        return min(moments, default=None)

    async def _move(self, pause: Pause, pair: Pair | None, now: datetime, tx: Any) -> Pause:
        if not pause.is_on:
            return pause
        if pair is None or not pair.is_open:
            over = replace(pause, state=PauseState.OVER)
            await self._store.save(over, tx)
            return over
        if pause.ends_at <= now:
            return await self._end(pause, now, tx)
        if pause.state is PauseState.ON and pause.returns_at <= now:
            return await self._ask(pause, now, tx)
        return pause

    async def _ask(self, pause: Pause, now: datetime, tx: Any) -> Pause:
        back = replace(pause, state=PauseState.BACK)
        if await self._store.ready(pause.id, tx) == 2:
            back = replace(pause, state=PauseState.READY)
        await self._store.save(back, tx)
        await self._tell(back, SOFT_START if not back.is_on else RETURN, now, tx)
        await self._post(back, now, tx)
        return back

    async def _end(self, pause: Pause, now: datetime, tx: Any) -> Pause:
        """End a pause nobody came back from: the words are the same whatever each said."""
        over = replace(pause, state=PauseState.OVER)
        await self._store.save(over, tx)
        await self._post(over, now, tx)
        return over

    async def _hold(self, pause: Pause, pair: Pair | None, hands: Holding) -> bool:
        still = pause.is_on
        if pause.held == still:
            return True
        is_guarded = pair is not None and pair.guarded_at is not None and not still
        if pair is not None and pair.is_open and pair.thread_id is not None and not is_guarded:
            try:
                await hands.hold(pair.members, still=still)
            except DeliveryError as error:
                log.warning("the thread of pair %s is not held as it should be: %s", pair.id, error)
                return False
        # Discord was slow: somebody may have made it longer, or said that they are ready.
        await self._store.keep_held(pause.id, held=still)
        return True

    async def _open(self, space: Space, pause_id: str, tx: Any) -> Pause:
        pause = await self._store.get(pause_id, tx)
        if pause is None or pause.pair_id != space.pair_id or not pause.is_on:
            raise UserError("pause.over")
        return pause

    async def _tell(self, pause: Pause, kind: Kind, now: datetime, tx: Any) -> None:
        """Send both the same in the same moment; who left gets nothing."""
        pair = await self._pairs.get(pause.pair_id, tx)
        for member in pair.members if pair and pair.is_open else ():
            if member.is_in:
                await self._outbox.add(
                    kind,
                    Personal(participant_id=member.participant_id),
                    due_at=now,
                    subject_id=pause.pair_id,
                    args={PAUSE: pause.id},
                    expires_at=pause.ends_at if kind is RETURN else None,
                    tx=tx,
                )

    async def _post(self, pause: Pause, now: datetime, tx: Any) -> None:
        await self._outbox.add(
            IN_THREAD,
            Channel(key=thread_key(pause.pair_id)),
            due_at=now,
            subject_id=pause.pair_id,
            args={PAUSE: pause.id, STATE: pause.state.value},
            expires_at=now + timedelta(hours=1),
            tx=tx,
        )
