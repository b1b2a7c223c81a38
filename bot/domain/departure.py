"""Somebody leaves the team: what goes with them, and what has to be passed on."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.case import Severity

RINGS_ANEW = frozenset({Severity.NOW, Severity.SOON})
"""These wait for nobody's hand-over: they ring again at once, whomever a lead would name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Departure:
    """What became of the work of somebody who left; requests that not every lead may know of
    are passed on too, and in no number.

    Attributes:
        user_id: Who left.
        to: Who took over what could wait.
        freed: Requests that wait for somebody again.
        handed: Requests that are with the colleague now.
        turns: Turns of duty in the next two weeks that are nobody's now.
    """

    user_id: int
    to: int | None = None
    freed: int = 0
    handed: int = 0
    turns: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenDeparture:
    """Somebody who left and still holds in Discord what they should not.

    Attributes:
        tries: How often Discord refused.
    """

    user_id: int
    left_at: datetime
    tries: int
