"""Moderation: each act is written down, done in Discord once, and settled with its audit line."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.domain.audit import PROGRAMME, AuditAction, Subject
from bot.domain.delivery import Kind, Personal, Priority
from bot.domain.ids import ModerationId, ParticipantId, new_id
from bot.domain.moderation import (
    BEGUN_LASTS,
    GIVEN_UP,
    LONGEST_SLOW,
    STUCK,
    UNTIL_OPENED,
    Act,
    ActKind,
    ActState,
    Permission,
    bar_to_act,
    bar_to_timeout,
    timeout_until,
)
from bot.domain.room import Room
from bot.domain.staff import StaffMember
from bot.errors import UserError
from bot.services.apiece import fault_of
from bot.services.building import Failure
from bot.services.case_ports import Auditor
from bot.services.database_port import Transactor
from bot.services.moderation_ports import (
    Hands,
    Members,
    ModerationStore,
    Participants,
    Posting,
    Rooms,
    Team,
)
from bot.services.outbox_port import Outbox
from bot.services.room_ports import RoomError

log = logging.getLogger(__name__)

MODERATED = Kind(name="room.moderated", priority=Priority.INTERACTIVE, honours_away=False)
"""Tells a person in private what was done, and why in kind words."""

ACT = "act"

ACTIONS: Mapping[ActKind, AuditAction] = {
    ActKind.HIDE: AuditAction.POST_HIDDEN,
    ActKind.PAUSE: AuditAction.ROOM_PAUSED,
    ActKind.RESUME: AuditAction.ROOM_RESUMED,
    ActKind.SLOW: AuditAction.ROOM_SLOWED,
    ActKind.TIMEOUT: AuditAction.TIMED_OUT,
    ActKind.TIMEOUT_END: AuditAction.TIMEOUT_ENDED,
    ActKind.REMOVE: AuditAction.TAKEN_OUT,
}

TOLD = frozenset({ActKind.HIDE, ActKind.TIMEOUT, ActKind.REMOVE})
"""What a person gets a note about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """A post as Discord handed it over, with its text."""

    channel_id: int
    message_id: int
    author_id: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """What one of the team wants done, from a form.

    Attributes:
        id: Made with the form: sending one form twice does one thing.
    """

    id: str
    kind: ActKind
    member: StaffMember
    reason: str
    user_id: int | None = None
    room_id: str | None = None
    seconds: int | None = None
    words: str = ""


