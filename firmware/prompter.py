"""Where the actor takes its orders, and the mock button its presses: one line in, one line back, on a local socket.

It exists only while something here is played: the drawn actor in place of a camera, or mock pins in place of real ones.
"""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

LONGEST = 200


class Prompter:
    """Listens at `place` and hands each line to `perform`, whose answer goes back. ValueError becomes the answer."""

    def __init__(self, place: Path, perform: Callable[[str], str]) -> None:
        self._perform = perform
        self._place = place
        place.unlink(missing_ok=True)  # left behind by one that was killed
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        before = os.umask(0o177)
        try:
            self._door.bind(str(place))
        finally:
            os.umask(before)
        self._door.listen(4)
        self._thread = threading.Thread(target=self._serve, name="prompter", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self._door.accept()
            except OSError:
                return  # closed
            with visitor:
                visitor.settimeout(2.0)
                try:
                    visitor.sendall((self._answer(visitor.recv(LONGEST)) + "\n").encode())
                except OSError:
                    continue  # a visitor who left; the next may stay

    def _answer(self, line: bytes) -> str:
        try:
            return self._perform(line.decode(errors="replace").strip())
        except ValueError as error:
            return f"no: {error}"

    def close(self) -> None:
        """Stop listening. Safe to repeat."""
        try:
            self._door.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # closed before
        self._door.close()
        self._thread.join(1.0)
        self._place.unlink(missing_ok=True)


def tell(place: Path, line: str) -> str:
    """Give one order and return the answer. OSError if nobody listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as channel:
        channel.settimeout(20.0)  # a very long press takes its time
        channel.connect(str(place))
        channel.sendall(line.encode() + b"\n")
        return channel.recv(1000).decode().strip()
