"""Measuring the screen on lines its model has not seen: by author, by fold, by target."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.domain.risk import RiskClass, Tier
from bot.screening.corpus import Line, load_lines
from bot.screening.decision import Decider
from bot.screening.model import Model
from bot.screening.screen import load_thresholds
from bot.screening.training import MASKED_EVERY, SEED, Reader, author_folds, train

FOLDS = 8
EVERYDAY = (
    "e_everyday",
    "f_natural",
    "j_everyday_voice",
    "n_short_chat",
    "t_scroll_voice",
    "zf_scroll_two",
)
"""The authors whose safe lines are everyday talk; the others wrote theirs to mislead a filter."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What the screen said of a line, with a model that had not seen it."""

    line: Line
    label: RiskClass | None
    tier: Tier

    @property
    def is_hit(self) -> bool:
        """Whether a human is to look at it."""
        return self.tier is not Tier.NONE


Chosen = Callable[[Verdict], bool]


def held_out(directory: Path, reader: Reader, *, mixed: bool) -> list[Verdict]:
    """Screen every line with a model trained without its author and some others.

    Args:
        directory: Of the risk data.
        reader: Reads lines as the screen does.
        mixed: Leave out lines of all authors instead, as if they had been written by known ones.
    """
    lines = load_lines(directory / "corpus")
    decider = Decider(load_thresholds(directory / "thresholds.toml"), "validation")
    fold_of = author_folds(lines, FOLDS)
    groups = _folds(lines) if mixed else [fold_of[line.author] for line in lines]
    group_of = {id(line): group for line, group in zip(lines, groups, strict=True)}
    examples = reader.examples(lines)
    extra = reader.masked_examples(lines, MASKED_EVERY)
    verdicts: list[Verdict] = []
    for group in sorted(set(groups)):
        weights = train(
            [example for example in examples if group_of[id(example.line)] != group],
            [example for example in extra if group_of[id(example.line)] != group],
            features=reader.featuriser.fingerprint(),
        )
        model = Model(weights, reader.featuriser)
        for example in examples:
            if group_of[id(example.line)] == group:
                normal, found = reader.read(example.line.text)
                scores = model.score(normal.folded.text, found, normal.masks)
                label, tier = decider.decide(found, scores)
                verdicts.append(Verdict(line=example.line, label=label, tier=tier))
    return verdicts


def _folds(lines: Sequence[Line]) -> list[int]:
    folds: list[int] = np.random.default_rng(SEED).integers(0, FOLDS, len(lines)).tolist()
    return folds


def report(directory: Path, reader: Reader, *, mixed: bool) -> Iterator[str]:
    """Measure and write the tables."""
    verdicts = held_out(directory, reader, mixed=mixed)
    how = "mixed folds" if mixed else "groups of whole authors, each left out in turn"
    yield f"Cross-validation, {FOLDS} {how}; {len(verdicts)} lines,"
    yield "rules fixed, model retrained each time."
    yield ""
    yield from by_author(verdicts)
    yield ""
    yield from by_target(verdicts)


def by_author(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Write a table with a row for each file."""
    yield "| author file | urgent lines | recall | safe lines | false positives | page precision |"
    yield "|---|---|---|---|---|---|"
    for author in sorted({verdict.line.author for verdict in verdicts}):
        own = [verdict for verdict in verdicts if verdict.line.author == author]
        urgent = [verdict for verdict in own if verdict.line.is_urgent]
        safe = [verdict for verdict in own if not verdict.line.is_urgent]
        yield (
            f"| {author} | {len(urgent)} | {_share(urgent)} | {len(safe)} | {_share(safe)} "
            f"| {_precision(own)} |"
        )


TARGETS: tuple[tuple[str, str, Chosen], ...] = (
    ("recall of urgent, any tier", "0.92", lambda verdict: verdict.line.is_urgent),
    *(
        (
            f"recall, {label}",
            {"suicide_imminent": "0.93", "overdose_medical": "0.95"}.get(label, "0.88"),
            lambda verdict, label=label: verdict.line.label is label,
        )
        for label in RiskClass
        if label is not RiskClass.RELAPSE_CRAVING
    ),
    (
        "recall, Spanish",
        "0.92",
        lambda verdict: verdict.line.is_urgent and verdict.line.language == "es",
    ),
    (
        "recall, obfuscated",
        "0.90",
        lambda verdict: verdict.line.is_urgent and verdict.line.style == "obfuscated",
    ),
    (
        "false positives, lines written to mislead",
        "at most 0.10",
        lambda verdict: not verdict.line.is_urgent and verdict.line.author not in EVERYDAY,
    ),
    (
        "false positives, everyday talk",
        "at most 0.03",
        lambda verdict: not verdict.line.is_urgent and verdict.line.author in EVERYDAY,
    ),
)


def by_target(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Write a table with a row for each target of SAFETY section 6."""
    yield "| | aim | measured | lines |"
    yield "|---|---|---|---|"
    for name, aim, chosen in TARGETS:
        own = [verdict for verdict in verdicts if chosen(verdict)]
        yield f"| {name} | {aim} | {_share(own)} | {len(own)} |"
    critical = [
        verdict
        for verdict in verdicts
        if verdict.line.label in {RiskClass.SUICIDE_IMMINENT, RiskClass.OVERDOSE_MEDICAL}
    ]
    everyday = [
        verdict
        for verdict in verdicts
        if not verdict.line.is_urgent and verdict.line.author in EVERYDAY
    ]
    yield f"| precision of the page tier | 0.93 | {_precision(verdicts)} | |"
    yield f"| imminent and medical in the page tier | 0.75 | {_paged(critical)} | {len(critical)} |"
    yield f"| everyday talk in the page tier | at most 0.0025 | {_paged(everyday)} | |"


def _share(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return "-"
    return f"{sum(verdict.is_hit for verdict in verdicts) / len(verdicts):.3f}"


def _paged(verdicts: Sequence[Verdict]) -> str:
    paged = sum(verdict.tier is Tier.PAGE for verdict in verdicts)
    return f"{paged / len(verdicts):.4f}" if verdicts else "-"


def _precision(verdicts: Sequence[Verdict]) -> str:
    paged = [verdict for verdict in verdicts if verdict.tier is Tier.PAGE]
    if not paged:
        return "-"
    return f"{sum(verdict.line.is_urgent for verdict in paged) / len(paged):.3f}"
