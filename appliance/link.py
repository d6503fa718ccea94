"""This end of the socket to the half that sees: one eye at a time, and whatever it says becomes events.

The socket is systemd's where it hands one over, else it is made here. A line that is no message is counted and, now
and then, logged; the next line is read as if nothing had been. An eye that speaks another version, that says nothing
for long, or that does not read what it is told, is let go; it comes back by itself.
"""

import contextlib
import logging
import os
import selectors
import socket
import stat
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from appliance.events import Event, EyeLink, EyeSaid
from firmware import wire

GREETING = 10.0
"""Seconds within which an eye must say Hello."""
SILENCE = 30.0
"""Seconds without a word after which a link is taken for dead. An eye tells its health every few seconds."""
OUTBOX = 64 * 1024
"""Bytes that may wait for an eye that does not read."""
LOG_EVERY = 60.0
log = logging.getLogger("mien.link")


def handed_over() -> socket.socket | None:
    """The socket that systemd handed over, if it did. Its word is taken once: the page's server would take it too."""
    number, count = os.environ.pop("LISTEN_PID", ""), os.environ.pop("LISTEN_FDS", "0")
    if number != str(os.getpid()) or int(count) < 1:
        return None
    door = socket.socket(fileno=3)  # systemd's first
    door.setblocking(False)
    return door


def open_door(path: Path) -> socket.socket:
    """A new listening socket at `path`. What a killed process left there is taken away; anything else is left."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISSOCK(path.lstat().st_mode):
            raise FileExistsError(f"{path} is in the way: it is no socket; remove it")
        path.unlink()  # left behind by a process that was killed
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    old = os.umask(0o117)  # so that it never is anybody's, not even for the moment before a chmod
    try:
        made.bind(str(path))
    finally:
        os.umask(old)
    made.listen(4)
    made.setblocking(False)
    return made


class Link:
    """Posts EyeLink and EyeSaid from a thread of its own. `say` never waits."""

    def __init__(self, path: Path, post: Callable[[Event], None], now: Callable[[], float] = time.monotonic) -> None:
        self._path, self._post, self._now = path, post, now
        handed = handed_over()
        self._door = handed or open_door(path)
        self._ours = handed is None
        self._told: deque[bytes] = deque(maxlen=256)
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._waker.setblocking(False)
        self._ending = False
        self._eye: socket.socket | None = None
        self._reader = wire.Reader()
        self._met = False
        self._heard = 0.0
        self._out = b""
        self.faults = 0
        self._logged = float("-inf")
        self._ears = selectors.DefaultSelector()
        self._thread = threading.Thread(target=self._live, name="link", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Say what is still to be said, and close."""
        self._ending = True
        self._nudge()
        self._thread.join(2.0)
        if not self._thread.is_alive():
            for end in (self._wake, self._waker):  # not by the thread, which may end before it is nudged
                end.close()
        if self._ours:
            self._path.unlink(missing_ok=True)

    def say(self, message: wire.Down) -> None:
        """Tell the eye; dropped where there is none, for it is told anew when it comes."""
        self._told.append(wire.pack(message))
        self._nudge()

    def _nudge(self) -> None:
        with contextlib.suppress(BlockingIOError):  # a full pipe wakes as well as one more byte
            self._waker.send(b"!")

    def _live(self) -> None:
        self._ears.register(self._door, selectors.EVENT_READ)
        self._ears.register(self._wake, selectors.EVENT_READ)
        while not self._ending:
            for key, _ in self._ears.select(1.0):
                if key.fileobj is self._door:
                    self._admit()
                elif key.fileobj is self._wake:
                    self._wake.recv(4096)
                elif key.fileobj is self._eye:
                    self._hear()
            self._write()
            self._doubt()
        self._write()
        self._let_go("")
        self._door.close()
        self._ears.close()

    def _admit(self) -> None:
        try:
            came, _ = self._door.accept()
        except OSError as error:
            log.warning("an eye could not be let in: %s", error)
            return
        if self._eye is not None:
            log.warning("a second eye was refused: there is one already")
            came.close()
            return
        came.setblocking(False)
        self._eye, self._reader, self._met = came, wire.Reader(), False
        self._heard = self._now()
        self._told.clear()
        self._out = wire.pack(wire.Hello(wire.VERSION))
        self._ears.register(came, selectors.EVENT_READ)

    def _hear(self) -> None:
        assert self._eye is not None
        try:
            data = self._eye.recv(65536)
        except BlockingIOError:
            return
        except OSError as error:
            self._let_go(f"the eye's link broke: {error.strerror}")
            return
        if not data:
            self._let_go("the eye has gone")
            return
        for word in self._reader.feed(data):
            if self._eye is None:
                return
            self._take(word)

    def _take(self, word: wire.Word | wire.Fault) -> None:
        if isinstance(word, wire.UnknownMessage) and not self._met:
            self._fault(word)
            self._let_go(str(word))
        elif isinstance(word, wire.Fault):
            self._fault(word)
        elif isinstance(word, wire.Hello):
            self._met, self._heard = True, self._now()
            self._post(EyeLink("up"))
            self._post(EyeSaid(word))
        elif not self._met or not isinstance(word, wire.Up):
            self._fault(wire.UnknownMessage(f"a {type(word).__name__} is not what an eye says now"))
        else:
            self._heard = self._now()
            self._post(EyeSaid(word))

    def _write(self) -> None:
        while self._told:
            line = self._told.popleft()
            if self._eye is not None:
                self._out += line
        if self._eye is None or not self._out:
            return
        try:
            self._out = self._out[self._eye.send(self._out) :]
        except BlockingIOError:
            pass  # it reads slowly; the rest goes with a later turn, at most a second from now
        except OSError as error:
            self._let_go(f"the eye's link broke: {error.strerror}")
        if len(self._out) > OUTBOX:
            self._let_go("the eye does not read what it is told")

    def _doubt(self) -> None:
        quiet = self._now() - self._heard
        if self._eye is not None and quiet > (SILENCE if self._met else GREETING):
            self._let_go("the eye has fallen silent" if self._met else "no Hello came")

    def _let_go(self, why: str) -> None:
        if self._eye is None:
            return
        self._ears.unregister(self._eye)
        self._eye.close()
        self._eye, self._out = None, b""
        if why:
            log.warning(why)
        self._post(EyeLink("down", why))

    def _fault(self, fault: wire.Fault) -> None:
        """Count it; log one a minute, so that a broken eye cannot fill the journal."""
        self.faults += 1
        now = self._now()
        if now - self._logged >= LOG_EVERY:
            self._logged = now
            log.warning("%s from the eye (%d so far): %s", type(fault).__name__, self.faults, fault)
