"""What the music server lists, and where its files lie, if they can be reached from here."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import mpd

from appliance.library.fingerprint import likeness
from appliance.shelf import songs


@dataclass(frozen=True)
class Listed:
    """One song as the music server tells it. `stamp` is another when the file changed."""

    uri: str
    likeness: str
    stamp: str
    duration: float
    title: str = ""
    artist: str = ""
    album: str = ""
    moods: tuple[str, ...] = ()
    comment: str = ""


log = logging.getLogger("mien.library")


def listed(client: mpd.MPDClient) -> Iterator[Listed]:
    for told in songs(client):
        if uri := told.get("file"):
            yield entry(str(uri), told)


def entry(uri: str, told: dict[str, Any]) -> Listed:
    title, artist, album = (_first(told.get(name)) for name in ("title", "artist", "album"))
    try:
        duration = float(_first(told.get("duration")) or _first(told.get("time")) or 0)
    except ValueError:
        duration = 0.0
    return Listed(
        uri,
        likeness(uri, artist, album, title, duration),
        _first(told.get("last-modified")) or "unknown",
        duration,
        title,
        artist,
        album,
        tuple(_all(told.get("mood"))),
        " ".join(_all(told.get("comment"))),
    )


def folder(client: mpd.MPDClient) -> Path | None:
    """Where the music server's files lie. It tells those who come through its local socket alone."""
    try:
        told = client.config()
    except mpd.CommandError as error:
        log.info("the music server does not tell where its files are: %s", error)
        return None
    place = str(told.get("music_directory", ""))
    return Path(place) if place.startswith("/") else None


def reach(music: Path, uri: str) -> Path | None:
    """The file of a song; None for what is no file within the folder: a stream, a part of a file, a way out of it."""
    path = PurePosixPath(uri)
    if "://" in uri or path.is_absolute() or ".." in path.parts or "\0" in uri:
        return None
    file = music / path
    return file if at_hand(file) else None


def at_hand(file: Path) -> bool:
    """Is there such a file? One that a share or a disk in trouble does not let us see is as good as none."""
    try:
        return file.is_file()
    except OSError:
        return False


def _all(tag: Any) -> list[str]:
    return [str(one) for one in tag] if isinstance(tag, list) else [str(tag)] if tag else []


def _first(tag: Any) -> str:
    return next(iter(_all(tag)), "")
