"""The whole speaker as a person starts it, a drawn actor before its camera, for tests that watch it from outside."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from tests.ports import free_port
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[1]


class Speaker:
    """One run in folders of its own, on a port that nobody has."""

    def __init__(self, *words: str) -> None:
        """`words`: what is told to it beside the camera and the port."""
        self.words = words
        self.home = Path(tempfile.mkdtemp(prefix="mien-test-"))  # short, for a socket's path has 108 bytes
        self.home.chmod(0o755)  # root's MPD is an ordinary user
        self.run = self.home / "run"
        self.socket = self.run / "mpd" / "socket"
        self.port = free_port("")
        self.environment = os.environ | {"XDG_CACHE_HOME": str(self.home), "MIEN_RUN": str(self.run)}
        self.process = self.start()

    def start(self) -> "subprocess.Popen[str]":
        self.said = self.home / "said"
        with self.said.open("w") as said:
            return subprocess.Popen(
                [sys.executable, "-m", "desk", "--camera", "actor", "--port", str(self.port), *self.words],
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
                ours = (name for name in ("appliance", "firmware", "appliance.library") if name.encode() in words)
                name = next(ours, Path(words[0].decode()).name)
                found[name] = int(process.name)
        return found

    def ready(self) -> None:
        """The first run composes its songs, which takes a busy machine minutes."""
        until(lambda: "ready: " in self.said.read_text() or self.process.poll() is not None, "ready", 400, every=0.3)
        assert self.process.poll() is None, self.said.read_text()

    def close(self) -> None:
        """End it, however far it came, and clear its folder."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(self.home)
