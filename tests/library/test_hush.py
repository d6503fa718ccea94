"""While the eye looks at somebody the listener holds still; and nothing that dies can keep it waiting."""

import logging
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from appliance import hush
from appliance.hush import Hush
from appliance.library import listing, patience
from appliance.library.__main__ import Listener, ear
from appliance.library.catalogue import Catalogue
from appliance.snapshot import Snapshot
from firmware import wire
from tests.appliance.box import Box
from tests.appliance.conftest import Server, bare
from tests.library.music import press, song
from tests.waiting import until

__all__ = ["bare"]
FACE = wire.Face(1, (0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1), 0.5, 0.5, 0.4, 0.9)
EMPTY, SOMEBODY = wire.Glance(1.0, "nobody", 0.5), wire.Glance(1.0, "seen", 0.5, (FACE,))


@pytest.mark.parametrize(
    ("seen", "needed"),
    [
        (Snapshot(state="nobody", glance=EMPTY), False),
        (Snapshot(state="watching", glance=SOMEBODY), True),
        (Snapshot(state="nobody", glance=EMPTY, looking=True), True),
        (Snapshot(state="starting"), False),
        (Snapshot(state="blind", glance=SOMEBODY, looking=True), False),
        (Snapshot(state="closed", looking=True), False),
    ],
)
def test_the_eye_goes_first_only_while_it_has_something_to_look_at(seen: Snapshot, needed: bool) -> None:
    assert hush.needed(seen) is needed


def test_quiet_is_asked_for_as_long_as_somebody_is_seen(tmp_path: Path) -> None:
    file = tmp_path / hush.FLAG
    own = Hush(file)
    assert not hush.asked(file)
    for glance, asked in ((SOMEBODY, True), (SOMEBODY, True), (EMPTY, False), (SOMEBODY, True)):
        own.heed(Snapshot(state="watching", glance=glance))
        assert hush.asked(file) is asked
    own.over()
    assert not hush.asked(file), "the file stays and means nothing"


def test_a_lock_that_cannot_be_had_is_asked_for_again(tmp_path: Path) -> None:
    file = tmp_path / "away" / hush.FLAG
    own, somebody = Hush(file), Snapshot(state="watching", glance=SOMEBODY)
    own.heed(somebody)
    file.parent.mkdir()
    own.heed(somebody)
    assert hush.asked(file)
    own.over()
    other = Hush(file)
    other.heed(somebody)
    own.heed(somebody)
    other.over()
    assert not hush.asked(file)
    own.heed(somebody)
    assert hush.asked(file)
    own.over()


@pytest.fixture
def box(bare: Server) -> Iterator[Box]:
    bare.start()
    box = Box(bare)
    box.start()
    yield box
    box.close()


class Night(threading.Thread):
    """The very listener with one song to hear, at the usual priority: an idle one may wait for hours here."""

    def __init__(self, box: Box) -> None:
        super().__init__(daemon=True)
        self.state, self.music, self.over = box.folder / "state", box.folder / "music", threading.Event()
        self.rest = partial(patience.rest, box.folder / "run" / hush.FLAG)
        press(song(0, True, 100, seconds=7), self.music / "song.flac")

    def run(self) -> None:
        listener = Listener(ear(plain=True), self.state, self.over, lambda words: None, self.rest)
        listener.register.take([listing.entry("song.flac", {"last-modified": "1", "duration": "7"})])
        listener.work(self.music)

    def done(self) -> int:
        return Catalogue(self.state / "library.db").progress().done


@pytest.mark.parametrize("end", ["they leave", "the half dies"])
def test_no_song_is_heard_while_somebody_is_looked_at(
    box: Box, end: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "load", lambda: 0.0)  # what else this machine is at is not the promise
    caplog.set_level(logging.INFO, "mien.library")
    eye = box.eye()
    eye.shows = "happy"
    until(lambda: hush.asked(box.folder / "run" / hush.FLAG), "a word to be quiet")
    night = Night(box)
    night.start()
    try:
        until(lambda: "holding still" in caplog.text, "the listener's patience")
        assert night.done() == 0
        if end == "they leave":
            eye.shows = None
        else:
            box.end(signal.SIGKILL)
        until(lambda: night.done() == 1, "the song")
    finally:
        night.over.set()
        night.join(30)
