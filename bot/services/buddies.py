"""Buddies: both wanted one, the team offered, both said yes; a no is never told."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.buddy import LASTS, OFFER_LASTS, Answer, Buddies, BuddyState, Wish, matches
from bot.domain.case import Circle
from bot.domain.delivery import Kind, Personal, Priority
from bot.domain.ids import BuddyId, ParticipantId, new_id
from bot.domain.participant import Participant
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.case_ports import Auditor
from bot.services.database_port import Transactor
from bot.services.outbox_port import Outbox
from bot.services.room_ports import Partners

log = logging.getLogger(__name__)

OFFERED = Kind(name="buddy.offered", priority=Priority.INTERACTIVE)
STARTED = Kind(name="buddy.started", priority=Priority.INTERACTIVE, honours_away=False)
OVER = Kind(name="buddy.over", priority=Priority.INTERACTIVE)
BUDDY_KINDS = (OFFERED, STARTED, OVER)

BUDDY = "buddy"


class BuddyStore(Protocol):
    """What this service needs of the store."""

    async def wish(self, participant_id: ParticipantId, at: datetime) -> None: ...
    async def unwish(self, participant_id: ParticipantId, tx: Any = None) -> None: ...
    async def wishes_for(self, participant_id: ParticipantId) -> bool: ...
    async def free(self, now: datetime) -> Sequence[Wish]: ...
    async def tried(self) -> Collection[frozenset[ParticipantId]]: ...
    async def add(self, buddies: Buddies, tx: Any) -> None: ...
    async def get(self, buddy_id: str, tx: Any = None) -> Buddies | None: ...
    async def of(self, participant_id: ParticipantId, tx: Any = None) -> Sequence[Buddies]: ...
    async def answer(
        self, buddies: Buddies, participant_id: ParticipantId, answer: Answer, tx: Any
    ) -> None: ...
    async def start(self, buddies: Buddies, at: datetime, until: datetime, tx: Any) -> bool: ...
    async def end_due(self, now: datetime, tx: Any) -> Sequence[Buddies]: ...
    async def next_end(self) -> datetime | None: ...
    async def end_all(self, participant_id: ParticipantId) -> None: ...


class KeepApart(Protocol):
    """The keep-apart list."""

    def others(self, user_id: int) -> frozenset[int]: ...


class Duty(Protocol):
    """Who must learn nothing of whom."""

    def excluded(self, people: Collection[int]) -> frozenset[int]: ...
    def circle(self, people: Collection[int]) -> Circle: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What one person sees of their own wish and offer; nothing of what another said.

    Attributes:
        offer: What still asks for their answer.
        answered: They said yes, and it waits or never starts: both look the same.
        buddy: Their buddy, once both said yes.
    """

    wishes: bool
    offer: Buddies | None = None
    answered: Buddies | None = None
    buddy: Buddies | None = None


