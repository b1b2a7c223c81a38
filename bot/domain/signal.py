"""Heads-ups: what the care team is told of, by rules that anyone can check by hand.

A rule says only *that* it applies. The team sees the heads-up, never the answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from bot.domain.case import CaseSource
from bot.domain.checkin import CheckIn, CheckInState
from bot.domain.ids import ParticipantId
from bot.domain.participant import Pace
from bot.domain.prompt_set import Meaning

IN_A_ROW = 2
"""One bad day is a day; two in a row are what the programme's staff asked to hear of."""

ROW_WITHIN = timedelta(days=14)
"""Two answers further apart than two weekly ones are not in a row."""

NORM_DAYS = 28
"""Four weeks: long enough for weekdays and weekends to even out, short enough to follow a change
of circumstances."""

NORM_LEAST = 5
"""With fewer answers a median is chance; until then the middle of the scale stands in for it."""

MIDDLE = 0.5
LARGE_DROP = 0.5
"""Two steps of the five-step scale below one's own norm, such as from *good* to *bad*."""

SMALL_DROP = 0.25
LOW_SHARE = 0.25
"""One step below one's own norm counts only where it leads to the two lowest steps."""

CLOSE = 1e-9

QUIET_AFTER = {Pace.DAILY: 3, Pace.THREE: 3, Pace.WEEKLY: 2}
"""Prompts without an answer: three days, one week, or two weeks. The private nudge comes one
prompt earlier, so that nobody is a heads-up before they were asked themselves."""

BOTH_QUIET_AFTER = 2
BOTH_QUIET_WITHIN = timedelta(days=3)
"""Two prompts without an answer, of which the last came in these days; of both partners."""

AGAIN_AFTER = timedelta(days=7)
"""One heads-up of a kind a week: the team knows by then, and the person is not reported daily."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the rules read of one answered day: shares between 0 and 1, nothing where left out."""

    day: date
    mood: float | None = None
    support: float | None = None
    overwhelm: float | None = None
    isolation: float | None = None

    @classmethod
    def of(cls, checkin: CheckIn) -> "Reading":
        """Read an answered check-in."""

        def share(meaning: Meaning) -> float | None:
            level = checkin.level(meaning)
            return None if level is None else level.share

        return cls(
            day=checkin.day,
            mood=share(Meaning.MOOD),
            support=share(Meaning.SUPPORT),
            overwhelm=share(Meaning.OVERWHELM),
            isolation=share(Meaning.ISOLATION),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Signal:
    """A heads-up that was found and is to be passed on."""

    id: str
    participant_id: ParticipantId
    source: CaseSource
    found_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """What a person is sent or asked once only.

    Attributes:
        nudged_at: When the last private nudge went out.
        offered_at: When the heads-ups were offered.
    """

    nudged_at: datetime | None = None
    offered_at: datetime | None = None


class QuietStep(StrEnum):
    """What a row of prompts without an answer calls for."""

    NOTHING = "nothing"
    NUDGE = "nudge"
    HEADS_UP = "heads_up"


def is_low_twice(readings: Sequence[Reading]) -> bool:
    """Tell whether the last two moods were low against the person's own norm.

    Args:
        readings: Answered days in order.
    """
    moods = [(reading.day, reading.mood) for reading in readings if reading.mood is not None]
    last = moods[-IN_A_ROW:]
    if len(last) < IN_A_ROW or readings[-1].mood is None or last[-1][0] - last[0][0] > ROW_WITHIN:
        return False
    since = last[0][0] - timedelta(days=NORM_DAYS)
    earlier = [mood for day, mood in moods[:-IN_A_ROW] if day >= since]
    norm = median(earlier) if len(earlier) >= NORM_LEAST else MIDDLE
    return all(is_low(mood, norm) for _, mood in last)


def is_low(mood: float, norm: float) -> bool:
    """Tell whether one mood is low for a person whose norm this is.

    The lowest step is always low: nobody's norm may explain away the worst answer there is.
    """
    if mood <= CLOSE:
        return True
    drop = norm - mood
    if drop >= LARGE_DROP - CLOSE:
        return True
    return drop >= SMALL_DROP - CLOSE and mood <= LOW_SHARE + CLOSE


def is_unsupported(readings: Sequence[Reading]) -> bool:
    """Tell whether a person says they lack support, are overwhelmed or alone.

    The last step of any of the three says so at once; the last two steps say so when given twice
    in a row.

    Args:
        readings: Answered days in order.
    """
    scales = (
        [reading.support for reading in readings],
        [_reversed(reading.overwhelm) for reading in readings],
        [_reversed(reading.isolation) for reading in readings],
    )
    return any(_lacks(scale) for scale in scales)


def quiet_step(checkins: Sequence[CheckIn], pace: Pace, *, was_nudged: bool) -> QuietStep:
    """Tell what the silence at the end of a person's check-ins calls for.

    Args:
        checkins: All of theirs, in order.
        pace: How often they are asked.
        was_nudged: The private nudge of this silence was sent.
    """
    silent = len(silence(checkins))
    after = QUIET_AFTER[pace]
    if silent >= after and was_nudged:
        return QuietStep.HEADS_UP
    if silent >= after - 1 and not was_nudged:
        return QuietStep.NUDGE
    return QuietStep.NOTHING


def silence(checkins: Sequence[CheckIn]) -> Sequence[CheckIn]:
    """Return the prompts at the end that arrived and were not answered.

    An answer or a *skip today* ends a silence; a day away, or a prompt that never arrived,
    neither adds to it nor ends it.
    """
    silent: list[CheckIn] = []
    for checkin in reversed(checkins):
        if checkin.is_answered or checkin.state is CheckInState.SKIPPED:
            break
        if checkin.state is CheckInState.NO_ANSWER and checkin.sent_at is not None:
            silent.append(checkin)
    return silent[::-1]


def are_both_quiet(one: Sequence[CheckIn], other: Sequence[CheckIn], today: date) -> bool:
    """Tell whether two partners are both quiet for two days.

    Args:
        one: The check-ins of one of them, in order.
        other: Those of the other.
        today: The day it is.
    """
    return all(_is_quiet(checkins, today) for checkins in (one, other))


def _is_quiet(checkins: Sequence[CheckIn], today: date) -> bool:
    silent = silence(checkins)
    return len(silent) >= BOTH_QUIET_AFTER and today - silent[-1].day <= BOTH_QUIET_WITHIN


def _reversed(share: float | None) -> float | None:
    return None if share is None else 1 - share


def _lacks(scale: Sequence[float | None]) -> bool:
    given = [share for share in scale if share is not None]
    # The newest answer must be one of them: an old one is not a heads-up of today.
    if not given or scale[-1] is None:
        return False
    if given[-1] <= CLOSE:
        return True
    last = given[-IN_A_ROW:]
    return len(last) == IN_A_ROW and all(share <= LOW_SHARE + CLOSE for share in last)
