"""The linear model: weights shipped as data, scored with numpy."""

import hashlib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.domain.risk import RiskClass, Tier
from bot.errors import StartError
from bot.screening.context import CUE_NAMES
from bot.screening.features import BUCKETS, Featuriser, Grams, Values, named_grams, scaled
from bot.screening.hits import Found
from bot.screening.lexicon import Guard

URGENT = "urgent"
CLASSES = tuple(RiskClass)
HEADS = (*(str(label) for label in CLASSES), URGENT)
URGENT_AT = HEADS.index(URGENT)
CLASS_AT = {label: at for at, label in enumerate(CLASSES)}

FLAGS = (
    *(f"hit {label} {tier}" for label in CLASSES for tier in (Tier.PAGE, Tier.REVIEW, Tier.NONE)),
    *(f"back {guard}" for guard in Guard),
    *(f"cue {name}" for name in CUE_NAMES),
    "masked",
    "long",
)
FLAG_AT = {name: at for at, name in enumerate(FLAGS)}
LONG = 160
"""Characters from which a message counts as long."""

URGENT_CLASSES = [at for at, label in enumerate(CLASSES) if label is not RiskClass.RELAPSE_CRAVING]
LEAST = 1e-6
STEPS = 127
STRONGEST = 4


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities, one a head in the order of `HEADS`."""

    values: npt.NDArray[np.float64]

    @property
    def urgent(self) -> float:
        """How likely any of the urgent classes is."""
        return float(self.values[URGENT_AT])

    def of(self, label: RiskClass) -> float:
        """How likely a class is."""
        return float(self.values[CLASS_AT[label]])

    def likeliest(self) -> RiskClass:
        """Name the class that scores highest."""
        return CLASSES[int(np.argmax(self.values[:URGENT_AT]))]


@dataclass(frozen=True, kw_only=True, slots=True)
class Weights:
    """What training leaves, after rounding.

    Attributes:
        rarity: The weight of a bucket whatever the class.
        steps: Rounded coefficients, a row a bucket and a column a head.
        scale: What one step is worth, a head.
        flags: Coefficients of the flags.
        slope: Calibration, a head.
        shift: Calibration, a head.
        any_class: How much the classes together say about urgency, beside its own head.
        version: Names the weights, for the record.
    """

    rarity: npt.NDArray[np.float16]
    steps: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]
    flags: npt.NDArray[np.float32]
    slope: npt.NDArray[np.float32]
    shift: npt.NDArray[np.float32]
    any_class: npt.NDArray[np.float32]
    version: str


class Model:
    """Scores a text."""

    def __init__(self, weights: Weights, featuriser: Featuriser) -> None:
        self._featuriser = featuriser
        self._weights = weights
        self._rarity = weights.rarity.astype(np.float32)
        self.version = weights.version

    def score(self, text: str, found: Found, masks: int) -> Scores:
        """Give the probabilities for a view's text with what the rules found in it."""
        return self.score_read(self._featuriser.grams(text), flags(text, found, masks))

    def score_read(self, counted: Grams, told: Values) -> Scores:
        """Give the probabilities for n-grams and flags that were read already."""
        weights = self._weights
        values = scaled(counted, self._rarity)
        rows = weights.steps.take(counted.ids, axis=0).astype(np.float32)
        raw = (values @ rows) * weights.scale
        raw += told @ weights.flags
        return Scores(probabilities(raw, weights))

    def strongest(self, text: str, label: RiskClass) -> list[str]:
        """Name the words that speak most for a class."""
        weights, head = self._weights, CLASSES.index(label)
        names = named_grams(text)
        if not names:
            return []
        ids = np.fromiter(names, np.int64, len(names))
        worth = self._rarity[ids] * weights.steps[ids, head]
        order = np.argsort(-worth, kind="stable")[:STRONGEST]
        return [names[int(ids[at])] for at in order if worth[at] > 0]


def flags(text: str, found: Found, masks: int) -> Values:
    """Tell the model what the rules found and what stands around."""
    values = np.zeros(len(FLAGS), np.float32)
    for hit in found.hits:
        values[FLAG_AT[f"hit {hit.rule.label} {hit.tier}"]] = 1
        if hit.taken_back is not None:
            values[FLAG_AT[f"back {hit.taken_back}"]] = 1
    for cue in found.cues:
        values[FLAG_AT[f"cue {cue}"]] = 1
    values[FLAG_AT["masked"]] = min(masks, 2)
    values[FLAG_AT["long"]] = len(text) > LONG
    return values


def probabilities(raw: npt.NDArray[np.floating], weights: Weights) -> npt.NDArray[np.float64]:
    """Turn one text's raw scores into probabilities; urgency hears its own head and the classes."""
    calibrated = raw * weights.slope + weights.shift
    values = sigmoid(calibrated)
    any_class = weights.any_class[0] * any_of(values.take(URGENT_CLASSES)[None])[0]
    values[URGENT_AT] = sigmoid(calibrated[URGENT_AT] + any_class)
    return values


def any_of(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give the log odds that at least one of the classes in a row is right."""
    chance = np.minimum(np.maximum(1 - (1 - values).prod(axis=1), LEAST), 1 - LEAST)
    odds: npt.NDArray[np.float64] = np.log(chance / (1 - chance))
    return odds


def sigmoid(raw: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Squeeze scores into probabilities."""
    clipped = np.minimum(np.maximum(raw.astype(np.float64), -30), 30)
    return 1 / (1 + np.exp(-clipped))


def rounded(
    coefficients: npt.NDArray[np.float64], heads: Sequence[str] = HEADS
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """Round coefficients, a row a head, to the steps that are shipped."""
    if coefficients.shape != (len(heads), BUCKETS):
        raise ValueError(f"coefficients of shape {coefficients.shape} do not fit the heads")
    scale = np.maximum(np.abs(coefficients).max(axis=1), 1e-9) / STEPS
    steps = np.rint(coefficients / scale[:, None]).astype(np.int8)
    return np.ascontiguousarray(steps.T), scale.astype(np.float32)


ARRAYS = ("rarity", "steps", "scale", "flags", "slope", "shift", "any_class")


def digest(weights: Weights) -> str:
    """Name weights by what is in them."""
    parts = (getattr(weights, name).tobytes() for name in ARRAYS)
    return hashlib.sha256(b"".join(parts)).hexdigest()[:8]


def save_weights(weights: Weights, file: Path) -> None:
    """Write the weights."""
    arrays = {name: getattr(weights, name) for name in ARRAYS}
    arrays["version"] = np.array(weights.version)
    arrays["layout"] = np.array([*HEADS, *FLAGS])
    np.savez_compressed(file, **arrays)
    file.chmod(0o644)


def load_weights(file: Path) -> Weights:
    """Read the weights.

    Raises:
        StartError: When they are absent, damaged, or made for other heads or flags.
    """
    try:
        with np.load(file, allow_pickle=False) as arrays:
            table = {name: arrays[name] for name in arrays.files}
        if [*table.pop("layout")] != [*HEADS, *FLAGS]:
            raise StartError(f"{file.name} fits another version: run `interlude screen train`.")
        version = str(table.pop("version"))
        return Weights(**table, version=version)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise StartError(f"The weights {file.name} cannot be read: {error}") from error
