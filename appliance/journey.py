"""From the room's mood to what the household wants of the music: points on the valence–energy plane. Pure.

The iso principle of music therapy: begin where the listener is, then lead in steps small enough not to be
felt as a jump. So a journey starts at the mood's own point and walks evenly to the goal's; after every song it is
aimed anew from what the eye sees. Nothing here claims to heal anybody.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.events import Goal, Mood
from firmware import wire

STEP = 0.35
"""The longest stride between two songs; the plane is two wide and two high."""


@dataclass(frozen=True)
class Point:
    """A place on the plane: valence from sad (-1) to glad (1), energy from still (-1) to driven (1)."""

    valence: float
    energy: float


MOODS: dict[Mood, Point] = {
    "neutral": Point(0.1, 0.0),
    "happy": Point(0.8, 0.5),
    "surprise": Point(0.3, 0.7),
    "sad": Point(-0.7, -0.5),
    "angry": Point(-0.6, 0.7),
    "disgust": Point(-0.6, 0.2),
    "fear": Point(-0.6, 0.6),
}
"""Where each mood lies, after Russell's circumplex. Music that matches a mood lies at the same place."""

CALM = Point(0.4, -0.6)
SOOTHED = Point(0.3, 0.0)


def apart(one: Point, other: Point) -> float:
    """How far two points lie from each other."""
    return math.hypot(other.valence - one.valence, other.energy - one.energy)


def goal(mood: Mood, wish: Goal) -> Point:
    """Where the music should end. Surprise is never matched: it is calmed, whatever the wish but to lift."""
    if wish == "lift":
        return MOODS["happy"]
    if wish == "calm":
        return CALM
    return SOOTHED if mood == "surprise" else MOODS[mood]


def path(start: Point, end: Point, step: float = STEP) -> tuple[Point, ...]:
    """The points from start to end, both included, in even strides no longer than `step`."""
    length = apart(start, end)
    strides = max(1, math.ceil(length / step - 1e-9))
    if length == 0.0:
        return (start,)
    return tuple(
        Point(
            start.valence * (1 - i / strides) + end.valence * (i / strides),
            start.energy * (1 - i / strides) + end.energy * (i / strides),
        )
        for i in range(strides + 1)
    )


def plan(mood: Mood, wish: Goal, step: float = STEP) -> tuple[Point, ...]:
    """The journey of this mood under this wish. One point where nothing is to be changed."""
    return path(MOODS[mood], goal(mood, wish), step)


def stage(journey: tuple[Point, ...], songs: int) -> Point:
    """Where the journey is after so many songs; it stays at its end."""
    return journey[min(songs, len(journey) - 1)]


LEAD = 0.5
"""How far the music may be ahead of the listener before it slows down."""
SLOWEST = 0.6
"""The shortest stride, as a share of the usual one: the music waits for the listener, but never stands still."""


def seen(shares: Sequence[float]) -> Point:
    """Where the eye sees the listener: the middle of the moods, each by its share, in the wire's order."""
    places = [MOODS[name] for name in wire.EXPRESSIONS]
    return Point(
        sum(share * place.valence for share, place in zip(shares, places, strict=True)),
        sum(share * place.energy for share, place in zip(shares, places, strict=True)),
    )


def aimed(journey: tuple[Point, ...], songs: int, listener: Point | None, step: float = STEP) -> tuple[Point, ...]:
    """The same journey, aimed anew after so many songs: from where the music is, straight to its end. The more the
    music is ahead of the listener, the shorter the next stride; a listener who is there already is not held back.
    With nobody seen it goes on as planned. What was played is kept."""
    if listener is None or not 0 < songs < len(journey):
        return journey
    here, end = journey[songs - 1], journey[-1]
    ahead = apart(listener, end) - apart(here, end)
    left = apart(here, end)
    even = left / max(1, math.ceil(left / step - 1e-9))
    pace = even * min(1.0, max(SLOWEST, 1 - (ahead - LEAD) / LEAD))
    if left <= max(pace, step * SLOWEST):
        return (*journey[:songs], end)
    share = pace / left
    to = Point(here.valence + (end.valence - here.valence) * share, here.energy + (end.energy - here.energy) * share)
    return (*journey[:songs], *path(to, end, step))
