"""Where songs lie now that lay elsewhere, so that what was learned of them follows at once.

A song that the music server lists no longer is sought under the same recording; and where it was put since the listener
came by last, under the same tags and length, which is how the register will know it when it does.
"""

import sqlite3
from collections.abc import Iterator

import numpy as np

from appliance.library.fingerprint import likeness
from appliance.rack import Rack

PLACES = "SELECT uri, identity, likeness, present FROM place ORDER BY uri"
AT_ONCE = 5000


def moves(base: sqlite3.Connection, listed: Rack | None = None) -> dict[str, str]:
    """Of each song that went, its uri now, if it has one. `listed`: what the music server has; None where nobody knows
    yet, and what it had last counts."""
    known = np.zeros(len(listed) if listed else 0, np.bool_)
    gone: dict[str, tuple[str, str]] = {}
    for uri, name, like, number in _places(base, listed):
        if number < 0:
            gone[uri] = name, like
        elif listed:
            known[number] = True
    if not gone:
        return {}
    lost = {name for name, _ in gone.values()}
    now: dict[str, str] = {}
    for uri, name, _, number in _places(base, listed):
        if number >= 0 and name in lost:
            now.setdefault(name, uri)
    if listed:
        fresh = _by_likeness(listed, np.flatnonzero(~known).tolist())
        for name, like in gone.values():
            if like in fresh:
                now.setdefault(name, fresh[like])
    return {uri: now[name] for uri, (name, _) in gone.items() if name in now}


def _places(base: sqlite3.Connection, listed: Rack | None) -> Iterator[tuple[str, str, str, int]]:
    """Each place ever listed, with its number among what is listed now; -1 for one that is not."""
    rows = base.execute(PLACES)
    while part := rows.fetchmany(AT_ONCE):
        numbers = listed.names.all(row[0] for row in part).tolist() if listed else [row[3] - 1 for row in part]
        for (uri, name, like, _), number in zip(part, numbers, strict=True):
            yield uri, name, like, number


def _by_likeness(listed: Rack, numbers: list[int]) -> dict[str, str]:
    found: dict[str, str] = {}
    for number in numbers:
        song = listed[number].song
        like = likeness(song.uri, song.artist, song.album, song.title, song.duration)
        found[like] = min(found.get(like, song.uri), song.uri)
    return found
