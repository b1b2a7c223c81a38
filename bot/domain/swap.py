"""Swaps: one date of a shift for another person, by both people's word."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from bot.domain.rota import Date, ShiftId

SwapId = NewType("SwapId", str)


class SwapState(StrEnum):
    """Where a request to swap stands."""

    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    STALE = "stale"


@dataclass(frozen=True, kw_only=True, slots=True)
class Swap:
    """A request to take a shift on one date, perhaps in return for another.

    Attributes:
        back: What the asker would take in return.
    """

    id: SwapId
    shift_id: ShiftId
    day: date
    asker_id: int
    taker_id: int
    back: Date | None = None
    state: SwapState = SwapState.ASKED
    asked_at: datetime
    settled_at: datetime | None = None

    @property
    def given(self) -> Date:
        """What the asker gives away."""
        return self.shift_id, self.day

    @property
    def dates(self) -> frozenset[Date]:
        """Every date that would change hands."""
        return frozenset({self.given} if self.back is None else {self.given, self.back})
