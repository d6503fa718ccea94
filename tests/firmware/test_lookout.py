"""The lookout: the camera lamp is lit for exactly as long as the camera is open, whatever the camera does."""

import queue
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from firmware.camera import Camera, CameraLost, Grey
from firmware.lookout import Looked, LookFailed, Lookout, Outcome, Released

PATIENCE = 60.0


class Lamp:
    def __init__(self) -> None:
        self.lit = False

    def on(self) -> None:
        self.lit = True

    def off(self) -> None:
        self.lit = False


class Stall:
    """A device that may be unplugged, and may hang; it knows whether its lamp was lit whenever it was open."""

    def __init__(self) -> None:
        self.lamp = Lamp()
        self.plugged = True
        self.opened = self.closed = 0
        self.unlit: list[str] = []
        self.hang: threading.Event | None = None

    def open(self) -> Camera:
        self._watch("opening")
        if not self.plugged:
            raise CameraLost("no camera answers")
        self.opened += 1
        return self

    def read(self) -> Grey:
        self._watch("reading")
        if self.hang:
            self.hang.wait()
        if not self.plugged:
            raise CameraLost("gives no more frames")
        return np.zeros((2, 2), np.uint8)

    def close(self) -> None:
        self._watch("closing")
        self.closed += 1

    def _watch(self, what: str) -> None:
        if not self.lamp.lit:
            self.unlit.append(what)


class Post:
    """A lookout, and the outcomes that it posts."""

    def __init__(self) -> None:
        self.stall = Stall()
        self.outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self.lookout = Lookout(self.stall.open, self.stall.lamp, self.outcomes.put)

    def outcome(self, wish: str) -> Outcome:
        self.lookout.wish(wish)  # type: ignore[arg-type]  # one of the three
        return self.outcomes.get(timeout=PATIENCE)


@pytest.fixture
def post() -> Iterator[Post]:
    post = Post()
    yield post
    if post.stall.hang:
        post.stall.hang.set()
    post.lookout.wish("quit")
    assert post.lookout.join(PATIENCE)
    assert post.stall.unlit == [], "no moment of an open camera was unlit"
    assert not post.stall.lamp.lit
    assert post.stall.opened == post.stall.closed


def test_it_opens_once_and_reads_as_often_as_it_is_asked(post: Post) -> None:
    assert [type(post.outcome("look")) for _ in range(3)] == [Looked] * 3
    assert post.stall.opened == 1 and post.stall.lamp.lit


def test_released_means_closed_and_dark_and_the_next_look_opens_it_again(post: Post) -> None:
    post.outcome("look")
    assert post.outcome("release") == Released()
    assert post.stall.closed == 1 and not post.stall.lamp.lit
    assert post.outcome("release") == Released(), "safe to repeat"
    assert isinstance(post.outcome("look"), Looked)
    assert post.stall.opened == 2


def test_unplugged_it_is_released_and_told_and_plugged_in_again_it_sees(post: Post) -> None:
    post.outcome("look")
    post.stall.plugged = False
    assert post.outcome("look") == LookFailed("gives no more frames")
    assert not post.stall.lamp.lit
    assert post.outcome("look") == LookFailed("no camera answers")
    assert not post.stall.lamp.lit, "a camera that will not open lights nothing"
    post.stall.plugged = True
    assert isinstance(post.outcome("look"), Looked)


def test_a_camera_that_hangs_is_not_waited_for(post: Post) -> None:
    post.stall.hang = threading.Event()
    post.lookout.wish("look")
    post.lookout.wish("quit")
    assert not post.lookout.join(0.01)
