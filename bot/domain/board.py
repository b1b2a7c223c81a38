"""The board: what is left to do, who has it, and who is there to do it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.case import Case, Severity


class BoardName(StrEnum):
    """The two boards, by who reads them."""

    TEAM = "team"
    LEADS = "leads"


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardRow:
    """One case on a board.

    Attributes:
        is_free: Anyone may take it: nobody has it, or whoever had it left the team.
    """

    case: Case
    is_free: bool

    @property
    def is_loud(self) -> bool:
        """Whether nothing is more urgent than this: a P1 that nobody has."""
        return self.is_free and self.case.severity is Severity.NOW

    @property
    def waiting_since(self) -> datetime:
        """Since when this waits: for somebody, for a first word, or for an end."""
        case = self.case
        if self.is_free:
            return max(case.opened_at, case.reopened_at or case.opened_at)
        return case.tried_at or case.contacted_at or case.claimed_at or case.opened_at


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardState:
    """What a board shows.

    Attributes:
        rows: Everything that is left to do, the loudest first.
        on_duty: The accounts on duty, the longest first.
        next_on: When somebody is next on; nothing where nothing is planned.
    """

    name: BoardName
    rows: Sequence[BoardRow] = ()
    on_duty: Sequence[int] = ()
    next_on: datetime | None = None

    @property
    def counts(self) -> Mapping[Severity, int]:
        """How much is left to do of each severity; rehearsals are no work."""
        real = [row.case.severity for row in self.rows if not row.case.is_drill]
        return {severity: real.count(severity) for severity in Severity}

    @property
    def is_loud(self) -> bool:
        """Whether a P1 waits that nobody has."""
        return any(row.is_loud for row in self.rows)


def board_order(row: BoardRow) -> tuple[bool, bool, int, bool, datetime]:
    """Sort what nobody has before what somebody has, the urgent first, then the oldest.

    What is only played never stands before what is real.
    """
    case = row.case
    is_written_to = case.contacted_at is not None
    return (
        not row.is_free,
        case.is_drill,
        case.severity.value,
        is_written_to,
        row.waiting_since,
    )
