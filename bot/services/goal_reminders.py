"""Reminders of goals: when they are due, and what else comes by itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.consent import ConsentKind
from bot.domain.delivery import (
    CatchUp,
    Close,
    Decision,
    Kind,
    Occasion,
    Personal,
    Planned,
    Priority,
    Reason,
    Send,
)
from bot.domain.goal import (
    CURRENT,
    DRAFT_LASTS,
    REVIEW_AT,
    WAIT,
    GoalPart,
    PartState,
    by_day,
)
from bot.domain.ids import ParticipantId
from bot.domain.localtime import find_zone
from bot.domain.participant import Participant
from bot.domain.progress import Mark
from bot.domain.recurrence import Once, Rule, Slot, next_due
from bot.services.database_port import Transactor
from bot.services.goal_ports import Consents, GoalStore, Outbox, Profiles
from bot.services.schedules_port import Schedules

REMINDER = Kind(name="goal.reminder", priority=Priority.REMINDER, catch_up=CatchUp.MERGE)
REVIEW = Kind(name="goal.review", priority=Priority.REMINDER)
INVITE = Kind(name="goal.invite", priority=Priority.REMINDER)
OPENED = Kind(name="goal.opened", priority=Priority.REMINDER)
CHEER = Kind(name="goal.cheer", priority=Priority.REMINDER, catch_up=CatchUp.MERGE)
MILESTONE = Kind(name="goal.milestone", priority=Priority.REMINDER)
KINDS = (REMINDER, REVIEW, INVITE, OPENED, CHEER, MILESTONE)

PART, DAY, SLOT, CHEERED, DAYS = "part", "day", "slot", "cheer", "days"
ANSWERED, OVER = "answered", "goal_over"
LATEST = timedelta(days=7)
"""A reminder of longer ago than this is not sent any more: it closes as no answer."""

BATCH = 50


class GoalReminders:
    """Plans reminders for the scheduler, and puts their schedules right."""

    def __init__(
        self,
        *,
        store: GoalStore,
        database: Transactor,
        schedules: Schedules,
        outbox: Outbox,
        consents: Consents,
        profiles: Profiles,
        clock: Clock,
    ) -> None:
        self._store = store
        self._database = database
        self._schedules = schedules
        self._outbox = outbox
        self._consents = consents
        self._profiles = profiles
        self._clock = clock

    async def plan(
        self, occasions: Sequence[Occasion], now: datetime, tx: Any
    ) -> Sequence[Decision]:
        """Send a reminder unless the goal rests or that time of the day has its answer."""
        ids = {one.schedule.subject_id for one in occasions}
        days = [one.occurrence.nominal_date for one in occasions]
        parts = await self._store.among(tx, ids)
        marks = await self._store.marks(ids, min(days), max(days), tx)
        said = {
            (part_id, mark.day, mark.slot) for part_id, found in marks.items() for mark in found
        }
        done = {
            (part_id, day)
            for part_id, found in marks.items()
            for day, mark in by_day([one for one in found if not one.slot]).items()
            if mark is Mark.DONE
        }
        decisions: list[Decision] = []
        for one in occasions:
            part = parts.get(one.schedule.subject_id)
            day, slot = one.occurrence.nominal_date, one.occurrence.slot
            if part is None or part.state is not PartState.ACTIVE:
                decisions.append(Close(reason=OVER))
            elif one.schedule.kind == REVIEW.name:
                decisions.append(Send(args={PART: part.id}))
            elif (part.id, day, slot) in said or (part.id, day) in done:
                decisions.append(Close(reason=ANSWERED))
            else:
                decisions.append(
                    Send(
                        expires_at=_expiry(one),
                        args={PART: part.id, DAY: day.isoformat(), SLOT: slot},
                    )
                )
        return decisions

    async def record(self, planned: Sequence[Planned], tx: Any) -> None:
        """Keep nothing: a time without an answer is simply one without an answer."""

    async def put(self, part: GoalPart, zone: str, *, agreed: bool, tx: Any) -> None:
        """Let the schedules of a part be what its state and its person's consent say."""
        address, now = Personal(participant_id=part.participant_id), self._clock()
        is_on = agreed and part.state is PartState.ACTIVE
        review = None
        if part.review_on is not None:
            review = Rule(dates=Once(on=part.review_on), slots=(Slot(at=REVIEW_AT, key="review"),))
        for kind, rule in ((REMINDER, part.rule), (REVIEW, review)):
            if is_on and rule is not None:
                await self._schedules.put(
                    kind=kind.name,
                    address=address,
                    rule=rule,
                    zone=zone,
                    now=now,
                    subject_id=part.id,
                    tx=tx,
                )
            else:
                await self._schedules.remove(
                    kind=kind.name, address=address, subject_id=part.id, tx=tx
                )
        if not is_on:
            await self.silence(part, OVER, tx)

    async def silence(self, part: GoalPart, reason: str, tx: Any) -> None:
        """Take back what is on its way about a part."""
        await self._outbox.close_for(
            now=self._clock(),
            reason=reason,
            participant_id=part.participant_id,
            subject_id=part.id,
            tx=tx,
        )

    async def agreed(self, participant_id: ParticipantId) -> bool:
        """Whether a person agreed to reminders."""
        return await self._consents.given(participant_id, ConsentKind.REMINDERS)

    async def reschedule(self, participant: Participant) -> None:
        """Put every schedule of a person right, as when their zone changes or they return."""
        await self._put_all(participant.id, participant.preferences.zone)

    async def consent_changed(self, participant_id: ParticipantId, given: bool) -> None:
        """Switch all reminders of a person on or off."""
        profile = self._profiles.by_id(participant_id)
        if profile is not None:
            await self._put_all(participant_id, profile.zone, agreed=given)

    async def sweep(self, now: datetime) -> datetime | None:
        """Drop changes nobody said yes to, and end invitations nobody answered."""
        async with self._database.transaction() as tx:
            for part in await self._store.unfinished(tx, PartState.DRAFT, now - DRAFT_LASTS, BATCH):
                await self._store.drop(part, tx)
            for part in await self._store.unfinished(tx, PartState.WAITING, now - WAIT, BATCH):
                await self._end_wait(part, now, tx)
        waits = [
            since + length
            for state, length in ((PartState.DRAFT, DRAFT_LASTS), (PartState.WAITING, WAIT))
            if (since := await self._store.oldest(state)) is not None
        ]
        return min(waits, default=None)

    async def _end_wait(self, part: GoalPart, now: datetime, tx: Any) -> None:
        other = await self._store.other(part, tx)
        if other is not None:
            await self._store.drop(other, tx)
            await self.silence(other, Reason.EXPIRED, tx)
        await self._store.close(tx, part.goal_id, now)
        await self._store.save(moved(part, PartState.CLOSED, now), tx)

    async def _put_all(
        self, participant_id: ParticipantId, zone: str, *, agreed: bool | None = None
    ) -> None:
        given = await self.agreed(participant_id) if agreed is None else agreed
        parts = await self._store.of(participant_id, CURRENT)
        async with self._database.transaction() as tx:
            for part in parts:
                await self.put(part, zone, agreed=given, tx=tx)


def moved(part: GoalPart, state: PartState, now: datetime) -> GoalPart:
    """Return a part in another state."""
    return replace(part, state=state, changed_at=now)


def _expiry(occasion: Occasion) -> datetime:
    """Return when a reminder makes room for the next one, a week later at the latest."""
    schedule, due_at = occasion.schedule, occasion.occurrence.due_at
    following = next_due(schedule.rule, find_zone(schedule.zone), due_at)
    last = due_at + LATEST
    return last if following is None else min(following, last)
