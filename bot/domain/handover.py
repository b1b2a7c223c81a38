"""Handover notes: what one shift tells the next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

HandoverId = NewType("HandoverId", str)

SHOWN_FOR = timedelta(days=3)
"""How long a note is offered to those who come on duty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """A note for whoever is on next.

    Attributes:
        text: What was written; empty where its key is gone.
        people: The accounts it is about: whoever must learn nothing of one of them is not shown
            the note, nor that there is one.
        is_apart: It names a request that only leads may know of.
    """

    id: HandoverId
    author_id: int
    written_at: datetime
    text: str
    people: frozenset[int] = frozenset()
    is_apart: bool = False
    read_by: Collection[int] = ()
