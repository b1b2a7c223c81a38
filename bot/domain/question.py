"""Questions to the team that are not urgent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import ParticipantId, QuestionId

REPLY_DAYS = 2
"""Within how many days the team means to answer; the card says it before anything is sent."""

MOST_OPEN = 5
"""Questions of one person that may wait at once."""

REMIND_AFTER = timedelta(days=REPLY_DAYS)


class QuestionState(StrEnum):
    """Where a question stands."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question.

    Attributes:
        user_id: The account that asked; never shown with an answer for all.
        for_all: Who asked agreed that the answer may go to a room, without their name.
        text: The question; missing where its key is gone.
        shown: The question as it stands in the room, in the team's words.
        room_id: The room the answer went to.
    """

    id: QuestionId
    participant_id: ParticipantId
    user_id: int
    state: QuestionState = QuestionState.OPEN
    for_all: bool = False
    text: str | None = None
    answer: str | None = None
    shown: str = ""
    answered_by: int | None = None
    room_id: str | None = None
    asked_at: datetime
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state is QuestionState.OPEN
