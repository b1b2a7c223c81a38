"""Counting days from a date of one's own, celebrated in private; nothing is ever taken back."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.domain.delivery import Personal
from bot.domain.goal import (
    CELEBRATE_AT,
    LONGEST_COUNT,
    CountSummary,
    DayCount,
    next_counted,
    summarize,
)
from bot.domain.ids import ParticipantId, new_id
from bot.domain.localtime import find_zone, local_day, resolve
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.goal_ports import DayCountStore, Outbox, Profiles
from bot.services.goal_reminders import DAYS, MILESTONE, GoalReminders
from bot.services.typed_moments import typed_date

BATCH = 50


class DayCountService:
    """Days since, the best stretch and all days together."""

    def __init__(
        self,
        *,
        store: DayCountStore,
        database: Transactor,
        outbox: Outbox,
        profiles: Profiles,
        reminders: GoalReminders,
        clock: Clock,
    ) -> None:
        self._store = store
        self._database = database
        self._outbox = outbox
        self._profiles = profiles
        self._reminders = reminders
        self._clock = clock

    async def summary(self, participant: Participant) -> CountSummary:
        """Add up what a person counted."""
        return summarize(await self._store.of(participant.id), self._today(participant))

    async def begin(self, participant: Participant, typed: str, locale: str) -> CountSummary:
        """Count from a typed date on; a stretch before it ends there and is kept.

        Raises:
            UserError: The date cannot be read, is still to come, or is not after the last start.
        """
        first = self._read(participant, typed, locale)
        counts = await self._store.of(participant.id)
        current = next((one for one in counts if one.last is None), None)
        if any(first < (one.last or one.first) for one in counts):
            raise UserError("goals.count.overlaps")
        async with self._database.transaction() as tx:
            if current is not None:
                await self._store.put(tx, replace(current, last=first), None)
            fresh = DayCount(id=new_id(), participant_id=participant.id, first=first)
            await self._store.put(tx, fresh, self._next_at(fresh, participant.preferences.zone))
        return await self.summary(participant)

    async def correct(self, participant: Participant, typed: str, locale: str) -> CountSummary:
        """Change the date the present stretch began on.

        Raises:
            UserError: The date cannot be read, is still to come, or lies in an earlier stretch.
        """
        first = self._read(participant, typed, locale)
        counts = await self._store.of(participant.id)
        current = next((one for one in counts if one.last is None), None)
        if current is None:
            return await self.begin(participant, typed, locale)
        if any(one.last is not None and first < one.last for one in counts):
            raise UserError("goals.count.overlaps")
        changed = replace(current, first=first)
        async with self._database.transaction() as tx:
            await self._store.put(tx, changed, self._next_at(changed, participant.preferences.zone))
        return await self.summary(participant)

    async def stop(self, participant: Participant) -> CountSummary:
        """Count no more; what was counted is kept."""
        counts = await self._store.of(participant.id)
        async with self._database.transaction() as tx:
            for one in counts:
                if one.last is None:
                    ended = replace(one, last=max(one.first, self._today(participant)))
                    await self._store.put(tx, ended, None)
        return await self.summary(participant)

    async def reschedule(self, participant: Participant) -> None:
        """Tell the next milestone by the zone a person is in now."""
        counts = await self._store.of(participant.id)
        async with self._database.transaction() as tx:
            for one in counts:
                if one.last is None:
                    at = self._next_at(one, participant.preferences.zone)
                    await self._store.put(tx, one, at)

    async def sweep(self, now: datetime) -> datetime | None:
        """Tell whoever reached a milestone, and say when the next one is."""
        async with self._database.transaction() as tx:
            due = await self._store.due(tx, now, BATCH)
        for one in due:
            await self._tell(one, now)
        return await self._store.next_at()

    async def _tell(self, count: DayCount, now: datetime) -> None:
        zone = self._zone(count.participant_id)
        agreed = await self._reminders.agreed(count.participant_id)
        days = count.days(local_day(now, find_zone(zone)))
        async with self._database.transaction() as tx:
            await self._store.put(tx, count, self._next_at(count, zone))
            if agreed:
                await self._outbox.add(
                    MILESTONE,
                    Personal(participant_id=count.participant_id),
                    due_at=now,
                    args={DAYS: str(days)},
                    expires_at=now + timedelta(days=7),
                    key=f"days:{count.id}:{days}",
                    tx=tx,
                )

    def _next_at(self, count: DayCount, zone: str) -> datetime:
        """Return when the next milestone is told; one that fell on today's morning is over."""
        where, now = find_zone(zone), self._clock()
        days = count.days(local_day(now, where))
        while (at := self._told_at(count, next_counted(days), zone)) <= now:
            days = next_counted(days)
        return at

    def _told_at(self, count: DayCount, days: int, zone: str) -> datetime:
        return resolve(count.first + timedelta(days=days), CELEBRATE_AT, find_zone(zone))

    def _read(self, participant: Participant, typed: str, locale: str) -> date:
        today = self._today(participant)
        first = typed_date(typed, today=today, locale=locale)
        if first > today:
            # A day and a month alone are read as the next ones; here the last ones are meant.
            try:
                before = first.replace(year=first.year - 1)
            except ValueError:
                before = first
            if str(first.year) in typed or before > today:
                raise UserError("goals.count.future", typed=typed)
            first = before
        if today - first > LONGEST_COUNT:
            raise UserError("goals.date.unreadable", typed=typed)
        return first

    def _zone(self, participant_id: ParticipantId) -> str:
        profile = self._profiles.by_id(participant_id)
        return profile.zone if profile else "UTC"

    def _today(self, participant: Participant) -> date:
        return local_day(self._clock(), find_zone(participant.preferences.zone))
