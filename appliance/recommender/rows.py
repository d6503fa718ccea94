"""Sparse rows: for each row its columns, with a weight each. The one shape that the whole recommender is made of."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Numbers = NDArray[np.int32]
Weights = NDArray[np.floating[Any]]
Places = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]


PAIRS = 200_000
"""Of entries, that rows taken together may have: more take more memory, and no less time."""


def ones(count: int) -> Vector:
    """To be read only: it takes no room."""
    return np.broadcast_to(np.ones(1, np.float32), (count,))


@dataclass(frozen=True)
class Rows:
    """`starts[i]` to `starts[i + 1]` are the places of row i in `columns` and `weights`."""

    starts: NDArray[np.int64]
    columns: Numbers
    weights: Vector
    width: int

    @classmethod
    def of(cls, rows: Iterable[Sequence[int]], width: int = 0) -> "Rows":
        """Rows of ones."""
        lengths, flat = array("q"), array("i")
        for row in rows:
            lengths.append(len(row))
            flat.extend(row)
        return cls.cut(np.array(lengths, np.int64), np.array(flat, np.int32), ones(len(flat)), width)

    @classmethod
    def cut(cls, lengths: NDArray[np.int64], columns: Numbers, weights: Vector, width: int) -> "Rows":
        return cls(np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))), columns, weights, width)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        return np.diff(self.starts)

    @property
    def owners(self) -> Numbers:
        """The row of each entry."""
        return np.repeat(np.arange(len(self), dtype=np.int32), self.lengths)

    def row(self, number: int) -> Numbers:
        return self.columns[self.starts[number] : self.starts[number + 1]]

    def same(self, other: "Rows") -> bool:
        """Have both the same entries in the same order, with whatever weights?"""
        return np.array_equal(self.starts, other.starts) and np.array_equal(self.columns, other.columns)

    def weighed(self, weights: Weights) -> "Rows":
        """The same entries with other weights."""
        return Rows(self.starts, self.columns, np.asarray(weights, np.float32), self.width)

    def times(self, vector: Weights) -> Vector:
        """Of each row, the sum of its weights times the vector's values at its columns."""
        found = np.zeros(len(self), np.float32)
        filled = np.flatnonzero(self.lengths)
        if len(filled):
            found[filled] = np.add.reduceat(self.weights * vector[self.columns], self.starts[filled])
        return found

    def spread(self, vector: Weights) -> Vector:
        """Of each column, the sum over the rows that have it: the transposed rows times the vector."""
        each = self.weights * np.repeat(vector, self.lengths)
        return np.bincount(self.columns, each, self.width).astype(np.float32)

    def commonness(self) -> Vector:
        """In how many rows each column is."""
        return np.bincount(self.columns, minlength=self.width).astype(np.float32)

    def flipped(self) -> "Rows":
        """Rows become columns."""
        order = np.argsort(self.columns, kind="stable")
        lengths = np.bincount(self.columns, minlength=self.width).astype(np.int64)
        return Rows.cut(lengths, self.owners[order], self._weights(order), len(self))

    def kept(self, columns: NDArray[np.bool_]) -> "Rows":
        """Only these columns, numbered anew in their order."""
        stays = columns[self.columns]
        numbers = (np.cumsum(columns) - 1).astype(np.int32)
        lengths = np.bincount(self.owners[stays], minlength=len(self)).astype(np.int64)
        kept = numbers[self.columns[stays]]
        return Rows.cut(lengths, kept, self._weights(stays), int(columns.sum()))

    def _weights(self, which: Places | Mask) -> Vector:
        """Of some entries; ones stay without room."""
        plain = self.weights.strides == (0,)
        return ones(int(which.sum()) if which.dtype == np.bool_ else len(which)) if plain else self.weights[which]

    def by_length(self) -> Iterable[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Rows of one length together: their numbers, and the places of their entries, a row of places for each."""
        lengths = self.lengths
        for length in np.unique(lengths[lengths > 0]):
            rows = np.flatnonzero(lengths == length)
            for part in np.array_split(rows, len(rows) * int(length) ** 2 // PAIRS + 1):
                if len(part):
                    yield part, self.starts[part][:, None] + np.arange(length)


def side_by_side(width: int, *parts: tuple[Rows, Places | None]) -> Rows:
    """For each song the rows that it has in several tables, one behind the other: `Rows` of ones, and which row of it,
    None where it is each song's own."""
    lengths = [rows.lengths if which is None else rows.lengths[which] for rows, which in parts]
    whole = np.sum(lengths, axis=0)
    starts = (np.cumsum(whole) - whole).astype(np.int32)
    columns = np.empty(int(whole.sum()), np.int32)
    for (rows, which), length in zip(parts, lengths, strict=True):
        within = np.arange(int(length.sum()), dtype=np.int32)
        within -= np.repeat((np.cumsum(length) - length).astype(np.int32), length)
        first = (rows.starts[:-1] if which is None else rows.starts[which]).astype(np.int32)
        columns[np.repeat(starts, length) + within] = rows.columns[np.repeat(first, length) + within]
        starts = starts + length.astype(np.int32)
    return Rows.cut(whole, columns, ones(len(columns)), width)
