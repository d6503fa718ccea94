"""What this household's own faces taught: how the network reads them, believed as far as it was shown. Pure.

A labelled reading is the true expression and the seven scores that the network gave for it. They change two things
in the mood's filter, and never the network:

* **Confusions.** The row of each expression is the network's own, as if from `PRIOR` looks, and the household's
  readings added to it (Dirichlet shrinkage). With no readings it is the network's; with many it is theirs.
* **The resting face.** A face that is read as sad while at rest is read a little sadder whatever it shows. How its
  resting readings differ from the network's usual ones is taken from every reading before the scores themselves are
  heard. It enters as a change in what the network is taken to have been taught (`taught` in the filter).

Nobody is recognised: what one face taught holds for whoever is seen, guests too. So the shrinkage is strong, the
resting face only ever discounts an expression and never by more than `LARGEST`, and tests hold what is gained and lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from appliance.events import Mood
from appliance.mood import Knobs, Shares, even, weighed
from appliance.snapshot import Taught
from firmware.wire import EXPRESSIONS

PRIOR = 12.0
"""How many of the household's looks the network's own measurement weighs."""
LARGEST = 8.0
"""The resting face discounts no expression by more than this factor."""
RARE = 0.05
"""Added to the shares that are compared, so that one odd look at what is hardly ever read does not count as a bias."""
KEPT = 60
"""Readings kept of each expression: a lesson's dozen, a few times over. Older ones go first."""
ECHO = 2
"""A reading is judged without itself and without so many on either side, which were nearly the same look."""


@dataclass(frozen=True)
class Reading:
    """What the network read while a person said what was true; or earlier, at the wall-clock second `of`."""

    true: Mood
    scores: Shares
    of: float = 0.0


@dataclass(frozen=True)
class Household:
    """All readings kept, oldest first, and what the filter needs of them: for each expression the scores' sum."""

    readings: tuple[Reading, ...] = ()
    sums: tuple[Shares, ...] = ((0.0,) * 7,) * 7
    taught: tuple[Taught, ...] = ()


def learnt(readings: Sequence[Reading], knobs: Knobs) -> Household:
    """The household with these readings, and no others."""
    kept = newest(readings)
    sums = summed(kept)
    return Household(kept, sums, tuple(judged(true, kept, sums, knobs) for true in EXPRESSIONS if any(sums[at(true)])))


def newest(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The last `KEPT` of each expression, in their order. A reading that is not seven shares is left out."""
    left = dict.fromkeys(EXPRESSIONS, KEPT)
    kept: list[Reading] = []
    for reading in reversed(readings):
        if sound(reading) and left[reading.true] > 0:
            left[reading.true] -= 1
            kept.append(reading)
    return tuple(reversed(kept))


def sound(reading: Reading) -> bool:
    """Seven shares of a known expression, not all of them nothing."""
    scores = reading.scores
    return (
        reading.true in EXPRESSIONS
        and len(scores) == 7
        and all(0.0 <= score <= 1.0 for score in scores)
        and any(scores)
    )


def at(mood: Mood) -> int:
    return EXPRESSIONS.index(mood)


def summed(readings: Sequence[Reading]) -> tuple[Shares, ...]:
    sums = [[0.0] * 7 for _ in EXPRESSIONS]
    for reading in readings:
        row = sums[at(reading.true)]
        for column, share in enumerate(even(reading.scores)):
            row[column] += share
    return tuple(tuple(row) for row in sums)


def fitted(knobs: Knobs, sums: tuple[Shares, ...]) -> Knobs:
    """The filter with what the household taught believed in it."""
    if not any(map(any, sums)):
        return knobs
    rows = tuple(
        even(tuple(PRIOR * share + more for share, more in zip(row, added, strict=True)))
        for row, added in zip(knobs.confusion, sums, strict=True)
    )
    taught = tuple(share * lean for share, lean in zip(knobs.taught, resting(knobs.confusion, rows), strict=True))
    return replace(knobs, confusion=rows, taught=even(taught))


def resting(usual: tuple[Shares, ...], own: tuple[Shares, ...]) -> Shares:
    """How many times more than usual a face at rest is read as each expression, against being read as at rest."""
    neutral = at("neutral")
    more = [(theirs + RARE) / (share + RARE) for theirs, share in zip(own[neutral], usual[neutral], strict=True)]
    return tuple(min(LARGEST, max(1.0, lean / more[neutral])) for lean in more)


def judged(true: Mood, readings: Sequence[Reading], sums: tuple[Shares, ...], knobs: Knobs) -> Taught:
    """How many readings there are of this expression, and the share that the box reads right by one look alone, each
    judged by what all the others taught."""
    row = at(true)
    own = [even(reading.scores) for reading in readings if reading.true == true]
    right = 0
    for place, scores in enumerate(own):
        near = own[max(0, place - ECHO) : place + ECHO + 1]
        without = tuple(max(0.0, total - sum(column)) for total, *column in zip(sums[row], *near, strict=True))
        others = fitted(knobs, tuple(without if index == row else sums[index] for index in range(7)))
        after = weighed((1 / 7,) * 7, scores, 1.0, others)
        right += max(range(7), key=after.__getitem__) == row
    return Taught(true, len(own), right / len(own))


def written(scores: Shares) -> str:
    """Seven scores as a row's note."""
    return " ".join(f"{score:.3f}" for score in scores)


def read(note: str) -> Shares:
    """The scores in a row's note; none where they are not seven numbers."""
    try:
        scores = tuple(float(word) for word in note.split())
    except ValueError:
        return ()
    return scores if len(scores) == 7 else ()
