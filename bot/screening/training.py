"""Training the model from labelled lines; needs scikit-learn, which the bot does not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from bot.domain.risk import RiskClass
from bot.errors import StartError
from bot.screening.corpus import Line
from bot.screening.features import BUCKETS, Featuriser, Grams, Values, scaled
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

STRENGTH = 10.0
"""How freely the model may fit (C of the logistic regression); chosen by cross-validation."""

UNSEEN = 0.05
"""What is added to every count, so that an n-gram of one line does not weigh without bound."""

MOST_TELLING = 4.0
"""How many times the mean an n-gram may tell of a class, before the root is taken."""

FLAG_SCALE = 0.5
"""How much a flag weighs beside the n-grams before fitting."""

MASKED_EVERY = 1
"""One line of so many is trained in a masked form too."""

TOLERANCE = 0.02
INNER_FOLDS = 3
MANY = 5_000
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


def train(
    examples: Sequence[Example], extra: Sequence[Example] = (), *, features: str = ""
) -> Weights:
    """Fit, calibrate and round.

    Args:
        examples: The lines.
        extra: More ways to write some of them; never used to calibrate.
        features: Names the features of the examples.

    Raises:
        StartError: When scikit-learn is absent, or the authors are too few or too unlike to
            calibrate a head on those it did not see.
    """
    rarity = _rarity([*examples, *extra])
    rows, more = _matrix(examples, rarity), _matrix(extra, rarity)
    targets, more_targets = _targets(examples), _targets(extra)
    coefficients, shifts = _fit(_stacked(rows, more), np.vstack([targets, more_targets]))
    held = _held_out(examples, extra, [rows, more], [targets, more_targets])
    slope, shift = _calibrated(held[:, :URGENT_AT], targets[:, :URGENT_AT])
    any_class, slope_urgent, shift_urgent = _blended(held, slope, shift, targets[:, URGENT_AT])
    slope, shift = np.append(slope, slope_urgent), np.append(shift, shift_urgent)
    shift += slope * shifts
    steps, scale = rounded(coefficients[:, :BUCKETS])
    flag_rows = np.ascontiguousarray(coefficients[:, BUCKETS:].T * FLAG_SCALE)
    weights = Weights(
        rarity=rarity,
        steps=steps,
        scale=scale,
        flags=flag_rows.round(4).astype(np.float32),
        slope=slope.round(4).astype(np.float32),
        shift=shift.round(4).astype(np.float32),
        any_class=np.array([any_class]).round(4).astype(np.float32),
        features=features,
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
    """Fit each head by itself; many lines in as many processes as there are processors.

    Processes, since liblinear has one source of chance for all threads of one.
    """
    joblib = _library("joblib")
    fitted = joblib.Parallel(n_jobs=-1 if rows.shape[0] > MANY else 1)(
        joblib.delayed(_fit_head)(rows, column) for column in targets.T
    )
    return np.array([each for each, _ in fitted]), np.array([shift for _, shift in fitted])


def _fit_head(rows: Any, column: npt.NDArray[np.bool_]) -> tuple[Floats, float]:
    if column.all() or not column.any():
        return np.zeros(rows.shape[1]), 20.0 if column.any() else -20.0
    telling = _telling(rows, column)
    fitted = _library("sklearn.linear_model").LogisticRegression(
        C=STRENGTH,
        solver="liblinear",
        dual=True,
        tol=TOLERANCE,
        max_iter=500,
        random_state=SEED,
    )
    fitted.fit((rows @ _library("scipy.sparse").diags(telling)).tocsr(), column)
    return fitted.coef_[0] * telling, float(fitted.intercept_[0])


def _telling(rows: Any, column: npt.NDArray[np.bool_]) -> Floats:
    """Say how much each feature tells of a class by itself, so that those weigh more.

    The ratio of counts of naive Bayes, in logarithms and whichever way it points (Wang and
    Manning, 2012), its root taken because a plain ratio trusts the corpus too much.
    """
    inside = np.asarray(rows[column].sum(axis=0))[0] + UNSEEN
    outside = np.asarray(rows[~column].sum(axis=0))[0] + UNSEEN
    ratio = np.abs(np.log((inside / inside.sum()) / (outside / outside.sum())))
    seen = inside + outside > 2 * UNSEEN
    telling: Floats = np.sqrt(np.minimum(ratio / ratio[seen].mean(), MOST_TELLING))
    return telling


def _held_out(
    examples: Sequence[Example],
    extra: Sequence[Example],
    rows: Sequence[Any],
    targets: Sequence[npt.NDArray[np.bool_]],
) -> Floats:
    """Give raw scores of every line, by models that saw nothing of its author."""
    fold_of = author_folds([example.line for example in examples], INNER_FOLDS)
    folds = np.array([fold_of[example.line.author] for example in examples])
    more_folds = np.array([fold_of[example.line.author] for example in extra])
    held = np.zeros(targets[0].shape)
    for fold in range(INNER_FOLDS):
        inside, beside = folds == fold, more_folds != fold
        if not inside.any() or inside.all():
            raise StartError(f"Training needs lines by at least {INNER_FOLDS} authors.")
        seen = _stacked(rows[0][~inside], rows[1][beside])
        coefficients, shifts = _fit(seen, np.vstack([targets[0][~inside], targets[1][beside]]))
        held[inside] = rows[0][inside] @ coefficients.T + shifts
    return held


def author_folds(lines: Sequence[Line], count: int) -> dict[str, int]:
    """Put whole authors into so many folds of about the same size."""
    sizes = [0] * count
    folds: dict[str, int] = {}
    for author, size in sorted(
        Counter(line.author for line in lines).items(), key=lambda item: (-item[1], item[0])
    ):
        folds[author] = sizes.index(min(sizes))
        sizes[folds[author]] += size
    return folds


def _blended(
    held: Floats, slope: Floats, shift: Floats, column: npt.NDArray[np.bool_]
) -> tuple[float, float, float]:
    """Say how much the classes together, and urgency's own head, tell of urgency."""
    linear = _library("sklearn.linear_model")
    chances = sigmoid(held[:, :URGENT_AT] * slope + shift)[:, URGENT_CLASSES]
    told = np.column_stack([any_of(chances), held[:, URGENT_AT]])
    if column.all() or not column.any():
        return 0.0, 1.0, 0.0
    fitted = linear.LogisticRegression(C=10.0, max_iter=1000).fit(told, column)
    return float(fitted.coef_[0, 0]), float(fitted.coef_[0, 1]), float(fitted.intercept_[0])


def _calibrated(raw: Floats, targets: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    linear = _library("sklearn.linear_model")
    slope, shift = np.ones(raw.shape[1]), np.zeros(raw.shape[1])
    for head, column in enumerate(targets.T):
        if column.all() or not column.any():
            continue
        fitted = linear.LogisticRegression(C=100.0).fit(raw[:, [head]], column)
        slope[head], shift[head] = fitted.coef_[0, 0], fitted.intercept_[0]
        if slope[head] <= 0:
            raise StartError(
                f"{CLASSES[head]} cannot be told from what others wrote: it needs more authors."
            )
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
