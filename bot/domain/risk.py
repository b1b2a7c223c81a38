"""What the risk screen finds in a text, and what follows from it."""

from dataclasses import dataclass
from enum import StrEnum


class RiskClass(StrEnum):
    """What a text may be about (SAFETY section 6); all but the last are urgent."""

    SUICIDE_IMMINENT = "suicide_imminent"
    SUICIDE_IDEATION = "suicide_ideation"
    SELF_HARM = "self_harm"
    OVERDOSE_MEDICAL = "overdose_medical"
    IPV_VICTIM = "ipv_victim"
    THREAT_TO_OTHERS = "threat_to_others"
    CHILD_SAFETY = "child_safety"
    RELAPSE_CRAVING = "relapse_craving"


class Tier(StrEnum):
    """What a hit leads to: a case at once, a human's look in the next digest, or nothing."""

    PAGE = "page"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskReason:
    """One thing that decided: a rule's ID, or `model` with its score.

    Attributes:
        weight: How strongly it spoke, `0` to `1`.
        text: What matched, as it stood in the original; never stored, never logged.
    """

    rule: str
    weight: float
    text: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RiskFinding:
    """What the screen decided about one text.

    Attributes:
        label: The class found, or nothing.
        reasons: What decided, the strongest first.
        version: The lexicon's and model's version, for the record.
    """

    label: RiskClass | None
    tier: Tier
    reasons: tuple[RiskReason, ...] = ()
    version: str = ""

    @property
    def is_hit(self) -> bool:
        """Whether a human is to look at it."""
        return self.tier is not Tier.NONE
