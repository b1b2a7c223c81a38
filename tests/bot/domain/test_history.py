"""Looking back: counts, runs and what a day counts as."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checkin import CheckIn, CheckInState, Level
from bot.domain.history import best_run, make_history
from bot.domain.ids import CheckInId, ParticipantId
from bot.domain.prompt_set import Meaning

TODAY = date(2026, 1, 11)  # a Sunday
EVERY_DAY = set(range(7))
SENT = datetime(2026, 1, 1, tzinfo=UTC)


def on(day: int, state: CheckInState = CheckInState.ANSWERED, *, sent: bool = True) -> CheckIn:
    return CheckIn(
        id=CheckInId(f"c{day}"),
        participant_id=ParticipantId("p"),
        day=date(2026, 1, day),
        set_id="daily",
        set_version=1,
        state=state,
        sent_at=SENT if sent else None,
        levels={"mood": Level(level=3, top=4, meaning=Meaning.MOOD)},
    )


def days(*numbers: int) -> list[date]:
    return [date(2026, 1, number) for number in numbers]


@pytest.mark.parametrize(
    ("answered", "excused", "run"),
    [
        ([], [], 0),
        ([5], [], 1),
        ([5, 6, 7, 9], [], 3),
        ([9, 7, 6, 5, 6], [], 3),  # any order, repeats are harmless
        ([5, 6, 9], [7, 8], 3),  # two days away in between
        ([5, 6, 9], [7], 2),
        ([5], [6, 7, 8], 1),  # days away add nothing
    ],
)
def test_the_best_run(answered: list[int], excused: list[int], run: int) -> None:
    assert best_run(days(*answered), set(days(*excused))) == run


@given(answered=st.sets(st.integers(0, 60)), excused=st.sets(st.integers(0, 60)))
def test_more_excused_days_never_shorten_a_run(answered: set[int], excused: set[int]) -> None:
    start = date(2026, 1, 1)
    given_days = {start + timedelta(days=number) for number in answered}
    away = {start + timedelta(days=number) for number in excused}

    assert best_run(given_days, set()) <= best_run(given_days, away) <= len(given_days)


def test_the_days_of_the_last_seven_and_those_away_are_counted() -> None:
    history = make_history(
        [on(4), on(6), on(7), on(11)],
        [(date(2026, 1, 8), date(2026, 1, 9))],
        today=TODAY,
        span=7,
        asked=EVERY_DAY,
    )

    assert len(history.days) == 7
    assert history.last_answered == 3
    assert history.last_away == 2
    assert history.total == 4


def test_an_answer_on_a_day_away_counts_as_an_answer() -> None:
    history = make_history(
        [on(8)], [(date(2026, 1, 8), date(2026, 1, 9))], today=TODAY, span=7, asked=EVERY_DAY
    )

    assert history.last_answered == 1
    assert history.last_away == 1


def test_a_prompt_that_never_arrived_ends_no_run() -> None:
    lost = on(6, CheckInState.NO_ANSWER, sent=False)

    history = make_history([on(5), lost, on(7)], [], today=TODAY, span=7, asked=EVERY_DAY)

    assert history.best_run == 2


def test_a_prompt_without_an_answer_ends_a_run_and_a_best_run_stays() -> None:
    silent = on(8, CheckInState.NO_ANSWER)

    history = make_history(
        [on(5), on(6), on(7), silent, on(9)], [], today=TODAY, span=7, asked=EVERY_DAY
    )

    assert history.best_run == 3


def test_days_a_pace_does_not_ask_for_end_no_run() -> None:
    tuesday, thursday, saturday = on(6), on(8), on(10)

    history = make_history([tuesday, thursday, saturday], [], today=TODAY, span=7, asked={1, 3, 5})

    assert history.best_run == 3
    assert [day.is_not_due for day in history.days] == [
        True, False, True, False, True, False, True
    ]  # fmt: skip


def test_a_gap_is_no_answer_and_a_skipped_day_has_none() -> None:
    history = make_history(
        [on(10), on(11, CheckInState.SKIPPED)], [], today=TODAY, span=7, asked=EVERY_DAY
    )

    assert [day.share(Meaning.MOOD) for day in history.days[-3:]] == [None, 0.75, None]
    assert history.meanings == [Meaning.MOOD]


def test_weeks_begin_on_monday() -> None:
    history = make_history([on(1)], [], today=TODAY, span=30, asked=EVERY_DAY)

    weeks = list(history.weeks())

    assert [week[0].day.weekday() for week in weeks[1:]] == [0] * (len(weeks) - 1)
    assert sum(len(week) for week in weeks) == 30
