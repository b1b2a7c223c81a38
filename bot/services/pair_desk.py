"""The team's side of shared spaces: talk with each alone, then open, or close."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.clock import Clock
from bot.domain.audit import AuditAction, Subject
from bot.domain.pair import Pair, PairState
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.pair_life import PairLife
from bot.services.pair_ports import Auditor, Duty, Hands, PairStore
from bot.services.programme import ProgrammeService


class PairDesk:
    """Lets those of the team who have no conflict with either of the two see to a pair."""

    def __init__(
        self,
        *,
        store: PairStore,
        life: PairLife,
        database: Transactor,
        duty: Duty,
        programme: ProgrammeService,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._life = life
        self._database = database
        self._duty = duty
        self._programme = programme
        self._audit = audit
        self._clock = clock

    async def waiting(self, member: StaffMember) -> Sequence[Pair]:
        """Return the pairs that wait to be opened, as far as a member may know of them."""
        pairs = await self._listed(member, {PairState.AGREED, PairState.READY})
        # What only waits for its day comes after what still needs somebody.
        return sorted(pairs, key=lambda pair: pair.state is PairState.READY)

    async def opened(self, member: StaffMember) -> Sequence[Pair]:
        """Return the open spaces a member may know of."""
        return await self._listed(member, {PairState.OPEN})

    async def talked(self, pair_id: str, participant_id: str, member: StaffMember) -> Pair:
        """Keep that someone of the team talked with one of the two alone.

        Raises:
            UserError: It is not on the member's list.
        """
        pair = await self._visible(pair_id, member)
        async with self._database.transaction() as tx:
            for one in pair.members:
                if one.participant_id == participant_id and one.talked_at is None:
                    kept = replace(one, talked_at=self._clock(), talked_by=member.user_id)
                    await self._store.save_member(pair.id, kept, tx)
                    await self._audit.record(
                        Subject.staff(member.user_id),
                        AuditAction.PAIR_TALKED,
                        Subject.participant(one.participant_id),
                        tx=tx,
                    )
        return await self._visible(pair_id, member)

    async def open(self, pair_id: str, member: StaffMember, hands: Hands) -> datetime | None:
        """Open a space, or set it to open with all others on the programme's day.

        Returns:
            When it opens; nothing where it did not, which neither of the two learns.

        Raises:
            UserError: It is not on the list, or one of them was not talked with alone.
        """
        pair = await self._unopened(pair_id, member)
        if len(pair.members) < 2 or any(one.talked_at is None for one in pair.members):
            raise UserError("together.desk.talk_first")
        now = self._clock()
        if self._programme.current.opens_in_batches:
            opens_at = self._life.boundary(now)
            async with self._database.transaction() as tx:
                current = await self._store.get(pair.id, tx)
                if current is None or current.has_opened:
                    return None
                ready = replace(current, state=PairState.READY, opens_at=opens_at)
                await self._store.save(ready, tx)
            return opens_at
        return now if await self._life.open(pair, hands) else None

    async def refuse(self, pair_id: str, member: StaffMember) -> None:
        """Let a pair go that is not to open; neither is told.

        Raises:
            UserError: It is not on the list.
        """
        pair = await self._unopened(pair_id, member)
        async with self._database.transaction() as tx:
            await self._store.drop(pair.id, tx)

    async def close(self, pair_id: str, member: StaffMember) -> datetime:
        """Close a space on the day on which all close, and return when.

        Raises:
            UserError: It is not on the list, or not open.
        """
        pair = await self._visible(pair_id, member)
        closes_at = await self._life.close_at_boundary(pair.id)
        await self._audit.record(
            Subject.staff(member.user_id),
            AuditAction.PAIR_CLOSING,
            Subject.participant(pair.members[0].participant_id),
        )
        return closes_at

    async def keep_apart(self, user_id: int, other_id: int) -> None:
        """Close what two share who are kept apart from now on, on the day on which all close."""
        for pair in await self._store.in_states({PairState.OPEN}):
            if {user_id, other_id} <= {one.user_id for one in pair.members}:
                await self._life.close_at_boundary(pair.id)

    async def _listed(self, member: StaffMember, states: set[PairState]) -> Sequence[Pair]:
        pairs = await self._store.in_states(states)
        return [pair for pair in pairs if self._may_know(pair, member)]

    async def _unopened(self, pair_id: str, member: StaffMember) -> Pair:
        pair = await self._visible(pair_id, member)
        if pair.has_opened:
            raise UserError("together.desk.unknown")
        return pair

    async def _visible(self, pair_id: str, member: StaffMember) -> Pair:
        pair = await self._store.get(pair_id)
        if pair is None or pair.state is PairState.CLOSED or not self._may_know(pair, member):
            raise UserError("together.desk.unknown")
        return pair

    def _may_know(self, pair: Pair, member: StaffMember) -> bool:
        people = [one.user_id for one in pair.members]
        return member.user_id not in self._duty.excluded(people)
