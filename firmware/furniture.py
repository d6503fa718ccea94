"""What looks like a face and never moves: a picture on a wall, a poster, a shirt on its hanger. Pure.

A person would have to hold head, shoulders and hands within a pixel, in sleep or over a book, for half an hour. Where
nothing of all that has stirred for so long there is furniture, until it stirs. In doubt it is a person: a lamp that is
switched on, sun that wanders or somebody who walks past begins the time anew. What is kept of a place are the coarse
patches of the picture in which it was first seen, which have nothing of a face left in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Patches = NDArray[np.uint8]
Place = tuple[float, float, float]  # of a face: its centre and its width, in patches
STIR = 2.5  # grey levels by which a patch must drift, when the whole picture's light is taken out, to stir
ASIDE, ABOVE, BELOW = 1.0, 0.6, 2.0  # what belongs to a face, in its widths from its centre
MOST = 16  # places that are minded


@dataclass(frozen=True)
class Piece:
    """A place that has not stirred since."""

    place: Place
    before: Patches
    since: float

    def near(self, other: Place) -> bool:
        (x, y, width), (a, b, wide) = self.place, other
        reach = 0.5 * max(width, wide)
        return abs(x - a) < reach and abs(y - b) < reach and 0.5 < width / wide < 2.0

    def stirs(self, now: Patches) -> bool:
        if now.shape != self.before.shape:
            return True
        before, after = self.before.astype(np.float32), now.astype(np.float32)
        light = float(np.median((after + 1) / (before + 1)))
        x, y, width = self.place
        rows = slice(max(0, int(y - ABOVE * width)), int(y + BELOW * width) + 1)
        columns = slice(max(0, int(x - ASIDE * width)), int(x + ASIDE * width) + 1)
        drift = np.abs(after - light * before)[rows, columns]
        return bool(drift.size and drift.max() > STIR)


class Furniture:
    """Minds the places of faces. `seconds` without a stir make one furniture; 0 makes none ever."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._pieces: list[Piece] = []

    def known(self, now: float) -> int:
        """How many places are furniture by now, whether or not a face is found there."""
        return sum(self._long(piece, now) for piece in self._pieces)

    def among(self, places: Sequence[Place], patches: Patches, now: float) -> list[bool]:
        """Which of the faces of this look are furniture. A place is minded whether or not its face is found each
        time."""
        self._pieces = [piece for piece in self._pieces if not piece.stirs(patches)]
        told = []
        for place in places:
            piece = next((piece for piece in self._pieces if piece.near(place)), None)
            if piece is None and len(self._pieces) < MOST:
                piece = Piece(place, patches, now)
                self._pieces.append(piece)
            told.append(piece is not None and self._long(piece, now))
        return told

    def _long(self, piece: Piece, now: float) -> bool:
        return self._seconds > 0 and now - piece.since >= self._seconds
