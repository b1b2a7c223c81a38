"""People who are never put together: exes, protective orders."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import ApartId


@dataclass(frozen=True, kw_only=True, slots=True)
class Apart:
    """Two accounts that share no room, group or session.

    Attributes:
        users: Both, the lower account first: it is one line whoever is named first.
        reason: Why; missing where none was given or its key is gone.
    """

    id: ApartId
    users: tuple[int, int]
    reason: str | None = None
    added_by: int
    added_at: datetime

    def other(self, user_id: int) -> int:
        """Return whom an account is kept apart from."""
        return self.users[0] if self.users[1] == user_id else self.users[1]
