"""How a journey feels: smooth, even, and arriving, beside a straight line that never looks and a random pick.

    python -m tests.bench.shelf.voyages

A simulated listener, for nothing else can be asked a thousand times: with each song it moves a share of the way to the
song's place, so the table tells of the path alone and of no effect on anybody. Songs lie evenly over the plane; each
way takes the nearest unheard one to its point, as the shelf does.
"""

import random
import statistics
from collections.abc import Callable, Sequence
from itertools import pairwise

from appliance import journey
from appliance.events import Goal, Mood
from appliance.journey import Point, apart

SONGS, LENGTH, RUNS = 400, 10, 300
SWAYED = (0.15, 0.4, 0.8)
"""The share of the way to a song that a listener goes with it: hardly, somewhat, readily."""
THERE = 0.35
VOYAGES: tuple[tuple[Mood, Goal], ...] = (("sad", "lift"), ("angry", "calm"), ("fear", "calm"), ("angry", "lift"))
Way = Callable[[tuple[Point, ...], int, Point, random.Random], tuple[Point, ...]]
HEAD = (
    "| way | listener | mean stride | longest stride | unevenness | ahead of the listener | songs near the goal |\n"
    "|---|---|---|---|---|---|---|"
)


def straight(plan: tuple[Point, ...], songs: int, listener: Point, dice: random.Random) -> tuple[Point, ...]:
    return plan


def scattered(plan: tuple[Point, ...], songs: int, listener: Point, dice: random.Random) -> tuple[Point, ...]:
    return (*plan[:songs], *(Point(dice.uniform(-1, 1), dice.uniform(-1, 1)) for _ in range(LENGTH)))


def ours(plan: tuple[Point, ...], songs: int, listener: Point, dice: random.Random) -> tuple[Point, ...]:
    return journey.aimed(plan, songs, listener)


def voyage(way: Way, mood: Mood, goal: Goal, swayed: float, dice: random.Random) -> tuple[float, ...]:
    shelf = [Point(dice.uniform(-1, 1), dice.uniform(-1, 1)) for _ in range(SONGS)]
    plan = journey.plan(mood, goal)
    end, listener = plan[-1], journey.MOODS[mood]
    heard: list[Point] = []
    gaps = []
    for songs in range(LENGTH):
        seen = Point(listener.valence + dice.gauss(0, 0.1), listener.energy + dice.gauss(0, 0.1))
        plan = way(plan, songs, seen, dice)
        aim = journey.stage(plan, songs)
        song = min(shelf, key=lambda point: apart(point, aim))
        shelf.remove(song)
        heard.append(song)
        gaps.append(apart(song, listener))
        listener = Point(
            listener.valence + swayed * (song.valence - listener.valence),
            listener.energy + swayed * (song.energy - listener.energy),
        )
    strides = [apart(one, other) for one, other in pairwise(heard)]
    near = sum(apart(song, end) < THERE for song in heard)
    return statistics.mean(strides), max(strides), statistics.pstdev(strides), max(gaps), near


def table() -> Sequence[str]:
    lines = [HEAD]
    for name, way in (("random pick", scattered), ("straight line", straight), ("**ours**", ours)):
        for swayed in SWAYED:
            dice = random.Random(7)
            found = [voyage(way, *VOYAGES[run % len(VOYAGES)], swayed, dice) for run in range(RUNS)]
            means = [statistics.mean(column) for column in zip(*found, strict=True)]
            lines.append(f"| {name} | goes {swayed:.0%} of the way | " + " | ".join(f"{m:.2f}" for m in means) + " |")
    return lines


if __name__ == "__main__":
    print("\n".join(table()))
