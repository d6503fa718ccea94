"""What the page calls a song, and what it is found by: its tags where the music server tells any, else its file."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from appliance.callings import by_file
from appliance.rack import Rack

NONE = Rack()
"""Of a library that was not read."""


@dataclass(frozen=True)
class Label:
    title: str
    artist: str
    folder: str


class Labels:
    """`tracks`: the library as it was read last; empty where it could not be, and files' names stand in."""

    def __init__(self, tracks: Callable[[], Rack] = lambda: NONE) -> None:
        self.tracks = tracks

    def __call__(self, uri: str) -> Label:
        tracks, parent = self.tracks(), str(PurePosixPath(uri).parent)
        folder = "" if parent == "." else parent
        if (number := tracks.names.get(uri)) < 0:
            return Label(by_file(uri), "", folder)
        song = tracks[number].song
        return Label(song.name, song.artist, folder)

    def texts(self, uris: Sequence[str]) -> Iterator[str]:
        """All that each is known by, folded: title, artist, album, and where it lies."""
        tracks = self.tracks()
        for uri, number in zip(uris, tracks.names.all(uris).tolist(), strict=True):
            yield folded(tracks.told(number) if number >= 0 else uri)


def folded(text: str) -> str:
    """As a phone's keyboard may write it: without capitals and accents, and however a file's name composes them."""
    text = text.casefold()
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
