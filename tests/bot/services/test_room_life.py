"""What is posted in rooms by itself, and when it is no longer due."""

from dataclasses import dataclass
from datetime import time, timedelta
from typing import Any

import pytest

from bot.config import DATA
from bot.content import load_content
from bot.domain.delivery import Channel, Close, Decision, Occasion, Schedule, Send
from bot.domain.ids import ScheduleId
from bot.domain.recurrence import Occurrence
from bot.domain.room_life import FRESH, Series, rule_of
from bot.errors import UserError
from bot.services.room_life import BETWEEN, KINDS, NOT_DUE, RoomLife
from bot.store.database import SqliteDatabase
from bot.store.schedules import ScheduleStore
from tests.fakes.clock import START, FakeClock
from tests.fakes.room_tools import ANA, ROOM, FakeOutbox, FakeRooms, person

ANN = person("ana", ANA)
NOBODY: Any = None
TOPICS = load_content(DATA).texts("en").topics


@dataclass
class Evening:
    """A room with a topic of the evening."""

    life: RoomLife
    rooms: FakeRooms
    outbox: FakeOutbox
    clock: FakeClock

    async def decide(self, series: Series = Series.EVENING) -> Decision:
        schedule = Schedule(
            id=ScheduleId("s"),
            kind=KINDS[series].name,
            address=Channel(key="channel.room"),
            subject_id=ROOM.id,
            rule=rule_of(series, time(12)),
            zone="UTC",
            decided_until=START,
            next_due_at=None,
        )
        occurrence = Occurrence(nominal_date=START.date(), slot="e", due_at=START)
        [decision] = await self.life.plan(
            [Occasion(schedule=schedule, occurrence=occurrence)], self.clock(), NOBODY
        )
        return decision


@pytest.fixture
def evening(database: SqliteDatabase, clock: FakeClock) -> Evening:
    rooms, outbox = FakeRooms(inside={ANN.id}), FakeOutbox()
    life = RoomLife(
        schedules=ScheduleStore(database),
        outbox=outbox,
        rooms=rooms,
        doors=rooms,
        members=rooms,
        topics={Series.WEEKLY: TOPICS.weekly, Series.EVENING: TOPICS.evening},
        database=database,
        clock=clock,
    )
    return Evening(life, rooms, outbox, clock)


@pytest.mark.parametrize("series", Series)
async def test_a_topic_goes_to_an_open_room(evening: Evening, series: Series) -> None:
    decision = await evening.decide(series)

    assert isinstance(decision, Send)
    assert decision.expires_at == START + FRESH
    assert TOPICS.topic(decision.args["topic"]) is not None


async def test_a_topic_of_a_closed_or_removed_room_or_of_last_night_is_not_due(
    evening: Evening,
) -> None:
    evening.rooms.is_open = False
    assert await evening.decide() == Close(reason=NOT_DUE)
    evening.rooms.is_open = True
    evening.clock.advance(FRESH)
    assert await evening.decide() == Close(reason=NOT_DUE)
    evening.clock.advance(-FRESH)
    evening.rooms.gone = True
    assert await evening.decide() == Close(reason=NOT_DUE)


async def test_what_waits_is_taken_back_where_the_room_closes(evening: Evening) -> None:
    await evening.life.room_changed(ROOM)
    assert evening.outbox.closed == []

    evening.rooms.is_open = False
    await evening.life.room_changed(ROOM)

    assert evening.outbox.closed == [(ROOM.id, frozenset({"room.weekly", "room.evening"}))]


async def test_a_series_is_switched_on_changed_and_off(evening: Evening) -> None:
    for hour in (19, 20):
        await evening.life.switch_on(
            ROOM, Series.EVENING, at=time(hour), weekday=0, zone="America/New_York"
        )
    schedule = await evening.life.schedule(ROOM, Series.EVENING)
    assert schedule is not None
    assert [slot.at for slot in schedule.rule.slots] == [time(20)]
    assert await evening.life.schedule(ROOM, Series.WEEKLY) is None

    await evening.life.switch_off(ROOM, Series.EVENING)

    assert await evening.life.schedule(ROOM, Series.EVENING) is None


async def test_a_room_that_is_removed_ends_both_series(evening: Evening) -> None:
    for series in Series:
        await evening.life.switch_on(ROOM, series, at=time(19), weekday=0, zone="UTC")
    evening.rooms.gone = True

    await evening.life.room_changed(ROOM)

    assert [await evening.life.schedule(ROOM, series) for series in Series] == [None, None]


async def test_a_welcome_is_posted_once_and_only_inside(evening: Evening) -> None:
    for _ in range(2):
        await evening.life.welcome(ROOM.id, ANN)
    assert evening.outbox.kinds() == ["room.welcome"]

    evening.rooms.inside.clear()
    with pytest.raises(UserError, match=r"life\.not_in"):
        await evening.life.welcome(ROOM.id, ANN)
    evening.rooms.inside.add(ANN.id)
    evening.rooms.is_open = False
    with pytest.raises(UserError, match=r"life\.closed"):
        await evening.life.welcome(ROOM.id, ANN)


async def test_a_celebration_without_a_name_leads_to_nobody(evening: Evening) -> None:
    await evening.life.celebrate(ROOM.id, ANN, "goal", named=False)
    with pytest.raises(UserError, match=r"life\.celebrate\.too_soon"):
        await evening.life.celebrate(ROOM.id, ANN, "goal", named=True)
    evening.clock.advance(BETWEEN + timedelta(seconds=1))
    await evening.life.celebrate(ROOM.id, ANN, "goal", named=True)

    (_, _, unnamed), (_, _, named) = evening.outbox.added
    assert "who" not in unnamed
    assert named["who"] == str(ANA)
