"""The screen: one text in, one finding out."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.domain.risk import RiskClass, RiskFinding, RiskReason, Tier
from bot.errors import StartError
from bot.screening.characters import load_characters
from bot.screening.decision import CRITICAL, Decider, Thresholds
from bot.screening.features import Featuriser
from bot.screening.hits import Found, RuleBook
from bot.screening.lexicon import load_lexicon
from bot.screening.model import Model, Scores, load_weights
from bot.screening.normaliser import Normalised, Normaliser
from bot.screening.senses import load_senses

LONGEST = 4000
"""Characters of a text that are screened from its start; what is longer is cut there."""

TAIL = 1000
"""Characters of the end of a cut text that are screened too."""

PIECE = 1000
"""A long text is screened in pieces of about so many characters; the gravest finding stands."""

LETTER = re.compile("[a-z0-9]")
ORDER = (Tier.NONE, Tier.REVIEW, Tier.PAGE)


@dataclass(frozen=True, kw_only=True, slots=True)
class SelfTestFailure:
    """A phrase of the self-test that was not found as it must be."""

    text: str
    expected: str
    found: str


class Engine:
    """Everything the screen needs, in memory."""

    def __init__(self, directory: Path) -> None:
        self.normaliser = Normaliser(load_characters(directory))
        self.rules = RuleBook(load_lexicon(directory))
        featuriser = Featuriser(load_senses(directory))
        self.model = Model(load_weights(directory / "weights.npz"), featuriser)
        self.version = f"{self.rules.lexicon.version}/{self.model.version}"
        self.decider = Decider(load_thresholds(directory / "thresholds.toml"), self.version)

    def screen(self, text: str) -> RiskFinding:
        """Screen one piece of text."""
        normal = self.normaliser.normalise(text)
        if not LETTER.search(normal.folded.text):
            return self.decider.finding(None, Tier.NONE, ())
        found = self.rules.look(normal)
        scores = self.model.score(normal.folded.text, found, normal.masks)
        label, tier = self.decider.decide(found, scores)
        return self.decider.finding(label, tier, self._reasons(normal, found, scores, label))

    def _reasons(
        self, normal: Normalised, found: Found, scores: Scores, label: RiskClass | None
    ) -> list[RiskReason]:
        if label is None:
            return []
        reasons = [
            RiskReason(
                rule=hit.rule.id if hit.counts else f"{hit.rule.id} ({hit.taken_back})",
                weight=RULE_WEIGHT[hit.tier],
                text=normal.original[hit.start : hit.end],
            )
            for hit in found.hits
            if hit.counts or hit.rule.label in CRITICAL
        ]
        words = ", ".join(self.model.strongest(normal.folded.text, label))
        chance = scores.urgent if label in CRITICAL else scores.of(label)
        return [*reasons, RiskReason(rule="model", weight=round(chance, 3), text=words)]


RULE_WEIGHT = {Tier.PAGE: 0.9, Tier.REVIEW: 0.6, Tier.NONE: 0.0}


class Screen:
    """Screens texts; what it needs is read at the first one.

    An error is raised to the caller, always: a text that could not be screened is not a safe one.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    @cached_property
    def engine(self) -> Engine:
        """The rules and the model, read once."""
        return Engine(self._directory)

    @property
    def version(self) -> str:
        """The lexicon's and the model's version."""
        return self.engine.version

    def screen(self, text: str) -> RiskFinding:
        """Say what a text may be about.

        A text longer than `LONGEST` is cut there; its last `TAIL` characters are screened too.
        """
        if len(text) <= PIECE:
            return self.engine.screen(text)
        findings = [self.engine.screen(piece) for piece in pieces(text)]
        return max(findings, key=_gravity)

    def self_test(self) -> list[SelfTestFailure]:
        """Screen the phrases of `self_test.toml` and give those that came out wrong."""
        table = _read(self._directory / "self_test.toml")
        failures = []
        for entry in table["phrases"]:
            finding = self.screen(entry["text"])
            found = f"{finding.label or 'none'} {finding.tier}"
            labels, tiers = entry["labels"], entry["tiers"]
            if (finding.label or "none") not in labels or finding.tier not in tiers:
                expected = f"{' or '.join(labels)} {' or '.join(tiers)}"
                failures.append(SelfTestFailure(text=entry["text"], expected=expected, found=found))
        return failures


def load_screen(data_dir: Path) -> Screen:
    """Give the screen of a data directory; nothing is read yet."""
    return Screen(data_dir / "risk")


def load_thresholds(file: Path) -> Thresholds:
    """Read the thresholds."""
    table = _read(file)

    def by_class(name: str) -> dict[RiskClass, float]:
        return {label: float(table[name][label]) for label in CRITICAL}

    try:
        return Thresholds(
            review=by_class("review"),
            page=by_class("page"),
            confirm=float(table["confirm"]),
            doubt=float(table["doubt"]),
            support=float(table["support"]),
        )
    except (KeyError, ValueError) as error:
        raise StartError(f"{file.name} has a fault: {error}") from error


def pieces(text: str) -> list[str]:
    """Cut a long text into overlapping pieces, its end among them."""
    head, step = text[:LONGEST], PIECE * 4 // 5
    cut = [head[at : at + PIECE] for at in range(0, max(len(head) - PIECE + step, 1), step)]
    return [*cut, text[-TAIL:]] if len(text) > LONGEST else cut


def _gravity(finding: RiskFinding) -> tuple[int, int, float]:
    label = finding.label
    rank = -CRITICAL.index(label) if label in CRITICAL else -len(CRITICAL)
    chance = max((reason.weight for reason in finding.reasons), default=0.0)
    return ORDER.index(finding.tier), rank, chance


def _read(file: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StartError(f"{file.name} of the risk screen cannot be read: {error}") from error
