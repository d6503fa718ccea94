"""What the library has that a rule for a mood can name, so that nobody has to know it by heart."""

import weakref
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from appliance.rack import Rack, Shared, Value
from appliance.recommender.stock import home

SHOWN = 30
"""Names of a kind that a small phone can still show."""


@dataclass(frozen=True)
class Offers:
    """Each name with how many songs it speaks for, the most first."""

    playlists: Mapping[str, int] = field(default_factory=dict)
    folders: Mapping[str, int] = field(default_factory=dict)
    genres: Mapping[str, int] = field(default_factory=dict)


def offers(tracks: Rack) -> Offers:
    """Counted by the library's columns: a song at a time would take a Pi seconds with a great library."""
    on = np.bincount(tracks.on, minlength=len(tracks.lists)).tolist()
    playlists = Counter({name: songs for name, songs in zip(tracks.lists, on, strict=True) if songs})
    genres: Counter[str] = Counter()
    for some, songs in counted(tracks.genres):
        for genre in some:
            genres[genre] += songs
    folders: Counter[str] = Counter()
    for path, songs in counted(tracks.folders):
        for name in {part for part in home(path).split("/") if part}:
            folders[name] += songs
    return Offers(*(dict(all_of.most_common(SHOWN)) for all_of in (playlists, folders, genres)))


def counted(shared: Shared[Value]) -> Iterator[tuple[Value, int]]:
    """Each value, and how many songs have it."""
    return zip(shared.values, np.bincount(shared.which, minlength=len(shared.values)).tolist(), strict=True)


class Offered:
    """The offers of a library, counted once for each reading of it. It keeps no reading that was replaced."""

    def __init__(self, tracks: Callable[[], Rack]) -> None:
        self._tracks = tracks
        self._last: tuple[weakref.ref[Rack], Offers] | None = None

    def __call__(self) -> Offers:
        tracks, last = self._tracks(), self._last
        if last is not None and last[0]() is tracks:
            return last[1]
        found = offers(tracks)
        self._last = (weakref.ref(tracks), found)
        return found
