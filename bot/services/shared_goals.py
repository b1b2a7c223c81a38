"""Goals two people hold together: offered, accepted, shown and ended."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.delivery import Personal, Reason
from bot.domain.goal import (
    CURRENT,
    LAST_DAYS,
    MOST_WAITING,
    WAIT,
    Cheer,
    Counts,
    GoalPart,
    GoalTexts,
    PartState,
    by_day,
    kept_days,
    milestone,
)
from bot.domain.ids import GoalId, PartId, new_id
from bot.domain.localtime import find_zone, local_day
from bot.domain.participant import Participant, Profile
from bot.domain.progress import Mark
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.goal_ports import GoalStore, Outbox, Profiles
from bot.services.goal_reminders import CHEER, CHEERED, INVITE, OPENED, PART, GoalReminders, moved


@dataclass(frozen=True, kw_only=True, slots=True)
class SharedView:
    """What of a shared goal is shown besides one's own part.

    Attributes:
        is_open: Both show their days to each other.
        theirs: What the other one did on the last days; whatever else happened is left out.
    """

    is_open: bool = False
    theirs: Mapping[date, Mark] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """Everything there is to show of a goal."""

    part: GoalPart
    texts: GoalTexts | None
    counts: Counts
    today: Mark | None
    next_at: datetime | None
    shared: SharedView


@dataclass(frozen=True, kw_only=True, slots=True)
class Invitation:
    """What someone was invited to."""

    part: GoalPart
    inviter: Profile
    texts: GoalTexts


class SharedGoals:
    """Lets two people hold a goal together; neither learns what the other did not share."""

    def __init__(
        self,
        *,
        store: GoalStore,
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

    async def check_room(self, participant: Participant) -> None:
        """See whether a person may invite someone: it rests on their own invitations alone.

        Raises:
            UserError: As many are waiting as may wait.
        """
        waiting = await self._store.of(participant.id, {PartState.WAITING})
        if len(waiting) >= MOST_WAITING:
            raise UserError("goals.invite.too_many", n=MOST_WAITING)

    async def offer(
        self, participant: Participant, part: GoalPart, sealed: bytes, user_id: int | None
    ) -> GoalPart:
        """Offer a goal to someone; who offers it cannot tell whether anyone was asked."""
        await self.check_room(participant)
        now = self._clock()
        waiting = moved(part, PartState.WAITING, now)
        invited = self._profiles.get(user_id) if user_id is not None else None
        async with self._database.transaction() as tx:
            await self._store.save(waiting, tx)
            await self._store.put_texts(tx, waiting, sealed)
            if (
                invited is not None
                and invited.active
                and invited.participant_id != participant.id
                and not await self._store.invited(tx, participant.id, invited.participant_id)
            ):
                await self._ask(waiting, invited, now, tx)
        return waiting

    async def _ask(self, part: GoalPart, invited: Profile, now: datetime, tx: Any) -> None:
        theirs = GoalPart(
            id=PartId(new_id()),
            goal_id=part.goal_id,
            participant_id=invited.participant_id,
            topic=part.topic,
            state=PartState.INVITED,
            is_shared=True,
            created_at=now,
            changed_at=now,
        )
        await self._store.add(tx, theirs)
        await self._outbox.add(
            INVITE,
            Personal(participant_id=invited.participant_id),
            due_at=now,
            subject_id=theirs.id,
            args={PART: theirs.id},
            expires_at=now + WAIT,
            tx=tx,
        )

    async def invitation(self, participant: Participant, part_id: str) -> Invitation:
        """Return what a person was invited to.

        Raises:
            UserError: It is not open any more.
        """
        part = await self._store.get(part_id, participant.id)
        other = await self._store.other(part) if part else None
        if part is None or part.state is not PartState.INVITED or other is None:
            raise UserError("goals.invite.gone")
        texts = await self._store.texts(other)
        inviter = self._profiles.by_id(other.participant_id)
        if texts is None or inviter is None or other.state is not PartState.WAITING:
            raise UserError("goals.invite.gone")
        return Invitation(part=part, inviter=inviter, texts=texts)

    async def join(
        self, participant: Participant, part: GoalPart, sealed: bytes, *, agreed: bool
    ) -> GoalPart:
        """Accept: from now on the goal is there for both.

        Raises:
            UserError: The invitation is not open any more.
        """
        now = self._clock()
        mine = moved(part, PartState.ACTIVE, now)
        before = await self._store.other(part)
        if before is None:
            raise UserError("goals.invite.gone")
        they_agreed = await self._reminders.agreed(before.participant_id)
        their_zone = self._zone(before)
        async with self._database.transaction() as tx:
            other = await self._store.other(part, tx)
            if other is None or other.state is not PartState.WAITING:
                raise UserError("goals.invite.gone")
            theirs = moved(other, PartState.ACTIVE, now)
            await self._store.save(mine, tx)
            await self._store.put_texts(tx, mine, sealed)
            await self._store.save(theirs, tx)
            zone = participant.preferences.zone
            await self._reminders.silence(mine, Reason.SUPERSEDED, tx)
            await self._reminders.put(mine, zone, agreed=agreed, tx=tx)
            await self._reminders.put(theirs, their_zone, agreed=they_agreed, tx=tx)
            await self._outbox.add(
                OPENED,
                Personal(participant_id=theirs.participant_id),
                due_at=now,
                subject_id=theirs.id,
                args={PART: theirs.id},
                key=f"opened:{theirs.id}",
                tx=tx,
            )
        return mine

    async def decline(self, participant: Participant, part_id: str) -> None:
        """Say no; who invited is told nothing, and theirs waits as any other does."""
        part = await self._store.get(part_id, participant.id)
        if part is None or part.state is not PartState.INVITED:
            raise UserError("goals.invite.gone")
        async with self._database.transaction() as tx:
            await self._reminders.silence(part, Reason.SUPERSEDED, tx)
            await self._store.drop(part, tx)

    async def retire(self, part: GoalPart) -> GoalPart:
        """End a shared goal for both, without a reason."""
        if part.state is PartState.INVITED:
            raise UserError("goals.invite.gone")
        return await self._end(part, PartState.RETIRED)

    async def go_alone(self, participant: Participant, part: GoalPart) -> GoalPart:
        """Go on by oneself with what was shared, or waited to be; its days come along."""
        if part.state is PartState.WAITING:
            await self._end(part, PartState.CLOSED)
        now = self._clock()
        alone = replace(
            moved(part, PartState.ACTIVE, now),
            goal_id=GoalId(new_id()),
            is_shared=False,
            shows=False,
            cheers=False,
        )
        agreed = await self._reminders.agreed(participant.id)
        async with self._database.transaction() as tx:
            await self._store.start(tx, alone)
            await self._store.save(alone, tx)
            await self._store.tidy(tx, part.goal_id)
            await self._reminders.put(alone, participant.preferences.zone, agreed=agreed, tx=tx)
        return alone

    async def left(self, participant: Participant) -> None:
        """End whatever someone shares who leaves; for the other it reads as any other end."""
        states = CURRENT | {PartState.WAITING, PartState.INVITED}
        for part in await self._store.of(participant.id, states):
            if part.state is PartState.INVITED:
                await self.decline(participant, part.id)
            elif part.is_shared:
                await self._end(part, PartState.CLOSED)

    async def _end(self, part: GoalPart, state: PartState) -> GoalPart:
        now = self._clock()
        mine = moved(part, state, now)
        async with self._database.transaction() as tx:
            other = await self._store.other(part, tx)
            await self._store.close(tx, part.goal_id, now)
            await self._store.save(mine, tx)
            await self._reminders.put(mine, "UTC", agreed=False, tx=tx)
            if other is not None and other.state is PartState.INVITED:
                await self._reminders.silence(other, Reason.SUPERSEDED, tx)
                await self._store.drop(other, tx)
            elif other is not None and other.is_current:
                theirs = moved(other, PartState.CLOSED, now)
                await self._store.save(theirs, tx)
                await self._reminders.put(theirs, "UTC", agreed=False, tx=tx)
        return mine

    async def texts(self, part: GoalPart) -> GoalTexts | None:
        """Return a person's words; of an invitation, the words it came with."""
        if part.state is not PartState.INVITED:
            return await self._store.texts(part)
        other = await self._store.other(part)
        return await self._store.texts(other) if other else None

    async def look(self, part: GoalPart, today: date) -> SharedView:
        """Return what the other one shows; nothing unless both do.

        Only what they did is in it: not today, no answer and away look the same.
        """
        other = await self._open_other(part)
        if other is None:
            return SharedView()
        first = today - timedelta(days=LAST_DAYS - 1)
        marks = by_day((await self._store.marks([other.id], first, today)).get(other.id, ()))
        done = {day: mark for day, mark in marks.items() if mark is not Mark.NOT_TODAY}
        return SharedView(is_open=True, theirs=done)

    async def together(self, part: GoalPart, before: int, after: int) -> int | None:
        """Return the milestone that both have reached now, where both show their days."""
        other = await self._open_other(part)
        if other is None:
            return None
        marks = by_day((await self._store.marks([other.id])).get(other.id, ()))
        theirs = len(kept_days(marks))
        return milestone(min(before, theirs), min(after, theirs))

    async def cheer(self, participant: Participant, part_id: str, cheer: Cheer) -> None:
        """Send one of three kind words, once a day; it arrives only where cheers are taken."""
        part = await self._store.get(part_id, participant.id)
        if part is None or not part.is_shared or not part.is_current or not part.cheers:
            raise UserError("goals.over")
        other = await self._store.other(part)
        if other is None or not other.is_current or not other.cheers:
            return
        now = self._clock()
        day = local_day(now, find_zone(self._zone(part)))
        await self._outbox.add(
            CHEER,
            Personal(participant_id=other.participant_id),
            due_at=now,
            subject_id=other.id,
            args={PART: other.id, CHEERED: cheer.value},
            expires_at=now + timedelta(days=3),
            key=f"cheer:{part.id}:{day.isoformat()}",
        )

    async def _open_other(self, part: GoalPart) -> GoalPart | None:
        if not part.is_shared or not part.shows or not part.is_current:
            return None
        other = await self._store.other(part)
        return other if other is not None and other.shows and other.is_current else None

    def _zone(self, part: GoalPart) -> str:
        profile = self._profiles.by_id(part.participant_id)
        return profile.zone if profile else "UTC"
