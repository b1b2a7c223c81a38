"""Saying thanks: one short appreciation, now or on a hard day; never counted or compared."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import PairId, ParticipantId, ThanksId

LONGEST = 300

MOST_A_DAY = 3
"""How many one person may write on a day: an own limit, whatever becomes of them."""


class Moment(StrEnum):
    """When an appreciation may be read."""

    NOW = "now"
    HELD = "held"


@dataclass(frozen=True, kw_only=True, slots=True)
class Appreciation:
    """What one of the two is thankful for."""

    id: ThanksId
    pair_id: PairId
    participant_id: ParticipantId
    text: str
    at: datetime
    moment: Moment
