"""Looking back: the days of a stretch of time, and what can be counted of them."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.checkin import CheckIn, CheckInState
from bot.domain.localtime import ONE_DAY
from bot.domain.prompt_set import Meaning

SPANS = (7, 30, 90)
LAST_DAYS = 7

CHARTED = (Meaning.MOOD, Meaning.URGE, Meaning.SUPPORT, Meaning.OVERWHELM, Meaning.ISOLATION)
"""What a line can be drawn of, in this order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HistoryDay:
    """One local day.

    Attributes:
        is_neutral: It neither adds to a run nor ends it: away, or not asked.
        is_not_due: There is no check-in, and by the person's pace none was due.
    """

    day: date
    checkin: CheckIn | None = None
    is_away: bool = False
    is_neutral: bool = False
    is_not_due: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer."""
        return self.checkin is not None and self.checkin.is_answered

    def share(self, meaning: Meaning) -> float | None:
        """Return the answer between 0 and 1, or nothing."""
        level = self.checkin.level(meaning) if self.checkin and self.is_answered else None
        return None if level is None else level.share


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A stretch of days up to today, and the counts over a person's whole time.

    Attributes:
        last_answered: Days answered among the last seven.
        last_away: Days away among the last seven.
    """

    days: Sequence[HistoryDay]
    last_answered: int
    last_away: int
    best_run: int
    total: int

    @property
    def answered(self) -> Sequence[HistoryDay]:
        """The days with an answer."""
        return [day for day in self.days if day.is_answered]

    @property
    def meanings(self) -> Sequence[Meaning]:
        """What was answered at least once and can be drawn."""
        return [
            meaning
            for meaning in CHARTED
            if any(day.share(meaning) is not None for day in self.days)
        ]

    def weeks(self) -> Iterator[Sequence[HistoryDay]]:
        """Go through the days by calendar week, Monday first."""
        week: list[HistoryDay] = []
        for day in self.days:
            if week and day.day.weekday() == 0:
                yield week
                week = []
            week.append(day)
        if week:
            yield week


def make_history(
    checkins: Iterable[CheckIn],
    aways: Sequence[tuple[date, date]],
    *,
    today: date,
    span: int,
    asked: Container[int],
) -> History:
    """Lay a person's check-ins out over days.

    Args:
        checkins: All of theirs.
        aways: Ranges of local dates, both ends included.
        today: The last day of the history.
        span: How many days it covers.
        asked: The weekdays on which they are asked; other days do not end a run.
    """
    by_day = {checkin.day: checkin for checkin in checkins}
    first = min(by_day, default=today)
    start = today - timedelta(days=span - 1)
    days = [
        _history_day(day, by_day.get(day), aways, asked) for day in _days(min(first, start), today)
    ]
    answered = {day.day for day in days if day.is_answered}
    last = [day for day in days if day.day > today - timedelta(days=LAST_DAYS)]
    return History(
        days=[day for day in days if day.day >= start],
        last_answered=sum(day.is_answered for day in last),
        last_away=sum(day.is_away for day in last),
        best_run=best_run(answered, {day.day for day in days if day.is_neutral}),
        total=len(answered),
    )


def best_run(days: Iterable[date], excused: Container[date]) -> int:
    """Count the longest run of answered days.

    An excused day neither adds to a run nor ends it.

    Args:
        days: The local days answered, in any order; repeats are harmless.
        excused: The days the participant was away, or was not asked.

    Returns:
        The length in days, ``0`` with no answer.
    """
    answered = sorted(set(days))
    best = run = 0
    previous: date | None = None
    for day in answered:
        joined = previous is not None and all(
            between in excused for between in _days(previous + ONE_DAY, day - ONE_DAY)
        )
        run = run + 1 if joined else 1
        best = max(best, run)
        previous = day
    return best


def _history_day(
    day: date,
    checkin: CheckIn | None,
    aways: Sequence[tuple[date, date]],
    asked: Container[int],
) -> HistoryDay:
    is_away = any(first <= day <= last for first, last in aways) or (
        checkin is not None and checkin.state is CheckInState.EXCUSED
    )
    was_asked = checkin is not None and checkin.sent_at is not None
    # A prompt that never arrived, because the bot or Discord was down, ends nobody's run.
    never_came = checkin is not None and not was_asked
    not_due = checkin is None and day.weekday() not in asked
    return HistoryDay(
        day=day,
        checkin=checkin,
        is_away=is_away and not (checkin is not None and checkin.is_answered),
        is_neutral=is_away or never_came or not_due,
        is_not_due=not_due and not is_away,
    )


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
