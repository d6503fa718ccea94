"""This end of the wire: whatever comes through the socket, the link recovers."""

import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.events import Event, EyeLink, EyeSaid
from appliance.link import GREETING, SILENCE, Link
from firmware import wire
from tests.waiting import until

GLANCE = wire.Glance(1.0, "nobody", 0.5)


class Door:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.posted: list[Event] = []
        self.time = 100.0
        self.link = Link(path, self.posted.append, lambda: self.time)
        self.link.start()

    def eye(self, hello: bool = True) -> socket.socket:
        eye = socket.socket(socket.AF_UNIX)
        eye.settimeout(5)
        eye.connect(str(self.path))
        if hello:
            eye.sendall(wire.pack(wire.Hello(wire.VERSION, "abc")))
        return eye

    def links(self) -> list[str]:
        return [event.link for event in self.posted if isinstance(event, EyeLink)]

    def said(self) -> list[wire.Up]:
        return [event.message for event in self.posted if isinstance(event, EyeSaid)]


@pytest.fixture
def door() -> Iterator[Door]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        door = Door(Path(folder) / "eye.sock")
        yield door
        door.link.stop()


def test_hello_goes_both_ways_and_words_follow(door: Door) -> None:
    with door.eye() as eye, eye.makefile("rb") as lines:
        assert wire.unpack(lines.readline()) == wire.Hello(wire.VERSION)
        eye.sendall(wire.pack(GLANCE))
        until(lambda: GLANCE in door.said(), "the glance")
        assert door.links() == ["up"]
        door.link.say(wire.Glow("happy"))
        assert wire.unpack(lines.readline()) == wire.Glow("happy")
    until(lambda: door.links() == ["up", "down"], "the loss")
    with door.eye():
        until(lambda: door.links() == ["up", "down", "up"], "the return")


def test_the_socket_is_for_this_user_and_group_alone(door: Door) -> None:
    assert stat.S_IMODE(door.path.stat().st_mode) == 0o660


def test_a_line_that_is_no_message_is_counted_and_the_next_is_read(door: Door) -> None:
    with door.eye() as eye:
        eye.sendall(b'\xff\xfe{"is":\n{"is":"tune"}\n{"is":"shutter"}\n{"is":"look"}\n' + b"x" * 9000 + b"\n")
        eye.sendall(wire.pack(GLANCE))
        until(lambda: GLANCE in door.said(), "the glance")
        assert door.link.faults == 5
        assert door.links() == ["up"]


def test_it_ends_although_its_thread_saw_the_end_before_it_was_woken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end is known from one moment to the next, and the thread may just then be at work."""
    door = Door(tmp_path / "eye.sock")
    nudge = door.link._nudge

    def late() -> None:
        nudge()
        door.link._thread.join(5)
        nudge()

    monkeypatch.setattr(door.link, "_nudge", late)
    door.link.stop()
    assert not door.link._thread.is_alive() and not door.path.exists()


def test_a_second_eye_is_refused_and_the_first_stays(door: Door) -> None:
    with door.eye() as first:
        until(lambda: door.links() == ["up"], "the first")
        with door.eye(hello=False) as second:
            assert second.recv(10) == b""
        first.sendall(wire.pack(GLANCE))
        until(lambda: GLANCE in door.said(), "the glance")
    until(lambda: door.links()[-1] == "down", "the loss")
    with door.eye():
        until(lambda: door.links()[-1] == "up", "the next")


def test_an_eye_of_another_version_is_told_of_and_let_go(door: Door) -> None:
    with door.eye(hello=False) as eye:
        eye.sendall(b'{"is":"hello","version":7}\n')
        until(lambda: door.links() == ["down"], "the refusal")
    (event,) = door.posted
    assert isinstance(event, EyeLink)
    assert "upgrade both" in event.why
    with door.eye():
        until(lambda: door.links()[-1] == "up", "the right one")


def test_words_before_hello_are_not_heard(door: Door) -> None:
    with door.eye(hello=False) as eye:
        eye.sendall(wire.pack(GLANCE) + wire.pack(wire.Hello(wire.VERSION)) + wire.pack(wire.Shutter(True)))
        until(lambda: wire.Shutter(True) in door.said(), "the shutter")
        assert GLANCE not in door.said()


def test_an_eye_that_does_not_read_is_let_go_and_the_next_one_comes_in(door: Door) -> None:
    with door.eye():
        until(lambda: door.links() == ["up"], "the eye")

        def gone() -> bool:
            for _ in range(100):
                door.link.say(wire.Glow("happy"))
            return door.links()[-1] == "down"

        until(gone, "the end of patience")
    with door.eye():
        until(lambda: door.links()[-1] == "up", "the next")


def test_a_socket_left_by_a_killed_process_is_replaced_and_a_file_is_not(tmp_path: Path) -> None:
    path = Path(tempfile.mkdtemp(dir="/tmp")) / "eye.sock"
    socket.socket(socket.AF_UNIX).bind(str(path))
    link = Link(path, lambda event: None)
    link.start()
    link.stop()
    path.write_text("mine")
    with pytest.raises(FileExistsError, match="in the way"):
        Link(path, lambda event: None)
    path.unlink()
    path.parent.rmdir()


def test_the_socket_that_systemd_hands_over_is_taken_and_never_unlinked() -> None:
    """In a process of its own, for the descriptor's number is systemd's to choose: 3."""
    code = """
