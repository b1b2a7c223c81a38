"""The weekly report: counts of requests and how long people waited, never one request."""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias, TypeVar

from bot.domain.case import CaseSource, Circle, Resolution, Severity

SMALL = 5
"""Fewer than this could point to one person, so the number is not told."""


class Scope(StrEnum):
    """Whose report it is; each counts only what all of its readers may know of."""

    TEAM = "team"
    LEADS = "leads"

    @property
    def circles(self) -> frozenset[Circle]:
        """Whose cases are counted; those not every lead may know of are in no count."""
        if self is Scope.TEAM:
            return frozenset({Circle.TEAM})
        return frozenset({Circle.TEAM, Circle.LEADS})


class Hidden(StrEnum):
    """Why a number is not told."""

    FEW = "few"
    BESIDE = "beside"
    """It would give away the only small one, by what is missing from the whole."""


Shown: TypeAlias = int | Hidden

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseLine:
    """What the report reads of one case opened in its time.

    Attributes:
        circle: Who was let know of it.
        people: The accounts it is about or was raised by.
        claimed_at: When it was first taken.
        contacted_at: When the person was first written to.
        reopened: How often it was opened again.
    """

    source: CaseSource
    severity: Severity
    circle: Circle
    people: tuple[int, ...]
    resolution: Resolution | None
    opened_at: datetime
    claimed_at: datetime | None
    contacted_at: datetime | None
    reopened: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How long it took, of enough cases to say so: half, and nine in ten, were faster."""

    count: int
    p50: timedelta
    p90: timedelta


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """How the team judged what the risk screen found."""

    right: int
    wrong: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A week in counts, small ones hidden.

    Attributes:
        first: The first day.
        last: The last day.
        over: How many nobody took before their ladder had come to its end.
        reopened: How many were opened again.
        claim: How long until somebody had it, by severity.
        contact: How long until the person was written to, by severity.
        marks: What the team said of the screen's hits; nothing where it is not in use.
    """

    scope: Scope
    first: date
    last: date
    total: Shown
    sources: Mapping[CaseSource, Shown]
    severities: Mapping[Severity, Shown]
    resolutions: Mapping[Resolution, Shown]
    over: Shown
    reopened: Shown
    claim: Mapping[Severity, Spread]
    contact: Mapping[Severity, Spread]
    marks: Mapping[str, Shown] | None = None


def make_report(
    scope: Scope,
    days: tuple[date, date],
    lines: Sequence[CaseLine],
    *,
    ends: Mapping[Severity, timedelta],
    now: datetime,
    marks: Marks | None = None,
) -> Report:
    """Count a week.

    Args:
        scope: Whose report it is.
        days: The first and the last day.
        lines: What was opened in them.
        ends: When the last rung of each severity's ladder comes; those without one never are
            too late.
        now: Until when something nobody took has waited.
        marks: What the team said of the screen's hits.
    """
    over = sum(
        line.severity in ends and (line.claimed_at or now) - line.opened_at > ends[line.severity]
        for line in lines
    )
    return Report(
        scope=scope,
        first=days[0],
        last=days[1],
        total=few(len(lines)),
        sources=shown(Counter(line.source for line in lines)),
        severities=shown(Counter(line.severity for line in lines)),
        resolutions=shown(Counter(line.resolution for line in lines if line.resolution)),
        over=few(over),
        reopened=few(sum(bool(line.reopened) for line in lines)),
        claim=_spreads(lines, "claimed_at"),
        contact=_spreads(lines, "contacted_at"),
        marks=None if marks is None else shown({"right": marks.right, "wrong": marks.wrong}),
    )


def few(count: int) -> Shown:
    """Return a count, or that it is too small to tell; none at all may be told."""
    return Hidden.FEW if 0 < count < SMALL else count


def shown(counts: Mapping[KeyT, int]) -> dict[KeyT, Shown]:
    """Hide what is small, and one more where the whole would give away a single small one."""
    ordered = sorted(
        ((key, count) for key, count in counts.items() if count), key=lambda pair: -pair[1]
    )
    cells: dict[KeyT, Shown] = {key: few(count) for key, count in ordered}
    small = [key for key, count in cells.items() if count is Hidden.FEW]
    told = [key for key, count in cells.items() if count is not Hidden.FEW]
    if len(small) == 1 and told:
        cells[told[-1]] = Hidden.BESIDE
    return cells


def percentile(values: Sequence[timedelta], share: float) -> timedelta:
    """Return the smallest value that at least this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def _spreads(lines: Iterable[CaseLine], until: str) -> dict[Severity, Spread]:
    spreads = {}
    for severity in Severity:
        waits = [
            max(moment - line.opened_at, timedelta())
            for line in lines
            if line.severity is severity and (moment := getattr(line, until)) is not None
        ]
        if len(waits) >= SMALL:
            spreads[severity] = Spread(
                count=len(waits), p50=percentile(waits, 0.5), p90=percentile(waits, 0.9)
            )
    return spreads
