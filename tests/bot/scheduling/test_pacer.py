"""The pacer and the brakes."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.domain.delivery import (
    NoPermissionError,
    Priority,
    RefusedError,
    TryLaterError,
    UnreachableError,
)
from bot.scheduling.brakes import FAILURES_IN_A_ROW, LONGEST_BREAK, Brakes
from bot.scheduling.pacer import BURST, RATE, Pacer

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class LoopTime:
    """A loop's clock on which sleeping takes exactly as long as asked, and a little more."""

    def __init__(self, late: float = 0.0) -> None:
        self.now = 100.0
        self.late = late

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds + self.late


async def turns(pacer: Pacer, time: LoopTime, count: int) -> list[float]:
    taken = []
    for _ in range(count):
        await pacer.wait()
        taken.append(time())
    return taken


def most_in_a_second(moments: list[float]) -> int:
    return max(sum(1 for moment in moments if start <= moment < start + 1) for start in moments)


async def test_a_thousand_turns_stay_under_fifty_a_second_and_close_to_45() -> None:
    time = LoopTime()

    taken = await turns(Pacer(time, time.sleep), time, 1000)

    assert most_in_a_second(taken) <= RATE + BURST < 50
    assert 1000 / (taken[-1] - taken[0]) > 0.88 * 50


async def test_late_timers_do_not_slow_the_rate_down() -> None:
    time = LoopTime(late=0.005)

    taken = await turns(Pacer(time, time.sleep), time, 1000)

    assert most_in_a_second(taken) < 50
    assert 1000 / (taken[-1] - taken[0]) > 0.88 * 50


async def test_after_a_pause_a_few_turns_come_at_once() -> None:
    time = LoopTime()
    pacer = Pacer(time, time.sleep)
    await turns(pacer, time, 10)
    time.now += 60

    taken = await turns(pacer, time, BURST + 3)

    assert len([moment for moment in taken if moment == taken[0]]) == BURST + 1
    assert most_in_a_second(taken) < 50


async def test_turns_are_handed_out_in_the_order_they_are_asked_for() -> None:
    loop = asyncio.get_running_loop()
    pacer = Pacer(loop.time, rate=1000)
    order: list[int] = []

    async def ask(number: int) -> None:
        await pacer.wait()
        order.append(number)

    await asyncio.gather(*(ask(number) for number in range(20)))

    assert order == list(range(20))


def test_invalid_requests_stop_all_but_cases_and_then_all() -> None:
    brakes = Brakes(3, 5)

    told = [brakes.refused(UnreachableError(), NOW) for _ in range(2)]
    assert brakes.least(NOW) is Priority.PROMPT

    told.append(brakes.refused(NoPermissionError(), NOW))
    assert brakes.least(NOW) is Priority.CASE
    assert told == [None, None, NOW + 10 * MINUTE]

    for _ in range(2):
        brakes.refused(TryLaterError(after=MINUTE, is_limited=True), NOW)
    assert brakes.least(NOW) is None

    assert brakes.least(NOW + 10 * MINUTE) is Priority.PROMPT


def test_refusals_that_are_no_invalid_requests_stop_nothing() -> None:
    brakes = Brakes(3, 5)

    for _ in range(20):
        brakes.refused(RefusedError(), NOW)

    assert brakes.least(NOW) is Priority.PROMPT


def test_one_failure_after_another_makes_all_but_cases_wait() -> None:
    brakes = Brakes()

    for _ in range(FAILURES_IN_A_ROW - 1):
        brakes.refused(TryLaterError(), NOW)
    assert brakes.least(NOW) is Priority.PROMPT

    brakes.refused(TryLaterError(), NOW)
    assert brakes.least(NOW) is Priority.CASE
    assert brakes.least(NOW + timedelta(seconds=1)) is Priority.PROMPT

    for _ in range(50):
        brakes.refused(TryLaterError(), NOW)
    assert brakes.least(NOW + LONGEST_BREAK - timedelta(seconds=1)) is Priority.CASE
    assert brakes.least(NOW + LONGEST_BREAK) is Priority.PROMPT


def test_a_success_or_another_answer_ends_the_row_of_failures() -> None:
    brakes = Brakes()

    for _ in range(FAILURES_IN_A_ROW):
        brakes.refused(TryLaterError(), NOW)
    brakes.worked()
    assert brakes.least(NOW) is Priority.PROMPT

    for _ in range(FAILURES_IN_A_ROW - 1):
        brakes.refused(TryLaterError(), NOW)
    brakes.refused(TryLaterError(after=MINUTE), NOW)
    brakes.refused(TryLaterError(), NOW)
    assert brakes.least(NOW) is Priority.PROMPT
