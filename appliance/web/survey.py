"""What the page last read of all songs, for every phone: read anew when the catalogue is another.

With 100,000 songs a reading takes a Pi seconds, so it is done by one at a time, whoever comes meanwhile finds it done,
and more than a few do not wait for it: the page's hands are few, and others want them.
"""

import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import abort

from appliance.rack import Rack
from appliance.thrift import give_back
from appliance.web.atlas import Atlas, Found
from appliance.web.house import House
from appliance.web.labels import folded
from appliance.web.needs import Catalogue, Progress

CALM = 10.0
"""So many times the while that it took a reading stands, though the listener may write down a song every second."""
WAITING = 6
"""Requests that may be at a reading or wait for it."""
KEPT = 30
"""Searches whose songs are remembered."""


@dataclass(frozen=True)
class Reading:
    of: Catalogue
    edition: int
    said: int
    until: float
    atlas: Atlas
    progress: Progress
    searches: dict[tuple[weakref.ref[Rack], str, int | None], Found] = field(default_factory=dict)


class Survey:
    """Safe for every thread."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._last: Reading | None = None
        self._said = 0
        self._one = threading.Lock()
        self._places = threading.BoundedSemaphore(WAITING)

    def __call__(self) -> Reading:
        return self._standing() or self._read()

    def found(self, text: str, number: int | None) -> Found:
        """Songs that are known by every word of the text, and that lie in the field of this number."""
        reading, tracks = self(), self._house.labels.tracks()
        asked = (weakref.ref(tracks), text, number)
        if known := reading.searches.get(asked):
            return known
        with self._turn():
            if known := reading.searches.get(asked):
                return known
            found = reading.atlas.found(reading.of.uris(), self._house.labels.texts, folded(text).split(), number)
            if len(reading.searches) >= KEPT:
                reading.searches.clear()
            reading.searches[asked] = found
            return found

    def corrected(self) -> None:
        """A person had a say: what was read before does not stand for another moment."""
        self._said += 1

    def _standing(self) -> Reading | None:
        last, now = self._last, self._house.catalogue
        if last is None or last.of is not now:
            return None
        calm = last.said == self._said and self._house.clock() < last.until
        return last if calm or last.edition == now.edition() else None

    def _read(self) -> Reading:
        with self._turn():
            if read := self._standing():
                return read
            began, catalogue, said = self._house.clock(), self._house.catalogue, self._said
            edition = catalogue.edition()  # before all else: what changes meanwhile is read the next time
            atlas, progress = Atlas(catalogue.chart()), catalogue.progress()
            give_back()
            now = self._house.clock()
            self._last = read = Reading(catalogue, edition, said, now + CALM * (now - began), atlas, progress)
            return read

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            abort(429)
        try:
            with self._one:
                yield
        finally:
            self._places.release()
