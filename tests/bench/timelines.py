"""Hours in a room whose mood is known, as the network would read them.

A timeline is made of stretches of one mood. Each stretch shows one face, read from only eight pictures of that
expression, so that the network's errors repeat as they do with a real face. People leave the picture (gaps), the light
goes (darkness), somebody sits beside or walks through, at times nearer than the one whose mood is known.
"""

import csv
import gzip
import random
from dataclasses import dataclass
from pathlib import Path

from firmware.wire import EXPRESSIONS, Condition, Expression

Scores = tuple[float, ...]
Readings = dict[Expression, list[Scores]]

RATE = 2.0  # frames a second
PICTURES = 8
SHORTEST, MEAN = 45.0, 240.0  # seconds of one mood
GAP_EVERY, GAPS = 300.0, (2.0, 40.0)
PASSER_EVERY, PASSERS = 400.0, (2.0, 8.0)
GUEST_EVERY, GUESTS = 900.0, (30.0, 180.0)
DARK_EVERY, DARKS = 1800.0, (20.0, 120.0)

AT_HOME = (0.36, 0.30, 0.06, 0.12, 0.10, 0.02, 0.04)
"""How often each mood is drawn: a guess at a living room, mostly at ease or glad."""
EVENLY = (1 / 7,) * 7


@dataclass(frozen=True)
class Read:
    """One face of one frame: its number, how large it stands, the scores."""

    number: int
    size: float
    scores: Scores


@dataclass(frozen=True)
class Frame:
    at: float
    truth: Expression
    stretch: int
    condition: Condition
    faces: tuple[Read, ...]


def load(path: Path) -> Readings:
    """The network's outputs by true expression, from the CSV described at the head of `tests.bench.mood`."""
    readings: Readings = {name: [] for name in EXPRESSIONS}
    with gzip.open(path, "rt", newline="") as file:
        for row in csv.DictReader(file):
            truth = next(name for name in EXPRESSIONS if name == row["truth"])
            readings[truth].append(tuple(float(row[name]) for name in EXPRESSIONS))
    return readings


def pictures(readings: Readings, mood: Expression, chance: random.Random) -> list[Scores]:
    few = readings[mood]
    return chance.sample(few, PICTURES) if len(few) >= PICTURES else list(few)


class Visit:
    """Something that comes now and then and stays for a while."""

    def __init__(self, every: float, lasts: tuple[float, float], chance: random.Random) -> None:
        self.every, self.lasts, self.chance = every, lasts, chance
        self.begins = chance.expovariate(1 / every)
        self.ends = self.begins + chance.uniform(*lasts)
        self.count = 0

    def on(self, at: float) -> bool:
        if at >= self.ends:
            self.begins = at + self.chance.expovariate(1 / self.every)
            self.ends = self.begins + self.chance.uniform(*self.lasts)
            self.count += 1
        return self.begins <= at < self.ends


def timeline(readings: Readings, hours: float, seed: int, mix: Scores = AT_HOME) -> list[Frame]:
    """Frames of so many hours; the same for the same seed."""
    chance = random.Random(seed)
    gap = Visit(GAP_EVERY, GAPS, chance)
    dark = Visit(DARK_EVERY, DARKS, chance)
    others = (Visit(PASSER_EVERY, PASSERS, chance), Visit(GUEST_EVERY, GUESTS, chance))
    shown: list[list[Scores]] = [[], []]
    visits = [-1, -1]
    sizes = [0.0, 0.0]
    frames: list[Frame] = []
    mood: Expression | None = None
    stretch, number, was_gone, ends = -1, 0, False, 0.0
    mine: list[Scores] = []
    for i in range(int(hours * 3600 * RATE)):
        at = i / RATE
        if at >= ends:
            ends = at + SHORTEST + chance.expovariate(1 / (MEAN - SHORTEST))
            mood = chance.choices(
                EXPRESSIONS, [0 if name == mood else w for name, w in zip(EXPRESSIONS, mix, strict=True)]
            )[0]
            mine, stretch = pictures(readings, mood, chance), stretch + 1
        assert mood is not None
        faces = []
        unlit, gone = dark.on(at), gap.on(at)
        if not gone:
            number += was_gone  # the follower gives a face that returns a new number
            faces.append(Read(number % 1000, 0.30, chance.choice(mine)))
        was_gone = gone
        for k, other in enumerate(others):
            if other.on(at):
                if visits[k] != other.count:
                    visits[k] = other.count
                    shown[k] = pictures(readings, chance.choices(EXPRESSIONS, mix)[0], chance)
                    sizes[k] = chance.uniform(0.15, 0.45) if k == 0 else chance.uniform(0.12, 0.25)
                faces.append(Read(1000 * (k + 1) + other.count % 1000, sizes[k], chance.choice(shown[k])))
        condition: Condition = "dark" if unlit else "seen" if faces else "nobody"
        frames.append(Frame(at, mood, stretch, condition, () if unlit else tuple(faces)))
    return frames
