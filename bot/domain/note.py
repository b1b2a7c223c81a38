"""A note: what waits behind the neutral notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import OutboxId, ParticipantId


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """A personal message whose content is shown on a tap.

    Attributes:
        kind: What it is about, such as `checkin.prompt`.
        args: Identifiers its opener needs; never content.
        is_open: It was not closed in the meantime.
    """

    id: OutboxId
    kind: str
    participant_id: ParticipantId
    args: Mapping[str, str]
    sent_at: datetime | None
    is_open: bool
