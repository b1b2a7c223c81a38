"""What the bot posts in rooms: themes, topics, welcomes and celebrations, each only if wanted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from bot.clock import Clock
from bot.domain.delivery import (
    CatchUp,
    Channel,
    Close,
    Decision,
    Kind,
    Occasion,
    Planned,
    Priority,
    Schedule,
    Send,
)
from bot.domain.ids import ParticipantId
from bot.domain.participant import Participant
from bot.domain.room import Membership, Posting, Room
from bot.domain.room_life import FRESH, Series, Topic, pick, rule_of
from bot.errors import UserError
from bot.services.database_port import Transactor
from bot.services.outbox_port import Outbox
from bot.services.schedules_port import Schedules

KINDS: Mapping[Series, Kind] = {
    Series.WEEKLY: Kind(name="room.weekly", priority=Priority.PROMPT, catch_up=CatchUp.CLOSE),
    Series.EVENING: Kind(name="room.evening", priority=Priority.PROMPT, catch_up=CatchUp.CLOSE),
}
WELCOME = Kind(name="room.welcome", priority=Priority.REMINDER)
CELEBRATION = Kind(name="room.celebration", priority=Priority.REMINDER)
LIFE_KINDS = (*KINDS.values(), WELCOME, CELEBRATION)

TOPIC, ROOM, WHO, WHAT = "topic", "room", "who", "what"
NOT_DUE = "room_closed"
"""Why a topic was closed: the room was closed or paused when it was due."""

BETWEEN = timedelta(minutes=10)
"""Between two celebrations of one person."""

OCCASIONS = ("days", "goal", "hard_day", "first", "other")
"""What can be celebrated; nobody's own words, so that nothing is posted in their name."""


class Waiting(Outbox, Protocol):
    """Sends, and silences what is no longer due."""

    async def close_for(
        self,
        *,
        now: datetime,
        reason: str,
        subject_id: str | None = None,
        kinds: Collection[str] | None = None,
        tx: Any = None,
    ) -> int: ...


class Rooms(Protocol):
    """Which rooms there are."""

    def get(self, room_id: str) -> Room | None: ...


class Doors(Protocol):
    """Whether people can post in a room right now."""

    def posting(self, room: Room) -> Posting: ...


class Members(Protocol):
    """Who is in which room."""

    def of(self, room_id: str, participant_id: ParticipantId) -> Membership | None: ...


class RoomLife:
    """Plans themes and topics; nothing is posted in a room that is closed or paused."""

    def __init__(
        self,
        *,
        schedules: Schedules,
        outbox: Waiting,
        rooms: Rooms,
        doors: Doors,
        members: Members,
        topics: Mapping[Series, Sequence[Topic]],
        database: Transactor,
        clock: Clock,
    ) -> None:
        self._schedules = schedules
        self._outbox = outbox
        self._rooms = rooms
        self._doors = doors
        self._members = members
        self._topics = topics
        self._database = database
        self._clock = clock
        self._celebrated: dict[ParticipantId, datetime] = {}

    async def switch_on(
        self, room: Room, series: Series, *, at: time, weekday: int, zone: str
    ) -> None:
        """Post a series in a room from now on, by the clock of a zone."""
        await self._schedules.put(
            kind=KINDS[series].name,
            address=_address(room),
            subject_id=room.id,
            rule=rule_of(series, at, weekday),
            zone=zone,
            now=self._clock(),
        )

    async def switch_off(self, room: Room, series: Series) -> None:
        """Post no more of a series in a room; what waits is taken back."""
        kind = KINDS[series].name
        async with self._database.transaction() as tx:
            await self._schedules.remove(
                kind=kind, address=_address(room), subject_id=room.id, tx=tx
            )
            await self._outbox.close_for(
                now=self._clock(), reason=NOT_DUE, subject_id=room.id, kinds={kind}, tx=tx
            )

    async def schedule(self, room: Room, series: Series) -> Schedule | None:
        """Return when a series comes in a room; nothing where it is off."""
        return await self._schedules.find(
            kind=KINDS[series].name, address=_address(room), subject_id=room.id
        )

    async def room_changed(self, room: Room) -> None:
        """Take back what waits for a room that closed, and end what is of one that is gone."""
        if self._rooms.get(room.id) is None:
            for series in Series:
                await self.switch_off(room, series)
        elif not self._doors.posting(room).is_open:
            await self._outbox.close_for(
                now=self._clock(),
                reason=NOT_DUE,
                subject_id=room.id,
                kinds={kind.name for kind in KINDS.values()},
            )

    async def plan(
        self, occasions: Sequence[Occasion], now: datetime, tx: Any
    ) -> Sequence[Decision]:
        """Send a topic to a room that is open; for any other it is no longer due."""
        decisions: list[Decision] = []
        for one in occasions:
            room = self._rooms.get(one.schedule.subject_id)
            expires_at = one.occurrence.due_at + FRESH
            if room is None or now >= expires_at or not self._doors.posting(room).is_open:
                decisions.append(Close(reason=NOT_DUE))
                continue
            [series] = [each for each, kind in KINDS.items() if kind.name == one.schedule.kind]
            topic = pick(self._topics[series], room.id, series, one.occurrence.nominal_date)
            decisions.append(Send(expires_at=expires_at, args={TOPIC: topic.id}))
        return decisions

    async def record(self, planned: Sequence[Planned], tx: Any) -> None:
        """Keep nothing: the outbox row is all there is."""

    async def welcome(self, room_id: str, participant: Participant) -> None:
        """Let the room know that a person came in, because they want that; once a room.

        Raises:
            UserError: They are not in it, or it is closed now.
        """
        room = self._open_room(room_id, participant)
        await self._outbox.add(
            WELCOME,
            _address(room),
            due_at=self._clock(),
            expires_at=self._clock() + FRESH,
            subject_id=participant.id,
            args={ROOM: room.id, WHO: str(participant.user_id)},
            key=f"{WELCOME.name}:{room.id}:{participant.id}",
        )

    async def celebrate(
        self, room_id: str, participant: Participant, what: str, *, named: bool
    ) -> None:
        """Let the room share in something good, with a person's name or without.

        Raises:
            UserError: They are not in it, it is closed now, or they did so a moment ago.
        """
        room, now = self._open_room(room_id, participant), self._clock()
        last = self._celebrated.get(participant.id)
        if last is not None and now - last < BETWEEN:
            raise UserError("life.celebrate.too_soon")
        self._celebrated[participant.id] = now
        args = {ROOM: room.id, WHAT: what if what in OCCASIONS else OCCASIONS[-1]}
        await self._outbox.add(
            CELEBRATION,
            _address(room),
            due_at=now,
            expires_at=now + FRESH,
            # Without a name, nothing kept here leads to the person either.
            subject_id=participant.id if named else "",
            args={**args, WHO: str(participant.user_id)} if named else args,
        )

    def _open_room(self, room_id: str, participant: Participant) -> Room:
        room = self._rooms.get(room_id)
        membership = self._members.of(room_id, participant.id)
        if room is None or membership is None or not membership.is_in:
            raise UserError("life.not_in")
        if not self._doors.posting(room).is_open:
            raise UserError("life.closed")
        return room


def _address(room: Room) -> Channel:
    return Channel(key=room.place.value)
