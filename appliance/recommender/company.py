"""Which songs stand on the same lists: co-occurrence, with long lists and much-played songs counting less each time."""

import numpy as np

from appliance.recommender.rows import Places, Rows, Vector, Weights

SHORT = 0.5
"""A list's say is divided by its length to this power."""
RARE = 0.4
"""A song's by how many lists have it, to this power: .3 is worse by a twentieth, .5 no better (tuning part)."""
ASKED = 0.2
"""A seed's own, likewise."""


class Company:
    """Lists by songs."""

    def __init__(self, lists: Rows) -> None:
        self.common = lists.commonness()
        often = np.maximum(self.common, 1)
        self.lists = lists.weighed(often[lists.columns] ** -RARE * np.maximum(lists.lengths, 1)[lists.owners] ** -SHORT)
        self._seed = often**-ASKED
        self._own = self.lists.weighed(self.lists.weights**2).spread(np.ones(len(lists)))

    def keep(self, seeds: Places, weights: Weights) -> Vector:
        """How much each song keeps the seeds' company."""
        asked = np.zeros(self.lists.width, np.float32)
        np.add.at(asked, seeds, weights * self._seed[seeds])
        return self.lists.spread(self.lists.times(asked)) - self._own * asked
