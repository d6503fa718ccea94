"""`python -m songs FOLDER`: writes the box's own music there, unless it is there already."""

import signal
import sys
from pathlib import Path

from songs.shelf import fill

if len(sys.argv) != 2:
    sys.exit(__doc__)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was half made is cleared away
written = fill(Path(sys.argv[1]), lambda done, of: print(f"\r{done} of {of} songs", end="", flush=True))
print("" if written else "already there")
