"""Agreed signs: what a person wants to be told of, and the help that is welcome then."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import PairId, ParticipantId, SignId

MOST_SIGNS = 5
LONGEST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """A warning sign somebody wrote down about themselves.

    Attributes:
        helps: The help that is welcome.
        shared_at: Since when the other one sees it; nothing while it is private.
        is_muted: It is not delivered; whoever sends it sees no difference.
    """

    id: SignId
    pair_id: PairId
    participant_id: ParticipantId
    sign: str
    helps: str
    at: datetime
    shared_at: datetime | None = None
    is_muted: bool = False

    @property
    def is_shared(self) -> bool:
        """Whether the other one sees it."""
        return self.shared_at is not None
