"""From what was heard to a place on the plane, with its doubt: the songs that people judged, and how like them this is.

A Gaussian process: songs that sound alike lie near each other. Its two kernels, over the plain features and over the
network's embedding, are summed; without the network the first stands alone, with weights of its own. The doubt grows
where a song is unlike all that were judged. `models/ear.npz` holds the judged songs' numbers (not their sound).
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appliance.library.spectrum import Floats

FILE = Path(__file__).resolve().parents[2] / "models" / "ear.npz"
FAR = 4.0
"""Spreads beyond which a feature counts no further: a strange file is strange, not infinitely so."""
Matrix = NDArray[np.float64]


class NoMapping(ValueError):
    """The mapping cannot be used; the message says why."""


@dataclass(frozen=True)
class Kernels:
    """How likeness falls off with distance, over each kind of number, and how much each says."""

    features: float
    embedding: float
    share: float  # of the embedding's
    noise: float  # of a judgement, beside a spread of one
    doubt: float = 1.0  # by which the doubt is multiplied, so that it is as large as the errors were

    def likeness(self, one: tuple[Matrix, Matrix | None], other: tuple[Matrix, Matrix | None]) -> Matrix:
        """Exponential in the distance, not in its square: what people feel of like songs is rough, not smooth."""
        plain = np.asarray(np.exp(-self.features * _apart(one[0], other[0])), np.float64)
        if one[1] is None or other[1] is None:
            return plain
        heard = np.exp(-self.embedding * _apart(one[1], other[1]))
        return np.asarray((1 - self.share) * plain + self.share * heard, np.float64)


@dataclass(frozen=True)
class Told:
    valence: float
    energy: float
    valence_doubt: float
    energy_doubt: float


class Judged:
    """Songs with known places on one axis, by which others are placed. `embedding` None: by their features alone.

    `unsure`: how much noisier each judgement is than the usual one, for a song that few people judged.
    """

    def __init__(
        self, features: Matrix, embedding: Matrix | None, places: Matrix, kernels: Kernels, unsure: Matrix
    ) -> None:
        self._own, self._places, self._kernels = (features, embedding), places, kernels
        self._noise = kernels.noise * unsure
        self._middle, self._spread = float(places.mean()), float(places.std())
        gram = kernels.likeness(self._own, self._own) + np.diag(self._noise)
        self._inverse = np.linalg.inv(gram)
        self._weights = self._inverse @ ((places - self._middle) / self._spread)

    def place(self, features: Matrix, embedding: Matrix | None) -> tuple[Matrix, Matrix]:
        """Places and doubts of songs, one for each row."""
        like = self._kernels.likeness((features, embedding), self._own)
        known = ((like @ self._inverse) * like).sum(1)
        return like @ self._weights * self._spread + self._middle, self._doubt(1 - known)

    def by_the_others(self) -> tuple[Matrix, Matrix]:
        """Where each of these songs is placed, with its doubt, by all of them but itself."""
        alone = 1 / np.diag(self._inverse)
        off = self._weights * alone * self._spread
        return self._places - off, self._doubt(alone - self._noise)

    def _doubt(self, unknown: Matrix) -> Matrix:
        usual = np.sqrt(np.maximum(0.0, unknown) + self._kernels.noise)
        return np.asarray(self._spread * self._kernels.doubt * usual, np.float64)


@dataclass(frozen=True)
class Scale:
    """Numbers as heard, in their usual spreads."""

    middle: Matrix
    spread: Matrix

    def __call__(self, numbers: Floats | Matrix) -> Matrix:
        return np.clip((np.asarray(numbers, np.float64) - self.middle) / self.spread, -FAR, FAR)


class Mapping:
    """The file, read once. Raises NoMapping."""

    def __init__(self, file: Path = FILE) -> None:
        try:
            raw = file.read_bytes()
            told: dict[str, Any] = dict(np.load(io.BytesIO(raw), allow_pickle=False))
            self.fingerprint = hashlib.sha256(raw).hexdigest()[:16]
            self.network = str(told["network"])
            self.names = tuple(str(name) for name in told["names"])
            self.features = Scale(told["middle"].astype(np.float64), told["spread"].astype(np.float64))
            self.embedding = Scale(told["embedding_middle"].astype(np.float64), told["embedding_spread"].astype(float))
            self._turn = told["turn"].astype(np.float64)
            features, embedding = (told[name].astype(np.float64) for name in ("features", "embedding"))
            places = told["places"].astype(np.float64).T
            unsure = told["unsure"].astype(np.float64)
            both, alone = ([Kernels(*map(float, row)) for row in told[name]] for name in ("kernels", "kernels_alone"))
            self._both = [Judged(features, embedding, axis, k, unsure) for axis, k in zip(places, both, strict=True)]
            self._alone = [Judged(features, None, axis, k, unsure) for axis, k in zip(places, alone, strict=True)]
        except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, np.linalg.LinAlgError) as error:
            raise NoMapping(f"{file}: {error}: restore models/ from the release that this code is of") from error

    def place(self, features: Floats, embedding: Floats | None) -> Told:
        plain = self.features(features)[None]
        told = self.embedding(embedding)[None] if embedding is not None else None
        axes = self._both if embedding is not None else self._alone
        (valence, unsure), (energy, restless) = (axis.place(plain, told) for axis in axes)
        bright, lively = (float(min(1.0, max(-1.0, place[0]))) for place in (valence, energy))
        return Told(bright, lively, float(unsure[0]), float(restless[0]))

    def traits(self, features: Floats) -> Floats:
        """The few numbers, of about unit length, by which a correction reaches songs that sound alike."""
        turned = self.features(features) @ self._turn
        told = np.concatenate([[1.0], turned])
        return np.asarray(told / np.linalg.norm(told), np.float32)


def _apart(one: Matrix, other: Matrix) -> Matrix:
    """The root of the mean squared difference of every two rows."""
    squares = np.square(one).sum(1)[:, None] + np.square(other).sum(1) - 2 * one @ other.T
    return np.asarray(np.sqrt(np.maximum(0.0, squares) / one.shape[1]), np.float64)
