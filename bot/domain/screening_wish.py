"""One person's yes to a look for danger words in the thread of two."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import PairId


@dataclass(frozen=True, kw_only=True, slots=True)
class ScreeningWish:
    """A yes.

    Attributes:
        user_id: The account of who said it.
        until: Until when a yes that was taken back still counts for the other one's words, so
            that taking it back shows in nothing they could try out that day.
    """

    pair_id: PairId
    user_id: int
    thread_id: int
    until: datetime | None = None

    def covers(self, author_id: int | None, now: datetime) -> bool:
        """Whether it lets an author's words be looked at; all words, where no author is named."""
        if self.until is None:
            return True
        return author_id is not None and author_id != self.user_id and now < self.until
