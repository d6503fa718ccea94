"""The household's songs as places on the plane, for a person to look through. Pure.

All of them stay in columns, however many: what has a name is only what is shown.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance.journey import Point
from appliance.library.chart import Chart
from appliance.web.words import word

ACROSS = (word("gloomy"), word("a little gloomy"), word("a little bright"), word("bright"))
UP = (word("still"), word("a little still"), word("a little lively"), word("lively"))
FIELDS = len(ACROSS) * len(UP)
NOWHERE = FIELDS
"""The field of a song that nobody listened to."""
Texts = Callable[[Sequence[str]], Iterable[str]]
"""What each of these songs is found by."""
DOTS = 300
"""Songs drawn on the plane: more would be a blot, and a slow page."""
SHOWN = 60
"""Songs of a list that a phone shows at once."""


@dataclass(frozen=True)
class Spot:
    """One song and its place among the household's; None if unheard."""

    uri: str
    point: Point | None = None
    by_hand: bool = False
    language: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class Dot:
    """One song on the plane."""

    point: Point
    by_hand: bool


@dataclass(frozen=True)
class Cell:
    """One field of the plane, with how many songs lie in it: a number to ask for them, and its name in two words."""

    number: int
    across: str
    up: str
    column: int
    row: int
    songs: int


@dataclass(frozen=True)
class Found:
    """Songs that were sought: the first of them, by their uris, and how many there are."""

    uris: tuple[str, ...] = ()
    count: int = 0


def fields(rank: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The field in which each place lies; and one more, for a song that has no place."""
    step = np.clip((np.nan_to_num(rank) + 1) * 2, 0, 3).astype(np.uint8)
    field = np.where(np.isnan(rank).any(1), NOWHERE, step[:, 1] * len(ACROSS) + step[:, 0])
    return np.append(field, NOWHERE).astype(np.uint8)


def named(point: Point) -> tuple[str, str]:
    """How the field is called in which this place lies: across, and upwards."""
    number = int(fields(np.array([[point.valence, point.energy]], np.float32))[0])
    return ACROSS[number % len(ACROSS)], UP[number // len(ACROSS)]


class Atlas:
    """Made once for each edition of the catalogue. `cells`: all sixteen fields, the empty ones too, the gloomy and
    still first. `drawn`: so many songs, evenly taken; what a person placed is never left out. `spoken`: the languages,
    with how many songs there are of each; the most sung first."""

    def __init__(self, chart: Chart) -> None:
        self._chart, self._field = chart, fields(chart.rank)
        counts = np.bincount(self._field[:-1], minlength=FIELDS).tolist()
        self.cells = tuple(Cell(n, ACROSS[n % 4], UP[n // 4], n % 4, 3 - n // 4, counts[n]) for n in range(FIELDS))
        heard = np.flatnonzero(self._field[:-1] != NOWHERE)
        placed = heard[chart.by_hand[heard]][:DOTS]
        some = heard[:: max(1, -(-len(heard) // DOTS))]
        shown = np.concatenate([some[~chart.by_hand[some]], placed]).tolist()
        self.drawn = tuple(Dot(self._point(number), bool(chart.by_hand[number])) for number in shown)
        sung = np.bincount(chart.language, minlength=len(chart.languages)).tolist()
        told = [(code, songs) for code, songs in zip(chart.languages, sung, strict=True) if code and songs]
        self.spoken: Mapping[str, int] = dict(sorted(told, key=lambda one: (-one[1], one[0])))

    def __len__(self) -> int:
        return len(self._chart.names)

    def spot(self, uri: str, trouble: str = "") -> Spot:
        number = self._chart.names.get(uri)
        if number < 0:
            return Spot(uri, trouble=trouble)  # it came since: nobody listened to it yet
        language = self._chart.languages[self._chart.language[number]]
        point = self._point(number) if self._field[number] != NOWHERE else None
        return Spot(uri, point, bool(self._chart.by_hand[number]), language, trouble)

    def found(
        self, parts: Iterable[Sequence[str]], texts: Texts, words: Sequence[str] = (), field: int | None = None
    ) -> Found:
        """Of all songs, those whose text holds every word and that lie in this field of the plane."""
        first, count = list[str](), 0
        for part in parts:
            some = part
            if field is not None:
                there = self._field[self._chart.names.all(part)] == field
                some = [part[number] for number in np.flatnonzero(there).tolist()]
            if words:
                some = [uri for uri, text in zip(some, texts(some), strict=True) if all(word in text for word in words)]
            count += len(some)
            first += some[: SHOWN - len(first)]
            if field is not None and not words and len(first) == SHOWN:
                return Found(tuple(first), self.cells[field].songs)  # the rest need not be read to be counted
        return Found(tuple(first), count)

    def _point(self, number: int) -> Point:
        valence, energy = self._chart.rank[number].tolist()
        return Point(valence, energy)
