"""The other half, played by the walk at the far end of the socket: it asks for each lamp and hears the button."""

import contextlib
import queue
import socket
import threading
import time
from pathlib import Path

from firmware import wire
from tests.rig.pi.inside.telling import PATIENCE, Never

PLACE = Path("/run/rig/eye.sock")


class Other:
    """Listens until it is closed; what the eye says is kept until it is asked for."""

    def __init__(self) -> None:
        PLACE.unlink(missing_ok=True)
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._door.bind(str(PLACE))
        PLACE.chmod(0o666)
        self._door.listen(1)
        self._door.settimeout(PATIENCE)
        self._heard: queue.SimpleQueue[wire.Word | wire.Fault] = queue.SimpleQueue()
        self._line, _ = self._door.accept()
        self._line.sendall(wire.pack(wire.Hello(wire.VERSION)))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        reader = wire.Reader()
        with contextlib.suppress(OSError):  # closed
            while data := self._line.recv(wire.LIMIT):
                for word in reader.feed(data):
                    self._heard.put(word)

    def say(self, word: wire.Down) -> None:
        self._line.sendall(wire.pack(word))

    def network(self) -> str:
        """The eye's network, by its Hello."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                word = self._heard.get(timeout=1.0)
            except queue.Empty:
                continue
            if isinstance(word, wire.Hello):
                return word.network
        raise Never(f"the eye said no Hello within {PATIENCE:.0f} s")

    def gestures(self, seconds: float) -> list[str]:
        """All gestures and moves of the shutter within that time."""
        told: list[str] = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                word = self._heard.get(timeout=left)
            except queue.Empty:
                break
            if isinstance(word, wire.Gesture):
                told.append(word.name)
            elif isinstance(word, wire.Shutter):
                told.append("closed" if word.closed else "opened")
        return told

    def close(self) -> None:
        self._line.close()
        self._door.close()
        PLACE.unlink(missing_ok=True)
