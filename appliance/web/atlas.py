"""The household's songs as places on the plane, for a person to look through. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from appliance.journey import Point
from appliance.web.needs import Entry
from appliance.web.words import word

ACROSS = (word("gloomy"), word("a little gloomy"), word("a little bright"), word("bright"))
UP = (word("still"), word("a little still"), word("a little lively"), word("lively"))
TRACK = re.compile(r"(?:\d+[\s._-]+)+")
DOTS = 300
"""Songs drawn on the plane: more would be a blot, and a slow page."""


@dataclass(frozen=True)
class Spot:
    """One song: its name and folder as its file tells them, and its place among the household's; None if unheard."""

    uri: str
    title: str
    folder: str
    point: Point | None
    by_hand: bool
    language: str
    trouble: str


@dataclass(frozen=True)
class Cell:
    """One field of the plane, with how many songs lie in it: a number to ask for them, and its name in two words."""

    number: int
    across: str
    up: str
    column: int
    row: int
    songs: int


def title(uri: str) -> str:
    """A file's name without its ending and the track number before it."""
    stem = PurePosixPath(uri).stem
    return stem[track.end() :] if (track := TRACK.match(stem)) else stem


def spots(entries: Iterable[Entry]) -> tuple[Spot, ...]:
    return tuple(
        Spot(one.uri, title(one.uri), folder(one.uri), point(one), one.by_hand, one.language, one.trouble)
        for one in entries
    )


def folder(uri: str) -> str:
    parent = str(PurePosixPath(uri).parent)
    return "" if parent == "." else parent


def point(one: Entry) -> Point | None:
    if one.rank_valence is None or one.rank_energy is None:
        return None
    return Point(one.rank_valence, one.rank_energy)


def cell(place: Point) -> int:
    return _step(place.energy) * len(ACROSS) + _step(place.valence)


def _step(value: float) -> int:
    return min(3, max(0, int((value + 1) * 2)))


def cells(all_spots: Sequence[Spot]) -> tuple[Cell, ...]:
    """All sixteen fields, the empty ones too; the gloomy and still first."""
    counts = [0] * 16
    for spot in all_spots:
        if spot.point:
            counts[cell(spot.point)] += 1
    return tuple(Cell(i, ACROSS[i % 4], UP[i // 4], i % 4, 3 - i // 4, count) for i, count in enumerate(counts))


def drawn(all_spots: Sequence[Spot]) -> tuple[Spot, ...]:
    """So many of them, evenly taken; what a person placed is never left out."""
    heard = [spot for spot in all_spots if spot.point]
    every = max(1, -(-len(heard) // DOTS))
    some = (spot for spot in heard[::every] if not spot.by_hand)
    return (*some, *[spot for spot in heard if spot.by_hand][:DOTS])


def found(all_spots: Sequence[Spot], text: str = "", field: int | None = None) -> tuple[Spot, ...]:
    """Songs whose path holds every word of the text, or that lie in one field of the plane."""
    words = text.casefold().split()
    return tuple(
        spot
        for spot in all_spots
        if (field is None or (spot.point is not None and cell(spot.point) == field))
        and all(said in spot.uri.casefold() for said in words)
    )


def spoken(all_spots: Iterable[Spot]) -> Mapping[str, int]:
    """The languages of the songs, and how many there are of each; the most sung first."""
    counts: dict[str, int] = {}
    for spot in all_spots:
        if spot.language:
            counts[spot.language] = counts.get(spot.language, 0) + 1
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))
