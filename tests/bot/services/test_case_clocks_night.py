"""Whom a case rings at night, outside of Discord, and where somebody must not know of it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.case import Circle, Severity
from bot.domain.ladder import MINUTE, ClockState
from bot.domain.oncall import CallWay, Rung
from bot.services.case_clock_ports import Reach
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import START, FakeClock
from tests.fakes.clocks import CLINICIAN, LEAD, MOD, WEBHOOK, Ward

HOUR = timedelta(hours=1)


@pytest.fixture
async def ward(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Ward:
    """A team of one on duty."""
    ward = Ward(database, vault, clock, reach=Reach(channels=(WEBHOOK,), ways=frozenset(CallWay)))
    ward.duty.put_on(MOD)
    return ward


@pytest.fixture
async def night(database: SqliteDatabase, vault: Vault, clock: FakeClock) -> Ward:
    """Nobody on duty, and nobody to call: 02:13 in New York."""
    clock.now = datetime(2026, 1, 6, 7, 13, tzinfo=UTC)
    return Ward(database, vault, clock)


def minutes(done: list[tuple[int, int, datetime]]) -> list[float]:
    return [(at - START) / MINUTE for _, _, at in done]


async def test_with_nobody_to_ring_it_waits_for_the_morning_and_says_so_once(night: Ward) -> None:
    night.duty.planned = night.clock() + 6 * HOUR
    case = await night.open()

    await night.run(5 * HOUR)
    quiet = await night.steps()
    night.duty.put_on(MOD)
    await night.run(HOUR)

    told = await night.sent("case.waiting")
    assert len(quiet) == 1
    assert len(told) == 1
    assert told[0].due_at == case.opened_at
    assert [(round_, number) for round_, number, _ in await night.steps()] == [(1, 0), (2, 0)]


async def test_without_a_shift_to_come_it_waits_for_nine_in_the_morning(night: Ward) -> None:
    case = await night.open()

    clock = await night.rows.get(case.id)

    assert clock.state is ClockState.MORNING
    assert clock.due_at == datetime(2026, 1, 6, 14, tzinfo=UTC)


async def test_whoever_comes_on_duty_is_rung_at_once(night: Ward) -> None:
    await night.open()
    await night.run(HOUR)
    night.duty.put_on(MOD)

    await night.clocks.duty_changed()
    await night.run()

    assert len(await night.steps()) == 2
    assert (await night.steps())[-1][2] == night.clock()


async def test_a_change_of_duty_that_brings_nobody_says_nothing(night: Ward) -> None:
    await night.open()

    for _ in range(3):
        await night.clocks.duty_changed()
        await night.run(MINUTE)

    assert len(await night.sent()) == 2
    assert len(await night.sent("case.waiting")) == 1


async def test_who_agreed_is_called_at_once_where_nobody_is_on(night: Ward) -> None:
    night.duty.volunteer(MOD, CallWay.EMAIL)
    night.duty.volunteer(LEAD)

    await night.open()

    called = [row.address.key for row in await night.sent("case.outside")]
    assert called == [f"outside.volunteer.{MOD}", f"outside.volunteer.{LEAD}"]
    assert await night.sent("case.waiting") == []


async def test_a_volunteer_nobody_can_call_does_not_count(
    database: SqliteDatabase, vault: Vault, clock: FakeClock
) -> None:
    ward = Ward(database, vault, clock, reach=Reach(ways=frozenset({CallWay.WEBHOOK})))
    ward.duty.volunteer(MOD, CallWay.PHONE)

    await ward.open()

    assert await ward.sent("case.outside") == []
    assert len(await ward.sent("case.waiting")) == 1


async def test_once_the_last_goes_off_duty_it_waits_too(ward: Ward) -> None:
    ward.clocks._list._reach = Reach()
    await ward.open()
    await ward.run(MINUTE)
    ward.duty.team.clear()

    await ward.run(HOUR)

    assert minutes(await ward.steps()) == [0]
    assert len(await ward.sent("case.waiting")) == 1


async def test_outside_is_called_at_the_last_step_and_told_no_name(ward: Ward) -> None:
    case = await ward.open()

    await ward.run(20 * MINUTE)

    first, second = await ward.sent("case.outside")
    assert first.address.key == WEBHOOK
    assert dict(first.args) == {"ref": case.ref, "severity": "1", "waited": "10"}
    assert (second.due_at - first.due_at) == 10 * MINUTE
    assert first.expires_at is not None


@pytest.mark.parametrize("circle", [Circle.LEADS, Circle.SOME_LEADS])
async def test_what_only_leads_may_know_calls_none_of_the_hosts_channels(
    ward: Ward, circle: Circle
) -> None:
    ward.duty.kept = circle
    ward.duty.put_on(LEAD, Rung.LEAD, lead=True)
    ward.duty.volunteer(CLINICIAN)

    case = await ward.open()
    await ward.run(HOUR)

    assert await ward.sent("case.outside") == []
    places = {row.address.key for row in await ward.sent("case.page")}
    assert places == {"channel.lead" if circle is Circle.LEADS else f"apart.{case.id}"}


async def test_who_came_on_the_conflict_list_since_sees_no_further_step(ward: Ward) -> None:
    case = await ward.open()
    ward.duty.kept = Circle.LEADS
    ward.duty.put_on(LEAD, Rung.LEAD, lead=True)

    await ward.run(10 * MINUTE)

    places = [row.address.key for row in await ward.sent("case.page")]
    assert places[0] == "channel.staff"
    assert set(places[1:]) == {"channel.lead"}
    assert (await ward.now(case)).circle is Circle.LEADS
    assert await ward.sent("case.outside") == []


async def test_a_rehearsal_calls_nobody_outside(ward: Ward) -> None:
    await ward.open(is_drill=True)

    await ward.run(HOUR)

    assert await ward.sent("case.outside") == []


async def test_where_nobody_may_know_there_is_no_clock(
    ward: Ward, caplog: pytest.LogCaptureFixture
) -> None:
    ward.duty.kept = Circle.NOBODY

    case = await ward.open()

    assert await ward.rows.get(case.id) is None
    assert await ward.sent() == []
    assert "nobody on the team" in caplog.text


async def test_who_comes_on_is_rung_for_what_was_asked_while_no_one_was(night: Ward) -> None:
    """People are told that it is passed on then, so it does not wait for its next step."""
    night.duty.planned = night.clock() + HOUR
    night.duty.volunteer(LEAD)
    await night.open(Severity.TODAY)
    await night.clocks.duty_changed()
    await night.run(HOUR)
    quiet = len(await night.steps())

    night.duty.put_on(MOD)
    await night.clocks.duty_changed()
    await night.run()
    await night.run(4 * HOUR)

    passed_on = night.clock() - 4 * HOUR
    done = [(round_, number, at - passed_on) for round_, number, at in await night.steps()]
    assert quiet == 1
    assert done[1:] == [(2, 0, timedelta()), (2, 1, 4 * HOUR)]
    assert (await night.sent("case.request"))[1].args["rings"] == "first"
    assert await night.sent("case.waiting") == []
