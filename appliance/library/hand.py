"""The song in hand, written down, so that one over which a listener ended costs no other song its turn.

Whatever ended it, the song or the mains, that song waits until all others were heard. Then a child listens to it, and
only if that one is killed as well, before its parent's eyes, is the song to blame. The note is not synced: a power cut
that loses it has lost nothing.
"""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from appliance.library.register import Waiting

DEADLY = "listening to it ended before its time, twice: it may take more memory than there is"
log = logging.getLogger("mien.library")


class Hand:
    """One file; a line for each song over which a listener ended, and for the one that this listener has in hand."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lines = set(file.read_text(errors="replace").splitlines()) if file.exists() else set()

    def doubted(self, waiting: Iterable[Waiting]) -> frozenset[Waiting]:
        """Those of the songs over which a listener ended; whatever else was noted is done with."""
        found = frozenset(song for song in waiting if _line(song) in self._lines)
        self._lines = {_line(song) for song in found}
        return found

    @contextmanager
    def holding(self, song: Waiting) -> Iterator[None]:
        """An end that Python lives to see, such as being told to end, is none of the song's doing."""
        self._note(self._lines | {_line(song)})
        try:
            yield
        finally:
            self._lines.discard(_line(song))
            self._note(self._lines)

    def _note(self, lines: Iterable[str]) -> None:
        try:
            self.file.write_text("".join(f"{line}\n" for line in sorted(lines)))
        except OSError as error:  # what is heard cannot be kept either then, and the catalogue says so
            log.warning("which song is in hand cannot be noted: %s", error)


def outlived(deed: Callable[[], None]) -> bool:
    """Do it in a child. False if something killed that."""
    child = os.fork()
    if child == 0:
        try:
            deed()
        except Exception:  # the child's top: what it trips over is told, and tried again by the next listener
            log.exception("a child could not do it")
        finally:
            os._exit(0)
    return not os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _line(song: Waiting) -> str:
    """A file that was changed is another."""
    return ascii((song.stamp, song.uri))
