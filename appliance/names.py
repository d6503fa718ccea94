"""Many names and the number of each, in twelve bytes a name: a dictionary of 100,000 songs would take 20 MB."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.int64]
Numbers = NDArray[np.int32]


class Names:
    """Names are told apart by their 64-bit hashes, which Python keys anew in each process: with 100,000 songs two of
    them agree once in four billion starts."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        hashes = hashed(names)
        self._order: Numbers = np.argsort(hashes, kind="stable").astype(np.int32)
        self._sorted: Hashes = hashes[self._order]

    def __contains__(self, name: str) -> bool:
        return self.get(name) >= 0

    def __len__(self) -> int:
        return len(self._order)

    def get(self, name: str) -> int:
        """The name's number; -1 for a stranger."""
        return int(self.all((name,))[0])

    def all(self, names: Iterable[str]) -> Numbers:
        """The numbers of many; -1 for strangers."""
        return self.at(hashed(names))

    def at(self, hashes: Hashes) -> Numbers:
        """The same by what `hashed` made of them."""
        if not len(self._sorted):
            return np.full(len(hashes), -1, np.int32)
        place = np.minimum(np.searchsorted(self._sorted, hashes), len(self._sorted) - 1)
        found: Numbers = np.where(self._sorted[place] == hashes, self._order[place], np.int32(-1))
        return found

    def hashes(self) -> Hashes:
        """Each name's, in the order of their numbers."""
        found = np.empty_like(self._sorted)
        found[self._order] = self._sorted
        return found


def hashed(names: Iterable[str]) -> Hashes:
    return np.fromiter(map(hash, names), np.int64)
