"""The box's own songs, composed by a process of their own: the memory that composing takes goes with it."""

import re
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from desk.child import CODE
from songs.edition import whole

PROGRESS = re.compile(r"(\d+) of (\d+) songs")
EVERY = 6
"""Progress is told once in so many songs."""


class Interrupted(RuntimeError):
    """Told to end before everything was started."""


class Uncomposed(RuntimeError):
    """The songs could not be made; the message is the composer's last word."""


def compose(
    shelf: Path,
    over: threading.Event,
    say: Callable[[str], None],
    composer: Sequence[str] = (sys.executable, "-m", "songs"),
) -> bool:
    """Have the songs on the shelf. True if they had to be made. Ends early, with nothing half made, once it is over."""
    if whole(shelf):
        return False
    if over.is_set():
        raise Interrupted
    # A session of its own, so that Ctrl-C reaches it through us; should we be killed, it ends too.
    command = ["setpriv", "--pdeathsig", "TERM", "--", *composer, str(shelf)]
    last = ""
    with subprocess.Popen(
        command, cwd=CODE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    ) as process:
        assert process.stdout
        for line in process.stdout:  # the composer's carriage returns end lines here
            if over.is_set():
                process.terminate()
                break
            last = line.strip() or last
            if (found := PROGRESS.match(line)) and int(found[1]) % EVERY == 0:
                say(f"composing songs: {found[1]} of {found[2]}")
    if over.is_set():
        raise Interrupted
    if process.returncode:
        raise Uncomposed(f"the box's own songs could not be composed: {last or f'exit {process.returncode}'}")
    return True
