"""`python -m songs FOLDER`: writes the box's own music there, unless it is there already."""

import sys
from pathlib import Path

from songs.shelf import fill

if len(sys.argv) != 2:
    sys.exit(__doc__)
written = fill(Path(sys.argv[1]), lambda done, of: print(f"\r{done} of {of} songs", end="", flush=True))
print("" if written else "already there")
