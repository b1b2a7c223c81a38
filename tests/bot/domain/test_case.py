"""Cases: who may learn of one, and who may open it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.case import (
    REF_ALPHABET,
    Case,
    CaseSource,
    CaseState,
    Circle,
    Conflict,
    Severity,
    circle_of,
    excluded,
    may_close_unanswered,
    may_open,
    new_ref,
)
from bot.domain.concern import severity_of
from bot.domain.ids import CaseId
from bot.domain.staff import StaffMember, StaffRole

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def member(user_id: int, role: StaffRole = StaffRole.MODERATOR) -> StaffMember:
    return StaffMember(user_id=user_id, role=role, enrolled_at=NOW)


def case(owner_id: int | None = None) -> Case:
    return Case(
        id=CaseId("c"),
        ref="BCDFG",
        participant_id=None,
        user_id=1,
        source=CaseSource.ASK,
        severity=Severity.TODAY,
        owner_id=owner_id,
        opened_at=NOW,
        paged_at=NOW,
    )


@pytest.mark.parametrize(
    ("barred", "circle"),
    [
        (set(), Circle.TEAM),
        ({99}, Circle.TEAM),
        ({1}, Circle.LEADS),
        ({2}, Circle.LEADS),
        ({3}, Circle.SOME_LEADS),
        ({1, 3}, Circle.SOME_LEADS),
        ({3, 4}, Circle.NOBODY),
    ],
)
def test_a_conflict_narrows_the_circle(barred: set[int], circle: Circle) -> None:
    team = [
        member(1),
        member(2, StaffRole.CLINICIAN),
        member(3, StaffRole.LEAD),
        member(4, StaffRole.LEAD),
    ]

    assert circle_of(team, barred) is circle


@given(
    conflicts=st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=12),
    people=st.lists(st.integers(1, 6), max_size=2),
)
def test_nobody_with_a_conflict_or_a_part_in_it_is_included(
    conflicts: list[tuple[int, int]], people: list[int]
) -> None:
    kept_away = excluded([Conflict(staff_id=s, user_id=u) for s, u in conflicts], people)

    assert set(people) <= kept_away
    for staff_id, user_id in conflicts:
        assert user_id not in people or staff_id in kept_away


@pytest.mark.parametrize(
    ("role", "owns", "on_duty", "may"),
    [
        (StaffRole.MODERATOR, False, True, False),
        (StaffRole.MODERATOR, True, False, True),
        (StaffRole.CLINICIAN, False, False, False),
        (StaffRole.CLINICIAN, False, True, True),
        (StaffRole.LEAD, False, False, True),
    ],
)
def test_need_to_know(role: StaffRole, *, owns: bool, on_duty: bool, may: bool) -> None:
    subject = case(owner_id=5 if owns else None)

    assert may_open(member(5, role), subject, on_duty=on_duty) is may


def test_a_reference_is_short_and_has_no_look_alikes() -> None:
    refs = {new_ref() for _ in range(200)}

    assert all(len(ref) == 5 and set(ref) <= set(REF_ALPHABET) for ref in refs)
    assert not set("AEIOU01L5") & set(REF_ALPHABET)


def test_worry_for_someones_safety_is_looked_at_soon() -> None:
    assert severity_of("safety") is Severity.SOON
    assert severity_of("unkind") is Severity.TODAY


def test_a_backup_reads_along() -> None:
    subject = replace(case(owner_id=6), backup_id=5)

    assert may_open(member(5), subject, on_duty=False)


@pytest.mark.parametrize(
    ("role", "hours", "may"),
    [
        (StaffRole.CLINICIAN, 72, True),
        (StaffRole.CLINICIAN, 71, False),
        (StaffRole.LEAD, 72, True),
        (StaffRole.MODERATOR, 720, False),
    ],
)
def test_silence_is_closed_by_a_clinician_after_three_days(
    role: StaffRole, hours: int, *, may: bool
) -> None:
    silent = replace(case(owner_id=5), closing_at=NOW)

    assert may_close_unanswered(member(5, role), silent, NOW + timedelta(hours=hours)) is may
    assert not may_close_unanswered(member(5, role), case(), NOW + timedelta(hours=hours))


@pytest.mark.parametrize("state", CaseState)
def test_a_case_waits_only_where_nobody_has_it(state: CaseState) -> None:
    waits = state in (CaseState.OPEN, CaseState.HANDED_OFF)

    assert replace(case(), state=state).is_waiting is waits
