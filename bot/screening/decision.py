"""The decision: what rules and model say together, class by class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.risk import RiskClass, RiskFinding, RiskReason, Tier
from bot.screening.hits import ALWAYS_SERIOUS, Found, Hit
from bot.screening.model import Scores

CRITICAL = (
    RiskClass.SUICIDE_IMMINENT,
    RiskClass.OVERDOSE_MEDICAL,
    RiskClass.THREAT_TO_OTHERS,
    RiskClass.CHILD_SAFETY,
    RiskClass.IPV_VICTIM,
    RiskClass.SUICIDE_IDEATION,
    RiskClass.SELF_HARM,
)
"""The urgent classes, the most time-critical first."""

MOST_REASONS = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Thresholds:
    """From which probability on a text goes where; set on lines the model had not seen.

    Attributes:
        review: By class, for the model alone.
        page: By class, for the model alone.
        confirm: What the model must at least say for a page rule to page.
        doubt: Below this a review rule alone is not believed.
        support: From which probability craving or relapse is named.
    """

    review: Mapping[RiskClass, float]
    page: Mapping[RiskClass, float]
    confirm: float
    doubt: float
    support: float


class Decider:
    """Decides about one text."""

    def __init__(self, thresholds: Thresholds, version: str) -> None:
        self._thresholds = thresholds
        self._version = version

    def decide(
        self, found: Found, scores: Scores, words: Sequence[str] = ()
    ) -> tuple[RiskClass | None, Tier]:
        """Give the class and the tier."""
        hits = [hit for hit in found.hits if hit.counts and hit.rule.label in CRITICAL]
        label = self._label(hits, scores)
        tier = self._tier(label, hits, scores, "joking" in found.cues)
        if tier is not Tier.NONE:
            return label, tier
        if self._is_support(found, scores):
            return RiskClass.RELAPSE_CRAVING, Tier.NONE
        return None, Tier.NONE

    def _label(self, hits: Sequence[Hit], scores: Scores) -> RiskClass:
        ruled = {hit.rule.label: 0.0 for hit in hits}
        for hit in hits:
            worth = PAGE_WORTH if hit.tier is Tier.PAGE else REVIEW_WORTH
            ruled[hit.rule.label] = max(ruled[hit.rule.label], worth)
        if not ruled:
            return max(CRITICAL, key=scores.of)
        return max(CRITICAL, key=lambda label: scores.of(label) + ruled.get(label, 0.0))

    def _tier(self, label: RiskClass, hits: Sequence[Hit], scores: Scores, is_joking: bool) -> Tier:
        limits, urgent = self._thresholds, scores.urgent
        tier = Tier.NONE
        if urgent >= limits.review[label]:
            tier = Tier.REVIEW
        if hits and urgent >= limits.doubt:
            tier = Tier.REVIEW
        if urgent >= limits.page[label]:
            tier = Tier.PAGE
        if any(hit.tier is Tier.PAGE for hit in hits):
            tier = Tier.PAGE if urgent >= limits.confirm else Tier.REVIEW
        if is_joking and tier is Tier.PAGE:
            tier = Tier.REVIEW
        if tier is Tier.NONE and any(hit.rule.label in ALWAYS_SERIOUS for hit in hits):
            tier = Tier.REVIEW
        return tier

    def _is_support(self, found: Found, scores: Scores) -> bool:
        support = RiskClass.RELAPSE_CRAVING
        ruled = any(hit.counts and hit.rule.label is support for hit in found.hits)
        return ruled or scores.of(support) >= self._thresholds.support

    def finding(
        self, label: RiskClass | None, tier: Tier, reasons: Sequence[RiskReason]
    ) -> RiskFinding:
        """Put a decision into words."""
        strongest = sorted(reasons, key=lambda reason: -reason.weight)[:MOST_REASONS]
        return RiskFinding(label=label, tier=tier, reasons=tuple(strongest), version=self._version)


PAGE_WORTH = 0.6
REVIEW_WORTH = 0.3
