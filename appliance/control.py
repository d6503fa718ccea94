"""The command line's way in: a small socket whose file permissions say who may use it. One line in, one out."""

import contextlib
import json
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import msgspec

from appliance import places
from appliance.events import Asked, Event, Mood, MoodPicked
from appliance.link import open_door
from appliance.snapshot import Snapshot

LONGEST = 200
log = logging.getLogger("mien.control")


class Control:
    """Answers `status`, `where`, `look`, `mood NAME`, `mood auto` and `pair` with one JSON object each."""

    def __init__(
        self, path: Path, snapshot: Callable[[], Snapshot], post: Callable[[Event], None], pair: Callable[[], bool]
    ) -> None:
        self._path, self._snapshot, self._post, self._pair = path, snapshot, post, pair
        self._door = open_door(path)
        self._door.settimeout(0.5)
        self._ending = False
        self._thread = threading.Thread(target=self._live, name="control", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ending = True
        self._thread.join(3.0)
        self._path.unlink(missing_ok=True)

    def _live(self) -> None:
        while not self._ending:
            try:
                caller, _ = self._door.accept()
            except TimeoutError:
                continue
            except OSError as error:
                log.warning("nobody can call: %s", error)
                continue
            with caller, contextlib.suppress(OSError):  # a caller that hangs up has its reasons
                caller.settimeout(2.0)
                line = caller.makefile("rb").readline(LONGEST)
                caller.sendall(msgspec.json.encode(self.answer(line.decode(errors="replace").split())) + b"\n")
        self._door.close()

    def answer(self, words: list[str]) -> dict[str, Any]:
        match words:
            case ["status"]:
                return {"snapshot": self._snapshot()}
            case ["where"]:
                return {"etc": str(places.etc()), "state": str(places.state()), "run": str(places.run())}
            case ["look"]:
                self._post(Asked())
                return {"ok": True}
            case ["mood", "auto"]:
                self._post(MoodPicked(None))
                return {"ok": True}
            case ["mood", name] if name in get_args(Mood):
                self._post(MoodPicked(name))  # type: ignore[arg-type]  # mypy does not narrow by membership
                return {"ok": True}
            case ["mood", *_]:
                return {"error": f"the moods are {', '.join(get_args(Mood))}, and auto"}
            case ["pair"]:
                return {"ok": True} if self._pair() else {"error": "no phone waits at the door: open the page on it"}
            case _:
                return {"error": "not understood"}


def call(path: Path, *words: str) -> dict[str, Any]:
    """Ask the running half. OSError if it does not answer."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(5.0)
        line.connect(str(path))
        line.sendall(" ".join(words).encode() + b"\n")
        told: dict[str, Any] = json.loads(line.makefile("rb").readline() or b"{}")
        return told
