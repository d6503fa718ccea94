"""The walk through the box, inside the virtual Pi. Runs at each boot.

In the first the half that sees is alone with its pins, then the whole box is used and lived with; it ends with the
mains cut. The second looks at what is left, and has each half eat memory; the third, whether the music plays on, and
what comes and goes beside the halves. A step that fails hides nothing of what the others find.
"""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from http.client import HTTPException
from pathlib import Path

from tests.rig.pi.inside import alone, guests, house, household, limits, mains, pins, whole
from tests.rig.pi.inside.other import Other
from tests.rig.pi.inside.telling import hand, say, tell, until

BOOT = Path("/var/lib/rig/boot")
Step = Callable[[], None]


def eye_alone() -> None:
    """The eye speaks with the walk."""
    other = Other()
    try:
        tell("the half that sees, with lgpio on real lines", f"says Hello with network {other.network()}")
        house.show("dark")  # nobody to look for: what is looked at here is the pins
        attempt("button", lambda: alone.button(other))
        attempt("lamps", lambda: alone.lamps(other))
    finally:
        other.close()


def moods() -> None:
    """What is seen, what the lamp shows and what is heard, for some of the drawn faces."""
    mains.music_waits("at the first start after the install, in which it played")
    for scene, said in whole.scenes().items():
        attempt(f"a face drawn {scene}", partial(whole.mood, scene, said))


def hunger() -> None:
    """Each half in turn; the music goes on meanwhile, or comes back."""
    until("a song plays", house.song)
    for half in reversed(house.HALVES):
        attempt(f"{half} eats memory", partial(limits.eaten, half))
    if not house.song():
        pins.press()


WALKS: dict[int, tuple[Step, ...]] = {
    1: (eye_alone, whole.together, moods, whole.double, whole.watchdog, household.moves_in, limits.at_work,
        mains.behind_the_shutter),
    2: (mains.come_back, household.still_there, mains.still_closed, mains.music_waits, hunger, mains.to_play_on),
    3: (mains.come_back, mains.music_plays_on, whole.red_lamp, guests.listener, guests.photo),
}  # fmt: skip
"""What is done at each coming of the mains, until they are cut; after the last, all is seen."""


def attempt(name: str, step: Step) -> None:
    say(name)
    try:
        step()
    except (OSError, ValueError, LookupError, subprocess.SubprocessError, HTTPException, sqlite3.Error) as error:
        tell(f"{name}, what comes after this", f"not seen, for {type(error).__name__}: {error}", good=False)


def main() -> int:
    boot = int(BOOT.read_text()) + 1 if BOOT.exists() else 1
    BOOT.write_text(str(boot))
    os.sync()
    if boot == 1:
        tell("Linux on the emulated machine", f"{os.uname().release}, up to here {time.monotonic():.0f} s of its clock")
    for step in WALKS.get(boot, ()):
        attempt(step.__name__.replace("_", " "), step)
    if boot < max(WALKS):
        mains.cut()
    hand(end=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
