"""The ladder of cases: who is rung when, until somebody has it (SAFETY section 5)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.domain.case import Severity
from bot.domain.oncall import OnCall, Rung

MINUTE = timedelta(minutes=1)


class Ring(StrEnum):
    """Whom a step rings; only who is on duty, and volunteers, ever are."""

    FIRST = "first"
    SECOND = "second"
    TEAM = "team"
    LEADS = "leads"
    OUTSIDE = "outside"


class Told(StrEnum):
    """What a step tells the person."""

    EMERGENCY = "emergency"
    NO_ONE = "no_one"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One rung.

    Attributes:
        after: How long after the start of the clock.
        tells: What the person is told besides.
    """

    after: timedelta
    rings: frozenset[Ring]
    tells: Told | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tier:
    """The ladder of one severity.

    Attributes:
        steps: In order of time; the first is at once. Without any, nothing is sent.
        repeats: How often the last one comes again; nothing means never.
        reopens: How long after a claim without a word to the person the case is open again.
        asked: Whom the first step rings where the person asked for somebody themselves.
    """

    steps: tuple[Step, ...] = ()
    repeats: timedelta | None = None
    reopens: timedelta | None = None
    asked: frozenset[Ring] = frozenset()

    def step(self, number: int) -> Step:
        """Return a step by its number; those after the last repeat it."""
        return self.steps[min(number, len(self.steps) - 1)]

    def number_at(self, elapsed: timedelta) -> int:
        """Return the number of the latest step that is due after so long; `-1` before any."""
        due = sum(step.after <= elapsed for step in self.steps)
        last = self.steps[-1] if self.steps else None
        if last is None or due < len(self.steps) or self.repeats is None:
            return due - 1
        return due - 1 + (elapsed - last.after) // self.repeats

    def after(self, number: int) -> timedelta | None:
        """Return when a step is due; nothing where there is no such step."""
        if not self.steps:
            return None
        extra = number - (len(self.steps) - 1)
        if extra <= 0:
            return self.steps[number].after
        return None if self.repeats is None else self.steps[-1].after + extra * self.repeats


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """Every severity's ladder.

    Attributes:
        morning: Until when a case waits that nobody can be rung for, in the programme's zone,
            where no shift is planned either.
    """

    tiers: Mapping[Severity, Tier]
    morning: time

    def tier(self, severity: Severity) -> Tier:
        """Return the ladder of a severity."""
        return self.tiers[severity]

    @property
    def ends(self) -> Mapping[Severity, timedelta]:
        """When the last step of each severity comes, for those that have one after the first."""
        return {
            severity: tier.steps[-1].after
            for severity, tier in self.tiers.items()
            if tier.steps and tier.steps[-1].after
        }


class ClockState(StrEnum):
    """What a case's clock waits for."""

    UNCLAIMED = "unclaimed"
    ASKED_AGAIN = "asked_again"
    """Somebody has it, and the person asked again more urgently."""

    UNCONTACTED = "uncontacted"
    MORNING = "morning"
    STOPPED = "stopped"


CLIMBS = frozenset({ClockState.UNCLAIMED, ClockState.ASKED_AGAIN})


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseClock:
    """A case's clock: one row, which outlives the process.

    Attributes:
        round: One more at every start; a step is known by its round and number.
        fired: The number of the last step done in this round; `-1` before the first.
        due_at: When it is looked at next; nothing while it stands still.
        seen_at: When it was last written: a time still to come means that the machine's clock
            was put back.
    """

    case_id: str
    state: ClockState
    severity: Severity
    round: int
    started_at: datetime
    fired: int
    due_at: datetime | None
    seen_at: datetime

    def waited(self, now: datetime) -> int:
        """Return for how many minutes this round goes on."""
        return (now - self.started_at) // MINUTE

    def restarted(self, state: ClockState, severity: Severity, now: datetime) -> "CaseClock":
        """Return it as of a fresh start, due at once."""
        return replace(
            self,
            state=state,
            severity=severity,
            round=self.round + 1,
            started_at=now,
            fired=-1,
            due_at=now,
            seen_at=now,
        )

    def due(self, tier: Tier, now: datetime) -> int | None:
        """Return the number of the one step to do now; what was slept through is left out."""
        if self.due_at is None or self.due_at > now or not tier.steps:
            return None
        number = max(self.fired + 1, tier.number_at(now - self.started_at))
        return None if tier.after(number) is None else number

    def climbed(self, tier: Tier, number: int, now: datetime) -> "CaseClock":
        """Return it after a step, due at the next one that is not past already."""
        following = tier.after(number + 1)
        due_at = None if following is None else max(self.started_at + following, now)
        return replace(self, fired=number, due_at=due_at, seen_at=now)

    def moved(self, state: ClockState, due_at: datetime | None, now: datetime) -> "CaseClock":
        """Return it waiting for something else."""
        return replace(self, state=state, due_at=due_at, seen_at=now)


def new_clock(case_id: str, severity: Severity, now: datetime) -> CaseClock:
    """Return the clock of a case that was just opened, due at once."""
    return CaseClock(
        case_id=case_id,
        state=ClockState.UNCLAIMED,
        severity=severity,
        round=1,
        started_at=now,
        fired=-1,
        due_at=now,
        seen_at=now,
    )


def rung_now(rings: Collection[Ring], team: Sequence[OnCall]) -> tuple[int, ...]:
    """Return whom a step mentions: of those on duty the rungs it names, in their order.

    Args:
        team: Whom a case may ring, in order; volunteers among them are off duty and are called
            outside of Discord, never mentioned.
    """
    on = [one for one in team if one.rung is not Rung.VOLUNTEER]
    levels = sorted({one.rung for one in on})
    wanted = set(on if Ring.TEAM in rings else ())
    for ring, place in ((Ring.FIRST, 0), (Ring.SECOND, 1)):
        if ring in rings and levels:
            level = levels[min(place, len(levels) - 1)]
            wanted |= {one for one in on if one.rung is level}
    if Ring.LEADS in rings:
        wanted |= {one for one in on if one.member.is_lead}
    return tuple(one.member.user_id for one in on if one in wanted)


def is_anyone_on(team: Collection[OnCall]) -> bool:
    """Tell whether one of them is on duty."""
    return any(one.rung is not Rung.VOLUNTEER for one in team)


def volunteers(team: Sequence[OnCall]) -> Sequence[OnCall]:
    """Return those of them who are off duty and agreed to be called."""
    return [one for one in team if one.rung is Rung.VOLUNTEER]
