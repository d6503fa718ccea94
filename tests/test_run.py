"""The whole speaker as a person starts it: real processes, a real MPD, a drawn actor before the camera."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import until

ROOT = Path(__file__).resolve().parents[1]


class Speaker:
    """One run in folders of its own, on a port that nobody has."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="mien-test-"))  # short, for a socket's path has 108 bytes
        self.home.chmod(0o755)  # root's MPD is an ordinary user
        self.run = self.home / "run"
        self.socket = self.run / "mpd" / "socket"
        with socket.create_server(("", 0)) as trial:
            self.port = trial.getsockname()[1]
        self.environment = os.environ | {"XDG_CACHE_HOME": str(self.home), "MIEN_RUN": str(self.run)}
        self.process = self.start()

    def start(self) -> "subprocess.Popen[str]":
        self.said = self.home / "said"
        with self.said.open("w") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "desk", "--camera", "actor", "--port", str(self.port)],
                cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, text=True,
            )  # fmt: skip

    def state(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/api/state", timeout=5) as answer:
                told: dict[str, Any] = json.load(answer)
                return told
        except OSError:
            return {}

    def mpc(self, *words: str) -> list[str]:
        command = ["mpc", f"--host={self.socket}", "--format=%file%", *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()

    def direct(self, *words: str) -> None:
        command = [sys.executable, "-m", "firmware.actor", *words]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL)

    def children(self) -> dict[str, int]:
        """The processes that live in this run's folder, by what they are."""
        mark = f"MIEN_RUN={self.run}".encode()
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().split(b"\0")
                inside = mark in (process / "environ").read_bytes().split(b"\0")
            except OSError:
                continue  # ended meanwhile
            if inside and int(process.name) != self.process.pid:
                name = next((n for n in ("appliance", "firmware") if n.encode() in words), Path(words[0].decode()).name)
                found[name] = int(process.name)
        return found

    def ready(self) -> None:
        until(lambda: "ready: " in self.said.read_text() or self.process.poll() is not None, "ready", 120)
        assert self.process.poll() is None, self.said.read_text()


@pytest.fixture(scope="module")
def speaker() -> Iterator[Speaker]:
    one = Speaker()
    try:
        one.ready()
        yield one
    finally:
        if one.process.poll() is None:
            one.process.send_signal(signal.SIGINT)
            try:
                one.process.wait(30)
            except subprocess.TimeoutExpired:
                one.process.kill()
        shutil.rmtree(one.home)


def mood_and_music(speaker: Speaker, mood: str) -> bool:
    """The mood is this, and what is to play next lies in its folder."""
    if speaker.state().get("mood") != mood:
        return False
    playing = speaker.mpc("current")
    queue = speaker.mpc("playlist")
    coming = queue[queue.index(playing[0]) + 1 :] if playing and playing[0] in queue else queue
    return bool(coming) and coming[0].startswith(f"{mood}/")


def test_the_actors_expression_makes_the_mood_and_the_music_follow_it(speaker: Speaker) -> None:
    speaker.direct("happy")
    until(lambda: mood_and_music(speaker, "happy"), "a happy room with happy songs to come")
    until(lambda: playing(speaker).startswith("happy/"), "a happy song that plays")
    assert speaker.state()["song"]["uri"].startswith("happy/"), "the page tells the same"
    speaker.direct("sad")
    until(lambda: mood_and_music(speaker, "sad"), "a sad room with sad songs to come")
    until(lambda: playing(speaker).startswith("sad/"), "a sad song that plays")


def playing(speaker: Speaker) -> str:
    told = speaker.mpc("status")
    return told[0] if len(told) > 1 and told[1].startswith("[playing]") else ""


def test_a_second_speaker_of_the_same_person_is_refused_and_the_first_plays_on(speaker: Speaker) -> None:
    command = [sys.executable, "-m", "desk", "--camera", "actor"]
    second = subprocess.run(
        command, cwd=ROOT, env=speaker.environment, capture_output=True, text=True, check=False, timeout=30
    )
    assert second.returncode == 1
    assert "runs already" in second.stdout
    assert speaker.state()["eye"] == "up"


@pytest.mark.parametrize("half", ["firmware", "appliance", "mpd"])
def test_a_process_that_is_killed_is_started_again_and_all_is_well(speaker: Speaker, half: str) -> None:
    before = speaker.children()[half]
    os.kill(before, signal.SIGKILL)
    until(lambda: speaker.children().get(half, before) != before, "another in its place")

    def well() -> bool:
        told = speaker.state()
        return told.get("eye") == "up" and told.get("jukebox") == "up" and bool(told.get("faces"))

    until(well, "both halves and the music joined again")
    assert speaker.process.poll() is None


def test_ctrl_c_ends_everything_and_leaves_no_process_and_no_socket(speaker: Speaker) -> None:
    assert set(speaker.children()) == {"appliance", "firmware", "mpd"}
    speaker.process.send_signal(signal.SIGINT)
    assert speaker.process.wait(30) == 0
    assert speaker.children() == {}
    assert not speaker.run.exists()
    assert str(speaker.home) not in Path("/proc/net/unix").read_text()
    with socket.create_server(("", speaker.port)):
        pass  # the page's port is free again


def test_after_all_that_it_starts_again_quickly_with_the_same_songs(speaker: Speaker) -> None:
    speaker.process = speaker.start()
    speaker.ready()
    assert "composing" not in speaker.said.read_text()
