"""How much a list would like a song: implicit alternating least squares over lists and songs (Hu, Koren, Volinsky).

A household has few lists, so the regularisation is strong; with a handful it says next to nothing, which is right.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance.recommender.rows import Numbers, Places, Rows, Vector, Weights

RANK = 64
CALM = 60.0
"""The regularisation: 20 is worse by a tenth, 40 as good alone and less good in the blend (tuning part)."""
TRUST = 20.0
"""How much surer a song that is on a list is than one that is not."""
ROUNDS = 8
AT_ONCE = 4096
"""Songs whose first places are drawn together."""
Floats = NDArray[np.float32]
Asked = Callable[[], bool]


class Unwanted(Exception):
    """Nobody waits for it any longer."""


@dataclass(frozen=True)
class Affinity:
    """`songs`: the numbers of the songs that are on any list; `places`: where each lies among the hidden tastes."""

    songs: Numbers
    places: Floats
    ground: Floats

    def like(self, seeds: Places, weights: Weights, count: int) -> Vector:
        """For each of `count` songs, how much a list of these seeds would like it. 0 for a song on no list."""
        found = np.zeros(count, np.float32)
        if not len(self.songs):
            return found
        where = np.searchsorted(self.songs, seeds)
        known = (where < len(self.songs)) & (self.songs[np.minimum(where, len(self.songs) - 1)] == seeds)
        if not known.any():
            return found
        near, sure = self.places[where[known]], TRUST * weights[known].astype(np.float32)
        taste = np.linalg.solve(self.ground + (near.T * sure) @ near, near.T @ (1 + sure))
        found[self.songs] = self.places @ taste
        return found


def fit(
    lists: Rows,
    rank: int = RANK,
    calm: float = CALM,
    rounds: int = ROUNDS,
    seed: int = 1,
    wanted: Asked = lambda: True,
) -> Affinity:
    """`lists`: lists by songs, a weight of at most one for each song. The same lists give the same result. Where it is
    `wanted` no longer, Unwanted is raised soon: the memory that it takes is needed for the next."""
    common = lists.commonness() > 0
    songs = np.flatnonzero(common).astype(np.int32)
    rank = max(1, min(rank, len(lists) + 4))
    mine = lists.kept(common)
    theirs = mine.flipped()
    places = np.empty((len(songs), rank), np.float32)
    dice = np.random.default_rng(seed)
    for part in np.array_split(places, len(places) // AT_ONCE + 1):  # all at once it would be drawn twice as wide
        part[:] = dice.normal(0, 0.01, part.shape)
    for _ in range(rounds if len(songs) else 0):
        half(theirs, half(mine, places, calm, wanted), calm, wanted, places)
    ground = places.T @ places + calm * np.eye(rank, dtype=np.float32)
    return Affinity(songs, places, ground.astype(np.float32))


def half(rows: Rows, other: Floats, calm: float, wanted: Asked, into: Floats | None = None) -> Floats:
    """The best places of the rows, given those of the columns; `into` the places before, where there is no room for
    both. Rows of one length are solved together."""
    rank = other.shape[1]
    ground = other.T @ other + calm * np.eye(rank, dtype=np.float32)
    found = np.zeros((len(rows), rank), np.float32) if into is None else into
    for some, places in rows.by_length():
        for part in np.array_split(np.arange(len(some)), max(1, len(some) * rank**2 // 250_000)):
            if not wanted():
                raise Unwanted
            at = places[part]
            near, sure = other[rows.columns[at]], TRUST * rows.weights[at]
            left = ground + np.swapaxes(near * sure[..., None], 1, 2) @ near
            right = (near * (1 + sure)[..., None]).sum(1)
            found[some[part]] = np.linalg.solve(left, right[..., None])[..., 0]
    return found
