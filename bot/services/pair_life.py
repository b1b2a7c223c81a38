"""How a shared space opens, is left without a word, and closes on one day for everyone."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.audit import BOT, AuditAction, Subject
from bot.domain.case import CaseSource, Severity
from bot.domain.consent import ConsentKind
from bot.domain.delivery import DeliveryError, Kind, Personal, Priority
from bot.domain.ids import ParticipantId
from bot.domain.pair import (
    InviteState,
    Member,
    Pair,
    PairKind,
    PairState,
    Parting,
    next_boundary,
)
from bot.domain.participant import Participant
from bot.errors import UserError
from bot.services.pair_ports import (
    Auditor,
    Cases,
    Consents,
    Hands,
    KeepApart,
    OnMember,
    OnOpened,
    OnPair,
    Outbox,
    PairStore,
    Participants,
    Schedules,
    Transactor,
)
from bot.services.pairs import THREAD, PairService, is_theirs
from bot.services.programme import ProgrammeService

log = logging.getLogger(__name__)

OPENED = Kind(name="pair.opened", priority=Priority.INTERACTIVE, honours_away=False)
CLOSED = Kind(name="pair.closed", priority=Priority.INTERACTIVE, honours_away=False)

RETRY = timedelta(minutes=1)


class PairLife:
    """Opens and ends spaces; what one does in private changes nothing for the other."""

    def __init__(
        self,
        *,
        store: PairStore,
        pairs: PairService,
        database: Transactor,
        outbox: Outbox,
        schedules: Schedules,
        participants: Participants,
        consents: Consents,
        keep_apart: KeepApart,
        programme: ProgrammeService,
        cases: Cases,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._pairs = pairs
        self._database = database
        self._outbox = outbox
        self._schedules = schedules
        self._participants = participants
        self._consents = consents
        self._keep_apart = keep_apart
        self._programme = programme
        self._cases = cases
        self._audit = audit
        self._clock = clock
        self._on_join: list[OnMember] = []
        self._on_part: list[OnMember] = []
        self._on_close: list[OnPair] = []
        self._on_opened: list[OnOpened] = []

    def on_join(self, callback: OnMember) -> None:
        """Call back for each of the two when a space opens for them, in its transaction."""
        self._on_join.append(callback)

    def on_opened(self, callback: OnOpened) -> None:
        """Call back with the two accounts once their space is open, as for the rooms."""
        self._on_opened.append(callback)

    def on_part(self, callback: OnMember) -> None:
        """Call back when one of the two leaves without a word, in the same transaction."""
        self._on_part.append(callback)

    def on_close(self, callback: OnPair) -> None:
        """Call back when a space closes for good, in its transaction."""
        self._on_close.append(callback)

    async def open(self, pair: Pair, hands: Hands) -> bool:
        """Open a space for two; `False` where something stands against it by now.

        Neither of them is told in that case: a space that does not open looks like one that
        has not opened yet.
        """
        if not await self._may_open(pair):
            async with self._database.transaction() as tx:
                await self._store.drop(pair.id, tx)
            log.warning("pair %s did not open", pair.id)
            return False
        now = self._clock()
        opened = replace(
            pair, state=PairState.OPEN, opened_at=now, zone=self._programme.current.zone
        )
        async with self._database.transaction() as tx:
            current = await self._store.get(pair.id, tx)
            if current is None or current.state not in (PairState.AGREED, PairState.READY):
                return False
            await self._store.save(opened, tx)
            for member in opened.members:
                await self._join(opened, member, now, tx)
            await self._audit.record(BOT, AuditAction.PAIR_OPENED, _subject(opened), tx=tx)
        await self._pairs.load()
        one, other = (member.user_id for member in opened.members)
        for tell in self._on_opened:
            await tell(one, other)
        await self.furnish(opened, hands)
        return True

    async def furnish(self, pair: Pair, hands: Hands) -> None:
        """Make a couple's thread where there is none; what Discord refuses is tried again."""
        if pair.kind is not PairKind.COUPLE or not pair.is_open or pair.thread_id is not None:
            return
        try:
            thread_id = await hands.open(pair)
        except DeliveryError as error:
            log.warning("the thread of pair %s waits: %s", pair.id, error)
            return
        await self._store.save(replace(pair, thread_id=thread_id))
        for member in pair.members:
            if member.is_in:
                await self._store.save_member(pair.id, replace(member, sees=True))

    async def by_thread(self, thread_id: int) -> Pair | None:
        """Return the open pair a thread belongs to."""
        pair = await self._store.by_thread(thread_id)
        return pair if pair is not None and pair.is_open else None

    async def in_state(self, state: PairState) -> Sequence[Pair]:
        """Return the pairs in a state."""
        return await self._store.in_states({state})

    async def of_key(self, key: str) -> Pair | None:
        """Return the open pair whose thread a place names."""
        pair = await self._store.get(key.removeprefix(THREAD))
        return pair if pair is not None and pair.is_open else None

    async def lost_thread(self, pair: Pair, hands: Hands) -> None:
        """Make the thread again where the old one was deleted."""
        await self._store.save(replace(pair, thread_id=None))
        await self.furnish(replace(pair, thread_id=None), hands)

    async def leave(
        self, participant: Participant, pair_id: str, parting: Parting, hands: Hands
    ) -> None:
        """Take someone out without a word.

        Their sight goes first, whatever else fails. Then, in one transaction, everything
        addressed to them dies; the other one's goes on until the boundary, and only the team
        learns of it.

        Raises:
            UserError: They are not in it.
        """
        pair = await self._store.get(pair_id)
        me = pair.member(participant.id) if pair else None
        if pair is None or me is None or not me.is_in or not pair.is_open:
            raise UserError("together.closed")
        hidden = await self._hide(me, hands)
        now = self._clock()
        async with self._database.transaction() as tx:
            current = await self._store.get(pair.id, tx)
            still = current.member(participant.id) if current else None
            if current is None or still is None or not still.is_in:
                return
            gone = replace(still, left_at=now, parting=parting, sees=still.sees and not hidden)
            await self._store.save_member(pair.id, gone, tx)
            await self._store.save(
                replace(current, closes_at=current.closes_at or self.boundary(now)), tx
            )
            await self._silence(pair, participant.id, now, tx)
            for callback in self._on_part:
                await callback(current, gone, tx)
            me_subject = Subject.participant(participant.id)
            await self._audit.record(me_subject, AuditAction.PAIR_LEFT, me_subject, tx=tx)
        await self._cases.ask(participant.user_id, CaseSource.LEFT_SPACE, Severity.TODAY)

    async def leave_all(self, participant: Participant, parting: Parting, hands: Hands) -> None:
        """Take someone out of every space, and end their wishes that wait."""
        for pair in await self._store.of(participant.id):
            if is_theirs(pair, participant.id):
                await self.leave(participant, pair.id, parting, hands)
            elif not pair.has_opened:
                async with self._database.transaction() as tx:
                    await self._store.drop(pair.id, tx)

    async def come_back(self, participant: Participant, hands: Hands) -> None:
        """Let someone who had left the server back in, if their space is still open."""
        now = self._clock()
        for pair in await self._store.of(participant.id):
            me = pair.member(participant.id)
            if not pair.is_open or me is None or me.parting is not Parting.SERVER:
                continue
            back = replace(me, left_at=None, parting=None)
            async with self._database.transaction() as tx:
                await self._store.save_member(pair.id, back, tx)
                still_in = all(one.is_in for one in pair.members if one is not me)
                if still_in:
                    await self._store.save(replace(pair, closes_at=None), tx)
                for callback in self._on_join:
                    await callback(pair, back, tx)
            if pair.thread_id is not None:
                await self._show(pair, back, pair.thread_id, hands)
            log.info("participant %s is back in pair %s at %s", participant.id, pair.id, now)

    async def close_at_boundary(self, pair_id: str) -> datetime:
        """Let the team close a space on the day on which all close, and return when.

        Raises:
            UserError: It is not open.
        """
        now = self._clock()
        async with self._database.transaction() as tx:
            pair = await self._store.get(pair_id, tx)
            if pair is None or not pair.is_open:
                raise UserError("together.desk.not_open")
            closes_at = pair.closes_at or self.boundary(now)
            await self._store.save(replace(pair, closes_at=closes_at), tx)
        return closes_at

    def boundary(self, now: datetime) -> datetime:
        """Return the next moment at which spaces open and close for everyone."""
        programme = self._programme.current
        return next_boundary(
            now, programme.boundary_weekday, programme.boundary_time, programme.zone
        )

    async def sweep(self, now: datetime, hands: Hands) -> datetime | None:
        """Open what is ready, close what is over, and try again what Discord refused."""
        await self._store.expire(now)
        moments: list[datetime] = []
        for pair in await self._store.in_states({PairState.READY, PairState.OPEN}):
            if pair.state is PairState.READY and pair.opens_at is not None:
                if pair.opens_at <= now:
                    await self.open(pair, hands)
                else:
                    moments.append(pair.opens_at)
            elif pair.is_open:
                moments += await self._tend(pair, now, hands)
        for pair in await self._store.unshut():
            moments += [] if await self._shut(pair, hands) else [now + RETRY]
        return min(moments, default=None)

    async def _tend(self, pair: Pair, now: datetime, hands: Hands) -> list[datetime]:
        if pair.closes_at is None and len(pair.members) < 2:
            pair = replace(pair, closes_at=self.boundary(now))
            await self._store.save(pair)
        if pair.closes_at is not None and pair.closes_at <= now:
            await self._close(pair, now)
            return []
        for member in pair.members:
            if not member.is_in and member.sees and await self._hide(member, hands):
                await self._store.save_member(pair.id, replace(member, sees=False))
        await self.furnish(pair, hands)
        return [pair.closes_at] if pair.closes_at is not None else []

    async def _close(self, pair: Pair, now: datetime) -> None:
        """Close a space for whoever is in it still, in the same words for every reason."""
        async with self._database.transaction() as tx:
            await self._outbox.close_for(
                now=now, reason="closed", subject_id=pair.id, also_sent=True, tx=tx
            )
            await self._schedules.remove_subject(pair.id, tx=tx)
            await self._store.save(replace(pair, state=PairState.CLOSED, closed_at=now), tx)
            for callback in self._on_close:
                await callback(pair, tx)
            for member in pair.members:
                if member.is_in:
                    await self._outbox.add(
                        CLOSED,
                        Personal(participant_id=member.participant_id),
                        due_at=now,
                        key=f"pair-closed:{pair.id}:{member.participant_id}",
                        tx=tx,
                    )
            await self._audit.record(BOT, AuditAction.PAIR_CLOSED, _subject(pair), tx=tx)
        await self._pairs.load()

    async def _shut(self, pair: Pair, hands: Hands) -> bool:
        if pair.thread_id is not None:
            try:
                await hands.shut(pair)
            except DeliveryError as error:
                log.warning("the thread of pair %s is not shut yet: %s", pair.id, error)
                return False
        await self._store.shut(pair.id)
        return True

    async def _join(self, pair: Pair, member: Member, now: datetime, tx: Any) -> None:
        for other in pair.members:
            if other.user_id != member.user_id:
                await self._store.end_invites(
                    member.participant_id, other.user_id, pair.kind, InviteState.EXPIRED, tx=tx
                )
        await self._outbox.add(
            OPENED,
            Personal(participant_id=member.participant_id),
            due_at=now,
            subject_id=pair.id,
            key=f"pair-opened:{pair.id}:{member.participant_id}",
            tx=tx,
        )
        for callback in self._on_join:
            await callback(pair, member, tx)

    async def _silence(
        self, pair: Pair, participant_id: ParticipantId, now: datetime, tx: Any
    ) -> None:
        await self._outbox.close_for(
            now=now,
            reason="left",
            participant_id=participant_id,
            subject_id=pair.id,
            also_sent=True,
            tx=tx,
        )
        await self._schedules.remove_subject(pair.id, participant_id=participant_id, tx=tx)

    async def _may_open(self, pair: Pair) -> bool:
        if len(pair.members) != 2:
            return False
        one, other = pair.members
        if other.user_id in self._keep_apart.others(one.user_id):
            return False
        for member in pair.members:
            participant = await self._participants.by_id(member.participant_id)
            if participant is None or not participant.is_active:
                return False
            if not await self._consents.given(participant.id, ConsentKind.SHARED_SPACE):
                return False
        return True

    async def _hide(self, member: Member, hands: Hands) -> bool:
        try:
            await hands.hide(member.user_id)
        except DeliveryError as error:
            log.error("a member's sight is not taken yet: %s", error)
            return False
        return True

    async def _show(self, pair: Pair, member: Member, thread_id: int, hands: Hands) -> None:
        try:
            await hands.show(member.user_id, thread_id)
        except DeliveryError as error:
            log.warning("a member does not see their thread yet: %s", error)
            return
        await self._store.save_member(pair.id, replace(member, sees=True))


def _subject(pair: Pair) -> Subject:
    return Subject.participant(pair.members[0].participant_id)
