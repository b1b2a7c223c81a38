"""Goals as people use them: set one up, mark it, look at it, let it rest."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.clock import Clock
from bot.domain.goal import (
    CURRENT,
    MOST_OPEN,
    OVER,
    REVIEW_AFTER,
    GoalPart,
    GoalTexts,
    PartState,
    Pause,
    Topic,
)
from bot.domain.ids import GoalId, PartId, new_id
from bot.domain.localtime import ONE_DAY, find_zone, local_day
from bot.domain.participant import Participant
from bot.domain.typed_schedule import TypedSchedule
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.goal_ports import GoalStore
from bot.services.goal_reminders import GoalReminders, moved
from bot.services.shared_goals import SharedGoals
from bot.services.typed_moments import typed_date, typed_schedule

FARTHEST_REVIEW = timedelta(days=731)


@dataclass(frozen=True, kw_only=True, slots=True)
class Proposal:
    """What was typed, and how its times were understood.

    Attributes:
        schedule: What waits for a yes; nothing where the goal is kept already.
    """

    part: GoalPart
    texts: GoalTexts
    schedule: TypedSchedule | None


class GoalService:
    """Everything a person does about their goals."""

    def __init__(
        self,
        *,
        store: GoalStore,
        database: Transactor,
        reminders: GoalReminders,
        shared: SharedGoals,
        clock: Clock,
    ) -> None:
        self._store = store
        self._database = database
        self._reminders = reminders
        self._shared = shared
        self._clock = clock

    def today(self, participant: Participant) -> date:
        """Return the date it is for a person."""
        return local_day(self._clock(), find_zone(participant.preferences.zone))

    async def propose(
        self,
        participant: Participant,
        topic: Topic,
        texts: GoalTexts,
        locale: str,
        *,
        invite: int | None = None,
    ) -> Proposal:
        """Set up a goal; it waits for a yes to its times, if it has any.

        Args:
            participant: Whose goal.
            topic: What it is about.
            texts: What they typed.
            locale: The language they typed it in.
            invite: The account of the one to share it with.

        Raises:
            UserError: There are too many goals, or the times cannot be read.
        """
        if len(await self._store.of(participant.id, CURRENT)) >= MOST_OPEN:
            raise UserError("goals.too_many", n=MOST_OPEN)
        if invite is not None:
            await self._shared.check_room(participant)
        schedule = self._schedule(participant, texts, locale)
        now = self._clock()
        part = GoalPart(
            id=PartId(new_id()),
            goal_id=GoalId(new_id()),
            participant_id=participant.id,
            topic=topic,
            state=PartState.DRAFT,
            is_shared=invite is not None,
            readings=schedule.readings if schedule else (),
            created_at=now,
            changed_at=now,
        )
        sealed = await self._store.seal(part, texts, is_pending=True)
        async with self._database.transaction() as tx:
            await self._store.start(tx, part)
            await self._store.put_pending(tx, part, sealed)
        if schedule is None:
            part = await self.keep(participant, part.id, 0, invite=invite)
        return Proposal(part=part, texts=texts, schedule=schedule)

    async def change(
        self, participant: Participant, part_id: str, texts: GoalTexts, locale: str
    ) -> Proposal:
        """Change what was typed about a goal; new times wait for a yes, the old ones hold until.

        Raises:
            UserError: There is no such goal, or the times cannot be read.
        """
        part = await self.part(participant, part_id)
        if part.state in OVER:
            raise UserError("goals.over")
        known = await self._store.texts(part)
        if known is not None and known.when.strip() == texts.when.strip():
            await self._write(part, texts)
            return Proposal(part=part, texts=texts, schedule=None)
        schedule = self._schedule(participant, texts, locale)
        part = replace(
            part, readings=schedule.readings if schedule else (), changed_at=self._clock()
        )
        sealed = await self._store.seal(part, texts, is_pending=True)
        async with self._database.transaction() as tx:
            await self._store.save(part, tx)
            await self._store.put_pending(tx, part, sealed)
        if schedule is None and part.state is not PartState.DRAFT:
            part = await self.keep(participant, part.id, 0)
        return Proposal(part=part, texts=texts, schedule=schedule)

    async def keep(
        self, participant: Participant, part_id: str, reading: int, *, invite: int | None = None
    ) -> GoalPart:
        """Say yes to how the times were understood.

        Raises:
            UserError: There is nothing that waits for a yes any more.
        """
        part = await self.part(participant, part_id)
        texts = await self._store.texts(part, is_pending=True)
        if texts is None or (part.readings and reading >= len(part.readings)):
            raise UserError("goals.kept_already")
        is_first = part.state in {PartState.DRAFT, PartState.INVITED}
        changed = replace(
            part,
            rule=part.readings[reading] if part.readings else None,
            readings=(),
            changed_at=self._clock(),
        )
        if is_first:
            changed = replace(changed, review_on=self.today(participant) + REVIEW_AFTER)
        sealed = await self._store.seal(changed, texts)
        agreed = await self._reminders.agreed(participant.id)
        if part.state is PartState.INVITED:
            return await self._shared.join(participant, changed, sealed, agreed=agreed)
        if part.state is PartState.DRAFT and part.is_shared:
            return await self._shared.offer(participant, changed, sealed, invite)
        if part.state is PartState.DRAFT:
            changed = replace(changed, state=PartState.ACTIVE)
        async with self._database.transaction() as tx:
            await self._store.save(changed, tx)
            await self._store.put_texts(tx, changed, sealed)
            await self._reminders.put(changed, participant.preferences.zone, agreed=agreed, tx=tx)
        return changed

    async def pending(
        self, participant: Participant, part_id: str
    ) -> tuple[GoalPart, GoalTexts | None]:
        """Return a goal with what was typed last, whether or not it was said yes to."""
        part = await self.part(participant, part_id)
        texts = await self._store.texts(part, is_pending=True) or await self._store.texts(part)
        return part, texts

    async def part(self, participant: Participant, part_id: str) -> GoalPart:
        """Return a person's own part.

        Raises:
            UserError: There is none of theirs.
        """
        part = await self._store.get(part_id, participant.id)
        if part is None:
            raise UserError("goals.not_found")
        return part

    async def pause(self, participant: Participant, part_id: str) -> GoalPart:
        """Let a goal rest: nothing comes, and its days neither add nor count against it."""
        part = await self.part(participant, part_id)
        if part.state is PartState.PAUSED:
            return part
        if part.state is not PartState.ACTIVE:
            raise UserError("goals.over")
        pauses = [*part.pauses, Pause(first=self.today(participant))]
        return await self._put(
            participant, replace(moved(part, PartState.PAUSED, self._clock()), pauses=pauses)
        )

    async def go_on(self, participant: Participant, part_id: str) -> GoalPart:
        """Take a goal up again; one that was shared and is not any more goes on alone."""
        part = await self.part(participant, part_id)
        if part.state in {PartState.CLOSED, PartState.WAITING}:
            return await self._shared.go_alone(participant, part)
        if part.state is not PartState.PAUSED:
            return part
        last = self.today(participant) - ONE_DAY
        pauses = [
            replace(pause, last=max(last, pause.first)) if pause.last is None else pause
            for pause in part.pauses
        ]
        return await self._put(
            participant, replace(moved(part, PartState.ACTIVE, self._clock()), pauses=pauses)
        )

    async def retire(self, participant: Participant, part_id: str) -> GoalPart:
        """Put a goal away for good, without a reason; its days stay."""
        part = await self.part(participant, part_id)
        if part.state is PartState.RETIRED:
            return part
        if part.is_shared:
            return await self._shared.retire(part)
        return await self._put(participant, moved(part, PartState.RETIRED, self._clock()))

    async def review(
        self, participant: Participant, part_id: str, typed: str | None, locale: str
    ) -> GoalPart:
        """Set when to look at a goal again: in four weeks, on a typed date, or never where empty.

        Raises:
            UserError: The date cannot be read, is over, or is too far away.
        """
        part = await self.part(participant, part_id)
        today = self.today(participant)
        if typed is None:
            day: date | None = today + REVIEW_AFTER
        else:
            day = typed_date(typed, today=today, locale=locale) if typed.strip() else None
        if day is not None and day <= today:
            raise UserError("goals.review.past", typed=typed or "")
        if day is not None and day - today > FARTHEST_REVIEW:
            raise UserError("goals.review.too_far", typed=typed or "")
        return await self._put(participant, replace(part, review_on=day))

    async def choose(
        self,
        participant: Participant,
        part_id: str,
        *,
        shows: bool | None = None,
        cheers: bool | None = None,
    ) -> GoalPart:
        """Choose whether to show one's days to the other one, and whether to take cheers."""
        part = await self.part(participant, part_id)
        if not part.is_shared or not part.is_current:
            raise UserError("goals.over")
        changed = replace(
            part,
            shows=part.shows if shows is None else shows,
            cheers=part.cheers if cheers is None else cheers,
        )
        await self._store.save(changed)
        return changed

    def _schedule(
        self, participant: Participant, texts: GoalTexts, locale: str
    ) -> TypedSchedule | None:
        if not texts.when.strip():
            return None
        zone = find_zone(participant.preferences.zone)
        return typed_schedule(texts.when, now=self._clock(), zone=zone, locale=locale)

    async def _write(self, part: GoalPart, texts: GoalTexts) -> None:
        sealed = await self._store.seal(part, texts)
        async with self._database.transaction() as tx:
            await self._store.put_texts(tx, part, sealed)

    async def _put(self, participant: Participant, part: GoalPart) -> GoalPart:
        agreed = await self._reminders.agreed(participant.id)
        async with self._database.transaction() as tx:
            await self._store.save(part, tx)
            await self._reminders.put(part, participant.preferences.zone, agreed=agreed, tx=tx)
        return part
