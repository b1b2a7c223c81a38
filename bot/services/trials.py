"""Test notes: where messages go is proven by a tap on one."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from bot.clock import Clock
from bot.domain.delivery import Address, Args, Kind, OutboxRow, OutboxState, Personal, Reason
from bot.domain.ids import OutboxId, ParticipantId
from bot.domain.joining import JOIN_TEST, TRIAL_LIFE, TRIAL_PAUSE, Trial, TrialOutcome
from bot.domain.participant import Delivery, Participant, Preferences
from bot.services.database_port import Transactor
from bot.services.participants import ParticipantService

CHOSEN_ANEW = "chosen_anew"

OnSettled: TypeAlias = Callable[[OutboxRow], None]


class TrialStore(Protocol):
    """What this service needs of the store."""

    async def last(self, participant_id: ParticipantId, tx: Any = None) -> Trial | None: ...
    async def put(self, participant_id: ParticipantId, trial: Trial, tx: Any) -> None: ...


class Outbox(Protocol):
    """What this service needs of the outbox."""

    async def add(
        self,
        kind: Kind,
        address: Address,
        *,
        due_at: datetime,
        args: Args,
        expires_at: datetime | None,
        tx: Any,
    ) -> OutboxRow | None: ...
    async def get(self, outbox_id: OutboxId) -> OutboxRow | None: ...
    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        participant_id: ParticipantId | None,
        kinds: Collection[str] | None,
        also_sent: bool,
        tx: Any,
    ) -> int: ...


class TrialService:
    """Chooses where messages go, and tries it."""

    def __init__(
        self,
        store: TrialStore,
        outbox: Outbox,
        participants: ParticipantService,
        transactor: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._participants = participants
        self._transactor = transactor
        self._clock = clock
        self._listeners: list[OnSettled] = []

    def on_settled(self, callback: OnSettled) -> None:
        """Call back at once when a test note was sent, or could not be; it must not wait."""
        self._listeners.append(callback)

    async def settled(self, row: OutboxRow, tx: Any) -> None:
        """Pass on what became of a test note; the dispatcher calls inside its transaction."""
        for listener in self._listeners:
            listener(row)

    async def choose(self, participant: Participant, way: Delivery) -> Participant:
        """Set where messages go and send one test note there; none where nothing is wanted."""
        now = self._clock()
        if way is not Delivery.NOTHING and await self._is_repeated(participant, way, now):
            return participant
        changed = await self._participants.change(
            participant,
            delivery=way,
            delivery_confirmed=way is Delivery.NOTHING,
            reachable=True,
        )
        async with self._transactor.transaction() as tx:
            await self._outbox.close_for(
                now=now,
                reason=CHOSEN_ANEW,
                participant_id=participant.id,
                kinds={JOIN_TEST.name},
                also_sent=True,
                tx=tx,
            )
            if way is not Delivery.NOTHING:
                await self._send(participant.id, way, now, tx)
        return changed

    async def last(self, participant: Participant) -> OutboxRow | None:
        """Return the last test note, if one was sent and is still kept."""
        trial = await self._store.last(participant.id)
        return await self._outbox.get(trial.outbox_id) if trial else None

    async def confirm(self, participant: Participant, outbox_id: OutboxId) -> Participant | None:
        """Note that a test note was tapped; nothing where a newer one was sent since."""
        trial = await self._store.last(participant.id)
        if trial is None or trial.outbox_id != outbox_id:
            return None
        return await self._participants.change(participant, delivery_confirmed=True, reachable=True)

    async def _is_repeated(self, participant: Participant, way: Delivery, now: datetime) -> bool:
        """Whether this is a second press on the choice that was just made."""
        trial = await self._store.last(participant.id)
        if trial is None or trial.way is not way or participant.preferences.delivery is not way:
            return False
        return now - trial.at < TRIAL_PAUSE and participant.preferences.reachable

    async def _send(
        self, participant_id: ParticipantId, way: Delivery, now: datetime, tx: Any
    ) -> None:
        row = await self._outbox.add(
            JOIN_TEST,
            Personal(participant_id=participant_id),
            due_at=now,
            args={"way": way.value},
            expires_at=now + TRIAL_LIFE,
            tx=tx,
        )
        if row is not None:
            await self._store.put(participant_id, Trial(outbox_id=row.id, way=way, at=now), tx)


def outcome_of(row: OutboxRow | None, preferences: Preferences) -> TrialOutcome:
    """Tell what became of a test note.

    A note meant for a closed DM may have gone to the thread instead: it is told as closed all the
    same, since that is what the person has to know.
    """
    if row is None:
        return TrialOutcome.OVER
    was_dm = row.args.get("way") == Delivery.DM
    if was_dm and (preferences.delivery is not Delivery.DM or row.reason == Reason.UNREACHABLE):
        return TrialOutcome.CLOSED_DM
    if row.state in (OutboxState.SENT, OutboxState.UNCERTAIN):
        return TrialOutcome.SENT if row.closed_at is None else TrialOutcome.OVER
    if row.state in (OutboxState.PENDING, OutboxState.SENDING):
        return TrialOutcome.WAITING
    return TrialOutcome.OVER if row.reason == Reason.EXPIRED else TrialOutcome.NOT_SENT
