"""Goals: what a person sets out to do, alone or with one other, and what can be counted of it."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from bot.domain.history import best_run
from bot.domain.ids import GoalId, ParticipantId, PartId
from bot.domain.localtime import ONE_DAY, resolve
from bot.domain.progress import Mark
from bot.domain.recurrence import Once, Rule

LAST_DAYS = 7
MOST_OPEN = 15
"""Goals of one person at a time; with more, none of them is looked at."""

MOST_WAITING = 3
WAIT = timedelta(days=14)
"""How long an invitation may be answered; after that it closes, whatever became of it."""

DRAFT_LASTS = timedelta(days=1)
REVIEW_AFTER = timedelta(weeks=4)
REVIEW_AT = time(10)
CELEBRATE_AT = time(10)
TOTALS = (1, 7, 30, 60, 100, 180, 365)
"""How many days in all are a milestone of a goal."""

COUNTED = (1, 3, 7, 14, 30, 60, 90, 180, 270)
YEAR = 365
LONGEST_COUNT = timedelta(days=36_525)


class Topic(StrEnum):
    """What a goal is about."""

    RECOVERY = "recovery"
    EMOTIONAL = "emotional"
    RELATIONSHIP = "relationship"
    OWN_LIFE = "own_life"
    PRACTICAL = "practical"


class PartState(StrEnum):
    """Where one person's part of a goal stands.

    `draft` waits for its author's yes to how the times were understood; `waiting` was offered to
    someone; `invited` was not answered yet; `closed` was ended by something else than its owner.
    """

    DRAFT = "draft"
    WAITING = "waiting"
    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    RETIRED = "retired"
    CLOSED = "closed"


CURRENT = frozenset({PartState.ACTIVE, PartState.PAUSED})
LISTED = CURRENT | {PartState.WAITING, PartState.INVITED}
OVER = frozenset({PartState.RETIRED, PartState.CLOSED})


class Cheer(StrEnum):
    """The three things that can be said to the other one."""

    PROUD = "proud"
    WITH_YOU = "with_you"
    THANKS = "thanks"


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalTexts:
    """What a person typed about their part.

    Attributes:
        when: The times as they were typed; empty for none.
    """

    what: str
    when: str = ""
    step: str = ""
    obstacle: str = ""
    plan_b: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """Local dates a part was paused, both ends included; without an end it still is."""

    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether a date lies in it."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalPart:
    """One person's part of a goal.

    Attributes:
        shows: They let the other one see their marks, if the other one does too.
        cheers: They take cheers.
        readings: How the times of an unfinished change may be understood.
        is_closed: The goal itself was ended by either of the two.
    """

    id: PartId
    goal_id: GoalId
    participant_id: ParticipantId
    topic: Topic
    state: PartState
    is_shared: bool = False
    is_closed: bool = False
    rule: Rule | None = None
    pauses: Sequence[Pause] = ()
    review_on: date | None = None
    shows: bool = False
    cheers: bool = False
    readings: Sequence[Rule] = ()
    created_at: datetime
    changed_at: datetime

    @property
    def is_current(self) -> bool:
        """Whether it can be marked."""
        return self.state in CURRENT


@dataclass(frozen=True, kw_only=True, slots=True)
class GoalMark:
    """What was said of one time of a day."""

    day: date
    slot: str
    mark: Mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What can be counted of one part; a best run and a total never go down.

    Attributes:
        last_days: Days among the last seven on which something was done.
    """

    last_days: int = 0
    best_run: int = 0
    total: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class DayCount:
    """Days counted from a date a person set; without an end it goes on."""

    id: str
    participant_id: ParticipantId
    first: date
    last: date | None = None

    def days(self, today: date) -> int:
        """Count them, the first one being day 0."""
        return max(0, ((self.last or today) - self.first).days)


@dataclass(frozen=True, kw_only=True, slots=True)
class CountSummary:
    """All that a person counted: a new start takes nothing away."""

    current: DayCount | None
    days: int = 0
    best: int = 0
    total: int = 0
    next_on: date | None = None
    next_days: int = 0


_RANK = {Mark.DONE: 2, Mark.PARTLY: 1, Mark.NOT_TODAY: 0}


def by_day(marks: Iterable[GoalMark]) -> Mapping[date, Mark]:
    """Reduce the marks of a day to the best of them."""
    found: dict[date, Mark] = {}
    for mark in marks:
        known = found.get(mark.day)
        if known is None or _RANK[mark.mark] > _RANK[known]:
            found[mark.day] = mark.mark
    return found


def kept_days(marks: Mapping[date, Mark]) -> frozenset[date]:
    """Return the days on which something was done, all of it or a part."""
    return frozenset(day for day, mark in marks.items() if mark is not Mark.NOT_TODAY)


def count(
    marks: Mapping[date, Mark],
    *,
    today: date,
    rule: Rule | None,
    aways: Sequence[tuple[date, date]] = (),
    pauses: Sequence[Pause] = (),
) -> Counts:
    """Count what a person did.

    A day they were away or paused, or on which nothing was due, neither adds nor ends a run.
    """
    kept = kept_days(marks)
    if not kept:
        return Counts()
    first, last = min(kept), max(kept)
    due = _due_days(rule, first, last)
    excused = frozenset(
        day
        for day in _days(first, last)
        if (due is not None and day not in due)
        or any(start <= day <= end for start, end in aways)
        or any(pause.covers(day) for pause in pauses)
    )
    return Counts(
        last_days=sum(today - timedelta(days=LAST_DAYS) < day <= today for day in kept),
        best_run=best_run(kept, excused),
        total=len(kept),
    )


def milestone(before: int, after: int) -> int | None:
    """Return the milestone that a total reached, if it did."""
    return next((total for total in reversed(TOTALS) if before < total <= after), None)


def slot_for(
    rule: Rule | None, day: date, now: datetime, zone: tzinfo, marked: Container[str]
) -> str:
    """Choose which time of a day a mark is about, where nobody said.

    The latest one that is due and not marked, else the next one, else the last one of the day.
    """
    if rule is None or next(rule.days_from(day), None) != day:
        return ""
    slots = sorted(rule.slots_on(day), key=lambda slot: slot.at)
    if not slots:
        return ""
    open_slots = [slot for slot in slots if slot.key not in marked]
    due = [slot for slot in open_slots if resolve(day, slot.at, zone) <= now]
    if due:
        return due[-1].key
    return (open_slots or slots[-1:])[0].key


def next_counted(days: int) -> int:
    """Return the first number of days after this one that is celebrated."""
    return next((mark for mark in COUNTED if mark > days), (days // YEAR + 1) * YEAR)


def summarize(counts: Sequence[DayCount], today: date) -> CountSummary:
    """Add up everything a person counted."""
    current = next((one for one in counts if one.last is None), None)
    lengths = [one.days(today) for one in counts]
    days = current.days(today) if current else 0
    upcoming = next_counted(days)
    return CountSummary(
        current=current,
        days=days,
        best=max(lengths, default=0),
        total=sum(lengths),
        next_on=current.first + timedelta(days=upcoming) if current else None,
        next_days=upcoming if current else 0,
    )


def is_once(rule: Rule | None) -> bool:
    """Whether a goal has one date only."""
    return rule is not None and isinstance(rule.dates, Once)


def _due_days(rule: Rule | None, first: date, last: date) -> frozenset[date] | None:
    if rule is None:
        return None
    due: set[date] = set()
    for day in rule.days_from(first):
        if day > last:
            break
        due.add(day)
    return frozenset(due)


def _days(first: date, last: date) -> Iterable[date]:
    return (first + ONE_DAY * place for place in range((last - first).days + 1))