import os, pathlib, socket, sys
from appliance.link import GREETING, SILENCE, Link
path = pathlib.Path(sys.argv[1]) / "eye.sock"
door = socket.socket(socket.AF_UNIX)
door.bind(str(path))
door.listen()
os.dup2(door.fileno(), 3)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
link = Link(path, lambda event: None)
link.start()
eye = socket.socket(socket.AF_UNIX)
eye.connect(str(path))
print(eye.recv(100).decode().strip())
link.stop()
print(path.exists(), "LISTEN_PID" in os.environ)
"""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        told = subprocess.run([sys.executable, "-c", code, folder], capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[:2] == ['{"is":"hello","version":1,"network":""}', "True False"], "taken by us alone"


def lost(door: Door) -> str:
    last = door.posted[-1] if door.posted else None
    return last.why if isinstance(last, EyeLink) and last.link == "down" else ""


def test_an_eye_that_falls_silent_is_let_go_and_one_that_speaks_is_kept(door: Door) -> None:
    with door.eye() as eye:
        until(lambda: door.links() == ["up"], "the eye")
        door.time += SILENCE - 1
        eye.sendall(wire.pack(GLANCE))
        until(lambda: GLANCE in door.said(), "a word in time")
        door.time += SILENCE + 1
        until(lambda: "silent" in lost(door), "its loss")
        assert eye.recv(4096) and not eye.recv(4096), "so that it notices, and comes back"
    with door.eye():
        until(lambda: door.links() == ["up", "down", "up"], "the return")


def test_a_visitor_who_never_says_hello_does_not_keep_the_eye_out(door: Door) -> None:
    with door.eye(hello=False) as visitor:
        visitor.sendall(wire.pack(GLANCE))
        until(lambda: door.link.faults == 1, "a word too soon")
        door.time += GREETING + 1
        until(lambda: "no Hello" in lost(door), "the visitor's end")
    assert door.said() == []
    with door.eye():
        until(lambda: door.links()[-1] == "up", "the eye")


def test_an_eye_that_does_not_read_is_let_go_before_it_fills_the_memory(door: Door) -> None:
    def poured() -> bool:
        for _ in range(200):
            door.link.say(wire.Glow("happy"))
        return "does not read" in lost(door)

    with door.eye():
        until(lambda: door.links() == ["up"], "the eye")
        until(poured, "its loss", every=0.01)
    with door.eye() as eye, eye.makefile("rb") as lines:
        until(lambda: door.links()[-1] == "up", "the return")
        assert wire.unpack(lines.readline()) == wire.Hello(wire.VERSION), "nothing of what the last one left unread"
