"""The songs that people judged: where each lies on the plane, and in which of ten folds."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

AXES = ("valence", "energy")
VALENCE = (("joyful_activation", "amazement"), ("sadness", "tension"))
ENERGY = (("power", "joyful_activation", "tension"), ("calmness", "tenderness", "sadness"))
REACH = (1.2, 1.6)
"""What the composites come to at most: they are divided by it, so that songs fill -1..1."""


@dataclass(frozen=True)
class Songs:
    """`places`: valence and energy, a row a song, each the shares of listeners who felt some things less others."""

    files: list[Path]
    places: NDArray[np.float64]
    listeners: NDArray[np.float64]  # how many people judged each
    fold: NDArray[np.int64]
    genre: NDArray[np.str_]


def read(music: Path) -> Songs:
    """`music` holds songs.csv and audio/."""
    with (music / "songs.csv").open(newline="") as opened:
        rows = list(csv.DictReader(opened))

    def felt(plus: tuple[str, ...], minus: tuple[str, ...]) -> list[float]:
        return [sum(float(row[name]) for name in plus) - sum(float(row[name]) for name in minus) for row in rows]

    return Songs(
        [music / "audio" / f"{row['song']}.opus" for row in rows],
        np.stack([felt(*VALENCE), felt(*ENERGY)], 1) / REACH,
        np.array([float(row["listeners"]) for row in rows]),
        np.array([int(row["fold"]) for row in rows]),
        np.array([row["genre"] for row in rows]),
    )
