"""Invitations to a shared space: whatever the truth, the answer is one sentence."""

from collections.abc import Sequence
from typing import Any

from bot.clock import Clock
from bot.domain.audit import BOT, AuditAction, Subject
from bot.domain.case import Circle
from bot.domain.delivery import Channel, Kind, Personal, Priority
from bot.domain.ids import InviteId, PairId, ParticipantId, new_id
from bot.domain.pair import (
    INVITE_AGAIN_AFTER,
    INVITE_LASTS,
    MOST_INVITES,
    Invite,
    InviteState,
    Member,
    Pair,
    PairKind,
    PairState,
)
from bot.domain.participant import Participant, Profile
from bot.domain.place import PlaceKey
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.pair_ports import Auditor, Duty, KeepApart, Outbox, PairStore, People

INVITED = Kind(name="pair.invited", priority=Priority.INTERACTIVE, honours_away=False)
ASKED = Kind(name="pair.asked", priority=Priority.REMINDER, honours_away=False)
"""Tells the team that two people would like a shared space."""

INVITE = "invite"


class PairInvites:
    """Takes wishes; only two that meet become a pair, and neither learns of any other way."""

    def __init__(
        self,
        *,
        store: PairStore,
        database: Transactor,
        outbox: Outbox,
        people: People,
        keep_apart: KeepApart,
        duty: Duty,
        audit: Auditor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._database = database
        self._outbox = outbox
        self._people = people
        self._keep_apart = keep_apart
        self._duty = duty
        self._audit = audit
        self._clock = clock

    async def waiting(self, participant: Participant) -> Sequence[Invite]:
        """Return what a person asked for and may still take back."""
        now = self._clock()
        invites = await self._store.invites_of(participant.id)
        return [invite for invite in invites if invite.expires_at > now]

    async def invite(self, participant: Participant, user_id: int, kind: PairKind) -> None:
        """Keep a wish; if the other one wished the same, the two are a pair from here.

        Nothing about the other account is said or can be told from the time it takes.

        Raises:
            UserError: Oneself, or as many wishes of one's own wait as may.
        """
        if user_id == participant.user_id:
            raise UserError("together.invite.self")
        now = self._clock()
        invite = Invite(
            id=InviteId(new_id()),
            participant_id=participant.id,
            user_id=user_id,
            kind=kind,
            created_at=now,
            expires_at=now + INVITE_LASTS,
        )
        async with self._database.transaction() as tx:
            waiting = await self._store.invites_of(participant.id, tx)
            # What was answered counts as long as what was not: the number tells nothing.
            others = [
                one
                for one in waiting
                if (one.user_id, one.kind) != (user_id, kind) and one.expires_at > now
            ]
            if len(others) >= MOST_INVITES:
                raise UserError("together.invite.too_many", n=MOST_INVITES)
            asked_before = await self._store.asked_since(
                participant.id, user_id, now - INVITE_AGAIN_AFTER, tx
            )
            if not await self._store.invite(invite, tx):
                return
            other = self._people.get(user_id)
            if other is None or not other.active:
                return
            theirs = await self._store.waiting_between(
                other.participant_id, participant.user_id, kind, tx
            )
            if theirs is not None:
                await self._match(participant, other, [invite, theirs], tx)
            elif not asked_before and await self._may_be_asked(participant, other, kind, tx):
                await self._ask(invite, other.participant_id, tx)

    async def answer(self, participant: Participant, invite_id: str, *, yes: bool) -> None:
        """Take a yes or no; it is kept in silence whatever became of the wish meanwhile."""
        async with self._database.transaction() as tx:
            invite = await self._store.get_invite(invite_id, tx)
            if (
                invite is None
                or invite.user_id != participant.user_id
                or invite.state is not InviteState.WAITING
                or invite.expires_at <= self._clock()
            ):
                return
            inviter = self._people.by_id(invite.participant_id)
            if yes and inviter is not None and inviter.active:
                await self._match(participant, inviter, [invite], tx)
            elif not yes:
                await self._store.settle_invite(invite.id, InviteState.DECLINED, tx)

    async def invitation(self, participant: Participant, invite_id: str) -> Invite:
        """Return what a person was asked, to show it to them.

        Raises:
            UserError: It is not theirs, or not open any more.
        """
        invite = await self._store.get_invite(invite_id)
        if (
            invite is None
            or invite.user_id != participant.user_id
            or invite.state is not InviteState.WAITING
            or invite.expires_at <= self._clock()
        ):
            raise UserError("core.note_closed")
        return invite

    async def cancel(self, participant: Participant, invite_id: str) -> None:
        """Take a wish back; where it became a pair that is not open yet, that ends too."""
        now = self._clock()
        async with self._database.transaction() as tx:
            invite = await self._store.get_invite(invite_id, tx)
            if invite is None or invite.participant_id != participant.id:
                return
            await self._store.end_invites(
                participant.id, invite.user_id, invite.kind, InviteState.CANCELLED, tx=tx
            )
            await self._outbox.close_for(
                now=now, reason="cancelled", subject_id=invite.id, also_sent=True, tx=tx
            )
            for pair in await self._store.of(participant.id, tx):
                with_them = any(member.user_id == invite.user_id for member in pair.members)
                if with_them and pair.kind is invite.kind and not pair.has_opened:
                    await self._store.drop(pair.id, tx)

    async def _match(
        self, participant: Participant, other: Profile, invites: Sequence[Invite], tx: Any
    ) -> None:
        """Make two people a pair, unless something that neither is told stands against it."""
        for invite in invites:
            await self._store.settle_invite(invite.id, InviteState.MATCHED, tx)
        kind, now = invites[0].kind, self._clock()
        if other.user_id in self._keep_apart.others(participant.user_id):
            return
        ids = (participant.id, other.participant_id)
        for one in ids:
            if await self._is_taken(one, kind, tx, other=next(i for i in ids if i != one)):
                return
        pair = Pair(
            id=PairId(new_id()),
            kind=kind,
            agreed_at=now,
            members=(
                Member(participant_id=participant.id, user_id=participant.user_id),
                Member(participant_id=other.participant_id, user_id=other.user_id),
            ),
        )
        await self._store.add(pair, tx)
        await self._audit.record(
            BOT, AuditAction.PAIR_AGREED, Subject.participant(participant.id), tx=tx
        )
        await self._tell_team(pair, tx)

    async def _is_taken(
        self, participant_id: ParticipantId, kind: PairKind, tx: Any, *, other: ParticipantId
    ) -> bool:
        """Whether someone has a couple's space already, or any space with this other one."""
        unfinished = [
            pair
            for pair in await self._store.of(participant_id, tx)
            if pair.state is not PairState.CLOSED
        ]
        return any(
            (kind is PairKind.COUPLE and pair.kind is PairKind.COUPLE)
            or (pair.kind is kind and pair.member(other) is not None)
            for pair in unfinished
        )

    async def _may_be_asked(
        self, participant: Participant, other: Profile, kind: PairKind, tx: Any
    ) -> bool:
        if other.user_id in self._keep_apart.others(participant.user_id):
            return False
        return not await self._is_taken(other.participant_id, kind, tx, other=participant.id)

    async def _ask(self, invite: Invite, to: ParticipantId, tx: Any) -> None:
        await self._outbox.add(
            INVITED,
            Personal(participant_id=to),
            due_at=invite.created_at,
            subject_id=invite.id,
            args={INVITE: invite.id},
            expires_at=invite.expires_at,
            key=f"invite:{invite.id}",
            tx=tx,
        )

    async def _tell_team(self, pair: Pair, tx: Any) -> None:
        circle = self._duty.circle([member.user_id for member in pair.members])
        if circle in (Circle.NOBODY, Circle.SOME_LEADS):
            return  # a lead without a conflict finds it in the list; a channel would tell the rest
        team = circle is Circle.TEAM
        await self._outbox.add(
            ASKED,
            Channel(key=PlaceKey.CHANNEL_STAFF if team else PlaceKey.CHANNEL_LEAD),
            due_at=pair.agreed_at,
            subject_id=pair.id,
            key=f"pair-asked:{pair.id}",
            tx=tx,
        )
