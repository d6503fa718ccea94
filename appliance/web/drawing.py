"""The drawings, as the numbers that the templates put into SVG. Pure. Coordinates are in a plane 320 wide, 240 high."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.journey import Point

WIDTH, HEIGHT, EDGE = 320, 240, 30


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    r: float
    strength: float = 1.0


def on_plane(point: Point) -> tuple[float, float]:
    """Valence to the right, energy upwards; what lies outside is drawn at the edge."""
    valence, energy = (max(-1.0, min(1.0, value)) for value in (point.valence, point.energy))
    x = EDGE + (valence + 1) / 2 * (WIDTH - 2 * EDGE)
    y = HEIGHT - EDGE - (energy + 1) / 2 * (HEIGHT - 2 * EDGE)
    return round(x, 1), round(y, 1)


def mood_dot(point: Point, doubt: float) -> Dot:
    """The less sure, the wider and the paler."""
    x, y = on_plane(point)
    doubt = max(0.0, min(1.0, doubt))
    return Dot(x, y, round(12 + 40 * doubt, 1), round(1 - 0.6 * doubt, 2))


def trail(points: Sequence[Point]) -> tuple[Dot, ...]:
    """The oldest first and faintest."""
    last = max(1, len(points) - 1)
    return tuple(Dot(*on_plane(point), 3.0, round(0.2 + 0.6 * index / last, 2)) for index, point in enumerate(points))


def line(points: Sequence[Point]) -> str:
    """Points for a polyline."""
    return " ".join(f"{x},{y}" for x, y in map(on_plane, points))


@dataclass(frozen=True)
class Sleeve:
    """A record sleeve drawn from a song's name: the same song always gets the same one."""

    hue: int
    second: int
    dots: tuple[Dot, ...]
    turn: int


def sleeve(name: str) -> Sleeve:
    seed = hashlib.sha256(name.encode()).digest()
    hue = seed[0] * 360 // 256
    dots = tuple(
        Dot(8 + seed[i] % 48, 8 + seed[i + 1] % 48, 7 + seed[i + 2] % 18, 0.25 + seed[i + 3] / 512) for i in (2, 6, 10)
    )
    return Sleeve(hue, (hue + 40 + seed[1] % 120) % 360, dots, seed[14] * 180 // 256)
