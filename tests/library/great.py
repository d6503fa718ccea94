"""A great library's catalogue, written down as if the listener had heard it in one night."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from appliance.library.catalogue import Catalogue
from appliance.library.listing import Listed, entry
from appliance.library.register import Register

UNHEARD = 11
"""Nobody listened yet to each song of this number."""


def named(n: int) -> str:
    return f"music/artist {n // 48}/album {n // 12}/{n:06} song.flac"


def listed(count: int) -> Iterator[Listed]:
    """Songs in albums, a fifth of them sung in Korean, each seventh tagged with a mood."""
    for n in range(count):
        told = {"title": f"{'봄날 ' if n % 5 == 0 else ''}Song {n}", "artist": f"Artist {n // 48}", "duration": "200"}
        moods = {"mood": ["sad", "Rain"][n % 2]} if n % 7 == 0 else {}
        yield entry(named(n), told | moods)


def great(file: Path, count: int) -> Catalogue:
    """Some lie at the very same place, and one more was heard that is no longer listed."""
    Register(file).take(listed(count + 1))
    dice = np.random.default_rng(3)
    with sqlite3.connect(file) as base:
        names = [row[0] for row in base.execute("SELECT identity FROM place ORDER BY uri")]
        rows = (
            (name, dice.bytes(64), 200.0, dice.bytes(244), dice.bytes(96),
             dice.normal(size=13).astype(np.float16).tobytes(), "network", "mapping",
             *dice.uniform(-1, 1, 2).round(2).tolist(), *dice.uniform(0.1, 0.5, 2).tolist())
            for number, name in enumerate(names) if number % UNHEARD
        )  # fmt: skip
        base.executemany("INSERT INTO song VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
    Register(file).take(listed(count))
    return Catalogue(file)
