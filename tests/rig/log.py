"""What the rig says as it runs, kept beside its table."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TextIO


class Both(io.TextIOBase):
    """Said to whoever watches, and written down."""

    def __init__(self, watcher: TextIO, page: TextIO) -> None:
        self._ends = (watcher, page)

    def write(self, words: str) -> int:
        for end in self._ends:
            end.write(words)
            end.flush()
        return len(words)


@contextmanager
def kept(file: Path) -> Iterator[None]:
    """All that is printed meanwhile stands in the file too, in place of what stood there."""
    with file.open("w", encoding="utf-8") as page, redirect_stdout(Both(sys.stdout, page)):
        yield
