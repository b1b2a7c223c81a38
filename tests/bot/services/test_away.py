"""Being away, typed in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.checkin import CheckIn, CheckInState
from bot.domain.ids import CheckInId, new_id
from bot.errors import UserError
from tests.fakes.checkin_group import ADA, CheckInWorld
from tests.fakes.clock import FakeClock

MONDAY = date(2026, 1, 5)
EVENING = datetime(2026, 1, 5, 23, tzinfo=UTC)


@pytest.fixture
async def world(clock: FakeClock) -> CheckInWorld:
    made = CheckInWorld(clock)
    await made.group.sets.load()
    clock.now = EVENING
    return made


async def ranges(world: CheckInWorld) -> list[tuple[date, date]]:
    return [(away.first, away.last) for away in await world.group.away.upcoming(world.ada)]


async def test_a_range_is_read_in_the_persons_own_day_and_language(world: CheckInWorld) -> None:
    world.clock.now = datetime(2026, 1, 6, 2, tzinfo=UTC)  # still Monday in New York

    await world.group.away.set(world.ada, "hoy", "viernes", "es")

    assert await ranges(world) == [(MONDAY, date(2026, 1, 9))]


@pytest.mark.parametrize(
    ("first", "last", "key", "typed"),
    [
        ("soonish", "", "unreadable", "soonish"),
        ("fri", "jan 7", "end_before_start", "fri - jan 7"),
        ("2025-12-01", "2025-12-03", "past", "2025-12-01 - 2025-12-03"),
    ],
)
async def test_a_refusal_says_what_was_typed(
    world: CheckInWorld, first: str, last: str, key: str, typed: str
) -> None:
    with pytest.raises(UserError, match=key) as refused:
        await world.group.away.set(world.ada, first, last, "en")

    assert refused.value.values["typed"] == typed
    assert await ranges(world) == []


async def test_a_range_of_a_year_is_refused(world: CheckInWorld) -> None:
    with pytest.raises(UserError, match="too_long"):
        await world.group.away.set(world.ada, "today", "2027-01-01", "en")


async def test_what_is_open_in_the_range_is_excused_and_silent(world: CheckInWorld) -> None:
    for day, state in ((MONDAY, CheckInState.SENT), (date(2026, 1, 4), CheckInState.NO_ANSWER)):
        await world.store.plan(
            None,
            [
                CheckIn(
                    id=CheckInId(new_id()),
                    participant_id=ADA,
                    day=day,
                    set_id="daily",
                    set_version=1,
                    state=state,
                )
            ],
        )

    await world.group.away.set(world.ada, "yesterday", "3 days", "en")

    assert await world.state(MONDAY) is CheckInState.EXCUSED
    assert await world.state(date(2026, 1, 4)) is CheckInState.EXCUSED
    assert world.outbox.closed == [("excused", frozenset({"checkin.prompt", "checkin.nudge"}))]


async def test_a_new_range_takes_the_place_of_the_one_to_come(world: CheckInWorld) -> None:
    await world.group.away.set(world.ada, "jan 8", "jan 20", "en")
    await world.group.away.set(world.ada, "jan 6", "jan 10", "en")

    assert await ranges(world) == [(date(2026, 1, 6), date(2026, 1, 10))]


async def test_coming_back_early_counts_from_today(world: CheckInWorld) -> None:
    await world.group.away.set(world.ada, "today", "10 days", "en")
    world.clock.advance(timedelta(days=3))

    await world.group.away.end(world.ada)

    assert await ranges(world) == []
    assert [(away.first, away.last) for away in await world.aways.of(ADA)] == [
        (MONDAY, date(2026, 1, 7))
    ]
    with pytest.raises(UserError, match="not_away"):
        await world.group.away.end(world.ada)
