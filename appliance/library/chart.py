"""The whole catalogue in columns, for a room that wants a little of every song: an Entry each would take a Pi's memory.

Ranks, languages and mood words are those that `Catalogue.entries` tells.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from appliance.library.plane import place
from appliance.names import Names

Ranks = NDArray[np.float32]
Which = NDArray[np.int32]
ASKED = """
SELECT p.uri, p.language, p.moods, s.valence, s.energy, s.valence_doubt, s.energy_doubt,
       p.tagged_valence, p.tagged_energy, c.valence, c.energy, {traits}
FROM place p LEFT JOIN song s USING (identity) LEFT JOIN correction c USING (identity)
WHERE p.present ORDER BY p.uri
"""
POINTS = 8
"""Numbers of a row: heard, its doubt, tagged, placed by hand; each as valence and energy."""


@dataclass(frozen=True)
class Chart:
    """`rank`: valence and energy of each song, nan where nobody listened. `language` and `moods` number their tables,
    whose first entry means unknown."""

    names: Names = field(default_factory=Names)
    rank: Ranks = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    language: Which = field(default_factory=lambda: np.zeros(0, np.int32))
    languages: tuple[str, ...] = ("",)
    moods: Which = field(default_factory=lambda: np.zeros(0, np.int32))
    words: tuple[tuple[str, ...], ...] = ((),)


def chart(base: sqlite3.Connection, tag_doubt: float, moved: Mapping[str, str]) -> Chart:
    """As the base has it now, but for the names of songs that it does not know to have moved."""
    # The traits are wanted where a correction teaches songs that are like it, and are the bulk of the table.
    taught = base.execute("SELECT count(*) FROM correction").fetchone()[0] > 0
    points, traits, uris = array("d"), list[bytes | None](), list[str]()
    tongues, words = {"": 0}, {"": 0}
    language, moods = array("i"), array("i")
    for row in base.execute(ASKED.format(traits="s.traits" if taught else "NULL")):
        uris.append(moved.get(row[0], row[0]))
        language.append(tongues.setdefault(row[1], len(tongues)))
        moods.append(words.setdefault(row[2], len(words)))
        points.extend(np.nan if number is None else number for number in row[3 : 3 + POINTS])
        if taught:
            traits.append(row[-1])
    if not uris:
        return Chart()
    lies = np.array(points, np.float64).reshape(-1, POINTS)
    known = stacked(traits) if taught else np.zeros((len(uris), 1))
    placed = place(lies[:, 0:2], lies[:, 2:4], lies[:, 4:6], tag_doubt, lies[:, 6:8], known)
    return Chart(
        Names(uris),
        placed.rank.round(4).astype(np.float32),
        np.array(language, np.int32),
        tuple(tongues),
        np.array(moods, np.int32),
        tuple(tuple(text.split("\n")) if text else () for text in words),
    )


def stacked(blobs: Iterable[bytes | None]) -> NDArray[np.float64]:
    """The traits of each song as a row; zeros where it has none, or some of another width."""
    told = list(blobs)
    width = max((len(blob) for blob in told if blob), default=2)
    whole = b"".join(blob if blob and len(blob) == width else bytes(width) for blob in told)
    return np.frombuffer(whole, np.float16).reshape(len(told), -1).astype(np.float64)
