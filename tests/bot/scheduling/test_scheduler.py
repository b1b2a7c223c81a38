"""The scheduler: rounds, sweeps, loops, and the real wake-up."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.clock import system_clock
from bot.domain.delivery import Channel, Personal
from bot.domain.ids import ParticipantId
from bot.domain.recurrence import Daily, Once, Rule, Slot
from bot.scheduling import dispatcher as dispatcher_module
from bot.scheduling.alarm import Alarm
from bot.scheduling.jobs import SETTINGS, Job, Jobs
from bot.store.database import SqliteDatabase
from tests.fakes.clock import FakeClock
from tests.fakes.delivery import PAGE, RECEIPT, Delivery, join

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ADA = Personal(participant_id=ParticipantId("ada"))
STAFF = Channel(key="channel.staff")
AT_NINE = Rule(dates=Daily(), slots=(Slot(at=time(9)),))


async def test_run_due_plans_sweeps_and_sends(database: SqliteDatabase, clock: FakeClock) -> None:
    await join(database, "ada")
    swept: list[datetime] = []

    async def sweep(now: datetime) -> datetime | None:
        swept.append(now)
        await delivery.outbox.add(PAGE, STAFF, due_at=now, key="rung:1")
        return now + HOUR

    delivery = Delivery(database, clock, sweeps=[sweep])
    await delivery.schedules.put(kind="summary", address=ADA, rule=AT_NINE, zone="UTC", now=clock())
    clock.advance(DAY)

    await delivery.scheduler.run_due(clock())

    assert swept[0] == clock()
    assert {message.rendered for message in delivery.gateway.sent} == {"summary", "page"}


async def test_two_runs_at_once_do_everything_once(delivery: Delivery, clock: FakeClock) -> None:
    await delivery.schedules.put(kind="summary", address=ADA, rule=AT_NINE, zone="UTC", now=clock())
    clock.advance(DAY)

    await asyncio.gather(*(delivery.run() for _ in range(3)))

    assert len(delivery.gateway.tries) == 1


async def test_what_a_settled_message_brings_goes_in_the_same_run(
    delivery: Delivery, clock: FakeClock
) -> None:
    receipt = await delivery.outbox.add(RECEIPT, ADA, due_at=clock())
    assert receipt is not None
    handler = delivery.handlers["receipt"]
    settled = handler.settled

    async def follow(row: object, tx: object) -> None:
        await settled(row, tx)  # type: ignore[arg-type]
        await delivery.outbox.add(PAGE, STAFF, due_at=clock(), key="next", tx=tx)  # type: ignore[arg-type]

    handler.settled = follow  # type: ignore[method-assign]

    await delivery.run()

    assert [message.rendered for message in delivery.gateway.sent] == ["receipt", "page"]


async def test_a_sweep_that_fails_holds_up_nothing(
    database: SqliteDatabase, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(now: datetime) -> datetime | None:
        raise RuntimeError("a broken sweep")

    delivery = Delivery(database, clock, sweeps=[broken])
    await delivery.outbox.add(PAGE, STAFF, due_at=clock())

    await delivery.run()

    assert len(delivery.gateway.sent) == 1
    assert "a sweep failed" in caplog.text


@pytest.fixture
async def live(
    database: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Delivery]:
    """Everything started, on the machine's clock, and gone to sleep for want of work."""
    await join(database, "ada")
    # Only pokes and due times wake it, not the tick that looks again after a second.
    monkeypatch.setattr(dispatcher_module, "SOON", HOUR)
    started = asyncio.Event()

    async def sweep(now: datetime) -> datetime | None:
        started.set()
        return None

    delivery = Delivery(database, system_clock, sweeps=[sweep])
    delivery.scheduler.start()
    await started.wait()
    for _ in range(50):
        await database.fetch_one("SELECT 1")
    yield delivery
    await delivery.scheduler.stop()


async def test_the_real_wake_up(live: Delivery) -> None:
    due_at = system_clock() + timedelta(milliseconds=300)
    await live.outbox.add(PAGE, STAFF, due_at=due_at)

    async with asyncio.timeout(10):
        await live.gateway.arrived.wait()

    late = system_clock() - due_at
    assert timedelta() <= late < timedelta(seconds=2)


