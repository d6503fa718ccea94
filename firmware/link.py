"""This end of the wire: finds the other half, again and again, and never waits for it."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

from firmware import wire

FIRST_WAIT, LONGEST_WAIT = 0.25, 5.0  # seconds between tries, doubling from one to the other


class Link:
    """`hear` is called from the thread with each message and fault, and True or False as the link comes and goes."""

    def __init__(
        self, place: Path, greeting: wire.Hello, hear: Callable[[wire.Word | wire.Fault | bool], None]
    ) -> None:
        self._place = place
        self._greeting = greeting
        self._hear = hear
        self._channel: socket.socket | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="link", daemon=True)
        self._thread.start()

    def say(self, message: wire.Up) -> bool:
        """Send if the other half is there; one that has stopped reading is taken for gone. False if it was not sent."""
        channel = self._channel
        if channel is None:
            return False
        line = wire.pack(message)
        try:
            if channel.send(line, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL) == len(line):
                return True
        except OSError:
            pass  # gone or stuck: either way it is hung up on below, and the thread tells of it
        self._hang_up(channel)
        return False

    def close(self) -> None:
        self._over.set()
        if self._channel:
            self._hang_up(self._channel)
        self._thread.join(0.5)

    def _hang_up(self, channel: socket.socket) -> None:
        try:
            channel.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # the thread saw it first

    def _serve(self) -> None:
        wait = FIRST_WAIT
        while not self._over.is_set():
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as channel:
                try:
                    channel.connect(str(self._place))
                    channel.sendall(wire.pack(self._greeting))
                    if self._converse(channel):
                        wait = FIRST_WAIT
                except OSError:
                    pass  # not there, or gone: the wait below is the answer, and the owner has been told
            self._over.wait(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    def _converse(self, channel: socket.socket) -> bool:
        """Until the other half goes; whether it said anything that could be understood."""
        reader, understood = wire.Reader(), False
        self._channel = channel
        self._hear(True)
        try:
            while data := channel.recv(wire.LIMIT):
                for word in reader.feed(data):
                    understood |= not isinstance(word, wire.Fault)
                    self._hear(word)
        finally:
            self._channel = None
            self._hear(False)
        return understood
