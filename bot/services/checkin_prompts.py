"""The daily prompt: when it is due, what becomes of it, and when its window is over."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.checkin import CheckIn, CheckInState, prompt_rule
from bot.domain.consent import ConsentKind
from bot.domain.delivery import (
    CatchUp,
    Close,
    Decision,
    Kind,
    Occasion,
    OutboxRow,
    OutboxState,
    Personal,
    Planned,
    Priority,
    Reason,
    Send,
)
from bot.domain.ids import CheckInId, ParticipantId, new_id
from bot.domain.localtime import find_zone, local_day
from bot.domain.participant import Participant
from bot.services.checkin_ports import CheckInStore, Consents, Outbox, Schedules
from bot.services.database_port import Transactor
from bot.services.participants import ParticipantService
from bot.services.prompt_sets import DAILY, PromptSetService
from bot.services.signals import NUDGE, SignalService

log = logging.getLogger(__name__)

PROMPT = Kind(
    name="checkin.prompt", priority=Priority.PROMPT, catch_up=CatchUp.CLOSE, is_spread=True
)
DAY = "day"
BATCH = 200
ROWS = 100

ANSWERED = "answered"
SWITCHED_OFF = "switched_off"
ASKED_ALREADY = "asked_already"

# What the machinery closes by itself, and the state it leaves a day in; a day that is closed for
# any other reason has its check-in already.
LEFT_IN = {
    Reason.EXCUSED: CheckInState.EXCUSED,
    Reason.EXPIRED: CheckInState.NO_ANSWER,
    Reason.SUPERSEDED: CheckInState.NO_ANSWER,
}


class CheckInPrompts:
    """Plans prompts for the scheduler and closes them when their window is over."""

    def __init__(
        self,
        *,
        store: CheckInStore,
        database: Transactor,
        schedules: Schedules,
        outbox: Outbox,
        participants: ParticipantService,
        consents: Consents,
        sets: PromptSetService,
        signals: SignalService,
        clock: Clock,
    ) -> None:
        self._store = store
        self._database = database
        self._schedules = schedules
        self._outbox = outbox
        self._participants = participants
        self._consents = consents
        self._sets = sets
        self._signals = signals
        self._clock = clock

    async def plan(
        self, occasions: Sequence[Occasion], now: datetime, tx: Any
    ) -> Sequence[Decision]:
        """Send a prompt unless the day is dealt with; an older one still open falls silent."""
        people = {_person(occasion) for occasion in occasions}
        for person in await self._store.open_among(tx, people, now):
            await self._outbox.close_for(
                now=now,
                reason=Reason.SUPERSEDED,
                participant_id=person,
                kinds={PROMPT.name},
                tx=tx,
            )
        known = await self._store.of_days(
            tx, {(_person(one), one.occurrence.nominal_date) for one in occasions}
        )
        return [
            self._decide(one, known.get((_person(one), one.occurrence.nominal_date)))
            for one in occasions
        ]

    async def record(self, planned: Sequence[Planned], tx: Any) -> None:
        """Keep a check-in for each day that was asked, or could not be."""
        for start in range(0, len(planned), ROWS):
            # A few at a time: each statement lets the loop turn.
            states = ((one, _state(one.row)) for one in planned[start : start + ROWS])
            await self._store.plan(
                tx, [self._checkin(one, state) for one, state in states if state is not None]
            )

    async def settled(self, row: OutboxRow, tx: Any) -> None:
        """Take in that a prompt reached the person, that it cannot, or that they are away."""
        if row.participant_id is None or row.nominal_date is None:
            return
        if row.reason == Reason.UNREACHABLE:
            await self._store.drop(tx, row.participant_id, row.nominal_date)
            return
        if row.state is OutboxState.SENT:
            state = CheckInState.SENT
        elif row.reason == Reason.EXCUSED:
            state = CheckInState.EXCUSED
        else:
            return
        await self._store.move(
            row.participant_id,
            [row.nominal_date],
            state,
            among={CheckInState.SCHEDULED},
            at=row.sent_at,
            tx=tx,
        )

    async def sweep(self, now: datetime) -> datetime | None:
        """Close what was not answered in its window, and say when the next window closes.

        So many at a time that other sweeps get their turn; what is left is due at once.
        """
        async with self._database.transaction() as tx:
            over = await self._store.over(tx, now, BATCH)
        for checkin in over:
            await self._close(checkin)
        return await self._store.next_over()

    async def reschedule(self, participant: Participant) -> None:
        """Ask at the times a person chose from now on, or no more.

        They are asked while they want check-ins and agreed to the prompts. Where they get no
        messages the dispatcher closes a prompt, and `settled` leaves no trace of it.
        """
        preferences = participant.preferences
        address = Personal(participant_id=participant.id)
        wanted = (
            participant.is_open
            and preferences.checkins
            and await self._consents.given(participant.id, ConsentKind.DAILY_PROMPTS)
        )
        if wanted:
            await self._schedules.put(
                kind=PROMPT.name,
                address=address,
                rule=prompt_rule(preferences),
                zone=preferences.zone,
                now=self._clock(),
            )
        elif await self._schedules.remove(kind=PROMPT.name, address=address):
            await self.silence(participant)

    async def pause(self, participant: Participant) -> None:
        """Stop asking someone who left; what was open does not count."""
        await self._schedules.pause(participant.id)
        await self.silence(participant)

    async def resume(self, participant: Participant) -> None:
        """Ask someone again who came back; what fell into their absence does not come."""
        await self._schedules.resume(participant.id, self._clock())
        await self.reschedule(participant)

    async def silence(self, participant: Participant) -> None:
        """Take back what is on its way, and excuse the days still open."""
        open_days = [checkin.day for checkin in await self._store.open_of(participant.id)]
        async with self._database.transaction() as tx:
            await self._outbox.close_for(
                now=self._clock(),
                reason=SWITCHED_OFF,
                participant_id=participant.id,
                kinds={PROMPT.name, NUDGE.name},
                tx=tx,
            )
            await self._store.move(participant.id, open_days, CheckInState.EXCUSED, tx=tx)

    async def _close(self, checkin: CheckIn) -> None:
        person = await self._participants.by_id(checkin.participant_id)
        if person is None:
            return
        agreed = await self._signals.agreed(person.id)
        today = local_day(self._clock(), find_zone(person.preferences.zone))
        state = CheckInState.NO_ANSWER if person.is_open else CheckInState.EXCUSED
        async with self._database.transaction() as tx:
            closed = await self._store.move(person.id, [checkin.day], state, tx=tx)
            if closed and person.is_open and checkin.sent_at is not None:
                await self._signals.read_silence(
                    tx, person.id, person.preferences.pace, today, agreed=agreed
                )

    def _decide(self, occasion: Occasion, known: CheckIn | None) -> Decision:
        if known is not None:
            done = known.is_answered or known.state is CheckInState.SKIPPED
            return Close(reason=ANSWERED if done else ASKED_ALREADY)
        day = occasion.occurrence.nominal_date.isoformat()
        return Send(expires_at=self._closes_at(occasion), args={DAY: day})

    def _checkin(self, planned: Planned, state: CheckInState) -> CheckIn:
        occurrence = planned.occasion.occurrence
        return CheckIn(
            id=CheckInId(new_id()),
            participant_id=_person(planned.occasion),
            day=occurrence.nominal_date,
            set_id=DAILY,
            set_version=self._sets.current.version,
            state=state,
            due_at=occurrence.due_at,
            closes_at=self._closes_at(planned.occasion),
        )

    def _closes_at(self, occasion: Occasion) -> datetime:
        return occasion.occurrence.due_at + timedelta(minutes=self._sets.current.window_minutes)


def kinds() -> Iterable[Kind]:
    """The kinds of message check-ins send."""
    return (PROMPT, NUDGE)


def _person(occasion: Occasion) -> ParticipantId:
    address = occasion.schedule.address
    assert isinstance(address, Personal)
    return address.participant_id


def _state(row: OutboxRow) -> CheckInState | None:
    if row.state is OutboxState.PENDING:
        return CheckInState.SCHEDULED
    return next((state for reason, state in LEFT_IN.items() if row.reason == reason), None)
