"""Prompts on the real planner, dispatcher and database: each local day once, and none lost."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.checkin import CheckInState
from bot.domain.delivery import TryLaterError, UnreachableError
from bot.domain.localtime import QuietHours, find_zone, local_day
from bot.domain.participant import Pace
from bot.store.database import SqliteDatabase, open_database
from bot.store.migrate import load_migrations, migrate
from bot.store.vault import Vault
from tests.fakes.checkin_group import ADA
from tests.fakes.checkin_prompts import HOUR, Prompts, build
from tests.fakes.delivery import join

MONDAY = date(2026, 1, 5)


@pytest.fixture
async def prompts(database: SqliteDatabase, vault: Vault) -> Prompts:
    """Ada in New York, asked at 6 in the evening."""
    return await build(database, vault)


EVENING = datetime(2026, 1, 5, 23, tzinfo=UTC)


async def test_a_prompt_goes_out_and_closes_with_its_window(prompts: Prompts) -> None:
    await prompts.at(EVENING)
    sent = await prompts.states()
    await prompts.at(EVENING + 12 * HOUR)

    assert sent == {MONDAY: CheckInState.SENT}
    assert await prompts.states() == {MONDAY: CheckInState.NO_ANSWER}


async def test_an_answer_before_the_prompt_keeps_it_from_going(prompts: Prompts) -> None:
    await prompts.answer(MONDAY)

    await prompts.until(EVENING + 3 * HOUR)

    assert prompts.delivery.gateway.sent == []
    assert await prompts.states() == {MONDAY: CheckInState.ANSWERED}


async def test_an_answer_while_the_prompt_is_on_its_way_stands(prompts: Prompts) -> None:
    prompts.delivery.gateway.refuse(TryLaterError("down"), times=1)
    await prompts.at(EVENING)
    before = await prompts.states()

    await prompts.answer(MONDAY)
    await prompts.until(EVENING + 3 * HOUR)

    assert before == {MONDAY: CheckInState.SCHEDULED}
    assert await prompts.states() == {MONDAY: CheckInState.ANSWERED}
    assert prompts.delivery.gateway.sent == []


async def test_two_days_down_close_as_no_answer_without_a_burst(prompts: Prompts) -> None:
    await prompts.at(EVENING + timedelta(days=2, minutes=5))

    assert await prompts.states() == {
        MONDAY: CheckInState.NO_ANSWER,
        date(2026, 1, 6): CheckInState.NO_ANSWER,
        date(2026, 1, 7): CheckInState.SENT,
    }
    assert len(prompts.delivery.gateway.sent) == 1


async def test_discord_down_past_the_window_sends_nothing_old(prompts: Prompts) -> None:
    prompts.delivery.gateway.refuse(TryLaterError("down"))
    await prompts.until(EVENING + 30 * HOUR)
    prompts.delivery.gateway.allow()
    await prompts.until(EVENING + 31 * HOUR, timedelta(minutes=10))

    assert await prompts.asked() == [date(2026, 1, 6)]
    assert (await prompts.states())[MONDAY] is CheckInState.NO_ANSWER


async def test_a_moved_time_asks_no_day_twice(prompts: Prompts) -> None:
    await prompts.at(EVENING)

    await prompts.become(weekday_time=time(20))
    await prompts.until(EVENING + 5 * HOUR)

    assert await prompts.asked() == [MONDAY]


async def test_switched_off_and_on_asks_no_day_twice(prompts: Prompts) -> None:
    await prompts.at(EVENING)

    await prompts.become(checkins=False)
    excused = await prompts.states()
    await prompts.become(checkins=True, weekday_time=time(20))
    await prompts.until(EVENING + 5 * HOUR)

    assert excused == {MONDAY: CheckInState.EXCUSED}
    assert await prompts.asked() == [MONDAY]


async def test_without_the_consent_nobody_is_asked(prompts: Prompts) -> None:
    prompts.consents.kinds.clear()
    await prompts.become()

    await prompts.until(EVENING + timedelta(days=1))

    assert await prompts.states() == {}


async def test_a_change_of_zone_in_the_middle_of_the_day(prompts: Prompts) -> None:
    await prompts.at(EVENING)  # 18:00 in New York: asked

    await prompts.become(zone="America/Los_Angeles")  # 15:00 there
    await prompts.until(EVENING + timedelta(days=1))

    assert await prompts.asked() == [MONDAY]
    await prompts.until(EVENING + timedelta(days=1, hours=4))
    assert await prompts.asked() == [MONDAY, date(2026, 1, 6)]


async def test_days_away_are_excused(prompts: Prompts) -> None:
    away = ((MONDAY, date(2026, 1, 6)),)
    prompts.delivery.people.change(ADA, away=away)

    await prompts.until(EVENING + timedelta(days=2), 6 * HOUR)

    assert await prompts.states() == {
        MONDAY: CheckInState.EXCUSED,
        date(2026, 1, 6): CheckInState.EXCUSED,
        date(2026, 1, 7): CheckInState.SENT,
    }


async def test_who_left_is_not_asked_and_it_does_not_count(prompts: Prompts) -> None:
    await prompts.at(EVENING)
    await prompts.group.prompts.pause(prompts.ada)
    await prompts.until(EVENING + timedelta(days=2), 6 * HOUR)

    await prompts.group.prompts.resume(prompts.ada)
    await prompts.until(EVENING + timedelta(days=3), 6 * HOUR)

    assert await prompts.states() == {
        MONDAY: CheckInState.EXCUSED,
        date(2026, 1, 8): CheckInState.SENT,
    }


async def test_a_day_that_could_not_be_asked_leaves_no_trace(prompts: Prompts) -> None:
    prompts.delivery.gateway.refuse(UnreachableError("50007"))

    await prompts.until(EVENING + 13 * HOUR)

    assert await prompts.states() == {}


async def test_quiet_hours_hold_a_prompt_inside_its_window(prompts: Prompts) -> None:
    await prompts.become(weekday_time=time(23))
    prompts.delivery.people.change(ADA, quiet=QuietHours(start=time(22), end=time(8)))

    await prompts.until(EVENING + 12 * HOUR)
    held = await prompts.states()
    await prompts.until(EVENING + 15 * HOUR)

    assert held == {MONDAY: CheckInState.SCHEDULED}
    assert (await prompts.states())[MONDAY] is CheckInState.SENT


async def test_a_snoozed_prompt_falls_silent_when_the_next_day_is_asked(
    prompts: Prompts,
) -> None:
    editor: Any = type("Member", (), {"role": "clinician", "user_id": 1})()
    await prompts.group.sets.retitle(editor, "en", "All day", 24)
    await prompts.group.sets.publish(editor)
    await prompts.at(EVENING)
    await prompts.become(weekday_time=time(17))
    [row] = await prompts.delivery.rows()
    put_off = EVENING + timedelta(hours=23, minutes=30)
    await prompts.delivery.outbox.again(row, due_at=put_off, expires_at=EVENING + 24 * HOUR)

    await prompts.until(EVENING + timedelta(days=1, hours=3), timedelta(minutes=30))

    assert await prompts.asked() == [MONDAY, date(2026, 1, 6)]


@pytest.mark.parametrize(
    ("zone", "day", "hour"),
    [
        ("America/New_York", date(2026, 3, 8), 3.5),  # 2:30 is not there: 3:30
        ("America/New_York", date(2026, 11, 1), 2.5),  # 2:30 once
        ("Africa/Cairo", date(2026, 4, 24), 1.5),  # midnight is not there: 0:30 becomes 1:30
        ("Pacific/Apia", date(2026, 6, 1), 2.5),
    ],
)
async def test_a_time_that_is_not_there_that_night(
    database: SqliteDatabase, vault: Vault, zone: str, day: date, hour: float
) -> None:
    asked_at = time(0, 30) if zone == "Africa/Cairo" else time(2, 30)
    prompts = await build(database, vault, zone=zone, weekday_time=asked_at, weekend_time=asked_at)
    place = find_zone(zone)
    prompts.clock.now = datetime.combine(day, time(12), place).astimezone(UTC) - timedelta(days=1)
    await prompts.become(checkins=False)
    await prompts.become(checkins=True)

    await prompts.until(prompts.clock.now + timedelta(days=1), timedelta(minutes=15))

    [row] = [row for row in await prompts.delivery.rows() if row.nominal_date == day]
    local = row.due_at.astimezone(place)
    assert local.hour + local.minute / 60 == hour
    assert row.sent_at is not None
    assert (await prompts.asked()).count(day) == 1


ZONES = st.sampled_from(
    ["America/New_York", "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu", "Pacific/Kiritimati"]
)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("run"), st.integers(1, 30)),
        st.tuples(st.just("down"), st.integers(1, 70)),
        st.tuples(st.just("discord_down"), st.integers(1, 40)),
        st.tuples(st.just("time"), TIMES),
        st.tuples(st.just("zone"), ZONES),
        st.tuples(st.just("pace"), st.sampled_from(list(Pace))),
        st.tuples(st.just("switch"), st.none()),
        st.tuples(st.just("answer"), st.none()),
    ),
    min_size=1,
    max_size=12,
)
FILES = count()


async def play(prompts: Prompts, event: str, value: Any) -> None:
    now = prompts.clock.now
    if event == "run":
        await prompts.until(now + value * HOUR)
    elif event == "down":
        await prompts.at(now + value * HOUR)
    elif event == "discord_down":
        prompts.delivery.gateway.refuse(TryLaterError("down"))
        await prompts.until(now + value * HOUR, 4 * HOUR)
        prompts.delivery.gateway.allow()
    elif event == "time":
        await prompts.become(weekday_time=value, weekend_time=value)
    elif event == "zone":
        await prompts.become(zone=value)
    elif event == "pace":
        await prompts.become(pace=value)
    elif event == "switch":
        await prompts.become(checkins=False)
        await prompts.become(checkins=True)
    else:
        sheet = await prompts.group.checkins.sheet(prompts.ada)
        await prompts.answer(sheet.day)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(zone=ZONES, at=TIMES, events=EVENTS)
async def test_never_two_prompts_for_one_local_day(
    tmp_path: Path, vault: Vault, zone: str, at: time, events: list[tuple[str, Any]]
) -> None:
    async with open_database(tmp_path / f"{next(FILES)}.db") as database:
        await migrate(database, load_migrations())
        prompts = await build(database, vault, zone=zone, weekday_time=at, weekend_time=at)
        for event, value in events:
            await play(prompts, event, value)

        asked = Counter(await prompts.asked())

        assert not [day for day, times in asked.items() if times > 1]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    zone=ZONES,
    at=TIMES,
    outages=st.lists(st.tuples(st.integers(1, 20), st.integers(1, 70)), max_size=6),
)
async def test_no_day_is_lost_whatever_was_down(
    tmp_path: Path, vault: Vault, zone: str, at: time, outages: list[tuple[int, int]]
) -> None:
    async with open_database(tmp_path / f"{next(FILES)}.db") as database:
        await migrate(database, load_migrations())
        prompts = await build(database, vault, zone=zone, weekday_time=at, weekend_time=at)
        place = find_zone(zone)
        begun = prompts.clock.now
        for up, down in outages:
            await prompts.until(prompts.clock.now + up * HOUR)
            await prompts.at(prompts.clock.now + down * HOUR)
        await prompts.until(prompts.clock.now + 49 * HOUR)

        states = await prompts.states()
        first, last = local_day(begun, place), local_day(prompts.clock.now, place)
        between = {first + timedelta(days=n) for n in range(1, (last - first).days)}

    assert between <= states.keys()
    closed = {CheckInState.NO_ANSWER, CheckInState.SENT}
    assert set(states.values()) <= closed


async def test_two_first_answers_at_once_make_one_that_can_be_read(prompts: Prompts) -> None:
    answers = [
        prompts.group.checkins.answer(
            prompts.ada, MONDAY, 1, "en", {"mood": "ok", "support": "some", "note": note}
        )
        for note in ("one", "two")
    ]

    await asyncio.gather(*answers)

    assert await prompts.states() == {MONDAY: CheckInState.ANSWERED}
    texts = await prompts.store.texts(ADA, MONDAY)
    assert texts in ({"note": "one"}, {"note": "two"})


async def test_an_answer_between_planning_and_sending_silences_the_prompt(
    prompts: Prompts,
) -> None:
    prompts.clock.now = EVENING
    await prompts.delivery.planner.run(EVENING)
    await prompts.answer(MONDAY)

    await prompts.delivery.run()

    assert prompts.delivery.gateway.sent == []


async def test_many_people_at_once_are_planned_and_closed(
    database: SqliteDatabase, vault: Vault
) -> None:
    prompts = await build(database, vault)
    people: Any = prompts.people
    for number in range(300):
        someone = replace(prompts.ada, id=await join(database, f"p{number}"))
        people.others[someone.id] = someone
        await prompts.group.prompts.reschedule(someone)

    await prompts.at(EVENING + timedelta(minutes=20))
    sent = len(prompts.delivery.gateway.sent)
    for _ in range(3):
        await prompts.at(EVENING + 13 * HOUR)

    assert sent == 301
    left = await database.fetch_all("SELECT * FROM checkins WHERE state <> 'no_answer'")
    assert left == []
