"""Marks: what a person says of a day, and what is shown and counted of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.clock import Clock
from bot.domain.goal import (
    CURRENT,
    OVER,
    Counts,
    GoalMark,
    GoalPart,
    GoalTexts,
    PartState,
    by_day,
    count,
    milestone,
    slot_for,
)
from bot.domain.ids import ParticipantId, PartId
from bot.domain.localtime import find_zone, local_day
from bot.domain.note import Note
from bot.domain.participant import Participant
from bot.domain.progress import GoalTrack, Mark
from bot.domain.recurrence import next_due
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.goal_ports import Aways, GoalStore, Outbox
from bot.services.goal_reminders import ANSWERED, DAY, PART, REMINDER, SLOT
from bot.services.shared_goals import SharedGoals, View

SHOWN = CURRENT | {PartState.WAITING, PartState.INVITED, PartState.CLOSED}


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One goal in a person's list.

    Attributes:
        today: What was said of today, by time of day.
        next_at: When its next reminder is due by its rule.
    """

    part: GoalPart
    texts: GoalTexts | None
    today: Mapping[str, Mark]
    next_at: datetime | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """One goal on a reminder's card.

    Attributes:
        mark: What was said already; from then on the card asks no more.
    """

    part: GoalPart
    texts: GoalTexts | None
    day: date
    slot: str
    mark: Mark | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Marked:
    """What became of a mark.

    Attributes:
        reached: The milestone of days in all that this one reached.
        together: The same for both, where both chose to show their days.
    """

    part: GoalPart
    texts: GoalTexts | None
    day: date
    mark: Mark
    is_today: bool
    counts: Counts
    reached: int | None
    together: int | None


class GoalMarks:
    """Keeps marks and looks back at them."""

    def __init__(
        self,
        *,
        store: GoalStore,
        aways: Aways,
        database: Transactor,
        outbox: Outbox,
        shared: SharedGoals,
        clock: Clock,
    ) -> None:
        self._store = store
        self._aways = aways
        self._database = database
        self._outbox = outbox
        self._shared = shared
        self._clock = clock

    async def lines(self, participant: Participant) -> Sequence[Line]:
        """Return a person's goals as they are listed."""
        parts = await self._store.of(participant.id, SHOWN)
        today = self._today(participant)
        marks = await self._store.marks([part.id for part in parts], today, today)
        return [
            Line(
                part=part,
                texts=await self._shared.texts(part),
                today={mark.slot: mark.mark for mark in marks.get(part.id, ())},
                next_at=self._next_at(participant, part),
            )
            for part in parts
        ]

    async def names(
        self, participant: Participant, states: Collection[PartState]
    ) -> Mapping[PartId, str]:
        """Return what a person calls their goals in some states."""
        found: dict[PartId, str] = {}
        for part in await self._store.of(participant.id, states):
            texts = await self._store.texts(part)
            if texts is not None:
                found[part.id] = texts.what
        return found

    async def view(self, participant: Participant, part_id: str) -> View:
        """Return everything there is to show of a goal.

        Raises:
            UserError: There is none of theirs.
        """
        part = await self._part(participant, part_id)
        counts, marks = await self._counts(participant, part)
        today = self._today(participant)
        return View(
            part=part,
            texts=await self._shared.texts(part),
            counts=counts,
            today=by_day(marks).get(today),
            next_at=self._next_at(participant, part),
            shared=await self._shared.look(part, today),
        )

    async def mark(
        self,
        participant: Participant,
        part_id: str,
        mark: Mark,
        *,
        day: date | None = None,
        slot: str | None = None,
    ) -> Marked:
        """Say what became of a time of a day, today's latest unless given.

        Whatever else is on its way about that time falls silent.

        Raises:
            UserError: The goal is over, or the day is still to come.
        """
        part = await self._part(participant, part_id)
        today = self._today(participant)
        chosen = day or today
        if not part.is_current:
            raise UserError("goals.over")
        if chosen > today:
            raise UserError("core.old_card")
        before, marks = await self._counts(participant, part)
        if slot is None:
            said = {one.slot for one in marks if one.day == chosen}
            zone = find_zone(participant.preferences.zone)
            slot = slot_for(part.rule, chosen, self._clock(), zone, said)
        async with self._database.transaction() as tx:
            await self._store.mark(
                tx, part, GoalMark(day=chosen, slot=slot, mark=mark), self._clock()
            )
            await self._outbox.close_for(
                now=self._clock(),
                reason=ANSWERED,
                participant_id=participant.id,
                subject_id=part.id,
                nominal_date=chosen,
                slot=slot,
                kinds={REMINDER.name},
                tx=tx,
            )
        after, _ = await self._counts(participant, part)
        reached = milestone(before.total, after.total)
        return Marked(
            part=part,
            texts=await self._store.texts(part),
            day=chosen,
            mark=mark,
            is_today=chosen == today,
            counts=after,
            reached=reached,
            together=await self._shared.together(part, before.total, after.total),
        )

    async def due(self, participant: Participant, note: Note) -> Sequence[Due]:
        """Return what a reminder's card asks about: the latest time of each goal in the note."""
        notes = [note, *await self._outbox.merged(note.id)]
        latest: dict[str, tuple[date, str]] = {}
        for one in notes:
            part_id, typed = one.args.get(PART), one.args.get(DAY)
            if part_id and typed:
                found = (date.fromisoformat(typed), one.args.get(SLOT, ""))
                latest[part_id] = max(latest.get(part_id, found), found)
        marks = await self._store.marks(latest)
        due: list[Due] = []
        for part_id, (day, slot) in latest.items():
            part = await self._store.get(part_id, participant.id)
            if part is not None and part.is_current:
                said = {(one.day, one.slot): one.mark for one in marks.get(part_id, ())}
                due.append(
                    Due(
                        part=part,
                        texts=await self._store.texts(part),
                        day=day,
                        slot=slot,
                        mark=said.get((day, slot)),
                    )
                )
        return due

    async def tracks(
        self, participant_id: ParticipantId, first: date, last: date
    ) -> Sequence[GoalTrack]:
        """Return a person's goals that are current or have a mark on these days, and the marks."""
        parts = await self._store.of(participant_id, CURRENT | OVER)
        marks = await self._store.marks([part.id for part in parts], first, last)
        found: list[GoalTrack] = []
        for part in parts:
            if part.is_current or part.id in marks:
                texts = await self._store.texts(part)
                if texts is not None:
                    days = by_day(marks.get(part.id, ()))
                    found.append(GoalTrack(name=texts.what, marks=days))
        return found

    async def _counts(
        self, participant: Participant, part: GoalPart
    ) -> tuple[Counts, Sequence[GoalMark]]:
        marks = (await self._store.marks([part.id])).get(part.id, ())
        aways = (await self._aways.ranges({participant.id})).get(participant.id, ())
        counts = count(
            by_day(marks),
            today=self._today(participant),
            rule=part.rule,
            aways=aways,
            pauses=part.pauses,
        )
        return counts, marks

    def _next_at(self, participant: Participant, part: GoalPart) -> datetime | None:
        if part.rule is None or part.state is not PartState.ACTIVE:
            return None
        return next_due(part.rule, find_zone(participant.preferences.zone), self._clock())

    async def _part(self, participant: Participant, part_id: str) -> GoalPart:
        part = await self._store.get(part_id, participant.id)
        if part is None:
            raise UserError("goals.not_found")
        return part

    def _today(self, participant: Participant) -> date:
        return local_day(self._clock(), find_zone(participant.preferences.zone))
