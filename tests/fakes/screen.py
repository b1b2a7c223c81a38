"""A risk screen that finds what a test says: quick, and never in need of training."""

from collections.abc import Collection

from bot.domain.risk import RiskClass, RiskFinding, Tier


class FakeScreen:
    """Finds `#class` as a page and `?class` as something to look at; `#fail` breaks it.

    Attributes:
        is_broken: Every text breaks it, and its self-test fails.
        seen: What it was given.
    """

    version = "fake"

    def __init__(self) -> None:
        self.is_broken = False
        self.seen: list[str] = []

    def screen(self, text: str) -> RiskFinding:
        """Find what the text says is there."""
        self.seen.append(text)
        if self.is_broken or "#fail" in text:
            raise ValueError(text)
        for label in RiskClass:
            for mark, tier in (("#", Tier.PAGE), ("?", Tier.REVIEW)):
                if f"{mark}{label}" in text:
                    return RiskFinding(label=label, tier=tier, version=self.version)
        return RiskFinding(label=None, tier=Tier.NONE, version=self.version)

    def self_test(self) -> Collection[object]:
        """Fail while it is broken."""
        return ["a phrase"] if self.is_broken else []
