"""A house for the page to stand in: a scripted snapshot, and a history that keeps the agreed shape."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from appliance import events
from appliance.library.chart import Chart
from appliance.library.entry import Entry, Progress
from appliance.names import Names
from appliance.snapshot import Belief, Snapshot
from firmware import wire

OWN = {"Origin": "http://localhost"}
"""What a browser says of an order that comes from the box's own page."""
HAPPY = (0.07, 0.82, 0.03, 0.02, 0.02, 0.02, 0.02)
SAD = (0.15, 0.02, 0.03, 0.7, 0.04, 0.03, 0.03)

SONG = events.Song("folk/hana/morning-light.flac", "Morning Light", "Hana & the Lanterns", "Windows", 214.0, 7)
NEXT = (
    events.Song("folk/hana/over-the-hill.flac", "Over the Hill", "Hana & the Lanterns"),
    events.Song("pop/paper-boats.flac", "Paper Boats", "Low Tide"),
)


def face(number: int, scores: tuple[float, ...], x: float, y: float, size: float) -> wire.Face:
    a, b, c, d, e, f, g = scores
    return wire.Face(number, (a, b, c, d, e, f, g), x, y, size, 0.8)


def glance(*faces: wire.Face, condition: wire.Condition = "seen") -> wire.Glance:
    return wire.Glance(100.0, condition, 0.5, faces)


AT_WORK = Snapshot(
    at=100.0,
    state="playing",
    sentence="Playing.",
    belief=Belief((0.07, 0.82, 0.03, 0.02, 0.02, 0.02, 0.02), 0.2, "happy", 10.0),
    valence=0.8,
    energy=0.5,
    goal="match",
    glance=glance(face(1, HAPPY, 0.36, 0.45, 0.34), face(2, SAD, 0.75, 0.52, 0.2)),
    eye="up",
    camera="ok",
    jukebox="up",
    player=events.Player("play", SONG, 40.0, 45, NEXT),
    why="It is bright and lively like the mood here, and you liked it twice.",
    songs=48,
    network="abc",
)


class Stage:
    """The owner's side: the snapshot as scripted, and every event that the page posted. The clock is told."""

    def __init__(self, snapshot: Snapshot = AT_WORK) -> None:
        self.snapshot = snapshot
        self.posted: list[events.Event] = []
        self.time = 100.0

    def look(self) -> Snapshot:
        return replace(self.snapshot, at=self.time)

    def clock(self) -> float:
        return self.time

    def set(self, **changes: Any) -> None:
        self.snapshot = replace(self.snapshot, **changes)


@dataclass(frozen=True)
class Row:
    at: float
    kind: str
    mood: str | None = None
    song: str = ""
    value: float | None = None
    note: str = ""


class History:
    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.rows = tuple(rows)

    def recent(self, kind: str, since: float) -> Iterable[Row]:
        return [row for row in self.rows if row.kind == kind and row.at >= since]

    def forget(self, since: float, until: float) -> bool:
        self.rows = tuple(row for row in self.rows if not since <= row.at < until)
        return True

    def forget_all(self) -> bool:
        self.rows = ()
        return True


class Catalogue:
    """Songs as the catalogue tells of them; a correction is a rank, and is what it then tells. `read`: how often all
    songs were read."""

    def __init__(self, *entries: Entry, progress: Progress | None = None) -> None:
        self._heard = {one.uri: one for one in entries}
        self._told: dict[str, Entry] = {}
        self._edition = 1
        self._progress = progress or Progress(len(entries), len(entries), 0.0)
        self.read = 0

    def entries(self) -> dict[str, Entry]:
        return self._heard | self._told

    def chart(self) -> Chart:
        self.read += 1
        songs = self.entries().values()
        lies = [[np.nan if lies is None else lies for lies in (one.rank_valence, one.rank_energy)] for one in songs]
        languages = ("", *sorted({one.language for one in songs} - {""}))
        return Chart(
            Names(one.uri for one in songs),
            np.array(lies, np.float32).reshape(-1, 2),
            np.array([languages.index(one.language) for one in songs], np.int32),
            languages,
            by_hand=np.array([one.by_hand for one in songs], np.bool_),
        )

    def uris(self) -> Iterator[tuple[str, ...]]:
        self.read += 1
        yield tuple(self.entries())

    def trouble(self, uri: str) -> str | None:
        found = self.entries().get(uri)
        return found.trouble if found else None

    def edition(self) -> int:
        return self._edition

    def correct(self, uri: str, valence: float, energy: float) -> None:
        self._told[uri] = replace(self._heard[uri], rank_valence=valence, rank_energy=energy, by_hand=True)
        self._edition += 1

    def restore(self, uri: str) -> None:
        self._told.pop(uri, self._heard[uri])
        self._edition += 1

    def progress(self) -> Progress:
        return self._progress
