"""The clocks of cases on real rows: each step once, whatever happens to the process."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.case import CaseEventKind, CaseSource, CaseState, Severity
from bot.domain.ladder import MINUTE, ClockState
from bot.domain.oncall import CallWay
from bot.services.case_clock_ports import Reach
from bot.services.pages import AGAIN, REOPENED, WAITED
from bot.store.database import SqliteDatabase
from bot.store.vault import Vault
from tests.fakes.clock import START, FakeClock
from tests.fakes.clocks import CLINICIAN, MOD, WEBHOOK, Ward

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


async def test_the_first_step_is_in_the_transaction_that_opens_the_case(ward: Ward) -> None:
    await ward.open()

    assert minutes(await ward.steps()) == [0]


async def test_an_urgent_case_climbs_and_loops_until_somebody_has_it(ward: Ward) -> None:
    case = await ward.open()

    await ward.run(31 * MINUTE)
    await ward.claim(case)
    await ward.contact(case)
    await ward.run(5 * HOUR)

    assert minutes(await ward.steps()) == [0, 2, 5, 10, 20, 30]
    waited = [
        row.args.get(WAITED)
        for row in await ward.sent("case.page")
        if row.key and "leads" not in row.key
    ]
    assert waited == [None, "2", "5", "10", "20", "30"]


async def test_a_claim_without_a_word_opens_the_case_again(ward: Ward) -> None:
    case = await ward.open()
    await ward.run(MINUTE)
    await ward.claim(case)

    await ward.run(14 * MINUTE)
    early = await ward.now(case)
    await ward.run(MINUTE)
    now = await ward.now(case)

    assert early.state is CaseState.CLAIMED
    assert (now.state, now.owner_id, now.claimed_at) == (CaseState.OPEN, None, None)
    assert [event.kind for event in await ward.cases.timeline(case.id)] == [CaseEventKind.REOPENED]
    assert minutes(await ward.steps()) == [0, 16]
    assert (await ward.sent("case.page"))[-1].args[REOPENED] == "1"
    assert await ward.claim(case, CLINICIAN)


async def test_with_somebody_else_now_the_claim_lasts_longer(ward: Ward) -> None:
    case = await ward.open()
    await ward.claim(case)

    async with ward.database.transaction() as tx:
        await ward.clocks.postponed(case, ward.clock() + 25 * MINUTE, tx)
    await ward.run(24 * MINUTE)

    assert (await ward.now(case)).state is CaseState.CLAIMED
    await ward.run(MINUTE)
    assert (await ward.now(case)).state is CaseState.OPEN


async def test_killed_at_minute_four_it_pages_at_minute_five_once(ward: Ward) -> None:
    await ward.open()
    await ward.run(4 * MINUTE)

    ward.restart()
    await ward.run(MINUTE)
    ward.restart()
    await ward.run()

    assert minutes(await ward.steps()) == [0, 2, 5]


async def test_after_two_days_it_takes_the_right_step_at_once_and_no_burst(ward: Ward) -> None:
    await ward.open()
    await ward.run(MINUTE)

    await ward.sleep(timedelta(days=2))

    done = await ward.steps()
    assert [number for _, number, _ in done] == [0, 290]
    assert len(await ward.sent("case.no_one")) == 1
    assert len(await ward.sent("case.emergency")) == 0
    assert len(await ward.sent("case.outside")) == 1
    await ward.run(9 * MINUTE)
    assert len(await ward.steps()) == 3


async def test_a_clock_put_back_delays_nothing_and_repeats_nothing(ward: Ward) -> None:
    await ward.open()
    await ward.run(3 * MINUTE)

    ward.clock.now -= 6 * HOUR
    await ward.run(8 * MINUTE)

    assert [number for _, number, _ in await ward.steps()] == [0, 1, 2, 3]


async def test_a_clock_put_forward_and_back_rings_again_soon(ward: Ward) -> None:
    await ward.open()
    ward.clock.now += 5 * HOUR
    await ward.run()
    ward.clock.now -= 5 * HOUR
    before = len(await ward.steps())

    await ward.run(10 * MINUTE)

    assert len(await ward.steps()) in {before + 1, before + 2}


async def test_one_case_that_fails_keeps_no_other_from_being_rung(
    ward: Ward, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, well = await ward.open(user_id=1), await ward.open(user_id=2)
    real = ward.rows.people

    async def people(case_id: str, tx: object = None) -> object:
        if case_id == broken.id:
            raise RuntimeError("a row that cannot be read")
        return await real(case_id, tx)

    monkeypatch.setattr(ward.rows, "people", people)
    ward.clock.now += 2 * MINUTE
    wanted = await ward.clocks.sweep(ward.clock())

    assert [row.subject_id for row in await ward.sent("case.page")][-1] == well.id
    assert wanted is not None
    assert wanted > ward.clock()
    assert "clock of case" in caplog.text


async def test_the_person_is_told_again_to_call_and_then_that_no_one_is_there(ward: Ward) -> None:
    await ward.open()

    await ward.run(40 * MINUTE)

    told = [
        (row.kind, (row.due_at - START) / MINUTE) for row in await ward.sent() if row.participant_id
    ]
    assert told == [("case.emergency", 5), ("case.no_one", 10)]


async def test_of_what_others_brought_the_person_is_told_nothing(ward: Ward) -> None:
    await ward.open(source=CaseSource.CONCERN)

    await ward.run(40 * MINUTE)

    assert [row for row in await ward.sent() if row.participant_id] == []


async def test_what_nobody_read_yet_is_taken_back_at_the_claim(ward: Ward) -> None:
    case = await ward.open()
    await ward.run(10 * MINUTE)

    await ward.claim(case)

    left = {row.kind: row.reason for row in await ward.sent("case.outside", "case.no_one")}
    assert left == {"case.outside": "claimed", "case.no_one": "claimed"}


@pytest.mark.parametrize("act", ["contact", "close"])
async def test_the_clock_stands_once_they_wrote_or_it_is_closed(ward: Ward, act: str) -> None:
    case = await ward.open()
    await ward.claim(case)

    await getattr(ward, act)(case)
    await ward.run(5 * HOUR)

    assert len(await ward.steps()) == 1
    assert (await ward.rows.get(case.id)).state is ClockState.STOPPED


async def test_opened_again_it_begins_a_round_of_its_own(ward: Ward) -> None:
    case = await ward.open()
    await ward.claim(case)
    await ward.contact(case)
    await ward.database.execute("UPDATE cases SET state = 'open', owner_id = NULL")

    async with ward.database.transaction() as tx:
        await ward.clocks.reopened(await ward.now(case, tx), tx)
    await ward.run(2 * MINUTE)

    assert [(round_, number) for round_, number, _ in await ward.steps()] == [
        (1, 0),
        (2, 0),
        (2, 1),
    ]


async def test_a_severity_changed_by_a_person_begins_its_own_ladder(ward: Ward) -> None:
    case = await ward.open(Severity.TODAY)
    await ward.database.execute("UPDATE cases SET severity = 1")

    async with ward.database.transaction() as tx:
        await ward.clocks.changed(case, tx)
        await ward.clocks.changed(case, tx)
    await ward.run(2 * MINUTE)

    kinds = [
        (row.kind, row.key.split(":")[2:]) for row in await ward.sent("case.page", "case.request")
    ]
    assert kinds == [
        ("case.request", ["1", "0"]),
        ("case.page", ["2", "0"]),
        ("case.page", ["2", "1"]),
    ]


async def test_a_severity_changed_under_an_owner_moves_the_time_to_write(ward: Ward) -> None:
    case = await ward.open(Severity.SOON)
    await ward.claim(case)
    await ward.database.execute("UPDATE cases SET severity = 1")

    async with ward.database.transaction() as tx:
        await ward.clocks.changed(case, tx)
    await ward.run(15 * MINUTE)

    assert (await ward.now(case)).state is CaseState.OPEN


async def test_today_waits_for_hours_and_reaches_those_on_duty(ward: Ward) -> None:
    await ward.open(Severity.TODAY)

    await ward.run(timedelta(days=3))

    assert minutes(await ward.steps()) == [0, 240, 1440]
    assert await ward.sent("case.outside") == []


async def test_today_wakes_nobody_at_night(night: Ward) -> None:
    await night.open(Severity.TODAY)
    night.duty.planned = night.clock() + 7 * HOUR

    await night.run(6 * HOUR)
    early = len(await night.steps())
    night.duty.put_on(MOD)
    await night.run(HOUR)

    assert (early, len(await night.steps())) == (1, 2)
    assert await night.sent("case.waiting") == []


async def test_watch_sends_nothing(ward: Ward) -> None:
    await ward.open(Severity.WATCH)

    await ward.run(timedelta(days=3))

    assert await ward.sent() == []


async def test_pressing_again_within_ten_minutes_rings_nobody(ward: Ward) -> None:
    case = await ward.open(Severity.SOON)

    assert not await ward.ask_again(case, Severity.SOON)
    assert not await ward.ask_again(case, Severity.TODAY)
    ward.clock.advance(10 * MINUTE)
    assert await ward.ask_again(case, Severity.SOON)


async def test_on_an_owned_less_urgent_case_help_now_rings_once_and_not_at_each_press(
    ward: Ward,
) -> None:
    case = await ward.open(Severity.TODAY)
    await ward.claim(case)
    await ward.contact(case)

    rung = [await ward.ask_again(case, Severity.SOON) for _ in range(3)]

    now = await ward.now(case)
    assert rung == [True, False, False]
    assert (now.severity, now.owner_id) == (Severity.TODAY, MOD)
    pages = await ward.sent("case.page")
    assert [row.args.get(AGAIN) for row in pages] == ["1"]


async def test_a_higher_tier_always_breaks_through(ward: Ward) -> None:
    case = await ward.open(Severity.TODAY)

    assert await ward.ask_again(case, Severity.SOON)
    assert await ward.ask_again(case, Severity.NOW)
    assert not await ward.ask_again(case, Severity.NOW)

    assert (await ward.now(case)).severity is Severity.NOW
    assert [row.kind for row in await ward.sent()][:3] == ["case.request", "case.page", "case.page"]


async def test_each_class_of_risk_rings_by_itself(ward: Ward) -> None:
    case = await ward.open(Severity.SOON, CaseSource.SCREEN)

    rung = [await ward.ask_again(case, Severity.SOON, about) for about in ("ipv", "ipv", "harm")]

    assert rung == [True, False, True]


async def test_asked_again_under_an_owner_who_is_silent_climbs_until_they_write(
    ward: Ward,
) -> None:
    case = await ward.open(Severity.TODAY)
    await ward.claim(case)
    await ward.contact(case)
    ward.clock.advance(HOUR)
    await ward.ask_again(case, Severity.NOW)

    await ward.run(6 * MINUTE)
    climbed = len(await ward.sent("case.page"))
    await ward.contact(case)
    await ward.run(HOUR)

    assert climbed == 4  # three steps, and the copy for the leads
    assert len(await ward.sent("case.page")) == climbed


async def test_a_failed_page_hurries_the_next_step_once(ward: Ward) -> None:
    await ward.open()
    [first] = await ward.sent("case.page")

    assert await ward.clocks.hurry(first)
    await ward.run()
    assert not await ward.clocks.hurry(first)
    await ward.run(2 * MINUTE)

    assert [(number, (at - START) / MINUTE) for _, number, at in await ward.steps()] == [
        (0, 0),
        (1, 0),
    ]


async def test_a_failed_page_of_the_last_step_waits_for_the_loop(ward: Ward) -> None:
    await ward.open()
    await ward.run(10 * MINUTE)
    last = (await ward.sent("case.page"))[-1]

    assert not await ward.clocks.hurry(last)
    assert not await ward.clocks.hurry((await ward.sent("case.outside"))[0])


async def test_where_someone_claimed_by_another_way_the_clock_follows(ward: Ward) -> None:
    case = await ward.open()
    async with ward.database.transaction() as tx:
        await ward.cases.claim(case.id, MOD, ward.clock(), tx)

    await ward.run(14 * MINUTE)
    rung = len(await ward.steps())
    await ward.run(2 * MINUTE)

    assert rung == 1
    assert (await ward.now(case)).state is CaseState.OPEN


async def test_who_left_the_team_keeps_nothing_waiting(ward: Ward) -> None:
    case = await ward.open()
    await ward.claim(case)
    await ward.contact(case)
    ward.duty.left.add(MOD)

    async with ward.database.transaction() as tx:
        await ward.clocks.changed(case, tx)

    assert len(await ward.steps()) == 2
