"""Agreements: what someone needs, can offer and where their limit is; and what the other says."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.domain.ids import AgreementId, PairId, ParticipantId

LONGEST = 500
"""Characters of each of the three parts."""

MOST_DRAFTS = 5
MOST_OPEN = 10
"""Agreements of one person that may be drafts, or stand before the other, at once."""

REVISIT_AT = time(10)


class Reply(StrEnum):
    """What the other one says to an agreement."""

    AGREE = "agree"
    DISCUSS = "discuss"
    NOT_NOW = "not_now"


@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementText:
    """What an agreement says."""

    need: str = ""
    offer: str = ""
    limit: str = ""

    @property
    def parts(self) -> tuple[str, str, str]:
        """The three parts in their order."""
        return self.need, self.offer, self.limit

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written."""
        return not any(self.parts)

    @property
    def short(self) -> str:
        """The first words, to know it by in a list."""
        first = next((part for part in self.parts if part), "")
        return " ".join(first.split())


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """One agreement.

    Attributes:
        put_by: Whose it is; nothing once their data was deleted.
        put_at: When it was put before the other one; nothing while it is a draft.
        revisit_on: When both are asked to look at it again.
        agreed_at: When the other one agreed.
        reply: What the other one said last.
    """

    id: AgreementId
    pair_id: PairId
    put_by: ParticipantId | None
    made_at: datetime
    text: AgreementText
    put_at: datetime | None = None
    revisit_on: date | None = None
    agreed_at: datetime | None = None
    reply: Reply | None = None

    @property
    def is_draft(self) -> bool:
        """Whether only its author knows of it."""
        return self.put_at is None