async def test_the_real_wake_up_for_a_schedule(live: Delivery) -> None:
    now = system_clock()
    due_at = now.replace(microsecond=0) + timedelta(seconds=1)
    once = Rule(dates=Once(on=due_at.date()), slots=(Slot(at=due_at.time()),))
    await live.schedules.put(kind="summary", address=ADA, rule=once, zone="UTC", now=now)

    async with asyncio.timeout(10):
        await live.gateway.arrived.wait()

    assert timedelta() <= system_clock() - due_at < timedelta(seconds=2)


async def test_a_row_added_in_a_transaction_goes_once_it_is_committed(live: Delivery) -> None:
    async with live.database.transaction() as tx:
        await live.outbox.add(PAGE, STAFF, due_at=system_clock(), tx=tx)
        for _ in range(20):
            await tx.fetch_one("SELECT 1")
        assert live.gateway.tries == []

    async with asyncio.timeout(10):
        await live.gateway.arrived.wait()


async def test_a_send_that_ends_makes_room_for_the_next(live: Delivery) -> None:
    live.gateway.hold.clear()
    for _ in range(2):
        await live.outbox.add(RECEIPT, STAFF, due_at=system_clock())
    async with asyncio.timeout(10):
        await live.gateway.begun.wait()

    live.gateway.begun.clear()
    live.gateway.hold.set()

    async with asyncio.timeout(10):
        await live.gateway.begun.wait()
    assert len(live.gateway.tries) == 2


async def test_stopping_twice_is_harmless(live: Delivery) -> None:
    await live.scheduler.stop()
    await live.scheduler.stop()


async def test_an_alarm_goes_on_after_a_failure_and_when_poked(
    clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    runs = 0
    ran = asyncio.Event()

    async def body() -> datetime | None:
        nonlocal runs
        runs += 1
        ran.set()
        if runs == 1:
            raise RuntimeError("the first time")
        return None

    alarm = Alarm("test", body, clock)
    alarm.start()
    alarm.start()
    for _ in range(2):
        async with asyncio.timeout(5):
            await ran.wait()
        ran.clear()
        alarm.poke()
    async with asyncio.timeout(5):
        await ran.wait()
    await alarm.stop()

    assert runs == 3
    assert "test failed and goes on" in caplog.text


async def test_a_poke_during_a_run_runs_once_more(clock: FakeClock) -> None:
    runs = 0
    done = asyncio.Event()

    async def body() -> datetime | None:
        nonlocal runs
        runs += 1
        if runs == 1:
            alarm.poke()
        else:
            done.set()
        return clock() + DAY

    alarm = Alarm("test", body, clock)
    alarm.start()
    async with asyncio.timeout(5):
        await done.wait()
    await alarm.stop()

    assert runs == 2


async def test_jobs_run_with_the_stated_settings(caplog: pytest.LogCaptureFixture) -> None:
    ran = asyncio.Event()

    async def often() -> None:
        ran.set()
        raise RuntimeError("and fails")

    async def never() -> None:
        raise AssertionError("not at three at night")

    jobs = Jobs()
    jobs.add(Job(name="often", when=timedelta(milliseconds=20), run=often))
    jobs.add(Job(name="nightly", when=time(3), run=never))
    jobs.start()
    with caplog.at_level(logging.ERROR):
        async with asyncio.timeout(10):
            await ran.wait()
        await asyncio.sleep(0)
    timetable = {
        job.name: (job.coalesce, job.max_instances, job.misfire_grace_time)
        for job in jobs._scheduler.get_jobs()
    }
    jobs.stop()
    jobs.stop()

    assert timetable == {"often": (True, 1, None), "nightly": (True, 1, None)}
    assert SETTINGS == {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    assert "the job often failed" in caplog.text


async def test_the_safety_tick_looks_again(delivery: Delivery, clock: FakeClock) -> None:
    (tick,) = delivery.scheduler._jobs._scheduler.get_jobs()
    pokes: list[str] = []
    delivery.scheduler._plan_alarm.poke = lambda: pokes.append("poke")  # type: ignore[method-assign]

    await tick.func()

    assert (tick.name, tick.trigger.interval) == ("safety tick", timedelta(seconds=30))
    assert pokes == ["poke"]
    assert clock().tzinfo is UTC
