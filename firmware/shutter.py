"""The shutter's memory: closed or open, kept over restarts and power cuts.

The file is replaced whole and flushed. On a full card it is overwritten in place, which needs no room; so it is
written once at the first start. A file that cannot be understood counts as closed: the safe side.
"""

import os
from pathlib import Path

CLOSED, OPEN = b"closed\n", b"open  \n"  # of one length, so that overwriting needs no room


class Shutter:
    """Only the half that sees has one, and only its button moves it."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.trouble = ""
        try:
            self._closed = file.read_bytes() != OPEN
        except FileNotFoundError:
            self._closed = False
            self._keep()
        except OSError as error:
            self._closed = True
            self.trouble = f"{file} cannot be read, so the shutter is closed: {error.strerror}"

    @property
    def closed(self) -> bool:
        return self._closed

    def move(self, closed: bool) -> None:
        """Close or open, at once; `trouble` tells if it will not be remembered."""
        self._closed = closed
        self._keep()

    def _keep(self) -> None:
        word = CLOSED if self._closed else OPEN
        try:
            try:
                self._replace(word)
            except OSError:
                self._overwrite(word)
            self.trouble = ""
        except OSError as error:
            state = "closed" if self._closed else "open"
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
