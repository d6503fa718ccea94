"""Which songs and which words are alike, by the tags that songs carry: words that keep the same company lie close.

What Word2Vec does for words with a small network, a decomposition of how often tags meet does in closed form (Levy and
Goldberg 2014): each song is the sum of its tags, rare ones counting more, and the directions in which songs differ are
evened out (singular values to the power of one half), so that one loud genre does not drown the rest. Numpy alone,
the same result on every run; tests/bench/shelf.py measures it beside Word2Vec.
"""

import numpy as np
from numpy.typing import NDArray

from appliance.recommender.rows import Numbers, Places, Rows, Vector, Weights

RANK = 200
"""Directions kept: 100 and 400 are both worse by a twentieth (nDCG@10, tuning part of the listens)."""
SHARE = 5
"""With few tags, one direction for so many: were all kept, evening them out would make every tag an island."""
WORDS = 1000
"""The most frequent tags that are kept: 800, 1,500 and 3,000 all give .148, and cost 1, 5 and 40 times as much."""
FAINT = 1e-4
"""Directions weaker than this share of the strongest are noise."""


class Likeness:
    """`tags`: songs by tags, how often each was given. A tag of one song alone says nothing of likeness."""

    def __init__(self, tags: Rows, rank: int = RANK, words: int = WORDS) -> None:
        common = tags.commonness()
        often = np.argsort(-common, kind="stable")[:words]
        known = np.zeros(tags.width, np.bool_)
        known[often[common[often] >= 2]] = True
        self.kept: Numbers = np.flatnonzero(known).astype(np.int32)
        self._number = {int(tag): place for place, tag in enumerate(self.kept)}
        rows = tags.kept(known)
        rarity = np.log(max(len(tags), 2) / np.maximum(common[known], 1))
        rows = rows.weighed(np.log1p(rows.weights) * rarity[rows.columns])
        length = np.sqrt(np.maximum(rows.weighed(rows.weights**2).times(np.ones(rows.width)), 1e-12))
        self.rows = rows.weighed(rows.weights / length[rows.owners])
        self._directions, self.words = decompose(self.rows, min(rank, max(2, rows.width // SHARE)))
        self._length = self._lengths()

    def alike(self, seeds: Places, weights: Weights) -> Vector:
        """How like the seeds each song is: the weighted mean of its likeness (-1 to 1) to each."""
        if not len(seeds) or not self.rows.width:
            return np.zeros(len(self.rows), np.float32)
        pull = weights / max(float(np.abs(weights).sum()), 1e-9) / self._length[seeds]
        taste = np.zeros(self.rows.width, np.float32)
        for seed, share in zip(seeds.tolist(), pull.tolist(), strict=True):
            place = slice(self.rows.starts[seed], self.rows.starts[seed + 1])
            taste[self.rows.columns[place]] += share * self.rows.weights[place]
        return self.rows.times(self._directions @ (taste @ self._directions)) / self._length

    def near(self, tags: Numbers, count: int, least: float = 0.35) -> list[tuple[int, float]]:
        """The tags that keep the same company as these, nearest first, each with its closeness."""
        places = [self._number[int(tag)] for tag in tags if int(tag) in self._number]
        if not places:
            return []
        close = self.words @ self.words[places].sum(0) / len(places)
        close[places] = -1.0
        order = np.argsort(-close, kind="stable")[:count]
        return [(int(self.kept[place]), float(close[place])) for place in order if close[place] >= least]

    def _lengths(self) -> Vector:
        kernel = self._directions @ self._directions.T
        found = np.ones(len(self.rows), np.float32)
        for part, places in self.rows.by_length():
            at, weights = self.rows.columns[places], self.rows.weights[places]
            each = kernel[at[:, :, None], at[:, None, :]] * weights[:, :, None] * weights[:, None, :]
            found[part] = np.sqrt(np.maximum(each.sum((1, 2)), 0))
        return np.maximum(found, 1e-6)


def decompose(rows: Rows, rank: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """From tags to the evened directions of songs; and each tag's own place among its kind, of length one."""
    if not rows.width:
        return np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32)
    strength, directions = np.linalg.eigh(meetings(rows))
    strength, directions = strength[::-1][:rank], directions[:, ::-1][:, :rank]
    strong = strength > FAINT * max(float(strength[0]), 1e-12)
    strength, directions = strength[strong], directions[:, strong]
    words = directions * strength**0.5
    words /= np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-9)
    return (directions * strength**-0.25).astype(np.float32), words.astype(np.float32)


def meetings(rows: Rows) -> NDArray[np.float32]:
    """How often each two tags meet on a song, by their weights there. Twice as wide, this and its decomposition would
    take more memory than all else that is known of 100,000 songs."""
    width = rows.width
    found = np.zeros(width * width, np.float32)
    for _, places in rows.by_length():
        at, weight = rows.columns[places].astype(np.int64), rows.weights[places]
        pairs = at[:, :, None] * width + at[:, None, :]
        found += np.bincount(pairs.ravel(), (weight[:, :, None] * weight[:, None, :]).ravel(), len(found))
    return found.reshape(width, width)
