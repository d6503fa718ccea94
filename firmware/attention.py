"""Which part of a picture to search next for faces that are far away. Pure.

A far face is small, and looking for small things everywhere costs more than all the rest, so of each farther reach only
one part is searched at a time. Every patch of the picture falls due a little more with each search, and much more where
something that stirs begins: a head is at the top of what moves. The part that is most due comes next, so that nothing
waits for ever and one who comes in is looked for at once.
"""

import numpy as np
from numpy.typing import NDArray

Patches = NDArray[np.uint8]
Part = tuple[float, float]  # left and top, as shares of the picture
STIR = 5  # grey levels by which a patch must drift, beyond what the whole picture does, to stir
KEEN = 300.0  # searches' worth of waiting that one stirring patch adds
EDGE = 0.3  # weight of what lies at the border of a part, where a face may be cut


class Attention:
    """One reach, searched by parts that are a `parts`-th of the picture each way. Told the patches of every look."""

    def __init__(self, parts: int, rows: int, columns: int) -> None:
        self._parts = halves(parts)
        self._weights = np.stack([_weight(part, parts, rows, columns) for part in self._parts])
        down, across = np.mgrid[0:rows, 0:columns]
        off = np.hypot((down + 0.5) / rows - 0.45, (across + 0.5) / columns - 0.5)
        self._due = np.asarray(2.0 - off, np.float32)  # faces are seldom in the corners: the middle comes first
        self._before: Patches | None = None

    def see(self, patches: Patches) -> None:
        """One more look: what stirred since the last falls due."""
        if self._before is not None and self._before.shape == patches.shape:
            self._due += KEEN * tops(self._before, patches)
        self._before = patches

    def part(self) -> Part:
        """The part most due; it counts as searched from now on."""
        most = int(np.argmax(np.tensordot(self._weights, self._due)))
        self._due += 1.0
        self._due[self._weights[most] == 1.0] = 0.0
        return self._parts[most]


def halves(parts: int) -> list[Part]:
    """Parts that overlap by half, so that what the border of one cuts lies in the middle of another."""
    steps = [step / (2 * parts) for step in range(2 * parts - 1)]
    return [(x, y) for y in steps for x in steps]


def _weight(part: Part, parts: int, rows: int, columns: int) -> NDArray[np.float32]:
    """How much each patch counts for a part: what lies inside wholly, what lies at its border less."""
    left, top = part
    high, wide = rows / parts, columns / parts
    weight = np.zeros((rows, columns), np.float32)
    weight[round(top * rows) : round(top * rows + high), round(left * columns) : round(left * columns + wide)] = EDGE
    weight[_inside(top * rows, high, rows), _inside(left * columns, wide, columns)] = 1.0
    return weight


def _inside(start: float, size: float, whole: int) -> slice:
    """A part's patches along one side, without its border where that is not the picture's own."""
    margin = size / 8
    low = 0.0 if start <= 0 else start + margin
    high = whole if start + size >= whole else start + size - margin
    return slice(round(low), round(high))


def tops(before: Patches, after: Patches) -> NDArray[np.bool_]:
    """The patches where something that stirs begins from above, and those right below them."""
    drift = np.abs(before.astype(np.int16) - after.astype(np.int16))
    stirs = drift - np.median(drift) > STIR
    begins = stirs.copy()
    begins[1:] &= ~stirs[:-1]
    below = np.zeros_like(begins)
    below[1:] = begins[:-1]
    return np.asarray(begins | below, np.bool_)