class BuddyService:
    """Brings two together who both want it, and lets either go without a sound."""

    def __init__(
        self,
        *,
        store: BuddyStore,
        partners: Partners,
        keep_apart: KeepApart,
        duty: Duty,
        outbox: Outbox,
        audit: Auditor,
        database: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._partners = partners
        self._keep_apart = keep_apart
        self._duty = duty
        self._outbox = outbox
        self._audit = audit
        self._database = database
        self._clock = clock

    async def standing(self, participant: Participant) -> Standing:
        """Return how a person's own wish and offers stand."""
        now = self._clock()
        live = [
            one
            for one in await self._store.of(participant.id)
            if one.is_live_for(participant.id, now) and not self._is_apart(one)
        ]
        started = next((one for one in live if one.state is BuddyState.STARTED), None)
        offered = next((one for one in live if one.state is BuddyState.OFFERED), None)
        is_open = offered is not None and offered.answer_of(participant.id) is Answer.NONE
        return Standing(
            wishes=await self._store.wishes_for(participant.id),
            offer=offered if is_open else None,
            answered=None if is_open else offered,
            buddy=started,
        )

    async def wish(self, participant: Participant) -> None:
        """Keep that a person would like a buddy: the team may offer them one."""
        await self._store.wish(participant.id, self._clock())

    async def unwish(self, participant: Participant) -> None:
        """Keep that a person would not like one any more."""
        await self._store.unwish(participant.id)

    async def matches(self, member: StaffMember) -> Sequence[tuple[Wish, Wish]]:
        """List who could be offered to whom, as far as a member may know of both."""
        wishes = await self._store.free(self._clock())
        known = [wish for wish in wishes if self._may_know(wish.user_id, member)]
        return matches(known, self._apart, await self._store.tried())

    async def propose(
        self, first: ParticipantId, second: ParticipantId, member: StaffMember
    ) -> None:
        """Offer two people to each other; each is asked alone.

        Raises:
            UserError: One of them is not free any more, or they must not be brought together.
        """
        found = await self.matches(member)
        if not any({first, second} == {a.participant_id, b.participant_id} for a, b in found):
            raise UserError("buddies.not_now")
        now = self._clock()
        accounts = {wish.participant_id: wish.user_id for pair in found for wish in pair}
        buddies = Buddies(
            id=BuddyId(new_id()),
            first=first,
            second=second,
            first_user_id=accounts[first],
            second_user_id=accounts[second],
            proposed_by=member.user_id,
            proposed_at=now,
            until_at=now + OFFER_LASTS,
        )
        async with self._database.transaction() as tx:
            if any([await self._is_taken(one, now, tx) for one in (first, second)]):
                raise UserError("buddies.not_now")
            await self._store.add(buddies, tx)
            await self._audit.record(
                Subject.staff(member.user_id),
                AuditAction.BUDDIES_PROPOSED,
                PROGRAMME,
                tx=tx,
                offer=buddies.id,
            )
            await self._note(OFFERED, buddies, (first, second), tx)

    async def answer(self, buddy_id: str, participant: Participant, *, accepts: bool) -> None:
        """Keep an answer; whatever it is, and whatever the other one said, the reply is one.

        Raises:
            UserError: It is not theirs.
        """
        answer = Answer.YES if accepts else Answer.NO
        now = self._clock()
        async with self._database.transaction() as tx:
            buddies = await self._of(buddy_id, participant.id, tx)
            if buddies.state is not BuddyState.OFFERED or not buddies.is_live_for(
                participant.id, now
            ):
                return
            await self._store.answer(buddies, participant.id, answer, tx)
            if self._is_apart(buddies):
                return
            if await self._store.start(buddies, now, now + LASTS, tx):
                for one in (buddies.first, buddies.second):
                    await self._store.unwish(one, tx)
                await self._note(STARTED, buddies, (buddies.first, buddies.second), tx)

    async def end(self, buddy_id: str, participant: Participant) -> None:
        """Let a buddy go; the other one's card stays as it is until its own day.

        Raises:
            UserError: It is not theirs.
        """
        async with self._database.transaction() as tx:
            buddies = await self._of(buddy_id, participant.id, tx)
            if buddies.state is BuddyState.STARTED:
                await self._store.answer(buddies, participant.id, Answer.ENDED, tx)

    async def mine(self, buddy_id: str, participant_id: ParticipantId) -> Buddies:
        """Return an offer or a buddy as far as it goes on for one of the two.

        Raises:
            UserError: It does not, or is not theirs.
        """
        buddies = await self._store.get(buddy_id)
        if (
            buddies is None
            or participant_id not in (buddies.first, buddies.second)
            or not buddies.is_live_for(participant_id, self._clock())
            or self._is_apart(buddies)
        ):
            raise UserError("core.note_closed")
        return buddies

    async def left(self, participant_id: ParticipantId) -> None:
        """Let everything go of someone who left the server."""
        await self._store.end_all(participant_id)

    async def sweep(self, now: datetime) -> datetime | None:
        """End what has had its time; who had not let go is told, in the same words for all."""
        following = await self._store.next_end()
        if following is None or following > now:
            return following
        async with self._database.transaction() as tx:
            for buddies in await self._store.end_due(now, tx):
                if buddies.state is not BuddyState.STARTED:
                    continue
                told = [
                    one
                    for one in (buddies.first, buddies.second)
                    if buddies.answer_of(one) is Answer.YES
                ]
                await self._note(OVER, buddies, told, tx)
        return await self._store.next_end()

    async def _is_taken(self, participant_id: ParticipantId, now: datetime, tx: Any) -> bool:
        return any(one.until_at > now for one in await self._store.of(participant_id, tx))

    async def _of(self, buddy_id: str, participant_id: ParticipantId, tx: Any) -> Buddies:
        buddies = await self._store.get(buddy_id, tx)
        if buddies is None or participant_id not in (buddies.first, buddies.second):
            raise UserError("core.note_not_yours")
        return buddies

    async def _note(
        self, kind: Kind, buddies: Buddies, people: Collection[ParticipantId], tx: Any
    ) -> None:
        for one in people:
            await self._outbox.add(
                kind,
                Personal(participant_id=one),
                due_at=self._clock(),
                subject_id=buddies.id,
                args={BUDDY: buddies.id},
                key=f"{kind.name}:{buddies.id}:{one}",
                tx=tx,
            )

    def _apart(self, user_id: int) -> frozenset[int]:
        return self._partners.partners(user_id) | self._keep_apart.others(user_id)

    def _is_apart(self, buddies: Buddies) -> bool:
        return buddies.second_user_id in self._apart(buddies.first_user_id)

    def _may_know(self, user_id: int, member: StaffMember) -> bool:
        if member.user_id in self._duty.excluded([user_id]):
            return False
        return member.is_lead or self._duty.circle([user_id]) is Circle.TEAM
