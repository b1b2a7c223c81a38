"""What a heads-up is made of."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checkin import CheckIn, CheckInState, Level
from bot.domain.ids import CheckInId, ParticipantId
from bot.domain.participant import Pace
from bot.domain.prompt_set import Meaning
from bot.domain.signal import (
    NORM_LEAST,
    QUIET_AFTER,
    QuietStep,
    Reading,
    is_low,
    is_low_twice,
    is_unsupported,
    quiet_step,
    silence,
)

START = date(2026, 1, 1)
STEPS = (0.0, 0.25, 0.5, 0.75, 1.0)
SHARES = st.sampled_from(STEPS)


def moods(*levels: int, every: int = 1) -> list[Reading]:
    return [
        Reading(day=START + timedelta(days=place * every), mood=level / 4)
        for place, level in enumerate(levels)
    ]


@pytest.mark.parametrize(
    ("levels", "low"),
    [
        ((1, 1), True),  # new here: two bad days in a row
        ((0, 0), True),
        ((2, 2), False),  # OK is not low without a norm
        ((0,), False),  # one day is a day
        ((0, 2), False),
        ((3, 3, 3, 3, 3, 1, 1), True),  # good as a rule, then bad twice
        ((4, 4, 4, 4, 4, 2, 2), True),  # two steps below a very good norm
        ((4, 4, 4, 4, 4, 3, 3), False),  # one step down, still good
        ((2, 2, 2, 2, 2, 1, 1), True),  # one step down, into the lowest two
        ((1, 1, 1, 1, 1, 1, 1), False),  # bad as a rule: that is their norm
        ((1, 1, 1, 1, 1, 0, 0), True),  # the lowest step is always low
        ((0, 0, 0, 0, 0, 0, 0), True),  # and no norm explains it away
        ((3, 3, 3, 3, 3, 1, 3), False),
    ],
)
def test_low_twice_against_ones_own_norm(levels: tuple[int, ...], low: bool) -> None:
    assert is_low_twice(moods(*levels)) is low


def test_two_low_answers_weeks_apart_are_not_in_a_row() -> None:
    assert is_low_twice(moods(0, 0, every=14))
    assert not is_low_twice(moods(0, 0, every=15))


def test_an_old_norm_is_forgotten() -> None:
    very_good = moods(4, 4, 4, 4, 4)
    now = [Reading(day=START + timedelta(days=60 + place), mood=0.5) for place in range(2)]

    assert not is_low_twice([*very_good, *now])


def test_an_answer_without_a_mood_says_nothing_new() -> None:
    assert not is_low_twice([*moods(0, 0), Reading(day=START + timedelta(days=2))])


@given(norm=SHARES, mood=SHARES, worse=SHARES)
def test_a_worse_mood_is_never_less_low(norm: float, mood: float, worse: float) -> None:
    if worse <= mood and is_low(mood, norm):
        assert is_low(worse, norm)


@given(st.lists(SHARES, min_size=NORM_LEAST, max_size=20))
def test_somebody_at_their_norm_is_not_low_unless_at_the_bottom(shares: list[float]) -> None:
    level = max(shares)
    readings = [Reading(day=START + timedelta(days=n), mood=level) for n in range(len(shares) + 2)]

    assert is_low_twice(readings) is (level == 0)


@pytest.mark.parametrize(
    ("readings", "found"),
    [
        ([{"support": 0.0}], True),
        ([{"support": 0.25}], False),
        ([{"support": 0.25}, {"support": 0.25}], True),
        ([{"support": 0.25}, {"support": 0.5}], False),
        ([{"overwhelm": 1.0}], True),
        ([{"overwhelm": 0.75}, {"overwhelm": 0.75}], True),
        ([{"isolation": 1.0}], True),
        ([{"isolation": 0.0, "overwhelm": 0.0, "support": 1.0}], False),
        ([{"support": 0.0}, {"mood": 0.5}], False),  # the newest answer left it out
        ([], False),
    ],
)
def test_unsupported_by_ones_own_answers(readings: list[dict[str, float]], found: bool) -> None:
    made = [
        Reading(day=START + timedelta(days=place), **given_shares)
        for place, given_shares in enumerate(readings)
    ]

    assert is_unsupported(made) is found


def prompts(*states: CheckInState, sent: bool = True) -> list[CheckIn]:
    return [
        CheckIn(
            id=CheckInId(str(place)),
            participant_id=ParticipantId("p"),
            day=START + timedelta(days=place),
            set_id="daily",
            set_version=1,
            state=state,
            sent_at=datetime(2026, 1, 1, tzinfo=UTC) if sent else None,
        )
        for place, state in enumerate(states)
    ]


A, L, S, N, E = (
    CheckInState.ANSWERED,
    CheckInState.LATE,
    CheckInState.SKIPPED,
    CheckInState.NO_ANSWER,
    CheckInState.EXCUSED,
)


@pytest.mark.parametrize(
    ("states", "count"),
    [
        ((A, N, N), 2),
        ((N, A, N), 1),
        ((N, L), 0),
        ((N, S, N), 1),  # skipping is a sign of life
        ((N, E, E, N), 2),  # days away neither add nor end
        ((A,), 0),
        ((), 0),
    ],
)
def test_silence_is_what_arrived_and_was_not_answered(
    states: tuple[CheckInState, ...], count: int
) -> None:
    assert len(silence(prompts(*states))) == count


def test_what_never_arrived_is_not_silence() -> None:
    assert not silence(prompts(N, N, N, sent=False))


@pytest.mark.parametrize("pace", list(Pace))
def test_the_private_nudge_comes_one_prompt_before_the_heads_up(pace: Pace) -> None:
    after = QUIET_AFTER[pace]

    assert quiet_step(prompts(*[N] * (after - 2)), pace, was_nudged=False) is QuietStep.NOTHING
    assert quiet_step(prompts(*[N] * (after - 1)), pace, was_nudged=False) is QuietStep.NUDGE
    assert quiet_step(prompts(*[N] * (after - 1)), pace, was_nudged=True) is QuietStep.NOTHING
    assert quiet_step(prompts(*[N] * after), pace, was_nudged=True) is QuietStep.HEADS_UP


@given(st.lists(st.sampled_from([A, L, S, N, E])), st.sampled_from(list(Pace)))
def test_nobody_is_a_heads_up_before_the_nudge(states: list[CheckInState], pace: Pace) -> None:
    assert quiet_step(prompts(*states), pace, was_nudged=False) is not QuietStep.HEADS_UP


def test_a_reading_is_made_of_shares() -> None:
    [asked] = prompts(A)
    levels = {
        "mood": Level(level=1, top=4, meaning=Meaning.MOOD),
        "support": Level(level=2, top=2, meaning=Meaning.SUPPORT),
    }

    reading = Reading.of(
        CheckIn(
            id=asked.id,
            participant_id=asked.participant_id,
            day=asked.day,
            set_id="daily",
            set_version=1,
            state=A,
            levels=levels,
        )
    )

    assert (reading.mood, reading.support, reading.isolation) == (0.25, 1.0, None)
