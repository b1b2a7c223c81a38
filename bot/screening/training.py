"""Training the model from labelled lines; needs scikit-learn, which the bot does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.domain.risk import RiskClass
from bot.errors import StartError
from bot.screening.corpus import Line
from bot.screening.features import BUCKETS, PART, Featuriser, Grams, Values, scaled
from bot.screening.hits import Found, RuleBook
from bot.screening.masking import masked
from bot.screening.model import (
    CLASSES,
    FLAGS,
    HEADS,
    URGENT_AT,
    URGENT_CLASSES,
    Weights,
    any_of,
    digest,
    flags,
    rounded,
    sigmoid,
)
from bot.screening.normaliser import Normalised, Normaliser

STRENGTH = 40.0
"""How freely the model may fit (C of the logistic regression); chosen by cross-validation."""

FLAG_SCALE = 0.5
"""How much a flag weighs beside the n-grams before fitting."""

MASKED_EVERY = 1
"""One line of so many is trained in a masked form too."""

TOLERANCE = 0.02
INNER_FOLDS = 3
SEED = 7

WAYS = (
    (0, BUCKETS + len(FLAGS)),
    (0, PART),
    (PART, 2 * PART),
    (2 * PART, BUCKETS + len(FLAGS)),
)
"""Which features each way to see urgency has: all, words, characters, senses and flags."""

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """What the model sees of a line."""

    grams: Grams
    flags: Values
    line: Line


class Reader:
    """Makes examples of lines, as the screen reads a text."""

    def __init__(self, normaliser: Normaliser, rules: RuleBook, featuriser: Featuriser) -> None:
        self.featuriser = featuriser
        self._normaliser = normaliser
        self._rules = rules

    def example(self, line: Line, text: str | None = None) -> Example:
        """Read a line, or another way to write it."""
        normal, found = self.read(line.text if text is None else text)
        folded = normal.folded.text
        return Example(self.featuriser.grams(folded), flags(folded, found, normal.masks), line)

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
    both = _stacked(rows, more)
    every = np.vstack([targets, more_targets])
    coefficients, shifts = _fit(both, every[:, :URGENT_AT])
    ways, way_shifts = _fit_ways(both, every[:, URGENT_AT])
    held = _held_out(rows, targets, examples)
    slope, shift = _calibrated(held.classes, targets[:, :URGENT_AT])
    blend = _blended(held, slope, shift, targets[:, URGENT_AT])
    coefficients = np.vstack([coefficients, blend.ways @ ways])
    slope, shift = np.append(slope, 1.0), np.append(shift + slope * shifts, blend.shift)
    shift[URGENT_AT] += blend.ways @ way_shifts
    steps, scale = rounded(coefficients[:, :BUCKETS])
    flag_rows = np.ascontiguousarray(coefficients[:, BUCKETS:].T * FLAG_SCALE)
    weights = Weights(
        rarity=rarity,
        steps=steps,
        scale=scale,
        flags=flag_rows.round(4).astype(np.float32),
        slope=slope.round(4).astype(np.float32),
        shift=shift.round(4).astype(np.float32),
        any_class=np.array([blend.any_class]).round(4).astype(np.float32),
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
            C=STRENGTH,
            solver="liblinear",
            dual=True,
            tol=TOLERANCE,
            max_iter=500,
            random_state=SEED,
        ).fit(rows, column)
        coefficients.append(fitted.coef_[0])
        shifts.append(float(fitted.intercept_[0]))
    return np.array(coefficients), np.array(shifts)


def _fit_ways(rows: Any, column: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Fit urgency in several ways, which err differently: on all features and on a part each."""
    coefficients, shifts = [], []
    for start, end in WAYS:
        fitted, shift = _fit(rows[:, start:end], column[:, None])
        whole = np.zeros(rows.shape[1])
        whole[start:end] = fitted[0]
        coefficients.append(whole)
        shifts.append(shift[0])
    return np.array(coefficients), np.array(shifts)


@dataclass(frozen=True, slots=True)
class Held:
    """Raw scores of every line by models that did not see it."""

    classes: Floats
    ways: Floats


def _held_out(rows: Any, targets: npt.NDArray[np.bool_], examples: Sequence[Example]) -> Held:
    folds = np.random.default_rng(SEED).integers(0, INNER_FOLDS, len(examples))
    held = Held(np.zeros((len(targets), URGENT_AT)), np.zeros((len(targets), len(WAYS))))
    for fold in range(INNER_FOLDS):
        inside = folds == fold
        if not inside.any() or inside.all():
            continue
        seen, known = rows[~inside], targets[~inside]
        coefficients, shifts = _fit(seen, known[:, :URGENT_AT])
        held.classes[inside] = rows[inside] @ coefficients.T + shifts
        coefficients, shifts = _fit_ways(seen, known[:, URGENT_AT])
        held.ways[inside] = rows[inside] @ coefficients.T + shifts
    return held


@dataclass(frozen=True, slots=True)
class Blend:
    """How the ways to see urgency and the classes are put together."""

    ways: Floats
    any_class: float
    shift: float


def _blended(held: Held, slope: Floats, shift: Floats, column: npt.NDArray[np.bool_]) -> Blend:
    linear = _library("sklearn.linear_model")
    chances = sigmoid(held.classes * slope + shift)[:, URGENT_CLASSES]
    told = np.column_stack([held.ways, any_of(chances)])
    fitted = linear.LogisticRegression(C=10.0, max_iter=1000).fit(told, column)
    return Blend(fitted.coef_[0, :-1], float(fitted.coef_[0, -1]), float(fitted.intercept_[0]))


def _calibrated(raw: Floats, targets: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    linear = _library("sklearn.linear_model")
    slope, shift = np.ones(raw.shape[1]), np.zeros(raw.shape[1])
    for head, column in enumerate(targets.T):
        if column.all() or not column.any():
            continue
        fitted = linear.LogisticRegression(C=100.0).fit(raw[:, [head]], column)
        slope[head], shift[head] = fitted.coef_[0, 0], fitted.intercept_[0]
    return slope, shift


def need_libraries() -> None:
    """Say at once when what only training needs is not there.

    Raises:
        StartError: When scikit-learn is absent.
    """
    _library("scipy.sparse")
    _library("sklearn.linear_model")


def _library(name: str) -> Any:
    """Import a library of the development set, which the bot itself does without."""
    import importlib  # noqa: PLC0415 - scikit-learn is there for training alone

    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise StartError(
            "Training needs scikit-learn, which the bot itself does not: "
            'install it with pip install -c constraints.txt -e ".[dev]".'
        ) from error
