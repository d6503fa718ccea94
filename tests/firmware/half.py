"""The running half that sees, in folders of its own, and a stand-in for the other end of its socket."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from firmware import wire
from firmware.prompter import tell
from tests.waiting import PATIENCE, until

SETTLING = "import runpy, firmware.eye as e; e.SETTLED = {}; runpy.run_module('firmware', run_name='__main__')"


class Half:
    """One running eye with folders of its own, and a stand-in for the other end of its socket."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.folder, self.model = folder, model
        for name in ("run", "state", "etc", "home"):
            (folder / name).mkdir(exist_ok=True)
        self.process: subprocess.Popen[bytes] | None = None
        self.door: socket.socket | None = None
        self.channel: socket.socket | None = None
        self.reader = wire.Reader()
        self.heard: list[wire.Word | wire.Fault] = []

    def start(
        self, *words: str, jail: Callable[[], None] | None = None, settled: float | None = None, **environment: str
    ) -> None:
        """`settled`: seconds that it must have run before it may be asked to start again, in place of its own."""
        asked = ["-m", "firmware"] if settled is None else ["-c", SETTLING.format(settled)]
        names = {f"MIEN_{name.upper()}": str(self.folder / name) for name in ("run", "state", "etc")}
        variables = os.environ | names | {"HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "home")}
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *asked, "--model", str(self.model), *(words or ("--camera", "actor"))],
                env=variables | environment,
                stdout=subprocess.DEVNULL,
                stderr=log,
                preexec_fn=jail,
            )

    def listen(self) -> None:
        place = self.folder / "run" / "eye.sock"
        place.unlink(missing_ok=True)
        self.door = socket.socket(socket.AF_UNIX)
        self.door.bind(str(place))
        self.door.listen(1)
        self.door.settimeout(PATIENCE)

    def until(self, wanted: Callable[[wire.Word | wire.Fault], bool]) -> wire.Word | wire.Fault:
        """The next message that is wanted; those before it are kept in `heard`."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            while self.heard:
                word = self.heard.pop(0)
                if wanted(word):
                    return word
            if self.channel is None:
                assert self.door is not None
                self.channel, _ = self.door.accept()
                self.channel.settimeout(PATIENCE)
                self.channel.sendall(wire.pack(wire.Hello(wire.VERSION)))
                self.reader = wire.Reader()
            data = self.channel.recv(4096)
            if not data:
                self.channel = None
            self.heard += self.reader.feed(data)
        raise AssertionError(f"not heard in {PATIENCE} s; log: {self.log()}")

    def forget(self) -> None:
        """What the one before said, and the channel it said it through."""
        if self.channel:
            self.channel.close()
        self.channel = None
        self.heard.clear()

    def condition(self, name: str) -> wire.Glance:
        word = self.until(lambda w: isinstance(w, wire.Glance) and w.condition == name)
        assert isinstance(word, wire.Glance)
        return word

    def order(self, line: str) -> str:
        return until(lambda: self._told(line), f"somebody who takes the order {line!r}", every=0.05)

    def _told(self, line: str) -> str:
        try:
            return tell(self.folder / "run" / "actor.sock", line)
        except OSError:
            return ""

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def wait(self) -> int:
        assert self.process is not None
        return self.process.wait(PATIENCE)

    def end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for one in (self.channel, self.door):
            if one:
                one.close()
