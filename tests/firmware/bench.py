"""An eye with its edges laid open, for tests of what it decides."""

from collections.abc import Callable
from pathlib import Path

from firmware import wire
from firmware.actor import Scene
from firmware.expression import Network
from firmware.eye import Eye
from firmware.glance import Glancer
from firmware.lookout import Looked, Released, Wish
from firmware.settings import Settings
from firmware.shutter import Shutter, at_once
from tests.firmware.frames import shots

NOBODY, SOMEBODY = shots(Scene(here=False))[0], shots(Scene())[0]


class Bench:
    """What it wished of the lookout, what it said, what it showed. Time is turned by `run`; no thread runs."""

    def __init__(self, network: Network, state: Path, card: Callable[[Callable[[], None]], None] = at_once) -> None:
        self.wishes: list[Wish] = []
        self.said: list[wire.Up] = []
        self.shown: list[wire.Pattern] = []
        self.most = 1.0
        self.now = 100.0
        self.frame = NOBODY
        self.shutter = Shutter(state / "shutter", card)
        self.glancer = Glancer(Settings(), network)
        self.eye = Eye(Settings(), self.glancer, self.shutter, self, self, self)

    def wish(self, what: Wish) -> None:
        self.wishes.append(what)

    def say(self, message: wire.Up) -> bool:
        wire.pack(message)
        self.said.append(message)
        return True

    def show(self, pattern: wire.Pattern, now: float) -> None:
        self.shown.append(pattern)

    def dim(self, most: float) -> None:
        self.most = most

    def showing(self) -> wire.Pattern:
        return self.shown[-1]

    def answer(self) -> None:
        """As the lookout would: one frame or one release for each wish."""
        for what in self.wishes.copy():
            self.wishes.remove(what)
            self.eye.outcome(Looked(self.frame) if what == "look" else Released(), self.now)

    def run(self, seconds: float, answering: bool = True) -> None:
        end = self.now + seconds
        while self.now < end:
            self.eye.tick(self.now)
            if answering:
                self.answer()
            self.now += min(max(self.eye.due(self.now), 0.01), 0.25, end - self.now + 1e-6)

    def hold(self, seconds: float) -> None:
        self.eye.edge(True, self.now)
        self.run(seconds)
        self.eye.edge(False, self.now)
        self.run(1.0)

    def told(self, kind: type) -> list[wire.Up]:
        return [message for message in self.said if isinstance(message, kind)]
