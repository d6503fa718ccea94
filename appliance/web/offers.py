"""What the library has that a rule for a mood can name, so that nobody has to know it by heart."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from appliance.events import Song
from appliance.recommender.stock import home

SHOWN = 30
"""Names of a kind that a small phone can still show."""


class Track(Protocol):
    """A song as its server told of it."""

    @property
    def song(self) -> Song: ...
    @property
    def genres(self) -> Iterable[str]: ...
    @property
    def playlists(self) -> Iterable[str]: ...


@dataclass(frozen=True)
class Offers:
    """Each name with how many songs it speaks for, the most first."""

    playlists: Mapping[str, int] = field(default_factory=dict)
    folders: Mapping[str, int] = field(default_factory=dict)
    genres: Mapping[str, int] = field(default_factory=dict)


def offers(tracks: Iterable[Track]) -> Offers:
    playlists: Counter[str] = Counter()
    genres: Counter[str] = Counter()
    homes: Counter[str] = Counter()
    for track in tracks:
        playlists.update(track.playlists)
        genres.update(track.genres)
        homes[home(track.song.uri)] += 1
    folders: Counter[str] = Counter()
    for path, songs in homes.items():
        for name in {part for part in path.split("/") if part}:
            folders[name] += songs
    return Offers(*(dict(all_of.most_common(SHOWN)) for all_of in (playlists, folders, genres)))


class Offered:
    """The offers of a library, counted once for each reading of it: a hundred thousand songs take a moment."""

    def __init__(self, tracks: Callable[[], Iterable[Track]]) -> None:
        self._tracks = tracks
        self._last: tuple[Iterable[Track], Offers] = ((), Offers())

    def __call__(self) -> Offers:
        tracks, last = self._tracks(), self._last
        if last[0] is not tracks:
            self._last = last = (tracks, offers(tracks))
        return last[1]
