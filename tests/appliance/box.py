"""The half that speaks as a process of its own, in folders of its own, and an eye that speaks the wire."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

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
        until(self.answers, "the half")

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

    def close(self) -> None:
        """End whatever runs, and clear its folders."""
        for eye in self.eyes:
            eye.close()
        if self.process:
            self.end(signal.SIGKILL)
        shutil.rmtree(self.folder)
