"""All songs that a music server has, with what their tags tell of their mood: read over a connection of its own."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import mpd

from appliance import dial
from appliance.events import Song
from appliance.turntable import first, song

WINDOW = 500
"""Songs asked for at a time: a whole library at once is more than MPD's output buffer takes."""
WORDS = ("mood", "grouping", "comment")
POINT = re.compile(r"\b(valence|energy)\s*[=:]\s*(-?[01](?:\.\d+)?)", re.IGNORECASE)
log = logging.getLogger("mien.chooser")


@dataclass(frozen=True)
class Track:
    song: Song
    genres: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    playlists: frozenset[str] = frozenset()
    valence: float | None = None
    energy: float | None = None


@dataclass(frozen=True)
class Shelf:
    """The library at one moment. `trouble` says why it could not be read."""

    tracks: tuple[Track, ...] = ()
    trouble: str = ""


def stock(client: mpd.MPDClient) -> Shelf:
    """Read everything. Raises what the client raises when the connection is lost."""
    lists = playlists(client)
    points = {name: stickers(client, f"mien.{name}") for name in ("valence", "energy")}
    return Shelf(tuple(track(told, lists, points) for told in songs(client) if told.get("file")))


def songs(client: mpd.MPDClient) -> Iterator[dict[str, Any]]:
    if dial.version(client) < (0, 21):
        yield from client.listallinfo()
        return
    start = 0
    while True:
        part = client.search("(modified-since '1970-01-02T00:00:00Z')", "window", (start, start + WINDOW))
        yield from part
        if len(part) < WINDOW:
            return
        start += WINDOW


def playlists(client: mpd.MPDClient) -> dict[str, set[str]]:
    """Which stored playlists each song is on."""
    on: dict[str, set[str]] = {}
    try:
        for told in client.listplaylists():
            for uri in client.listplaylist(told["playlist"]):
                on.setdefault(uri, set()).add(told["playlist"].casefold())
    except mpd.CommandError as error:
        log.info("stored playlists are left out: %s", error)
    return on


def stickers(client: mpd.MPDClient, name: str) -> dict[str, float]:
    """Numbers kept with the songs. A server without stickers has none."""
    found = {}
    try:
        told = client.sticker_find("song", "", name)
    except mpd.CommandError as error:
        log.info("stickers are left out: %s", error)
        return {}
    for one in told:
        try:
            found[one["file"]] = min(1.0, max(-1.0, float(one["sticker"].partition("=")[2])))
        except ValueError:
            log.info("the sticker %s of %s is no number", name, one["file"])
    return found


def track(told: dict[str, Any], lists: dict[str, set[str]], points: dict[str, dict[str, float]]) -> Track:
    uri = told["file"]
    said = " ; ".join(" ; ".join(several(told.get(tag))) for tag in WORDS)
    written = {name.lower(): min(1.0, max(-1.0, float(number))) for name, number in POINT.findall(said)}
    return Track(
        song=Song(uri, song(told).title, first(told.get("artist")), first(told.get("album")), song(told).duration),
        genres=frozenset(genre.strip().casefold() for tag in several(told.get("genre")) for genre in tag.split(";")),
        words=frozenset(re.findall(r"[\w-]+", said.casefold())),
        playlists=frozenset(lists.get(uri, ())),
        valence=points["valence"].get(uri, written.get("valence")),
        energy=points["energy"].get(uri, written.get("energy")),
    )


def several(tag: Any) -> list[str]:
    return [str(one) for one in tag] if isinstance(tag, list) else [str(tag)] if tag else []
