"""The eye goes first: while it looks at somebody, the listener of songs, another process, holds still.

What tells it so is not the file `quiet-please` in the run folder but a lock held on it. Whoever holds a lock and dies,
however that may be, has let go of it: nothing can be left behind that keeps the listener waiting for ever.
"""

import fcntl
import logging
import os
from pathlib import Path

from appliance.snapshot import Snapshot

FLAG = "quiet-please"
log = logging.getLogger("mien")


def needed(seen: Snapshot) -> bool:
    """Does the eye want the processor: for somebody in view, or for a look that was asked for?"""
    if seen.state in ("blind", "closed"):
        return False
    return seen.looking or (seen.glance is not None and bool(seen.glance.faces))


class Hush:
    """The lock, taken and let go of by one thread. Never waits, never raises."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: int | None = None
        self._lost = False

    def heed(self, seen: Snapshot) -> None:
        """After each turn. A lock that cannot be had, as while the listener looks at it, is asked for again."""
        if not needed(seen):
            self.over()
        elif self._held is None:
            self._take()

    def over(self) -> None:
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def _take(self) -> None:
        try:
            opened = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            if not self._lost:
                log.warning("the listener of songs cannot be asked to hold still: %s", error)
            self._lost = True
            return
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:  # the listener looks at it just now: it is asked again after the next turn
            os.close(opened)
        else:
            self._held, self._lost = opened, False


def asked(file: Path) -> bool:
    """Does anybody hold it?"""
    try:
        opened = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # nobody ever did
        return False
    try:
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(opened)
