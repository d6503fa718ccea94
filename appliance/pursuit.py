"""What people are about (morning coffee, rest, exercise, …): each a point on the plane, and words. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appliance.journey import Point


@dataclass(frozen=True)
class Pursuit:
    """One entry of the picker: its name, where its music lies, and what such songs are tagged with."""

    name: str
    valence: float
    energy: float
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aim:
    """What several pursuits at once come to: the middle of their points, and all their words, each once."""

    point: Point
    words: tuple[str, ...]


def known(names: Iterable[str], pursuits: Sequence[Pursuit]) -> tuple[str, ...]:
    """Those of the names that the picker has, each once, in the picker's order."""
    wanted = set(names)
    return tuple(pursuit.name for pursuit in pursuits if pursuit.name in wanted)


def aim(names: Iterable[str], pursuits: Sequence[Pursuit]) -> Aim | None:
    """Where these names lead; None where the picker has none of them (any more)."""
    wanted = set(names)
    picked = [pursuit for pursuit in pursuits if pursuit.name in wanted]
    if not picked:
        return None
    valence = sum(pursuit.valence for pursuit in picked) / len(picked)
    energy = sum(pursuit.energy for pursuit in picked) / len(picked)
    words = dict.fromkeys(word for pursuit in picked for word in pursuit.words)
    return Aim(Point(valence, energy), tuple(words))
