"""Training the model from labelled lines; needs scikit-learn, which the bot does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.domain.risk import RiskClass
from bot.errors import StartError
from bot.screening.corpus import Line
from bot.screening.features import BUCKETS, Grams, Values, grams, scaled
from bot.screening.hits import Found, RuleBook
from bot.screening.masking import masked
from bot.screening.model import CLASSES, FLAGS, HEADS, Weights, digest, flags, rounded
from bot.screening.normaliser import Normalised, Normaliser

STRENGTH = 12.0
"""How freely the model may fit (C of the logistic regression); chosen by cross-validation."""

FLAG_SCALE = 0.5
"""How much a flag weighs beside the n-grams before fitting."""

MASKED_EVERY = 3
"""One line of so many is also trained in a masked form."""

INNER_FOLDS = 4
SEED = 7

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """What the model sees of a line."""

    grams: Grams
    flags: Values
    line: Line


class Reader:
    """Makes examples of lines, as the screen reads a text."""

    def __init__(self, normaliser: Normaliser, rules: RuleBook) -> None:
        self._normaliser = normaliser
        self._rules = rules

    def example(self, line: Line, text: str | None = None) -> Example:
        """Read a line, or another way to write it."""
        normal, found = self.read(line.text if text is None else text)
        folded = normal.folded.text
        return Example(grams(folded), flags(folded, found, normal.masks), line)

    def read(self, text: str) -> tuple[Normalised, Found]:
        """Normalise a text and apply the rules."""
        normal = self._normaliser.normalise(text)
        return normal, self._rules.look(normal)

    def examples(self, lines: Sequence[Line]) -> list[Example]:
        """Read lines as they stand."""
        return [self.example(line) for line in lines]

    def masked_examples(self, lines: Sequence[Line], every: int) -> list[Example]:
        """Write one line of so many in a way that is to fool a machine, and read that."""
        return [
            self.example(line, masked(line.text, at))
            for at, line in enumerate(lines)
            if at % every == 0 and line.style != "obfuscated"
        ]


def train(examples: Sequence[Example], extra: Sequence[Example] = ()) -> Weights:
    """Fit, calibrate and round.

    Args:
        examples: The lines.
        extra: More ways to write some of them; never used to calibrate.

    Raises:
        StartError: When scikit-learn is absent.
    """
    rarity = _rarity([*examples, *extra])
    rows, more = _matrix(examples, rarity), _matrix(extra, rarity)
    targets = _targets(examples)
    more_targets = _targets(extra)
    coefficients, shifts = _fit(_stacked(rows, more), np.vstack([targets, more_targets]))
    raw = _held_out(rows, targets, examples)
    slope, shift = _calibrated(raw, targets)
    steps, scale = rounded(coefficients[:, :BUCKETS])
    flag_rows = np.ascontiguousarray(coefficients[:, BUCKETS:].T * FLAG_SCALE)
    weights = Weights(
        rarity=rarity,
        steps=steps,
        scale=scale,
        flags=flag_rows.round(4).astype(np.float32),
        slope=slope.round(4).astype(np.float32),
        shift=(shift + slope * shifts).round(4).astype(np.float32),
        version="",
    )
    return replace(weights, version=digest(weights))


def _rarity(examples: Sequence[Example]) -> npt.NDArray[np.float16]:
    seen = np.zeros(BUCKETS)
    for example in examples:
        seen[example.grams.ids] += 1
    return (np.log((1 + len(examples)) / (1 + seen)) + 1).astype(np.float16)


def _matrix(examples: Sequence[Example], rarity: npt.NDArray[np.float16]) -> Any:
    sparse = _library("scipy.sparse")
    weights = rarity.astype(np.float32)
    lengths = [len(example.grams.ids) for example in examples]
    edges = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    ids = np.concatenate([example.grams.ids for example in examples] or [np.zeros(0, np.int64)])
    values = np.concatenate(
        [scaled(example.grams, weights) for example in examples] or [np.zeros(0, np.float32)]
    )
    words = sparse.csr_matrix((values, ids, edges), shape=(len(examples), BUCKETS))
    told = np.array([example.flags for example in examples], np.float32).reshape(-1, len(FLAGS))
    return _stacked_beside(words, sparse.csr_matrix(told * FLAG_SCALE))


def _stacked(above: Any, below: Any) -> Any:
    return _library("scipy.sparse").vstack([above, below]).tocsr()


def _stacked_beside(left: Any, right: Any) -> Any:
    return _library("scipy.sparse").hstack([left, right]).tocsr()


def _targets(examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """Say for each head whether a line is one of it."""
    labels: list[RiskClass | None] = [example.line.label for example in examples]
    columns = [[label is head for label in labels] for head in CLASSES]
    columns.append([example.line.is_urgent for example in examples])
    return np.array(columns, bool).T.reshape(-1, len(HEADS))


def _fit(rows: Any, targets: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    linear = _library("sklearn.linear_model")
    coefficients, shifts = [], []
    for column in targets.T:
        if column.all() or not column.any():
            coefficients.append(np.zeros(rows.shape[1]))
            shifts.append(20.0 if column.any() else -20.0)
            continue
        fitted = linear.LogisticRegression(
            C=STRENGTH, solver="liblinear", tol=1e-3, random_state=SEED
        ).fit(rows, column)
        coefficients.append(fitted.coef_[0])
        shifts.append(float(fitted.intercept_[0]))
    return np.array(coefficients), np.array(shifts)


def _held_out(rows: Any, targets: npt.NDArray[np.bool_], examples: Sequence[Example]) -> Floats:
    """Score every line with a model that did not see it."""
    folds = np.random.default_rng(SEED).integers(0, INNER_FOLDS, len(examples))
    raw = np.zeros(targets.shape)
    for fold in range(INNER_FOLDS):
        inside = folds == fold
        if not inside.any() or inside.all():
            continue
        coefficients, shifts = _fit(rows[~inside], targets[~inside])
        raw[inside] = rows[inside] @ coefficients.T + shifts
    return raw


def _calibrated(raw: Floats, targets: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    linear = _library("sklearn.linear_model")
    slope, shift = np.ones(raw.shape[1]), np.zeros(raw.shape[1])
    for head, column in enumerate(targets.T):
        if column.all() or not column.any():
            continue
        fitted = linear.LogisticRegression(C=100.0).fit(raw[:, [head]], column)
        slope[head], shift[head] = fitted.coef_[0, 0], fitted.intercept_[0]
    return slope, shift


def _library(name: str) -> Any:
    """Import a library of the development set, which the bot itself does without."""
    import importlib  # noqa: PLC0415

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise StartError(
            "Training needs scikit-learn, which the bot itself does not: "
            'install it with pip install -c constraints.txt -e ".[dev]".'
        ) from error
