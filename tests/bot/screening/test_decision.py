"""What rules and model decide together, as tables."""

import numpy as np
import pytest

from bot.domain.risk import RiskClass, Tier
from bot.screening.context import Around
from bot.screening.decision import CRITICAL, Decider, Thresholds
from bot.screening.hits import Found, Hit
from bot.screening.lexicon import Guard, Rule
from bot.screening.model import CLASSES, HEADS, URGENT, Scores

IDEATION, IMMINENT = RiskClass.SUICIDE_IDEATION, RiskClass.SUICIDE_IMMINENT
MEDICAL, CRAVING = RiskClass.OVERDOSE_MEDICAL, RiskClass.RELAPSE_CRAVING

DECIDER = Decider(
    Thresholds(
        review=dict.fromkeys(CRITICAL, 0.4),
        page=dict.fromkeys(CRITICAL, 0.9),
        confirm=0.3,
        doubt=0.05,
        support=0.5,
    ),
    "test",
)


def rule(label: RiskClass, tier: Tier) -> Rule:
    return Rule(
        id=f"{label} {tier}",
        label=label,
        tier=tier,
        languages=("en",),
        phrases=(),
        pattern="",
        guards=frozenset(),
        unless="",
        examples=(),
        counterexamples=(),
    )


def hit(label: RiskClass, tier: Tier, guard: Guard | None = None) -> Hit:
    return Hit(rule(label, tier), Tier.NONE if guard else tier, 0, 1, guard)


def scores(urgent: float, label: RiskClass, own: float | None = None) -> Scores:
    values = np.full(len(HEADS), 0.01)
    values[CLASSES.index(label)] = urgent if own is None else own
    values[HEADS.index(URGENT)] = urgent
    return Scores(values.tolist())


DECISIONS = [
    # hits, urgent, cues -> tier
    ([], 0.39, (), Tier.NONE),
    ([], 0.40, (), Tier.REVIEW),
    ([], 0.90, (), Tier.PAGE),
    ([], 0.95, ("joking",), Tier.REVIEW),
    ([hit(IDEATION, Tier.REVIEW)], 0.10, (), Tier.REVIEW),
    ([hit(IDEATION, Tier.REVIEW)], 0.04, (), Tier.NONE),
    ([hit(IDEATION, Tier.PAGE)], 0.30, (), Tier.PAGE),
    ([hit(IDEATION, Tier.PAGE)], 0.10, (), Tier.REVIEW),
    ([hit(IDEATION, Tier.PAGE, Guard.NEGATED)], 0.10, (), Tier.NONE),
    ([hit(IDEATION, Tier.PAGE, Guard.NEGATED)], 0.95, (), Tier.PAGE),
    ([hit(IMMINENT, Tier.REVIEW)], 0.01, ("joking",), Tier.REVIEW),
    ([hit(MEDICAL, Tier.REVIEW)], 0.01, ("joking",), Tier.REVIEW),
]


@pytest.mark.parametrize(("hits", "urgent", "cues", "tier"), DECISIONS)
def test_the_tier(hits: list[Hit], urgent: float, cues: tuple[str, ...], tier: Tier) -> None:
    found = Found(tuple(hits), (Around("", lambda _: frozenset(cues)),))

    assert DECIDER.decide(found, scores(urgent, IDEATION))[1] is tier


def test_a_rule_names_the_class_where_the_model_wavers() -> None:
    found = Found((hit(MEDICAL, Tier.PAGE),), ())

    assert DECIDER.decide(found, scores(0.6, IDEATION, own=0.3)) == (MEDICAL, Tier.PAGE)


def test_craving_is_named_and_never_looked_at_as_danger() -> None:
    found = Found((), ())

    assert DECIDER.decide(found, scores(0.1, CRAVING, own=0.9)) == (CRAVING, Tier.NONE)


def test_danger_comes_before_craving() -> None:
    found = Found((hit(CRAVING, Tier.NONE), hit(IDEATION, Tier.PAGE)), ())

    assert DECIDER.decide(found, scores(0.5, CRAVING)) == (IDEATION, Tier.PAGE)


def test_nothing_found_is_nothing() -> None:
    assert DECIDER.decide(Found((), ()), scores(0.02, CRAVING)) == (None, Tier.NONE)
