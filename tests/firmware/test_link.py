"""The link: finds the other half again and again, tells of it, and never waits for it."""

import queue
import socket
from pathlib import Path

import pytest

from firmware import wire
from firmware.link import Link

HELLO = wire.Hello(wire.VERSION, "0123456789abcdef")


def listening(place: Path) -> socket.socket:
    place.unlink(missing_ok=True)
    door = socket.socket(socket.AF_UNIX)
    door.settimeout(10)
    door.bind(str(place))
    door.listen(1)
    return door


class Ear:
    def __init__(self) -> None:
        self.heard: queue.Queue[wire.Word | wire.Fault | bool] = queue.Queue()

    def next(self) -> wire.Word | wire.Fault | bool:
        return self.heard.get(timeout=10)


@pytest.fixture
def ear() -> Ear:
    return Ear()


def test_it_greets_hears_is_left_and_finds_the_other_half_again(tmp_path: Path, ear: Ear) -> None:
    place = tmp_path / "eye.sock"
    link = Link(place, HELLO, ear.heard.put)
    assert not link.say(wire.Shutter(True)), "nobody is there yet"
    for _ in range(2):
        with listening(place) as door:
            other, _ = door.accept()
            with other:
                other.settimeout(10)
                assert ear.next() is True
                assert other.recv(4096) == wire.pack(HELLO)
                other.sendall(b'{"is":"glow","pattern":"ha' + b'ppy"}\n{"is":"nonsense"}\n')
                assert ear.next() == wire.Glow("happy")
                assert isinstance(ear.next(), wire.UnknownMessage)
                assert link.say(wire.Shutter(True))
                assert other.recv(4096) == wire.pack(wire.Shutter(True))
        assert ear.next() is False
    link.close()


def test_a_half_that_stops_reading_is_hung_up_on_and_does_not_stop_this_one(tmp_path: Path, ear: Ear) -> None:
    place = tmp_path / "eye.sock"
    with listening(place) as door:
        link = Link(place, HELLO, ear.heard.put)
        other, _ = door.accept()
        assert ear.next() is True
        sent = 0
        while link.say(wire.Health("lost", "x" * 200)):
            sent += 1
            assert sent < 100_000, "the kernel's buffer has an end"
        assert ear.next() is False
        other.close()
        again, _ = door.accept()
        assert ear.next() is True
        assert link.say(wire.Shutter(False))
        again.close()
        link.close()
