"""The linear model: weights shipped as data, scored with numpy."""

import hashlib
import itertools
import math
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from bot.domain.risk import RiskClass, Tier
from bot.errors import StartError
from bot.screening.context import CUE_NAMES
from bot.screening.features import (
    BUCKETS,
    PARTS,
    SHORT,
    WORD,
    Featuriser,
    Grams,
    Hashes,
    Values,
    Word,
    named_grams,
)
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
MOST_RAW = 30.0
STEPS = 127
STRONGEST = 4


@dataclass(frozen=True, slots=True)
class Scores:
    """Calibrated probabilities, one a head in the order of `HEADS`."""

    values: Sequence[float]

    @property
    def urgent(self) -> float:
        """How likely any of the urgent classes is."""
        return self.values[URGENT_AT]

    def of(self, label: RiskClass) -> float:
        """How likely a class is."""
        return self.values[CLASS_AT[label]]

    def likeliest(self) -> RiskClass:
        """Name the class that scores highest."""
        return max(CLASSES, key=self.of)


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
        features: Names the features they were trained with.
        version: Names the weights, for the record.
    """

    rarity: npt.NDArray[np.float16]
    steps: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]
    flags: npt.NDArray[np.float32]
    slope: npt.NDArray[np.float32]
    shift: npt.NDArray[np.float32]
    any_class: npt.NDArray[np.float32]
    features: str
    version: str


class Model:
    """Scores a text."""

    def __init__(self, weights: Weights, featuriser: Featuriser) -> None:
        """Put weights and features together.

        Raises:
            StartError: When the weights were trained with other features.
        """
        if weights.features != featuriser.fingerprint():
            raise StartError("The weights were trained with other features: " + TRAIN)
        self._featuriser = featuriser
        self._weights = weights
        self._rarity = weights.rarity.astype(np.float32)
        self.version = weights.version
        self._known = _Known()

    def score(self, text: str, found: Found, masks: int) -> Scores:
        """Give the probabilities for a view's text with what the rules found in it."""
        hashes, told, worth = self._known.of(WORD.findall(text), self._read)
        worth += self._worth(self._featuriser.across(hashes, told))
        lengths = 1 / np.sqrt(worth[:, -1] + SHORT)
        raw = (lengths @ worth[:, :-1]) * self._weights.scale
        raw += flags(text, found, masks) @ self._weights.flags
        return Scores(probabilities(raw, self._weights))

    def _read(self, word: str) -> tuple[Word, Values]:
        """Give what a word brings along by itself, and what that is worth."""
        read = self._featuriser.word(word)
        return read, self._worth(read.grams)

    def _worth(self, grams: Grams) -> Values:
        """Give for each part what its n-grams say, a head, and at last the square of its length."""
        values = self._rarity.take(grams.ids)
        rows = self._weights.steps.take(grams.ids, axis=0).astype(np.float32)
        worth = np.zeros((PARTS, len(HEADS) + 1), np.float32)
        for part, (start, end) in enumerate(itertools.pairwise(grams.edges)):
            if start < end:
                own = values[start:end]
                worth[part, :-1] = own @ rows[start:end]
                worth[part, -1] = own @ own
        return worth

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


class _Known:
    """What was worked out of words already; people write the same ones again and again.

    The self-test runs in a thread beside the messages, so one at a time may look.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._places: dict[str, int] = {}
        self._taken = 0
        self._hashes = np.zeros((2, MOST_REMEMBERED), np.uint64)
        self._told = np.zeros(MOST_REMEMBERED, np.bool_)
        self._worth = np.zeros((MOST_REMEMBERED, PARTS, len(HEADS) + 1), np.float32)

    def of(
        self, words: Sequence[str], read: Callable[[str], tuple[Word, Values]]
    ) -> tuple[Hashes, npt.NDArray[np.bool_], Values]:
        """Give the hashes of words, which have a sense, and what they are worth together.

        What is new is read and kept; where there is no room, all of it makes way.
        """
        with self._lock:
            if self._taken + len(words) > len(self._told):
                self._places.clear()
                self._taken = 0
            at = list(map(self._places.get, words))
            if None in at:
                at = [self._place(word, read) for word in words]
            places = np.array(at, np.intp)
            return (
                self._hashes.take(places, axis=1),
                self._told.take(places),
                self._worth.take(places, axis=0).sum(axis=0),
            )

    def _place(self, word: str, read: Callable[[str], tuple[Word, Values]]) -> int:
        if (place := self._places.get(word)) is None:
            told, worth = read(word)
            place = self._taken
            self._taken += 1
            self._worth[place] = worth
            self._hashes[:, place] = told.hashes
            self._told[place] = told.told
            # An error before this leaves nothing half known; a long word is read anew each time.
            if len(word) <= LONGEST_REMEMBERED:
                self._places[word] = place
        return place


LONGEST_REMEMBERED = 24
MOST_REMEMBERED = 1 << 14
"""How many words are kept: about two megabytes of them; more than a text may have."""


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


def probabilities(raw: npt.NDArray[np.floating], weights: Weights) -> tuple[float, ...]:
    """Turn one text's raw scores into probabilities; urgency hears its own head and the classes."""
    calibrated = (raw * weights.slope + weights.shift).tolist()
    values = list(map(_squeezed, calibrated))
    none = math.prod(1 - values[at] for at in URGENT_CLASSES)
    chance = min(max(1 - none, LEAST), 1 - LEAST)
    any_class = float(weights.any_class[0]) * math.log(chance / (1 - chance))
    values[URGENT_AT] = _squeezed(calibrated[URGENT_AT] + any_class)
    return tuple(values)


def _squeezed(raw: float) -> float:
    return 1 / (1 + math.exp(-raw)) if raw > -MOST_RAW else 0.0


def any_of(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Give the log odds that at least one of the classes in a row is right."""
    chance = np.minimum(np.maximum(1 - (1 - values).prod(axis=1), LEAST), 1 - LEAST)
    odds: npt.NDArray[np.float64] = np.log(chance / (1 - chance))
    return odds


def sigmoid(raw: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Squeeze scores into probabilities."""
    clipped = np.clip(raw.astype(np.float64), -MOST_RAW, MOST_RAW)
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


SHAPES = {
    "rarity": (BUCKETS,),
    "steps": (BUCKETS, len(HEADS)),
    "scale": (len(HEADS),),
    "flags": (len(FLAGS), len(HEADS)),
    "slope": (len(HEADS),),
    "shift": (len(HEADS),),
    "any_class": (1,),
}
ARRAYS = tuple(SHAPES)
TRAIN = "run `interlude screen train`."


def digest(weights: Weights) -> str:
    """Name weights by what is in them."""
    parts = (getattr(weights, name).tobytes() for name in ARRAYS)
    return hashlib.sha256(b"".join(parts)).hexdigest()[:8]


def save_weights(weights: Weights, file: Path) -> None:
    """Write the weights."""
    arrays = {name: getattr(weights, name) for name in ARRAYS}
    arrays["version"] = np.array(weights.version)
    arrays["features"] = np.array(weights.features)
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
            raise StartError(f"{file.name} fits another version: " + TRAIN)
        version, features = str(table.pop("version")), str(table.pop("features"))
        weights = Weights(**table, version=version, features=features)
        if any(array.shape != SHAPES[name] for name, array in table.items()):
            raise ValueError("an array has another shape")
        if not all(np.isfinite(array).all() for array in table.values()):
            raise ValueError("a number in it is none")
        return weights
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise StartError(f"The weights {file.name} cannot be read: {error}") from error
