"""What the household's songs are, read by every room that asks: positions, ranks, languages, corrections, progress.

Each call opens the file afresh, so any thread may ask at any time; a file that is not there yet holds no songs.
`edition` says cheaply whether anything changed since `entries` was last read.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from appliance.library import cabinet
from appliance.library.chart import Chart, chart, counted, stacked
from appliance.library.entry import AWAY, Entry, Progress
from appliance.library.moves import moves
from appliance.library.plane import Points, place
from appliance.rack import Rack

TAG_DOUBT = 0.25
"""How far a song that somebody tagged with a mood may lie from that mood's point, as a standard deviation."""
ALL = """
SELECT p.uri, p.identity, p.language, p.moods, p.trouble, s.valence, s.energy, s.valence_doubt, s.energy_doubt,
       p.tagged_valence, p.tagged_energy, c.valence, c.energy, s.traits
FROM place p LEFT JOIN song s USING (identity) LEFT JOIN correction c USING (identity)
WHERE p.present ORDER BY p.uri
"""
NEXT = "SELECT uri FROM place WHERE present AND uri > ? ORDER BY uri LIMIT ?"
AT_ONCE = 5000
NAMED = 200
"""Songs that could not be heard, named one by one: a share that is out of reach may be a whole library."""
Found = TypeVar("Found")
log = logging.getLogger("mien.library")


class Catalogue:
    """`path`: library.db in the state folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> Mapping[str, Entry]:
        """Every song that the music server listed last, by its uri."""
        rows = self._rows(ALL)
        if not rows:
            return {}
        placed = place(
            _points(row[5:7] for row in rows),
            _points(row[7:9] for row in rows),
            _points(row[9:11] for row in rows),
            TAG_DOUBT,
            _points(row[11:13] for row in rows),
            stacked(row[13] for row in rows).astype(np.float64),
        )
        told = np.concatenate([placed.position, placed.rank], 1).round(4).tolist()
        doubts = placed.doubt.round(4).tolist()
        return {
            row[0]: Entry(
                uri=row[0],
                identity=row[1],
                language=row[2],
                valence=_known(lies[0]),
                energy=_known(lies[1]),
                valence_doubt=doubt[0],
                energy_doubt=doubt[1],
                rank_valence=_known(lies[2]),
                rank_energy=_known(lies[3]),
                by_hand=row[11] is not None,
                trouble=row[4],
                moods=tuple(row[3].split("\n")) if row[3] else (),
            )
            for row, lies, doubt in zip(rows, told, doubts, strict=True)
        }

    def chart(self, moved: Mapping[str, str] | None = None) -> Chart:
        """The same in columns, for a room that wants all songs and little of each; those `moved` by their new uri."""
        return self._read(lambda base: chart(base, TAG_DOUBT, moved or {}), Chart())

    def moved(self, listed: Rack | None = None) -> Mapping[str, str]:
        """Of each song that is listed no longer, the uri that it has now, if it has one. `listed`: what the music
        server has now, where that is known: it may be news to the listener."""
        return self._read(lambda base: moves(base, listed), {})

    def edition(self) -> int:
        """Another number whenever the catalogue changed."""
        return int(next(iter(self._rows("SELECT value FROM note WHERE name = 'edition'")), (0,))[0])

    def uris(self) -> Iterator[tuple[str, ...]]:
        """Every song that the music server listed last, in order, some thousands at a time."""
        last = ""
        while some := self._rows(NEXT, last, AT_ONCE):
            yield tuple(row[0] for row in some)
            last = some[-1][0]

    def trouble(self, uri: str) -> str | None:
        """Why this song could not be heard; empty where nothing speaks against it, None where it is not listed."""
        found = self._rows("SELECT trouble FROM place WHERE uri = ? AND present", uri)
        return str(found[0][0]) if found else None

    def correct(self, uri: str, valence: float, energy: float) -> None:
        """A person says where this song lies among the household's: ranks in -1..1. It stands until said otherwise, and
        songs like it follow a little. KeyError for a song that is not in the catalogue."""
        lies = tuple(min(1.0, max(-1.0, float(value))) for value in (valence, energy))
        with cabinet.writing(self.path) as base:
            base.execute("INSERT OR REPLACE INTO correction VALUES (?, ?, ?)", (_identity(base, uri), *lies))

    def restore(self, uri: str) -> None:
        """Take a correction back. KeyError as above."""
        with cabinet.writing(self.path) as base:
            base.execute("DELETE FROM correction WHERE identity = ?", (_identity(base, uri),))

    def progress(self) -> Progress:
        """A song counts as done when it was heard or found unreadable."""
        total, done, unreadable = self._read(counted, (0, 0, 0))
        each = self._rows("SELECT value FROM note WHERE name = 'seconds'")
        named = self._rows("SELECT uri, trouble FROM place WHERE present AND trouble != '' ORDER BY uri LIMIT ?", NAMED)
        return Progress(
            done,
            total,
            0.0 if done == total else each[0][0] * (total - done) if each else None,
            tuple(named),
            max(0, unreadable - len(named)),
        )

    def away(self) -> int:
        """How many of these were out of reach when they were to be heard."""
        asked = "SELECT count(*) FROM place WHERE present AND trouble = ?"
        return int(next(iter(self._rows(asked, AWAY)), (0,))[0])

    def _rows(self, asked: str, *values: object) -> list[Any]:
        return self._read(lambda base: base.execute(asked, values).fetchall(), [])

    def _read(self, asked: Callable[[sqlite3.Connection], Found], nothing: Found) -> Found:
        """What is asked of the base; nothing where there is none yet, or it cannot be read."""
        if not self.path.exists():
            return nothing
        try:
            with cabinet.reading(self.path) as base:
                return asked(base)
        except sqlite3.Error as error:
            log.warning("the catalogue cannot be read: %s", error)
            return nothing


def _identity(base: sqlite3.Connection, uri: str) -> str:
    found = base.execute("SELECT identity FROM place WHERE uri = ?", (uri,)).fetchone()
    if found is None:
        raise KeyError(uri)
    return str(found[0])


def _points(rows: Iterable[tuple[float | None, ...]]) -> Points:
    return np.array(list(rows), dtype=np.float64).reshape(-1, 2)


def _known(number: float) -> float | None:
    return None if number != number else number
