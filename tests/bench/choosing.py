"""The real chooser, with its threads and a real MPD's library, in a house whose clock is turned."""

import queue
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from time import gmtime, struct_time
from unittest.mock import patch

from appliance import chooser, places, rules
from appliance.chooser import Chooser
from appliance.commands import Choose, Remember
from appliance.events import Chosen, Event
from appliance.settings import ChoiceSettings
from firmware import wire
from tests.appliance.conftest import Server

PATIENCE = 120.0
"""Seconds of real time within which an answer comes on any machine."""


class Turned:
    """What the chooser takes for the module `time`."""

    def __init__(self, epoch: float) -> None:
        self.epoch, self.now = epoch, 0.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.epoch + self.now

    def localtime(self, at: float | None = None) -> struct_time:
        return gmtime(self.time() if at is None else at)


class Choosing:
    """Asks, and waits for the answer."""

    def __init__(self, server: Server, clock: Turned) -> None:
        self._clock = clock
        self._answers: queue.SimpleQueue[Event] = queue.SimpleQueue()
        own = rules.read(places.DEFAULTS / "moods.toml")
        self.edge = Chooser(server.dial, self._answers.put, own, ChoiceSettings(), random.Random(1))
        self.edge.start()
        self.edge.library()

    def answer(self, asked: Choose, now: float) -> Chosen:
        self._clock.now = now
        self.edge.ask(asked)
        answered = self._answers.get(timeout=PATIENCE)
        assert isinstance(answered, Chosen)
        return answered

    def learned(self, said: Remember) -> None:
        self.edge.learned(said)


@contextmanager
def choosing(epoch: float, songs: int) -> Iterator[Choosing]:
    """`songs`: so many for each mood, short ones, for nobody hears them."""
    folder = Path(tempfile.mkdtemp(prefix="mien-", dir="/tmp"))  # short, as a socket's path must be
    server, clock = Server(folder), Turned(epoch)
    for name in ("music", "playlists"):
        (folder / name).mkdir()
    server.own()
    for mood, number in product(wire.EXPRESSIONS, range(songs)):
        server.put(f"{mood}/{number}.flac", f"{mood} {number}", f"Artist {number % 20}", "", seconds=0.5)
    try:
        server.start()
        server.update()
        with patch.object(chooser, "time", clock):
            given = Choosing(server, clock)
            try:
                yield given
            finally:
                given.edge.stop()
    finally:
        server.stop()
        shutil.rmtree(folder)
