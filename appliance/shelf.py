"""All songs that a music server has, with what their tags tell of their mood: read over a connection of its own."""

import logging
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import mpd

from appliance import browse, dial, stickers
from appliance.events import Song
from appliance.rack import Rack, Track
from appliance.stickers import Kept
from appliance.turntable import song

WINDOW = 2000
"""Songs asked for at a time: a whole library at once is more than MPD's output buffer (8 MB) takes, and for each part
MPD goes through all of it."""
WORDS = ("mood", "grouping", "comment")
MOST = 24
"""Words kept of one song's tags: a comment may be a book."""
POINT = re.compile(r"\b(valence|energy)\s*[=:]\s*(-?[01](?:\.\d+)?)", re.IGNORECASE)
WORD = re.compile(r"[\w-]+")
log = logging.getLogger("mien.chooser")


@dataclass(frozen=True)
class Shelf:
    """The library at one moment. `trouble` says why it could not be read."""

    tracks: Rack = field(default_factory=Rack)
    trouble: str = ""
    kept: Kept = field(default_factory=Kept)


def stock(client: mpd.MPDClient) -> Shelf:
    """Read everything. Raises what the client raises when the connection is lost."""
    points = {name: stickers.numbers(client, f"mien.{name}") for name in ("valence", "energy")}
    alike: dict[Any, Any] = {}
    tracks = Rack((track(told, points, alike) for told in songs(client) if told.get("file")), playlists(client))
    return Shelf(tracks, kept=stickers.read(client))


def songs(client: mpd.MPDClient) -> Iterator[dict[str, Any]]:
    if dial.version(client) < (0, 21):
        yield from browse.everything(client)
        return
    start = 0
    while True:
        part = client.search("(modified-since '1970-01-02T00:00:00Z')", "window", (start, start + WINDOW))
        yield from part
        if len(part) < WINDOW:
            return
        start += WINDOW


def playlists(client: mpd.MPDClient) -> Iterator[tuple[str, list[str]]]:
    """The stored playlists, each with its songs."""
    try:
        for told in client.listplaylists():
            yield told["playlist"].casefold(), client.listplaylist(told["playlist"])
    except mpd.CommandError as error:
        log.info("stored playlists are left out: %s", error)


def track(told: dict[str, Any], points: dict[str, dict[str, float]], alike: dict[Any, Any] | None = None) -> Track:
    """`alike` keeps one copy of what many songs share: a library has far fewer artists and genres than songs."""
    kept: dict[Any, Any] = {} if alike is None else alike
    uri = told["file"]
    tags = ("tags", *(one for name in WORDS for one in several(told.get(name))))
    if tags not in kept:
        said = " ; ".join(tags[1:])
        written = {name.lower(): float(number) for name, number in POINT.findall(said)}
        kept[tags] = frozenset(map(sys.intern, WORD.findall(said.casefold())[:MOST])), written
    words, written = kept[tags]
    genres = ("genre", *several(told.get("genre")))
    if genres not in kept:
        split = (genre.strip().casefold() for tag in genres[1:] for genre in tag.split(";"))
        kept[genres] = frozenset(sys.intern(genre) for genre in split if genre)
    read = song(told)
    return Track(
        song=Song(uri, read.title, shared(kept, read.artist), shared(kept, read.album), read.duration),
        genres=kept[genres],
        words=words,
        valence=within(points["valence"].get(uri, written.get("valence"))),
        energy=within(points["energy"].get(uri, written.get("energy"))),
    )


def within(share: float | None) -> float | None:
    return None if share is None else min(1.0, max(-1.0, share))


def shared(kept: dict[Any, Any], text: str) -> str:
    return str(kept.setdefault(text, text))


def several(tag: Any) -> list[str]:
    return [str(one) for one in tag] if isinstance(tag, list) else [str(tag)] if tag else []
