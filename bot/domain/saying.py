"""Words that are hard to say, put together from parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import PairId, ParticipantId, SayingId

LONGEST_PART = 600
LONGEST = 2600
"""Of the whole: it has to fit on a card with what stands around it."""

MOST_DRAFTS = 25
"""As many as a select lists."""

ENDS = re.compile(r"[.?!…:)\"”»]$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Saying:
    """Words somebody made; nobody else sees them before they are sent.

    Attributes:
        frame: The ID of the frame in the content.
        parts: What was typed, field by field; nothing once the words cannot be read any more.
        text: The parts put together, in the language they were written in.
        pair_id: The space they were sent in.
    """

    id: SayingId
    participant_id: ParticipantId
    frame: str
    parts: tuple[str, ...]
    text: str
    at: datetime
    pair_id: PairId | None = None
    sent_at: datetime | None = None


def compose(leads: Sequence[str], parts: Sequence[str]) -> str:
    """Put parts together, each after the words it begins with; what was left out is left out."""
    sentences = []
    for lead, part in zip(leads, parts, strict=False):
        clean = " ".join(part.split())
        if clean:
            begun = _after(lead.strip(), clean)
            sentences.append(begun if ENDS.search(begun) else f"{begun}.")
    return "\n".join(sentences)


def _after(lead: str, part: str) -> str:
    """Join a lead and a part, without saying the lead twice."""
    says_it = part.casefold().startswith(lead.casefold())
    whole = part if says_it else f"{lead} {part}"
    return whole[:1].upper() + whole[1:]
