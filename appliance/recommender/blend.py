"""The three judges together. Tags know every song from the first day; lists get a say as they grow in number.

Measured on households of 3 to 1,574 lists (docs/bench-shelf.md): with three lists affinity and company only do harm;
from ten on a little of each helps; the best weight of affinity grows about as the root of the lists' number.
"""

import numpy as np

from appliance.recommender.affinity import Affinity
from appliance.recommender.company import Company
from appliance.recommender.likeness import Likeness
from appliance.recommender.rows import Places, Vector, Weights

TOO_FEW = 4
"""Lists that give affinity and company no say yet."""
AFFINITY, COMPANY = 0.045, 0.0135
"""Their say beside the tags' one, for the root of the lists beyond that."""
EVEN = 0.5
"""What the least liked seed says, of what the most liked does: 1 is as good, 0 worse by a hundredth with ten seeds."""


def even(scores: Vector) -> Vector:
    """With mean 0 and deviation 1, so that judges with other scales can be added up. All alike: all 0."""
    spread = float(scores.std()) if len(scores) else 0.0
    return (scores - scores.mean()) / spread if spread > 1e-9 else np.zeros_like(scores)


def says(lists: int) -> tuple[float, float]:
    """The say of affinity and of company with so many lists."""
    grown = max(0, lists - TOO_FEW) ** 0.5
    return AFFINITY * grown, COMPANY * grown


def evened(weights: Weights) -> Vector:
    """That a song is liked at all tells more than how much."""
    return np.asarray(EVEN * weights.max(initial=0) + (1 - EVEN) * weights, np.float32)


class Recommender:
    """`affinity` may come later: it takes seconds to learn, and until then it says nothing."""

    def __init__(self, likeness: Likeness, company: Company, affinity: Affinity | None = None) -> None:
        self.likeness, self.company, self.affinity = likeness, company, affinity

    def akin(self, seeds: Places, weights: Weights) -> Vector:
        """How akin each song is to what is liked, in deviations from the library's mean. All 0 where nothing is."""
        count = len(self.likeness.rows)
        if not len(seeds):
            return np.zeros(count, np.float32)
        weights = evened(weights)
        by_affinity, by_company = says(len(self.company.lists))
        found = even(self.likeness.alike(seeds, weights))
        if by_company:
            found = found + by_company * even(self.company.keep(seeds, weights))
        if by_affinity and self.affinity is not None:
            found = found + by_affinity * even(self.affinity.like(seeds, weights, count))
        return found
