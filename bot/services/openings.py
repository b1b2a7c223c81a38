"""Opening together: both share, or neither ever learns what the other did."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from bot.clock import Clock
from bot.domain.case import CaseSource, Severity
from bot.domain.delivery import Kind, Personal, Priority
from bot.domain.ids import OpeningId, new_id
from bot.domain.opening import (
    Choice,
    Contribution,
    Feature,
    Opened,
    Opening,
    OpeningState,
    held_until,
    opens,
)
from bot.domain.pair import Space
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.pair_ports import Cases, Heed, OpeningStore, Outbox, PairStore

SOMETHING_OPENED = Kind(name="pair.something", priority=Priority.INTERACTIVE)
OPENING = "opening"
BATCH = 100
LATEST = 25

Draw: TypeAlias = Callable[[str], bytes]


class OpeningService:
    """Takes what two people write in private, and opens it only where both chose to share."""

    def __init__(
        self,
        *,
        store: OpeningStore,
        pairs: PairStore,
        database: Transactor,
        outbox: Outbox,
        cases: Cases,
        draw: Draw,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pairs = pairs
        self._database = database
        self._outbox = outbox
        self._cases = cases
        self._draw = draw
        self._clock = clock
        self._written: list[Heed] = []

    def on_written(self, callback: Heed) -> None:
        """Call this with who wrote and what, once it is kept; it takes no time."""
        self._written.append(callback)

    def tell(self, user_id: int, text: str) -> None:
        """Tell that somebody wrote something for the two of them; the other one learns nothing."""
        for callback in self._written:
            callback(user_id, text)

    async def contribute(
        self,
        participant: Participant,
        space: Space,
        *,
        feature: Feature,
        subject: str,
        closes_at: datetime,
        choice: Choice,
        text: str,
        said: str | None = None,
    ) -> Opening:
        """Keep what a person wrote for an opening, in place of what they wrote before.

        Args:
            participant: Who writes.
            space: Where.
            feature: What kind of thing it is.
            subject: Such as a question's ID.
            closes_at: The fixed hour; what comes later does not count and is kept to its author.
            choice: `staff` also brings the words to the team.
            text: What was written, as it is kept.
            said: The same as people read it, where it is kept in another form.

        Raises:
            UserError: It is past the hour.
        """
        now = self._clock()
        if closes_at <= now:
            raise UserError("together.too_late")
        opens_at, is_held = held_until(
            closes_at,
            space.zone,
            self._draw,
            f"{space.pair_id}:{feature.value}:{subject}:{closes_at.isoformat()}",
        )
        wanted = Opening(
            id=OpeningId(new_id()),
            pair_id=space.pair_id,
            feature=feature,
            subject=subject,
            closes_at=closes_at,
            opens_at=opens_at,
            is_held=is_held,
        )
        async with self._database.transaction() as tx:
            opening = await self._store.ensure(wanted, tx)
        sealed = await self._store.seal(opening.id, participant.id, text)
        async with self._database.transaction() as tx:
            current = await self._store.get(opening.id, tx)
            # The hour may have come while this was sealed: what opened is as both chose it.
            if current is None or current.state is not OpeningState.WAITING:
                raise UserError("together.too_late")
            if closes_at <= self._clock():
                raise UserError("together.too_late")
            await self._store.put(opening.id, participant.id, choice, sealed=sealed, at=now, tx=tx)
        said = text if said is None else said
        self.tell(participant.user_id, said)
        if choice is Choice.STAFF:
            await self._cases.ask(participant.user_id, CaseSource.ASK, Severity.TODAY, detail=said)
        return opening

    async def keep(self, participant: Participant, opening_id: str) -> None:
        """Keep to oneself what was to be shared, as long as it has not opened.

        Raises:
            UserError: It has opened, or nothing was written.
        """
        async with self._database.transaction() as tx:
            opening = await self._store.get(opening_id, tx)
            if opening is None or opening.state is OpeningState.OPENED:
                raise UserError("together.opened_already")
            await self._store.narrow(opening.id, participant.id, tx)

    async def mine(
        self, space: Space, feature: Feature, subject: str, closes_at: datetime
    ) -> Contribution | None:
        """Return what a person wrote for an hour and subject."""
        opening = await self._store.find(space.pair_id, feature, subject, closes_at)
        return None if opening is None else await self._store.written(opening.id, space.mine)

    async def opened(self, space: Space, feature: Feature | None = None) -> Sequence[Opened]:
        """Return what opened between the two, the latest first."""
        opened = await self._store.opened(space.pair_id, feature, LATEST)
        return [await self._both(opening, space) for opening in opened]

    async def one(self, space: Space, opening_id: str) -> Opened:
        """Return one thing that opened.

        Raises:
            UserError: It is not there any more.
        """
        opening = await self._store.get(opening_id)
        if (
            opening is None
            or opening.pair_id != space.pair_id
            or opening.state is not OpeningState.OPENED
        ):
            raise UserError("together.closed")
        return await self._both(opening, space)

    async def used(self, space: Space, feature: Feature, since: datetime) -> Sequence[str]:
        """Return what a pair was asked since a moment."""
        return await self._store.subjects(space.pair_id, feature, since)

    async def sweep(self, now: datetime) -> datetime | None:
        """Decide whatever is due; both learn of what opened in the same moment."""
        while True:
            async with self._database.transaction() as tx:
                due = await self._store.due(tx, now, BATCH)
                for opening in due:
                    await self._decide(opening, now, tx)
            if len(due) < BATCH:
                return await self._store.next_at()

    async def _decide(self, opening: Opening, now: datetime, tx: Any) -> None:
        pair = await self._pairs.get(opening.pair_id, tx)
        inside = [m for m in pair.members if m.is_in] if pair and pair.is_open else []
        written = await self._store.choices(tx, opening.id)
        if not opens(opening, written, len(inside)):
            await self._store.settle(opening.id, OpeningState.NOTHING, tx)
            return
        await self._store.settle(opening.id, OpeningState.OPENED, tx)
        for member in inside:
            await self._outbox.add(
                SOMETHING_OPENED,
                Personal(participant_id=member.participant_id),
                due_at=now,
                subject_id=opening.pair_id,
                args={OPENING: opening.id},
                key=f"opened:{opening.id}:{member.participant_id}",
                tx=tx,
            )

    async def _both(self, opening: Opening, space: Space) -> Opened:
        pair = await self._pairs.get(opening.pair_id)
        other = pair.other(space.mine) if pair else None
        mine = await self._store.written(opening.id, space.mine)
        theirs = await self._store.written(opening.id, other.participant_id) if other else None
        return Opened(
            opening=opening,
            mine=mine.text if mine else "",
            theirs=theirs.text if theirs and theirs.choice is Choice.SHARE else "",
        )
