"""The private word: what counts as one, how often it is asked, how often it may be tried."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = 4
LONGEST = 64

OPEN_FOR = timedelta(hours=1)
"""How long what it guards stays open once it was said."""

MOST_TRIES = 5
TRIES_WINDOW = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivateWord:
    """A word as it is kept: only whether another one is the same can be told from it.

    Attributes:
        cost: What the digest was made with, so that it can be raised for new words.
        open_until: Up to when nothing is asked.
    """

    salt: bytes
    digest: bytes
    cost: int
    set_at: datetime
    open_until: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether it was said within the hour."""
        return self.open_until is not None and now < self.open_until


def plain_word(typed: str) -> str:
    """Return a word the same whatever capitals and spaces a phone put into it."""
    return " ".join(unicodedata.normalize("NFKC", typed).casefold().split())
