"""Rooms follow the rota: what each should be like on Discord, made true again and again."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.domain.blueprint import RoomLook, posting
from bot.domain.delivery import Channel, Kind, Priority
from bot.domain.ids import RoomId
from bot.domain.place import PlaceKey, panel_key
from bot.domain.room import Posting, Room, RoomState
from bot.domain.setup_plan import left_like
from bot.services.apiece import fault_of
from bot.services.outbox_port import Outbox
from bot.services.places import Places
from bot.services.room_members import INVITED, MADE_WAY, TURNED_AWAY, RoomMembers
from bot.services.room_ports import Drawn, Duty, RoomError, RoomGateway, RoomView
from bot.services.rooms import RoomService

log = logging.getLogger(__name__)

TROUBLE = Kind(
    name="room.trouble", priority=Priority.INTERACTIVE, honours_away=False, honours_quiet=False
)

ROOM_KINDS = (INVITED, MADE_WAY, TURNED_AWAY, TROUBLE)

SWEEP_SECONDS = 10.0
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=10)


class StateStore(Protocol):
    """What this service needs of the store."""

    async def all(self) -> Sequence[RoomState]: ...
    async def save(self, state: RoomState) -> None: ...


class RoomPosting:
    """Opens and closes the rooms; rows remember what was last made true and what was refused."""

    def __init__(
        self,
        *,
        store: StateStore,
        rooms: RoomService,
        members: RoomMembers,
        places: Places,
        duty: Duty,
        outbox: Outbox,
        clock: Clock,
    ) -> None:
        self._store = store
        self._rooms = rooms
        self._members = members
        self._places = places
        self._duty = duty
        self._outbox = outbox
        self._clock = clock
        self._gateway: RoomGateway | None = None
        self._wake: Callable[[], None] = lambda: None
        self._is_unscreened: Callable[[], bool] = lambda: False
        self._states: dict[RoomId, RoomState] = {}
        # Duty and the sweep may both find a room to change in one moment: one after the other.
        self._locks: defaultdict[RoomId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def load(self) -> None:
        """Read what the rooms were last brought to."""
        self._states = {state.room_id: state for state in await self._store.all()}

    def bind(self, gateway: RoomGateway, wake: Callable[[], None]) -> None:
        """Take the way to Discord; without it nothing is changed there.

        Args:
            gateway: The way.
            wake: Lets the next sweep come at once.
        """
        self._gateway = gateway
        self._wake = wake

    def watch_by(self, is_down: Callable[[], bool]) -> None:
        """Ask this whether danger words are to be looked for, and are not right now."""
        self._is_unscreened = is_down

    async def look_again(self) -> None:
        """Let the rooms follow soon: whoever changed something does not wait for Discord."""
        self._wake()

    def posting(self, room: Room) -> Posting:
        """Tell whether a room is to be open now, and why."""
        if room.is_paused(self._clock()):
            return Posting.PAUSED
        if self._duty.is_hosted(room.id):
            return Posting.HOSTED
        return Posting.UNHOSTED if room.is_unhosted else Posting.CLOSED

    def view(self, room: Room) -> RoomView:
        """Say what a room's card shows."""
        next_on = self._duty.next_on(())
        is_on = next_on is not None and next_on <= self._clock()
        return RoomView(
            room=room,
            posting=self.posting(room),
            is_team_on=is_on,
            next_on=None if is_on else next_on,
            is_unscreened=self._is_unscreened(),
        )

    def state(self, room_id: str) -> RoomState | None:
        """Return what a room was last brought to."""
        return self._states.get(RoomId(room_id))

    def looks(self) -> Sequence[RoomLook]:
        """Return how set-up is to make each room as things stand."""
        return [
            RoomLook(
                place=room.place,
                name=room.name,
                is_forum=room.is_forum,
                is_open=self.posting(room).is_open,
            )
            for room in self._rooms.all()
        ]

    async def sweep(self, now: datetime) -> datetime | None:
        """Make every room true that is not; return when the next one changes by itself.

        It ends in time for what is more urgent: what is left is done by the next one.
        """
        try:
            async with asyncio.timeout(SWEEP_SECONDS):
                await self.settle_all()
        except TimeoutError:
            log.warning("Discord is slow: some rooms follow later")
        rooms = self._rooms.all()
        due = [room.paused_until for room in rooms if room.paused_until]
        due += [state.retry_at for state in self._states.values() if state.retry_at]
        return min((moment for moment in due if moment > now), default=None)

    async def settle_all(self) -> None:
        """Make every room true that is not."""
        for room in self._rooms.all():
            # One room that fails must not keep the others from opening and closing.
            if fault := await fault_of(self.settle(room.id)):
                log.error("room %s could not follow", room.id, exc_info=fault)

    async def room_changed(self, room: Room) -> None:
        """Follow what was set about a room."""
        await self.settle(room.id, is_urgent=True)

    async def settle(self, room_id: RoomId, *, is_urgent: bool = False) -> bool:
        """Bring one room to what it should be; `False` where Discord refused.

        Args:
            room_id: The room.
            is_urgent: Ask Discord again even where it refused a moment ago.
        """
        gateway = self._gateway
        if gateway is None:
            return True
        async with self._locks[room_id]:
            room = self._rooms.get(room_id)
            channel_id = self._rooms.channel_of(room_id)
            if room is None:
                return True
            if channel_id is None:
                await self._forget_card(room_id)
                return True
            if not gateway.has(channel_id):
                return True
            state = self._states.get(room_id)
            waits = state is not None and state.retry_at and self._clock() < state.retry_at
            is_open = self.posting(room).is_open
            if waits and not is_urgent and state is not None and state.is_open == is_open:
                return False
            return await self._settle(gateway, room, channel_id)

    async def card_gone(self, message_id: int) -> None:
        """Post a live card anew that was deleted."""
        for state in list(self._states.values()):
            if state.card_id == message_id:
                await self._keep(replace(state, card_id=None, card_mark=None))
                await self.settle(state.room_id, is_urgent=True)

    async def _forget_card(self, room_id: RoomId) -> None:
        """Forget the card of a channel that was deleted."""
        state = self._states.get(room_id)
        if state is not None and state.card_id is not None:
            await self._keep(replace(state, card_id=None, card_mark=None, trouble=None))

    async def end(self, by: int, room: Room, *, is_kept: bool) -> None:
        """Close a room for good, its channel kept for the team or deleted, and forget it.

        Discord goes first: what it refuses can be tried again.

        Raises:
            RoomError: Discord refused.
            UserError: The room is gone already.
        """
        async with self._locks[room.id]:
            channel_id, panel = self._rooms.channel_of(room.id), panel_key(room.place)
            state = self._states.get(room.id)
            if channel_id is not None and self._gateway is not None:
                messages = [self._places.get(panel), state.card_id if state else None]
                if self._gateway.has(channel_id):
                    await self._gateway.remove(
                        channel_id, [one for one in messages if one], is_kept=is_kept
                    )
            await self._places.drop(panel)
            await self._places.drop(room.place)
            self._states.pop(room.id, None)
            await self._rooms.remove(by, room.id)

    async def _settle(self, gateway: RoomGateway, room: Room, channel_id: int) -> bool:
        view, now = self.view(room), self._clock()
        is_open = view.posting.is_open
        state = self._states.get(room.id)
        if state is None or state.is_open != is_open:
            card_id, mark = (state.card_id, state.card_mark) if state else (None, None)
            trouble = state.trouble if state else None
            state = RoomState(
                room_id=room.id,
                is_open=is_open,
                since=now,
                card_id=card_id,
                card_mark=mark,
                trouble=trouble,
            )
            await self._keep(state)
        try:
            await gateway.set_posting(channel_id, is_open=is_open)
            await self._note_posting(room, is_open=is_open)
            await gateway.set_sight(channel_id, self._members.accounts(room.id))
            await gateway.set_pace(channel_id, room.slow_seconds)
            drawn = None
            if state.card_id is not None:
                drawn = Drawn(card_id=state.card_id, mark=state.card_mark or "")
            card = await gateway.draw(channel_id, view, drawn)
        except RoomError as error:
            await self._refused(room, state, error)
            return False
        settled = replace(
            state, card_id=card.card_id, card_mark=card.mark, trouble=None, retry_at=None
        )
        if settled != state:
            await self._keep(settled)
        return True

    async def _refused(self, room: Room, state: RoomState, error: RoomError) -> None:
        """Keep what was refused, ask again later, and tell the team once what is missing."""
        now, trouble = self._clock(), error.trouble
        is_new = state.trouble != trouble
        waited = timedelta() if state.retry_at is None else now - state.since
        wait = FIRST_WAIT if is_new else min(max(waited, FIRST_WAIT), LONGEST_WAIT)
        await self._keep(replace(state, trouble=trouble, retry_at=now + wait))
        if not is_new:
            return
        log.warning("room %s stays as it is: %s", room.id, trouble)
        await self._outbox.add(
            TROUBLE,
            Channel(key=PlaceKey.CHANNEL_STAFF),
            due_at=now,
            subject_id=room.id,
            args={
                "room": room.id,
                "failure": error.failure.value,
                "missing": " ".join(sorted(error.missing)),
            },
            key=f"{TROUBLE.name}:{room.id}:{trouble}:{now:%Y-%m-%dT%H}",
        )

    async def _note_posting(self, room: Room, *, is_open: bool) -> None:
        """Let set-up know what is our doing here, and not a change by hand."""
        place = self._places.place(room.place)
        if place is None:
            return
        aspect = f"overwrite:{PlaceKey.ROLE_PARTICIPANT}"
        mark = left_like(place.fingerprint, aspect, str(posting(is_open=is_open)))
        if mark != place.fingerprint:
            await self._places.save(room.place, place.discord_id, mark)

    async def _keep(self, state: RoomState) -> None:
        await self._store.save(state)
        if self._rooms.get(state.room_id) is not None:
            self._states[state.room_id] = state
