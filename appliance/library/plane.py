"""Where songs lie on the plane of valence and energy, once tags and people had their say. Pure.

Arrays have a row for each song and the columns valence and energy; NaN stands for "not known". What was heard and what
a mood tag says are weighed by their doubts. A person's word stands for that song alone, in the household's ranks, and
teaches: songs like it move the same way, the more like the farther.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
HAND_DOUBT = 0.1
BIAS = 0.3
"""How far this household's ear is thought to differ from the mapping's, as a standard deviation."""


@dataclass(frozen=True)
class Placed:
    position: Points
    doubt: Points
    rank: Points


def place(heard: Points, doubt: Points, tagged: Points, tag_doubt: float, hand: Points, traits: Points) -> Placed:
    """`hand` is in ranks, all else as heard. `traits` has no NaN, its rows about unit length; zeros where unheard."""
    position, unsure = weigh(heard, doubt, tagged, tag_doubt)
    wanted = as_heard(hand, position)
    told = ~np.isnan(hand[:, 0])
    taught = told & ~np.isnan(position[:, 0])
    if taught.any():
        shift = lesson(traits[taught], (wanted - position)[taught], unsure[taught], traits)
        position = np.clip(position + shift, -1, 1)
    position[told], unsure[told] = wanted[told], HAND_DOUBT
    rank = ranks(position)
    rank[told] = hand[told]
    return Placed(position, unsure, rank)


def weigh(heard: Points, doubt: Points, tagged: Points, tag_doubt: float) -> tuple[Points, Points]:
    """Both sayings as one, with its doubt; 1 where neither says anything."""
    sure = np.where(np.isnan(heard), 0.0, 1 / np.square(doubt))
    named = np.where(np.isnan(tagged), 0.0, 1 / tag_doubt**2)
    total = sure + named
    known = total > 0
    mean = (sure * np.nan_to_num(heard) + named * np.nan_to_num(tagged)) / np.where(known, total, 1.0)
    return np.where(known, mean, np.nan), np.where(known, 1 / np.sqrt(np.where(known, total, 1.0)), 1.0)


def ranks(position: Points) -> Points:
    """Spread evenly over -1..1, in order; equals share their place. One song alone lies in the middle."""
    rank = np.full_like(position, np.nan)
    for axis in range(position.shape[1]):
        known = ~np.isnan(position[:, axis])
        values = position[known, axis]
        if len(values):
            order = np.argsort(values)
            ranged = values[order]
            below, upto = (np.searchsorted(ranged, ranged, side) for side in ("left", "right"))
            values[order] = (below + upto) / len(values) - 1
            rank[known, axis] = values
    return rank


def as_heard(rank: Points, position: Points) -> Points:
    """Ranks as positions: where a song of that rank lies among these. Few songs tell little, so even ground helps."""
    out = rank.copy()
    for axis in range(rank.shape[1]):
        known = np.sort(position[~np.isnan(position[:, axis]), axis])
        ground = np.linspace(-0.8, 0.8, 9)
        scale = np.sort(np.concatenate([known, ground]))
        places = (2 * np.arange(len(scale)) + 1) / len(scale) - 1
        out[:, axis] = np.interp(rank[:, axis], places, scale)
    out[np.isnan(rank)] = np.nan
    return out


def lesson(from_traits: Points, wrong: Points, doubt: Points, to_traits: Points) -> Points:
    """What the corrections say of every song: Bayesian ridge on the traits, with a mean of no difference at all."""
    kernel = BIAS**2 * from_traits @ from_traits.T
    shift = np.zeros((len(to_traits), 2))
    for axis in range(2):
        noise = np.diag(np.square(doubt[:, axis]))
        # The few first: every song beside every correction would be a hundred megabytes in a great library.
        told = from_traits.T @ np.linalg.solve(kernel + noise, wrong[:, axis])
        shift[:, axis] = to_traits @ (BIAS**2 * told)
    return shift