class ModerationService:
    """Does what the team decides, and says plainly why it cannot."""

    def __init__(
        self,
        *,
        store: ModerationStore,
        rooms: Rooms,
        members: Members,
        posting: Posting,
        participants: Participants,
        staff: Team,
        outbox: Outbox,
        audit: Auditor,
        database: Transactor,
        clock: Clock,
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._members = members
        self._posting = posting
        self._participants = participants
        self._staff = staff
        self._outbox = outbox
        self._audit = audit
        self._database = database
        self._clock = clock

    def check_hide(self, room: Room | None, author_id: int, by: int, hands: Hands) -> Room:
        """Check that a post in a channel may be hidden.

        Raises:
            UserError: It is in no room, it is not to be hidden, or the bot must not.
        """
        if room is None:
            raise UserError("moderation.no_room")
        is_staff = self._staff.get(author_id) is not None
        if bar := bar_to_act(hands.target(author_id), by_id=by, is_staff=is_staff):
            raise UserError(f"moderation.bar_hide.{bar.value}")
        self._need(hands, Permission.MANAGE_MESSAGES, self._rooms.channel_of(room.id))
        return room

    def check_timeout(self, user_id: int, by: int, hands: Hands) -> None:
        """Check that a member may be timed out.

        Raises:
            UserError: They must not, cannot, or the bot must not.
        """
        is_staff = self._staff.get(user_id) is not None
        if bar := bar_to_timeout(hands.target(user_id), by_id=by, is_staff=is_staff):
            raise UserError(f"moderation.bar_timeout.{bar.value}")
        self._need(hands, Permission.MODERATE_MEMBERS)

    def check_room(self, room: Room | None, permission: Permission, hands: Hands) -> Room:
        """Check that the bot may change a room.

        Raises:
            UserError: It is none, or the bot must not.
        """
        if room is None:
            raise UserError("moderation.no_room")
        self._need(hands, permission, self._rooms.channel_of(room.id))
        return room

    def rooms_of(self, participant_id: ParticipantId, rooms: Sequence[Room]) -> Sequence[Room]:
        """Return the rooms a person is in, or at whose door they are."""
        return [room for room in rooms if self._members.of(room.id, participant_id) is not None]

    async def begin_hide(self, post: Post, room: Room, member: StaffMember) -> Act:
        """Keep the text of a post, sealed, while the form asks why it is to be hidden.

        Discord hands the text over with the menu alone, and not with the form.

        Raises:
            UserError: It is hidden already.
        """
        if (done := await self._store.hiding(post.message_id)) is not None:
            raise UserError("moderation.hidden_by", who=f"<@{done.by_id}>")
        author = await self._participants.find(post.author_id)
        act = Act(
            id=ModerationId(new_id()),
            kind=ActKind.HIDE,
            user_id=post.author_id,
            participant_id=None if author is None else author.id,
            by_id=member.user_id,
            room_id=room.id,
            channel_id=post.channel_id,
            message_id=post.message_id,
            begun_at=self._clock(),
        )
        post_id = new_id()
        sealed = await self._store.seal_post(post_id, post.text)
        async with self._database.transaction() as tx:
            await self._store.add(act, tx)
            await self._store.add_post(post_id, act.id, act.participant_id, sealed, tx)
        return act

    async def begun(self, act_id: str, member: StaffMember) -> Act:
        """Return what a member began and did not send off yet.

        Raises:
            UserError: It is too old, somebody else's, or done.
        """
        act = await self._store.get(act_id)
        if act is None or act.by_id != member.user_id or act.state is ActState.REFUSED:
            raise UserError("moderation.form_old")
        if act.state is not ActState.BEGUN:
            raise UserError("moderation.done_before")
        return act

    async def hide(self, act: Act, *, reason: str, note: str, words: str, hands: Hands) -> Act:
        """Hide a post and let its author know why, in kind words.

        Raises:
            UserError: No reason, it is gone or hidden already, or Discord refused.
        """
        if not reason:
            raise UserError("moderation.no_reason")
        message_id = act.message_id
        if message_id is None or act.user_id is None:
            raise UserError("moderation.form_old")
        self.check_hide(self._rooms.get(act.room_id or ""), act.user_id, act.by_id, hands)
        case_id = await self._store.concern_case(message_id)
        act = replace(
            act,
            state=ActState.DOING,
            reason=reason,
            note=note,
            words=words,
            case_id=case_id,
            begun_at=self._clock(),
        )
        sealed = await self._store.seal(act)
        async with self._database.transaction() as tx:
            done = await self._store.hiding(message_id, tx)
            if done is None and not await self._store.start(act, sealed, tx):
                raise UserError("moderation.done_before")
        if done is not None:
            raise UserError("moderation.hidden_by", who=f"<@{done.by_id}>")
        return await self._carry_out(act, hands)

    async def order(self, order: Order, hands: Hands) -> Act:
        """Do what one of the team decided about a member or a room.

        Raises:
            UserError: No reason, it must not or cannot be done, it was done before, or Discord
                refused.
        """
        if not order.reason:
            raise UserError("moderation.no_reason")
        self._check(order, hands)
        person = None
        if order.user_id is not None:
            person = await self._participants.find(order.user_id)
        room = None if order.room_id is None else self._rooms.known(order.room_id)
        if order.kind is ActKind.REMOVE and (
            person is None or room is None or self._members.of(room.id, person.id) is None
        ):
            raise UserError("moderation.not_in_room")
        act = Act(
            id=ModerationId(order.id),
            kind=order.kind,
            state=ActState.DOING,
            user_id=order.user_id,
            participant_id=None if person is None else person.id,
            by_id=order.member.user_id,
            room_id=None if room is None else room.id,
            seconds=order.seconds,
            reason=order.reason,
            words=order.words,
            begun_at=self._clock(),
        )
        sealed = await self._store.seal(act)
        async with self._database.transaction() as tx:
            if not await self._store.add(act, tx, sealed=sealed):
                raise UserError("moderation.done_before")
        return await self._carry_out(act, hands)

    async def note(self, act_id: str, participant_id: ParticipantId) -> tuple[Act, str | None]:
        """Return what a person is told of, with their own post as long as it is kept.

        Raises:
            UserError: It is no longer kept.
        """
        act = await self._store.get(act_id)
        if act is None or act.participant_id != participant_id:
            raise UserError("core.note_closed")
        return act, await self._store.post(act.id)

    def is_refused(self, act: Act) -> bool:
        """Whether Discord does not do yet what was set about a room; it is asked again."""
        state = None if act.room_id is None else self._posting.state(act.room_id)
        return state is not None and state.trouble is not None

    async def about(self, user_id: int) -> Sequence[Act]:
        """Return what was done to a member, for the team."""
        return await self._store.about(user_id)

    async def sweep(self, now: datetime, hands: Hands) -> datetime | None:
        """Do again what a crash cut off, and forget forms that were never sent.

        Each act in Discord can be done twice: the second time finds it done.
        """
        await self._store.drop_begun(now - BEGUN_LASTS)
        for act in await self._store.stuck(now - STUCK):
            # One that fails must not keep the others from being finished.
            if fault := await fault_of(self._carry_out(act, hands, is_again=True)):
                log.warning("%s %s was cut off and fails: %r", act.kind, act.id, fault)
        return None

    def _check(self, order: Order, hands: Hands) -> None:
        if order.kind in (ActKind.TIMEOUT, ActKind.TIMEOUT_END) and order.user_id is not None:
            self.check_timeout(order.user_id, order.member.user_id, hands)
        if order.kind is ActKind.SLOW:
            if order.seconds is None or not 0 <= order.seconds <= LONGEST_SLOW:
                raise UserError("moderation.slow_range", most=LONGEST_SLOW)
            room = self._rooms.get(order.room_id or "")
            self.check_room(room, Permission.MANAGE_CHANNELS, hands)
        if order.kind in (ActKind.PAUSE, ActKind.RESUME):
            room = self._rooms.get(order.room_id or "")
            self.check_room(room, Permission.MANAGE_ROLES, hands)
        if order.kind is ActKind.REMOVE and order.user_id == order.member.user_id:
            raise UserError("moderation.bar_remove.self")

    def _need(self, hands: Hands, permission: Permission, channel_id: int | None = None) -> None:
        if hands.lacks(permission, channel_id):
            raise UserError(f"moderation.lacks.{permission.value}")

    async def _carry_out(self, act: Act, hands: Hands, *, is_again: bool = False) -> Act:
        try:
            was_there = await self._do(act, hands)
        except RoomError as error:
            is_late = self._clock() - act.begun_at > GIVEN_UP
            if is_late or error.failure is not Failure.NO_ANSWER:
                await self._refuse(act)
            # Else it may have been done: what was kept stays, and the sweep makes sure.
            raise UserError(f"moderation.refused.{error.failure.value}") from error
        except UserError:
            await self._refuse(act)
            raise
        if not was_there and not is_again:
            await self._refuse(act)
            raise UserError("moderation.gone")
        await self._settle(act)
        return replace(act, state=ActState.DONE)

    async def _do(self, act: Act, hands: Hands) -> bool:
        """Do it; `False` where there was nothing left to do it to."""
        room_id = act.room_id or ""
        if act.kind is ActKind.HIDE:
            return await hands.hide(act.channel_id or 0, act.message_id or 0)
        if act.kind in (ActKind.TIMEOUT, ActKind.TIMEOUT_END):
            await hands.time_out(act.user_id or 0, timeout_until(act))
        elif act.kind is ActKind.PAUSE:
            lasts = UNTIL_OPENED if act.seconds is None else timedelta(seconds=act.seconds)
            await self._rooms.pause(room_id, act.begun_at + lasts)
        elif act.kind is ActKind.RESUME:
            await self._rooms.pause(room_id, None)
        elif act.kind is ActKind.SLOW:
            await self._rooms.slow(room_id, act.seconds or 0)
        elif act.participant_id is not None:
            if self._members.of(room_id, act.participant_id) is None:
                return False
            await self._members.remove(room_id, act.participant_id, act.by_id)
        return True

    async def _refuse(self, act: Act) -> None:
        async with self._database.transaction() as tx:
            is_ours = await self._store.settle(act.id, ActState.REFUSED, self._clock(), tx)
        if is_ours:
            await self._store.drop_post(act.id)

    async def _settle(self, act: Act) -> None:
        async with self._database.transaction() as tx:
            if not await self._store.settle(act.id, ActState.DONE, self._clock(), tx):
                return
            await self._log(act, tx)
            if act.kind in TOLD and act.participant_id is not None:
                await self._outbox.add(
                    MODERATED,
                    Personal(participant_id=act.participant_id),
                    due_at=self._clock(),
                    subject_id=act.id,
                    args={ACT: act.id},
                    key=f"{MODERATED.name}:{act.id}",
                    tx=tx,
                )

    async def _log(self, act: Act, tx: Any) -> None:
        person = act.participant_id
        facts: dict[str, int | str] = {"act": act.id}
        if act.room_id is not None:
            facts["room"] = act.room_id
        if act.seconds is not None:
            facts["minutes"] = act.seconds // 60
        await self._audit.record(
            Subject.staff(act.by_id),
            ACTIONS[act.kind],
            PROGRAMME if person is None else Subject.participant(person),
            tx=tx,
            **facts,
        )
