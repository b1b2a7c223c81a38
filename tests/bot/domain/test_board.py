"""What stands where on a board."""

from datetime import timedelta

from bot.domain.board import BoardName, BoardRow, BoardState, board_order
from bot.domain.case import Case, CaseSource, CaseState, Severity
from bot.domain.ids import CaseId
from tests.fakes.clock import START


def row(
    ref: str,
    severity: Severity,
    minutes: int = 0,
    *,
    owner: int | None = None,
    wrote: bool = False,
    is_drill: bool = False,
) -> BoardRow:
    opened_at = START + timedelta(minutes=minutes)
    case = Case(
        id=CaseId(ref),
        ref=ref,
        participant_id=None,
        user_id=1,
        source=CaseSource.ASK,
        severity=severity,
        state=CaseState.CLAIMED if owner else CaseState.OPEN,
        owner_id=owner,
        opened_at=opened_at,
        paged_at=opened_at,
        claimed_at=opened_at if owner else None,
        contacted_at=opened_at if wrote else None,
        is_drill=is_drill,
    )
    return BoardRow(case=case, is_free=owner is None)


def test_what_nobody_has_comes_first_the_urgent_and_old_before_all() -> None:
    rows = [
        row("written", Severity.NOW, owner=7, wrote=True),
        row("taken", Severity.NOW, owner=7),
        row("played", Severity.NOW, is_drill=True),
        row("today", Severity.TODAY, 1),
        row("younger", Severity.NOW, 5),
        row("older", Severity.NOW, 2),
        row("soon", Severity.SOON, 0),
    ]

    order = [one.case.ref for one in sorted(rows, key=board_order)]

    assert order == ["older", "younger", "soon", "today", "played", "taken", "written"]


def test_a_rehearsal_is_in_no_count() -> None:
    state = BoardState(
        name=BoardName.TEAM,
        rows=[row("real", Severity.NOW), row("played", Severity.NOW, is_drill=True)],
    )

    assert state.counts == {
        Severity.NOW: 1,
        Severity.SOON: 0,
        Severity.TODAY: 0,
        Severity.WATCH: 0,
    }
    assert state.is_loud


def test_who_left_the_team_leaves_a_free_request_that_waits_since_it_came() -> None:
    taken = row("left", Severity.NOW, owner=7)
    free = BoardRow(case=taken.case, is_free=True)

    assert free.is_loud
    assert not taken.is_loud
    assert free.waiting_since == START
