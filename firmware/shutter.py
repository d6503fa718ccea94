"""The shutter's memory: closed or open, kept over restarts and power cuts.

The file is replaced whole and flushed. On a full card it is overwritten in place, which needs no room; so it is
written once at the first start. A file that cannot be understood counts as closed: the safe side. The card may take
seconds over all that, so what is moved is moved before it is written.
"""

import os
from collections.abc import Callable
from pathlib import Path

CLOSED, OPEN = b"closed\n", b"open  \n"  # of one length, so that overwriting needs no room


def at_once(deed: Callable[[], None]) -> None:
    deed()


class Shutter:
    """Only the half that sees has one, and only its button moves it. `write` has a deed of writing done, by and by and
    in order, on whatever thread."""

    def __init__(self, file: Path, write: Callable[[Callable[[], None]], None] = at_once) -> None:
        self._file = file
        self._write = write
        self._kept: bool | None = None  # what the card says for certain; None while it is written, or if nobody knows
        self.trouble = ""
        try:
            self._kept = self._closed = file.read_bytes() != OPEN
        except FileNotFoundError:
            self._closed = False
            self._keep()
        except OSError as error:
            self._closed = True
            self.trouble = f"{file} cannot be read, so the shutter is closed: {error.strerror}"

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def lasting(self) -> bool:
        """Whether the next start would find it as it is."""
        return self._kept is self._closed

    def move(self, closed: bool) -> None:
        """Close or open, at once; `trouble` tells, once the card has been asked, if it will not be remembered."""
        self._closed = closed
        self._write(self._keep)

    def _keep(self) -> None:
        closed, self._kept = self._closed, None
        word = CLOSED if closed else OPEN
        try:
            try:
                self._replace(word)
            except OSError:
                self._overwrite(word)
            self._kept, self.trouble = closed, ""
        except OSError as error:
            state = "closed" if closed else "open"
            self.trouble = f"{self._file}: that the shutter is {state} will not outlast a restart: {error.strerror}"

    def _replace(self, word: bytes) -> None:
        beside = self._file.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(word)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)
        folder = os.open(self._file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _overwrite(self, word: bytes) -> None:
        with self._file.open("r+b") as file:
            file.write(word)
            file.flush()
            os.fsync(file.fileno())
