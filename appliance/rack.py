"""All songs of a library in columns: what an object for each would take forty times over, once and for all."""

from array import array
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from appliance.events import Song
from appliance.names import Names

NOTHING: frozenset[str] = frozenset()
Value = TypeVar("Value", bound=Hashable)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Track:
    song: Song
    genres: frozenset[str] = NOTHING
    words: frozenset[str] = NOTHING
    playlists: tuple[str, ...] = ()
    valence: float | None = None
    energy: float | None = None


class Texts:
    """Short texts, end to end in one block."""

    def __init__(self) -> None:
        self._block, self._ends = bytearray(), array("q", [0])

    def add(self, text: str) -> None:
        self._block += text.encode("utf-8", "surrogateescape")
        self._ends.append(len(self._block))

    def __getitem__(self, number: int) -> str:
        return self._block[self._ends[number] : self._ends[number + 1]].decode("utf-8", "surrogateescape")


class Shared(Generic[Value]):
    """What many songs have in common: each value once, and for each song which of them it is."""

    def __init__(self) -> None:
        self._known: dict[Value, int] = {}
        self._which = array("i")

    def add(self, value: Value) -> None:
        self._which.append(self._known.setdefault(value, len(self._known)))

    def done(self) -> None:
        """No more to come."""
        self.values: tuple[Value, ...]
        self.which: NDArray[np.int32]
        self.values, self.which = tuple(self._known), np.array(self._which, np.int32)
        del self._known, self._which

    def __getitem__(self, number: int) -> Value:
        return self.values[int(self.which[number])]


class Rack:
    """Made once and never changed. Asked for one song it answers with a Track. `folders` end with their slash;
    `lists` are the stored playlists' names; song n is on those numbered `on[starts[n]:starts[n + 1]]`."""

    def __init__(self, tracks: Iterable[Track] = (), lists: Iterable[tuple[str, Iterable[str]]] = ()) -> None:
        """`lists`: each playlist's name with its songs' uris, read after the songs."""
        self._files, self._titles = Texts(), Texts()
        self.folders, self.artists, self._albums = Shared[str](), Shared[str](), Shared[str]()
        self.genres, self.words = Shared[frozenset[str]](), Shared[frozenset[str]]()
        names, pairs = dict[str, int](), array("i")
        lengths, valence, energy = array("d"), array("d"), array("d")
        for track in tracks:
            song = track.song
            folder, slash, file = song.uri.rpartition("/")
            self._files.add(file)
            self._titles.add(song.title)
            self.folders.add(folder + slash)
            self.artists.add(song.artist)
            self._albums.add(song.album)
            self.genres.add(track.genres)
            self.words.add(track.words)
            for name in track.playlists:
                pairs.extend((len(lengths), names.setdefault(name, len(names))))
            lengths.append(song.duration)
            valence.append(np.nan if track.valence is None else track.valence)
            energy.append(np.nan if track.energy is None else track.energy)
        for column in (self.folders, self.artists, self._albums, self.genres, self.words):
            column.done()
        self._lengths, self.valence, self.energy = (np.array(kept, np.float64) for kept in (lengths, valence, energy))
        self.names = Names(self.uri(number) for number in range(len(self)))
        on = [np.array(pairs, np.int32).reshape(-1, 2)]
        for name, uris in lists:
            songs = self.names.all(uris)
            number = np.full(len(songs), names.setdefault(name, len(names)), np.int32)
            on.append(np.stack([songs, number], 1)[songs >= 0])
        self.lists: tuple[str, ...] = tuple(names)
        whole = np.unique(np.concatenate(on), axis=0)
        self.on: NDArray[np.int32] = whole[:, 1].copy()
        self.starts = np.searchsorted(whole[:, 0].copy(), np.arange(len(self) + 1))

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[Track]:
        return (self[number] for number in range(len(self)))

    def __getitem__(self, number: int) -> Track:
        song = Song(
            self.uri(number), self._titles[number], self.artists[number], self._albums[number],
            float(self._lengths[number]),
        )  # fmt: skip
        lies = (None if place != place else float(place) for place in (self.valence[number], self.energy[number]))
        on = tuple(self.lists[name] for name in self.on[self.starts[number] : self.starts[number + 1]])
        return Track(song, self.genres[number], self.words[number], on, *lies)

    def uri(self, number: int) -> str:
        return self.folders[number] + self._files[number]

    def told(self, number: int) -> str:
        """All names that this song has: title, artist, album, and where it lies."""
        return "\n".join((self._titles[number], self.artists[number], self._albums[number], self.uri(number)))
