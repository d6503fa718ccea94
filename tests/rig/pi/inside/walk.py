"""The walks through the box, inside the virtual Pi, each on a machine of its own. One runs at each boot.

Of the box's life: in the first boot the half that sees is alone with its pins, then the whole box is used and lived
with; it ends with the mains cut. The second looks at what is left, the third, whether the music plays on. To its
limits: in its one boot a half stands still, each part eats memory, and the red lamp is lit. A step that fails hides
nothing of what the others find.
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


def wanted() -> None:
    """Somebody is there, and asks for music."""
    house.show(next(iter(whole.scenes())))
    until("somebody is seen", house.mood)
    mains.asked()


def hunger() -> None:
    """Each half in turn; the music goes on meanwhile, or comes back."""
    until("a song plays", house.song)
    for half in reversed(house.HALVES):
        attempt(f"{half} eats memory", partial(limits.eaten, half))
    if not house.song():
        pins.press()


WALKS: dict[str, tuple[tuple[Step, ...], ...]] = {
    "life": (
        (eye_alone, whole.together, moods, whole.double, household.moves_in, limits.at_work, mains.behind_the_shutter),
        (mains.come_back, household.still_there, mains.still_closed, mains.music_waits, mains.to_play_on),
        (mains.come_back, mains.music_plays_on),
    ),
    "limits": ((whole.together, wanted, whole.watchdog, hunger, whole.red_lamp, guests.listener, guests.photo),),
}
"""What is done at each coming of the mains, until they are cut; after the last, all is seen."""


def attempt(name: str, step: Step) -> None:
    say(name)
    try:
        step()
    except (OSError, ValueError, LookupError, subprocess.SubprocessError, HTTPException, sqlite3.Error) as error:
        tell(f"{name}, what comes after this", f"not seen, for {type(error).__name__}: {error}", good=False)


def main() -> int:
    walk = WALKS[Path("/rig/walk").read_text()]
    boot = int(BOOT.read_text()) + 1 if BOOT.exists() else 1
    BOOT.write_text(str(boot))
    os.sync()
    if boot == 1:
        tell("Linux on the emulated machine", f"{os.uname().release}, up to here {time.monotonic():.0f} s of its clock")
    for step in walk[boot - 1]:
        attempt(step.__name__.replace("_", " "), step)
    if boot < len(walk):
        mains.cut()
    hand(end=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
