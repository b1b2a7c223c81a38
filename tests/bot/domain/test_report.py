"""The weekly report's counts: what is hidden, and what is late."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import DATA
from bot.content.ladder import load_ladder
from bot.domain.case import CaseSource, Circle, Resolution, Severity
from bot.domain.report import (
    SMALL,
    CaseLine,
    Hidden,
    Marks,
    Report,
    Scope,
    few,
    make_report,
    percentile,
    shown,
)
from tests.fakes.clock import START

MINUTE = timedelta(minutes=1)
LADDER_ENDS = load_ladder(DATA, None).ends
WEEK = (date(2025, 12, 29), date(2026, 1, 4))


def line(
    severity: Severity = Severity.NOW,
    *,
    claimed: float | None = 1,
    contacted: float | None = None,
    source: CaseSource = CaseSource.ASK,
    resolution: Resolution | None = None,
    reopened: int = 0,
) -> CaseLine:
    def after(minutes: float | None) -> datetime | None:
        return None if minutes is None else START + minutes * MINUTE

    return CaseLine(
        source=source,
        severity=severity,
        circle=Circle.TEAM,
        people=(1,),
        resolution=resolution,
        opened_at=START,
        claimed_at=after(claimed),
        contacted_at=after(contacted),
        reopened=reopened,
    )


def report(*lines: CaseLine, now: datetime = START, marks: Marks | None = None) -> Report:
    return make_report(Scope.TEAM, WEEK, lines, ends=LADDER_ENDS, now=now, marks=marks)


@pytest.mark.parametrize(
    ("count", "told"), [(0, 0), (1, Hidden.FEW), (4, Hidden.FEW), (5, 5), (60, 60)]
)
def test_a_small_number_is_not_told(count: int, told: object) -> None:
    assert few(count) == told


def test_a_single_small_number_is_not_given_away_by_the_others() -> None:
    assert shown({"a": 9, "b": 6, "c": 2}) == {"a": 9, "b": Hidden.BESIDE, "c": Hidden.FEW}


def test_two_small_numbers_hide_each_other() -> None:
    cells = shown({"a": 9, "b": 1, "c": 2, "d": 0})
    assert cells == {"a": 9, "b": Hidden.FEW, "c": Hidden.FEW}


@given(st.dictionaries(st.integers(), st.integers(0, 30), max_size=8))
def test_what_is_hidden_cannot_be_reckoned_from_the_whole(counts: dict[int, int]) -> None:
    cells = shown(counts)
    hidden = [key for key, cell in cells.items() if isinstance(cell, Hidden)]

    assert all(cell >= SMALL for cell in cells.values() if isinstance(cell, int))
    # The one exception is a whole that is small itself, and so is not told.
    assert len(hidden) != 1 or sum(counts.values()) < SMALL
    assert list(cells) == sorted(cells, key=lambda key: -counts[key])


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 5), (0.9, 9), (0.91, 10), (1.0, 10), (0.01, 1)]
)
def test_a_percentile_is_a_wait_somebody_had(share: float, expected: int) -> None:
    waits = [n * MINUTE for n in range(10, 0, -1)]
    assert percentile(waits, share) == expected * MINUTE


def test_waits_are_told_of_enough_cases_only() -> None:
    five = report(*(line(claimed=n) for n in range(1, 6)), line(Severity.SOON))

    assert set(five.claim) == {Severity.NOW}
    assert five.claim[Severity.NOW].count == 5
    assert five.claim[Severity.NOW].p50 == 3 * MINUTE
    assert five.claim[Severity.NOW].p90 == 5 * MINUTE
    assert five.contact == {}


@pytest.mark.parametrize(
    ("severity", "claimed", "waited", "is_over"),
    [
        (Severity.NOW, 10, 60, False),
        (Severity.NOW, 11, 60, True),
        (Severity.NOW, None, 11, True),
        (Severity.NOW, None, 9, False),
        (Severity.SOON, 59, 90, False),
        (Severity.TODAY, None, 24 * 60 + 1, True),
        (Severity.WATCH, None, 999999, False),
    ],
)
def test_over_the_ladder_is_what_nobody_took_in_its_time(
    severity: Severity, claimed: float | None, waited: int, is_over: bool
) -> None:
    lines = [line(severity, claimed=claimed)] * 5
    assert report(*lines, now=START + waited * MINUTE).over == (5 if is_over else 0)


def test_a_case_opened_again_twice_counts_once() -> None:
    assert report(*[line(reopened=2)] * 5).reopened == 5
    assert report(*[line(reopened=2)] * 4).reopened is Hidden.FEW


def test_every_count_is_hidden_where_it_is_small() -> None:
    few_of_each = report(
        line(resolution=Resolution.TALKED), line(Severity.SOON), marks=Marks(right=2, wrong=0)
    )

    assert few_of_each.total is Hidden.FEW
    cells = [
        *few_of_each.sources.values(),
        *few_of_each.severities.values(),
        *few_of_each.resolutions.values(),
        *(few_of_each.marks or {}).values(),
    ]
    assert set(cells) == {Hidden.FEW}


def test_the_leads_report_has_what_every_lead_may_know_of() -> None:
    assert Scope.TEAM.circles == {Circle.TEAM}
    assert Scope.LEADS.circles == {Circle.TEAM, Circle.LEADS}
