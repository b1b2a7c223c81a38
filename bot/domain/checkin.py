"""Check-ins: one for each local day, its states, its window, and when it is asked again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.ids import CheckInId, ParticipantId
from bot.domain.localtime import QuietHours, local_day, resolve
from bot.domain.participant import Pace, Preferences
from bot.domain.prompt_set import Meaning
from bot.domain.recurrence import Daily, Dates, Rule, Slot, Weekly

WEEKDAYS = frozenset(range(5))
WEEKEND = frozenset({5, 6})

THREE_A_WEEK = frozenset({1, 3, 5})
"""Tuesday, Thursday and Saturday: even steps, with the weekend in it."""

ONCE_A_WEEK = frozenset({6})
"""Sunday, to look back at the week."""

SLOT = "checkin"
"""Both slots share it, so that a day is asked once however its time is moved."""

SNOOZE = timedelta(minutes=30)
TONIGHT = time(20)
LEAST_AHEAD = timedelta(minutes=45)
"""*Tonight* is offered while it lies further ahead than *30 minutes*, by a clear step."""


class CheckInState(StrEnum):
    """Where a day's check-in stands."""

    SCHEDULED = "scheduled"
    SENT = "sent"
    OPENED = "opened"
    ANSWERED = "answered"
    LATE = "late"
    SKIPPED = "skipped"
    NO_ANSWER = "no_answer"
    EXCUSED = "excused"


OPEN = frozenset({CheckInState.SCHEDULED, CheckInState.SENT, CheckInState.OPENED})
ANSWERED = frozenset({CheckInState.ANSWERED, CheckInState.LATE})


class Snooze(StrEnum):
    """When a prompt may come again."""

    SOON = "soon"
    TONIGHT = "tonight"


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """A choice on a scale.

    Attributes:
        level: The place of the choice among the options, counted from 0.
        top: The place of the last option, so that scales of other lengths compare.
    """

    level: int
    top: int
    meaning: Meaning | None = None

    @property
    def share(self) -> float:
        """The choice between 0, the first option, and 1, the last."""
        return self.level / self.top if self.top else 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What was answered, by question; what was left out is not there.

    Attributes:
        texts: What was typed, and the boxes ticked joined by commas: sealed in the database.
    """

    levels: Mapping[str, Level] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def level(self, meaning: Meaning) -> Level | None:
        """Return the choice made where this was asked."""
        return next((level for level in self.levels.values() if level.meaning is meaning), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckIn:
    """One person's check-in of one local day.

    Attributes:
        set_version: The version of the questions it answered, or is to answer.
        due_at: When its prompt was due; nothing where the person came by themselves.
        closes_at: Until when an answer is on time.
        sent_at: When the prompt reached them.
    """

    id: CheckInId
    participant_id: ParticipantId
    day: date
    set_id: str
    set_version: int
    state: CheckInState
    due_at: datetime | None = None
    closes_at: datetime | None = None
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    edited_at: datetime | None = None
    levels: Mapping[str, Level] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether an answer is still waited for."""
        return self.state in OPEN

    @property
    def is_answered(self) -> bool:
        """Whether there is an answer, on time or late."""
        return self.state in ANSWERED

    def is_on_offer(self, now: datetime) -> bool:
        """Whether its prompt waits for an answer and its window is still open."""
        return self.is_open and self.closes_at is not None and now < self.closes_at

    def state_if_answered(self, now: datetime) -> CheckInState:
        """Return the state an answer brings now; changing an answer leaves it as it was."""
        if self.is_answered:
            return self.state
        late = self.closes_at is not None and now >= self.closes_at
        return CheckInState.LATE if late else CheckInState.ANSWERED

    def level(self, meaning: Meaning) -> Level | None:
        """Return the choice made where this was asked."""
        return Answers(levels=self.levels).level(meaning)


def asked_weekdays(pace: Pace) -> frozenset[int]:
    """Return the weekdays (Monday is 0) on which a pace asks."""
    return {
        Pace.DAILY: WEEKDAYS | WEEKEND,
        Pace.THREE: THREE_A_WEEK,
        Pace.WEEKLY: ONCE_A_WEEK,
    }[pace]


def prompt_rule(preferences: Preferences) -> Rule:
    """Return when a person is asked."""
    days = asked_weekdays(preferences.pace)
    dates: Dates = Daily() if preferences.pace is Pace.DAILY else Weekly(weekdays=days)
    return Rule(
        dates=dates,
        slots=(
            Slot(at=preferences.weekday_time, weekdays=WEEKDAYS, key=SLOT),
            Slot(at=preferences.weekend_time, weekdays=WEEKEND, key=SLOT),
        ),
    )


def snoozes(
    checkin: CheckIn, now: datetime, zone: ZoneInfo, quiet: QuietHours | None
) -> Mapping[Snooze, datetime]:
    """Return when a prompt may come again: only times inside its window and outside quiet hours."""
    if not checkin.is_on_offer(now) or checkin.closes_at is None:
        return {}
    tonight = resolve(local_day(now, zone), TONIGHT, zone)
    wished = {Snooze.SOON: now + SNOOZE}
    if tonight - now >= LEAST_AHEAD:
        wished[Snooze.TONIGHT] = tonight
    return {
        name: at
        for name, at in wished.items()
        if at < checkin.closes_at and (quiet is None or quiet.release(at, zone) == at)
    }
