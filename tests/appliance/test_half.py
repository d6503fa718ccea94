"""The whole half as a process: `python -m appliance` with a real MPD and an eye that speaks the wire."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from appliance.control import call
from firmware import wire
from tests.appliance.conftest import Server
from tests.waiting import until

ROOT = Path(__file__).parents[2]


class Eye:
    """Speaks for the half that sees: one face, with the expression it is told, four times a second."""

    def __init__(self, path: Path) -> None:
        self.shows: wire.Expression | None = None
        self._ending = threading.Event()
        self._link = socket.socket(socket.AF_UNIX)
        self._link.connect(str(path))
        self._link.sendall(wire.pack(wire.Hello(wire.VERSION, "fake")) + wire.pack(wire.Health("ok")))
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def _live(self) -> None:
        while not self._ending.wait(0.25):
            glance = wire.Glance(time.monotonic(), "nobody", 0.5)
            if self.shows:
                scores = [0.01] * 7
                scores[wire.EXPRESSIONS.index(self.shows)] = 0.94
                face = wire.Face(1, tuple(scores), 0.5, 0.5, 0.4, 0.9)  # type: ignore[arg-type]  # seven they are
                glance = wire.Glance(time.monotonic(), "seen", 0.5, (face,))
            try:
                self._link.sendall(wire.pack(glance))
            except OSError:
                return

    def close(self) -> None:
        self._ending.set()
        self._thread.join(2)
        self._link.close()


class Box:
    """One running half with folders of its own."""

    def __init__(self, server: Server) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="mien-box-", dir="/tmp"))
        for name in ("etc", "state", "run"):
            (self.folder / name).mkdir()
        self.write(f'[music]\nserver = "{server.socket}"\n[page]\nhost = "127.0.0.1"\nport = 0\n')
        self.process: subprocess.Popen[bytes] | None = None
        self.eyes: list[Eye] = []

    def write(self, settings: str) -> None:
        (self.folder / "etc" / "mien.toml").write_text(settings)

    @property
    def env(self) -> dict[str, str]:
        places = {f"MIEN_{name.upper()}": str(self.folder / name) for name in ("etc", "state", "run")}
        return os.environ | places | {"PYTHONPATH": str(ROOT)}

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "appliance"], env=self.env, cwd=self.folder)
        until(self.answers, "the half", 30)

    def answers(self) -> bool:
        try:
            return bool(self.seen())
        except (OSError, ValueError):
            return False

    def ask(self, *words: str) -> dict[str, Any]:
        return call(self.folder / "run" / "mien.sock", *words)

    def seen(self) -> dict[str, Any]:
        snapshot: dict[str, Any] = self.ask("status")["snapshot"]
        return snapshot

    def eye(self) -> Eye:
        eye = Eye(self.folder / "run" / "eye.sock")
        self.eyes.append(eye)
        return eye

    def mien(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "appliance.cli", *words]
        return subprocess.run(command, env=self.env, cwd=self.folder, capture_output=True, text=True)

    def end(self, by: int = signal.SIGTERM) -> int:
        assert self.process
        self.process.send_signal(by)
        code = self.process.wait(10)
        self.process = None
        return code

    def song(self) -> str:
        song = self.seen()["player"]["song"]
        return song["uri"] if song else ""


@pytest.fixture
def box(server: Server) -> Iterator[Box]:
    box = Box(server)
    box.start()
    yield box
    for eye in box.eyes:
        eye.close()
    if box.process:
        box.end(signal.SIGKILL)
    subprocess.run(["rm", "-r", str(box.folder)], check=True)


def test_happy_faces_bring_happy_songs_and_sad_faces_sad_ones(box: Box, server: Server) -> None:
    eye = box.eye()
    eye.shows = "happy"
    until(lambda: server.mpc("-f", "%file%", "current").startswith("happy/"), "a happy song", 40)
    until(lambda: box.seen()["belief"]["mood"] == "happy", "the mood")
    assert "happy" in box.mien("why").stdout
    eye.shows = "sad"
    until(lambda: box.seen()["belief"]["mood"] == "sad", "the mood", 60)
    until(lambda: [song["uri"][:4] for song in box.seen()["player"]["upcoming"]][:1] == ["sad/"], "what comes", 20)
    assert server.mpc("-f", "%file%", "current").startswith("happy/"), "a song that plays is not cut off"
    server.mpc("seek", "99%")
    until(lambda: server.mpc("-f", "%file%", "current").startswith("sad/"), "a sad song", 20)


def test_the_music_survives_eye_and_server_and_both_come_back(box: Box, server: Server) -> None:
    eye = box.eye()
    until(lambda: box.seen()["eye"] == "up", "the eye")
    eye.close()
    until(lambda: box.seen()["eye"] == "down", "the loss of the eye")
    server.stop()
    until(lambda: box.seen()["jukebox"] == "down", "the loss of MPD")
    assert any("music server" in said for said in box.seen()["trouble"])
    server.start()
    until(lambda: box.seen()["jukebox"] == "up", "MPD", 30)
    box.eye()
    until(lambda: box.seen()["eye"] == "up", "the eye")
    assert box.mien("mood", "sad").returncode == 0
    until(lambda: box.song().startswith("sad/"), "a sad song", 30)


def test_it_saves_and_ends_when_told_and_comes_back_after_a_kill(box: Box, server: Server) -> None:
    box.ask("mood", "happy")
    until(lambda: box.song().startswith("happy/"), "a happy song", 30)
    assert box.end() == 0
    assert (box.folder / "state" / "history.db").exists()
    assert not (box.folder / "run" / "mien.sock").exists()
    assert "[playing]" in server.mpc("status"), "the music goes on"
    box.start()
    box.end(signal.SIGKILL)
    box.start()
    until(lambda: box.seen()["jukebox"] == "up", "MPD")


def test_it_starts_with_every_file_of_its_own_damaged_and_says_so(box: Box, server: Server) -> None:
    box.end()
    for name in ("settings.toml", "history.db", "jukebox.json"):
        (box.folder / "state" / name).write_bytes(b"\xff\xfenot what it should be" * 50)
    box.start()
    until(lambda: box.seen()["jukebox"] == "up", "MPD")
    assert any("settings.toml is damaged" in said for said in box.seen()["trouble"])
    box.end()
    box.start()
    assert not any("damaged" in said for said in box.seen()["trouble"])


def test_a_hand_through_another_client_is_respected(box: Box, server: Server) -> None:
    box.ask("mood", "happy")
    until(lambda: box.song().startswith("happy/"), "a happy song", 30)
    assert box.seen()["hands_off"] == 0
    server.mpc("pause")
    until(lambda: box.seen()["hands_off"] > 0, "hands off")


def test_the_command_line_tells_what_is_and_what_to_do(box: Box, server: Server) -> None:
    until(lambda: box.seen()["jukebox"] == "up", "MPD")
    told = box.mien("status")
    assert told.returncode == 0
    assert "8 songs" in told.stdout
    assert box.mien("mood", "merry").returncode == 1
    assert box.mien("pair").returncode == 1
    assert box.mien("look").returncode == 0
    told = box.mien("doctor")
    assert "ok    music server" in told.stdout.replace("ok   music", "ok    music")
    assert "FAULT eye: is not connected" in told.stdout
    assert "fix: " in told.stdout
    box.eye()
    until(lambda: box.seen()["eye"] == "up", "the eye")
    assert "FAULT eye" not in box.mien("doctor").stdout
    box.write("[music]\ncieling = 3\n")
    assert "did you mean music.ceiling?" in box.mien("doctor").stdout
    box.end()
    told = box.mien("status")
    assert told.returncode == 69
    assert "is it running?" in told.stderr
