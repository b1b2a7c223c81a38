"""What somebody keeps for themselves alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ids import OwnNoteId, ParticipantId

LONGEST = 200
MOST_STRENGTHS = 25
LATEST_LOOKS = 5
SOME, MANY = 3, 6
"""From how many items on the words after a look are other ones; the number itself is not shown."""


class OwnKind(StrEnum):
    """What it is."""

    STRENGTH = "strength"
    LOOK = "look"


class Weight(StrEnum):
    """Which words follow a look at what somebody carries."""

    LIGHT = "light"
    SOME = "some"
    MUCH = "much"


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnNote:
    """A strength in one's own words, or the items of a look that fit.

    Attributes:
        text: The words; of a look, the IDs of its items.
    """

    id: OwnNoteId
    participant_id: ParticipantId
    kind: OwnKind
    text: str
    at: datetime

    @property
    def items(self) -> Sequence[str]:
        """The items of a look."""
        return self.text.split()


def weight(items: Sequence[str]) -> Weight:
    """Return which words follow; they are no finding about the person."""
    if len(items) >= MANY:
        return Weight.MUCH
    return Weight.SOME if len(items) >= SOME else Weight.LIGHT
