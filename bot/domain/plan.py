"""A plan two people make together: versions, and a signature of each on the same one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.ids import PairId, ParticipantId, PlanVersionId

LONGEST = 1000
"""Characters of one section: a card holds 4,000 in all."""

MOST_LINES = 8
"""Lines of one section; more than eight signs are not kept in mind."""

PAGE_LONGEST = 2000

REVIEW_AT = time(10)
REVIEW_AFTER = timedelta(weeks=4)
"""What a new draft suggests."""

FURTHEST_REVIEW = timedelta(days=366)


class PlanSection(StrEnum):
    """The parts of a plan."""

    SIGNS = "signs"
    COPING = "coping"
    MINE = "mine"
    PEOPLE = "people"
    IF_THEN = "if_then"
    HOME = "home"


JOINT = tuple(one for one in PlanSection if one is not PlanSection.MINE)
"""What is written for both; `mine` is written by each for themselves."""


class Signing(StrEnum):
    """What came of a signature."""

    SIGNED = "signed"
    IN_FORCE = "in_force"
    ALREADY = "already"
    STALE = "stale"


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanDraft:
    """What one person writes before they put it forward.

    Attributes:
        texts: The sections, their own `mine` among them.
        review_on: When both are asked to look at it again.
    """

    texts: Mapping[PlanSection, str] = field(default_factory=dict)
    review_on: date | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written."""
        return not any(text.strip() for text in self.texts.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanVersion:
    """One version, put before both; it never changes.

    Attributes:
        number: From 1 in each pair.
        put_by: Who put it forward; nothing once their data was deleted.
        in_force_at: When both had signed it.
        texts: The joint sections.
        mine: What each will do.
        signed: Who signed.
    """

    id: PlanVersionId
    pair_id: PairId
    number: int
    put_by: ParticipantId | None
    put_at: datetime
    review_on: date | None = None
    in_force_at: datetime | None = None
    texts: Mapping[PlanSection, str] = field(default_factory=dict)
    mine: Mapping[ParticipantId, str] = field(default_factory=dict)
    signed: frozenset[ParticipantId] = frozenset()

    @property
    def is_in_force(self) -> bool:
        """Whether both signed it."""
        return self.in_force_at is not None

    def theirs(self, me: ParticipantId) -> str:
        """Return what the other one of the two will do."""
        return "\n".join(text for who, text in self.mine.items() if who != me)

    def words_for(self, me: ParticipantId) -> Mapping[PlanSection, str]:
        """Return what a draft by a person begins with: the joint sections and their own."""
        return {**self.texts, PlanSection.MINE: self.mine.get(me, "")}


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanView:
    """What one person sees of a pair's plan.

    Attributes:
        in_force: The last version both signed.
        waiting: A later one that was put forward.
        has_draft: They write at one themselves.
    """

    in_force: PlanVersion | None
    waiting: PlanVersion | None
    has_draft: bool

    @property
    def latest(self) -> PlanVersion | None:
        """The last version put forward."""
        return self.waiting or self.in_force

    @property
    def number(self) -> int:
        """The number of the last version put forward; 0 where there is none."""
        return self.latest.number if self.latest else 0


def in_force_of(versions: Sequence[PlanVersion]) -> PlanVersion | None:
    """Return the last version that both signed."""
    signed = [one for one in versions if one.is_in_force]
    return max(signed, key=lambda one: one.number, default=None)


def trimmed(text: str) -> str:
    """Return a section without empty lines and the space around its lines."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())
