"""What a file says of itself that the music server does not pass on: language, mood, comment, length.

Read by a process of its own (`label.py`), from a stranger's file: whatever is wrong with the tags, the song is still a
song.
"""

import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec

from appliance import places

WALL = 180.0
"""Seconds by the clock: much, for the listener runs only when nobody else wants the core."""
log = logging.getLogger("mien.library")


@dataclass(frozen=True)
class Tags:
    languages: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    comment: str = ""
    duration: float | None = None


def read(file: Path) -> Tags:
    """Nothing where they cannot be read within the reader's bounds."""
    asked = [sys.executable, "-m", "appliance.library.label", str(file.absolute())]
    try:
        told = subprocess.run(asked, cwd=places.HERE, stdin=subprocess.DEVNULL, capture_output=True, timeout=WALL)
        if told.returncode == 0:
            return msgspec.json.decode(told.stdout, type=Tags)
        why = (told.stderr.decode(errors="replace").splitlines() or [f"signal {-told.returncode}"])[-1]
    except (OSError, subprocess.TimeoutExpired, msgspec.DecodeError) as error:
        why = str(error)
    log.info("the tags of %s are not read: %s", file.name, why)
    return Tags()
