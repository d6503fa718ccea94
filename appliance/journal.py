"""What the box wrote in its logs of late: from the system's journal, a desk's log files, or this half's own memory.

The journal belongs to the system, and a box need not let this half read it. So the half also remembers its own last
lines, which are told where nothing better can be had.
"""

import logging
import os
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

HOUR = 3600.0
MOST = 400
"""Lines of one log that are told: the newest."""
LONGEST = 400
"""Characters of one line that are told."""
UNITS = {"mien": "mien.service", "eye": "mien-eye.service"}
PATIENCE = 5.0


@dataclass(frozen=True)
class Log:
    """The last lines of one log, the oldest first. `where` says whose they are."""

    where: str
    lines: tuple[str, ...]


class Memory(logging.Handler):
    """Keeps this half's own lines of the last hour."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        super().__init__(logging.INFO)
        self._now = now
        self._kept: deque[tuple[float, str]] = deque(maxlen=MOST)
        self.setFormatter(logging.Formatter("%(asctime)s %(name)s: %(message)s", "%H:%M:%S"))

    def emit(self, record: logging.LogRecord) -> None:
        self._kept.append((self._now(), self.format(record)))

    def last_hour(self) -> Log:
        now = self._now()
        late = [said for at, said in tuple(self._kept) if now - at <= HOUR]
        return Log("mien", clipped([line for said in late for line in said.splitlines()]))


def clipped(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line if len(line) <= LONGEST else f"{line[:LONGEST]}…" for line in lines[-MOST:])


def desk(folder: Path) -> tuple[Log, ...]:
    """A desk's log files: each holds one run."""
    found = []
    for file in sorted(folder.glob("*.log")):
        with file.open("rb") as opened:
            opened.seek(max(0, file.stat().st_size - MOST * LONGEST))
            lines = opened.read().decode("utf-8", "replace").splitlines()
        found.append(Log(file.stem, clipped(lines)))
    return tuple(found)


def system(command: str = "journalctl") -> tuple[Log, ...]:
    """The journal of both halves; nothing where there is none, or where this user may not read it."""
    found = []
    for name, unit in UNITS.items():
        asked = [command, "--quiet", "--no-pager", "--unit", unit, "--since=-1h", f"--lines={MOST}", "--output=short"]
        try:
            told = subprocess.run(
                asked, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=True
            ).stdout.decode("utf-8", "replace")
        except (OSError, subprocess.SubprocessError):
            continue  # no journal, or none for us: the memory stands in
        if told.strip():
            found.append(Log(name, clipped(told.splitlines())))
    return tuple(found)


def last_hour(memory: Memory | None = None, environment: Mapping[str, str] = os.environ) -> tuple[Log, ...]:
    """The best that can be had, never an error: each half's lines, or this half's own."""
    folder = environment.get("MIEN_LOG", "")
    try:
        found = desk(Path(folder)) if folder else system() if "INVOCATION_ID" in environment else ()
    except OSError as error:
        found = (Log("desk", (f"the logs cannot be read: {error}",)),)
    own = memory.last_hour() if memory else Log("mien", ())
    return found if any(log.where == "mien" for log in found) or not own.lines else (own, *found)
