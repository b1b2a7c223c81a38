"""How a shared space opens, is left without a word, and closes on one day for everyone."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.audit import BOT, PROGRAMME, AuditAction, Subject
from bot.domain.case import CaseSource, Severity
from bot.domain.delivery import Kind, Personal, Priority
from bot.domain.ids import PairId, ParticipantId
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
from bot.services.database_port import Transactor
from bot.services.pair_admission import Admission
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
)
from bot.services.pair_threads import PairThreads
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
        self._admission = Admission(participants, consents, keep_apart)
        self._programme = programme
        self._cases = cases
        self._audit = audit
        self._clock = clock
        self._threads = PairThreads(store)
        self._owed: dict[tuple[str, int], Parting] = {}
        self._is_caught_up = False
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
        if not await self._admission.may_open(pair):
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

    async def furnish(self, pair: Pair, hands: Hands) -> bool:
        """Make a couple's thread where there is none; `False` where Discord refuses."""
        return pair.thread_id is not None or await self._threads.furnish(pair.id, hands)

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
        await self._threads.furnish(pair.id, hands, lost=pair.thread_id)

    async def blind(
        self, user_id: int, pair_id: str, hands: Hands, parting: Parting = Parting.LEFT
    ) -> None:
        """Take the sight of someone who leaves, before the database is asked for anything.

        What is left to do is remembered: a sweep does it where the database fails.
        """
        pair = self._pairs.open_to(user_id, pair_id)
        if pair is not None:
            self._owed[pair_id, user_id] = parting
            if pair.kind is PairKind.COUPLE:
                await self._threads.hide(user_id, hands)

    async def blind_all(self, user_id: int, hands: Hands) -> None:
        """Take the sight of someone whose data is deleted next; their rows go with the rest."""
        if self._pairs.is_in_couple(user_id):
            await self._threads.hide(user_id, hands)

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
        await self.blind(participant.user_id, pair_id, hands, parting)
        await self._leave(participant.user_id, pair_id, parting, hands)

    async def _leave(self, user_id: int, pair_id: str, parting: Parting, hands: Hands) -> None:
        now = self._clock()
        async with self._database.transaction() as tx:
            pair = await self._store.get(pair_id, tx)
            me = (
                next((one for one in pair.members if one.user_id == user_id), None)
                if pair
                else None
            )
            is_over = pair is None or me is None or not me.is_in or not pair.is_open
            if pair is not None and me is not None and not is_over:
                await self._part(pair, me, parting, now, tx)
        self._owed.pop((pair_id, user_id), None)
        if is_over or pair is None:
            raise UserError("together.closed")
        await self._tell_team()
        # Once more: something may have given it again before the row said that they left.
        await self._threads.hide_gone(pair.id, hands)

    async def _part(self, pair: Pair, me: Member, parting: Parting, now: datetime, tx: Any) -> None:
        gone = replace(me, left_at=now, parting=parting, sees=pair.kind is PairKind.COUPLE)
        await self._store.save_member(pair.id, gone, tx)
        await self._store.save(replace(pair, closes_at=pair.closes_at or self.boundary(now)), tx)
        await self._store.told(pair.id, me.participant_id, is_told=False, tx=tx)
        await self._silence(pair, me.participant_id, now, tx)
        for callback in self._on_part:
            await callback(pair, gone, tx)
        subject = Subject.participant(me.participant_id)
        await self._audit.record(subject, AuditAction.PAIR_LEFT, subject, tx=tx)

    async def _tell_team(self) -> None:
        for pair_id, member in await self._store.untold():
            await self._cases.ask(member.user_id, CaseSource.LEFT_SPACE, Severity.TODAY)
            await self._store.told(pair_id, member.participant_id)

    async def leave_all(self, participant: Participant, parting: Parting, hands: Hands) -> None:
        """Take someone out of every space, and end with their consent what they asked for."""
        for pair in await self._store.of(participant.id):
            if not pair.has_opened:
                async with self._database.transaction() as tx:
                    await self._store.drop(pair.id, tx)
            current = await self._store.get(pair.id)
            if current is not None and is_theirs(current, participant.id):
                with suppress(UserError):
                    await self.leave(participant, pair.id, parting, hands)
        if parting is Parting.CONSENT:
            async with self._database.transaction() as tx:
                for invite_id in await self._store.end_wishes(participant.id, tx):
                    await self._outbox.close_for(
                        now=self._clock(),
                        reason="cancelled",
                        subject_id=invite_id,
                        also_sent=True,
                        tx=tx,
                    )

    async def come_back(self, participant: Participant, hands: Hands) -> None:
        """Let someone who had left the server back in, if their space is still open."""
        for known in await self._store.of(participant.id):
            if not await self._admission.may_return(participant, known):
                continue
            async with self._database.transaction() as tx:
                pair = await self._store.get(known.id, tx)
                me = pair.member(participant.id) if pair and pair.is_open else None
                if pair is None or me is None or me.parting is not Parting.SERVER:
                    continue
                back = replace(me, left_at=None, parting=None)
                await self._store.save_member(pair.id, back, tx)
                others_in = all(one.is_in for one in pair.members if one is not me)
                if others_in and not pair.is_ended:
                    await self._store.save(replace(pair, closes_at=None), tx)
                for callback in self._on_join:
                    await callback(pair, back, tx)
            await self._threads.show(pair, back, hands)
            log.info("participant %s is back in pair %s", participant.id, pair.id)

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
            await self._store.save(replace(pair, closes_at=closes_at, is_ended=True), tx)
        return closes_at

    def boundary(self, now: datetime) -> datetime:
        """Return the next moment at which spaces open and close for everyone."""
        programme = self._programme.current
        return next_boundary(
            now, programme.boundary_weekday, programme.boundary_time, programme.zone
        )

    async def sweep(self, now: datetime, hands: Hands) -> datetime | None:
        """Open what is ready, close what is over, and try again what Discord refused."""
        if not self._is_caught_up:
            await self._catch_up()
        for (pair_id, user_id), parting in list(self._owed.items()):
            with suppress(UserError):
                await self._leave(user_id, pair_id, parting, hands)
        await self._tell_team()
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
            moments += [] if await self._threads.shut(pair, hands) else [now + RETRY]
        return min(moments, default=None)

    async def _catch_up(self) -> None:
        """Find who left the server when the process died before their spaces were told."""
        for pair in await self._store.in_states({PairState.OPEN}):
            for user_id in await self._admission.has_left_server(pair):
                self._owed.setdefault((pair.id, user_id), Parting.SERVER)
        self._is_caught_up = True

    async def _tend(self, pair: Pair, now: datetime, hands: Hands) -> list[datetime]:
        if pair.closes_at is None and len(pair.members) < 2:
            pair = await self._end_alone(pair, now)
        if pair.closes_at is not None and pair.closes_at <= now:
            await self._close(pair.id, now)
            return []
        is_hidden = await self._threads.hide_gone(pair.id, hands)
        is_done = await self.furnish(pair, hands) and is_hidden
        moments = [] if is_done else [now + RETRY]
        return [*moments, pair.closes_at] if pair.closes_at is not None else moments

    async def _end_alone(self, pair: Pair, now: datetime) -> Pair:
        """Let a space close at the boundary that somebody was deleted from."""
        async with self._database.transaction() as tx:
            current = await self._store.get(pair.id, tx) or pair
            ending = replace(current, closes_at=current.closes_at or self.boundary(now))
            await self._store.save(ending, tx)
        return ending

    async def _close(self, pair_id: PairId, now: datetime) -> None:
        """Close a space for whoever is in it still, in the same words for every reason."""
        async with self._database.transaction() as tx:
            pair = await self._store.get(pair_id, tx)
            if pair is None or not pair.is_open or pair.closes_at is None or pair.closes_at > now:
                return  # somebody came back meanwhile
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


def _subject(pair: Pair) -> Subject:
    return Subject.participant(pair.members[0].participant_id) if pair.members else PROGRAMME
