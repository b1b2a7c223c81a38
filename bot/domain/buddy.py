"""Buddies: two peers who both wanted someone to write to."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import BuddyId, ParticipantId

OFFER_LASTS = timedelta(days=7)
"""How long an offer waits for both; after it, it is over without a word."""

LASTS = timedelta(days=28)
"""How long two are buddies. Who ends it earlier ends it for themselves: the other one's card
stays as it is until this day, and then says the same for every reason."""

MOST_MATCHES = 20


class BuddyState(StrEnum):
    """Where an offer stands."""

    OFFERED = "offered"
    STARTED = "started"
    OVER = "over"


class Answer(StrEnum):
    """What one of the two said; `ended` is a started one let go."""

    NONE = ""
    YES = "yes"
    NO = "no"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Somebody would like a buddy."""

    participant_id: ParticipantId
    user_id: int
    code: str | None
    wished_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Buddies:
    """Two people, and what each said; neither learns the other's answer by itself.

    Attributes:
        first: The one of the two with the account `first_user_id`.
        until_at: When an offer, or the time together, is over.
    """

    id: BuddyId
    first: ParticipantId
    second: ParticipantId
    first_user_id: int
    second_user_id: int
    state: BuddyState = BuddyState.OFFERED
    first_answer: Answer = Answer.NONE
    second_answer: Answer = Answer.NONE
    proposed_by: int
    proposed_at: datetime
    started_at: datetime | None = None
    until_at: datetime

    def answer_of(self, participant_id: ParticipantId) -> Answer:
        """Return what one of the two said."""
        return self.first_answer if participant_id == self.first else self.second_answer

    def other_user(self, participant_id: ParticipantId) -> int:
        """Return the account of the other one."""
        return self.second_user_id if participant_id == self.first else self.first_user_id

    def is_live_for(self, participant_id: ParticipantId, now: datetime) -> bool:
        """Whether it goes on as far as one of the two can tell: what the other did is not seen."""
        is_theirs = self.answer_of(participant_id) not in (Answer.NO, Answer.ENDED)
        return self.state is not BuddyState.OVER and is_theirs and now < self.until_at


def matches(
    wishes: Iterable[Wish],
    apart: Callable[[int], Collection[int]],
    tried: Collection[frozenset[ParticipantId]],
) -> Sequence[tuple[Wish, Wish]]:
    """List who could be offered to whom, the longest waiting first.

    Args:
        wishes: Everyone who would like a buddy, each free right now.
        apart: Whom an account is never brought together with: partners, and the keep-apart list.
        tried: Pairs that were offered before.
    """
    waiting = sorted(wishes, key=lambda wish: wish.wished_at)
    found: list[tuple[Wish, Wish]] = []
    for place, one in enumerate(waiting):
        for other in waiting[place + 1 :]:
            if len(found) >= MOST_MATCHES:
                return found
            pair = frozenset({one.participant_id, other.participant_id})
            is_apart = other.user_id in apart(one.user_id) or one.user_id in apart(other.user_id)
            if not is_apart and pair not in tried:
                found.append((one, other))
    return found
