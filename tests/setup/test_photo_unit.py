"""A photo handed to the unit that judges it, as the page does on a box."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from appliance.web.sight import Unjudged, by_look
from firmware.actor import Actor
from firmware.settings import CameraSettings


class Door(threading.Thread):
    """Does what systemd does for mien-look.socket: a process for each caller, the socket in place of its terminal."""

    def __init__(self, place: Path, command: list[str]) -> None:
        super().__init__(daemon=True)
        self._command = command
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(place))
        self._door.listen()

    def run(self) -> None:
        while True:
            try:
                caller, _ = self._door.accept()
            except OSError:
                return
            with caller:
                subprocess.run(self._command, stdin=caller.fileno(), stdout=caller.fileno(), check=False)

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.join(60)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIEN_RUN", str(tmp_path))
    return tmp_path


@pytest.fixture
def unit(run: Path) -> Iterator[Door]:
    door = Door(run / "look.sock", [sys.executable, "-m", "firmware.look"])
    door.start()
    yield door
    door.close()


def picture() -> bytes:
    return cv2.imencode(".png", Actor(CameraSettings()).read())[1].tobytes()


def test_a_photo_is_judged_by_the_unit_where_there_is_one(unit: Door) -> None:
    assert len(by_look(picture()).faces) == 1


def test_the_units_refusal_reaches_the_person_and_the_next_photo_is_judged(unit: Door) -> None:
    with pytest.raises(Unjudged, match="HEIC"):
        by_look(b"\0\0\0\x18ftypheic" + bytes(100))
    assert len(by_look(picture()).faces) == 1


def test_a_unit_that_dies_over_a_photo_is_a_photo_that_could_not_be_judged(run: Path) -> None:
    door = Door(run / "look.sock", ["/bin/false"])
    door.start()
    try:
        with pytest.raises(Unjudged, match="could not be judged"):
            by_look(picture())
    finally:
        door.close()
