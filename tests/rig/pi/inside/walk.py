"""The walk through the box, inside the virtual Pi. Runs at each boot.

In the first the half that sees is alone with its pins; it ends with the mains cut. The second looks at what is left,
and uses the whole box. A step that fails hides nothing of what the others find.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from firmware.lamps import SHOWS
from firmware.wire import Expression
from tests.rig.pi.inside import alone, house, pins
from tests.rig.pi.inside.other import Other
from tests.rig.pi.inside.telling import Never, hand, say, tell, until

WALKED = Path("/var/lib/rig/walked")
ALONE = Path("/etc/systemd/system/mien-eye.service.d/alone.conf")
CLOSED = Path("/var/lib/mien-eye/shutter")
SCENES = Path("/rig/scenes.json")


def eye_alone() -> None:
    """The eye speaks with the walk, and with the other half from the next boot on."""
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
    scenes: dict[str, Expression] = json.loads(SCENES.read_text())
    tell("the music after a power cut, before anybody wants it", house.song() or "silent", not house.song())
    pins.press()  # somebody does
    for scene, said in scenes.items():
        attempt(f"a face drawn {scene}", partial(mood, scene, said))


def mood(scene: str, said: Expression) -> None:
    house.show(scene)
    took = until(f"the mood is {said}", lambda: house.mood() == said)
    tell(f"a face drawn {scene}: the mood settles", f"{said}, after {took:.0f} s")
    seen, wanted = pins.shares(SHOWS[said].period), alone.expected(SHOWS[said])
    same = [share > 0 for share in seen] == [share > 0 for share in wanted]
    tell("its lamp", f"{alone.told(seen)}; wanted {alone.told(wanted)}", same)
    try:
        until("such a song plays", lambda: house.song().startswith(f"{said}/"), 60.0)
        tell("its song", house.song())
    except Never as late:
        tell("its song", f"{late}; what plays is {house.song() or 'nothing'}", good=False)
    time.sleep(4.0)  # the fade between two songs is no song
    house.hear(f"the sound card in the mood {said}", house.song())


def double() -> None:
    before = house.song()
    pins.press()
    time.sleep(0.3)
    pins.press()
    until("a double press brings another song", lambda: house.song() not in ("", before))
    tell("a double press, in the whole box", f"another song: {before} → {house.song()}")


def watchdog() -> None:
    took = house.stands_still("mien-eye")
    tell("an eye that stands still", f"killed by its watchdog, another is well after {took:.0f} s")
    took = until("the camera lamp is lit again", lambda: pins.lit(pins.CAMERA))
    tell("the camera lamp after that", "lit")


def close_and_cut() -> None:
    """The shutter is closed by hand, and the mains go a moment after the box has promised to remember it."""
    ALONE.unlink()
    WALKED.touch()
    os.sync()  # the rig's own marks; the box is to sync its own
    pins.press(2.0)
    until("the shutter closes", lambda: not pins.lit(pins.CAMERA))
    until("it is written down", lambda: CLOSED.read_text().startswith("closed"))
    hand(cut=True)
    time.sleep(600)


def after_the_cut() -> None:
    until("all is up by itself", lambda: house.active(*house.UNITS) and house.snapshot().get("eye") == "up")
    tell("after the mains came back", f"all units are up by themselves, {time.monotonic():.0f} s after they came")
    shut = house.snapshot().get("shutter_closed")
    dark, lamp = not pins.lit(pins.CAMERA), pins.colour(6.0)
    tell("the shutter over a power cut", f"closed: {shut}; camera lamp dark: {dark}; lamp {lamp}",
         bool(shut) and dark and lamp == "red green")  # fmt: skip
    pins.press(2.0)
    until("a hand opens it again", lambda: pins.lit(pins.CAMERA))
    tell("a hand opens it again", "the camera lamp is lit")


def attempt(name: str, step: Callable[[], None]) -> None:
    say(name)
    try:
        step()
    except (OSError, ValueError, KeyError, subprocess.SubprocessError) as error:  # a Never is an OSError
        tell(f"{name}, what comes after this", f"not seen, for {type(error).__name__}: {error}", good=False)


def main() -> int:
    tell("Linux on the emulated machine", f"{os.uname().release}, up to here {time.monotonic():.0f} s of its clock")
    again = WALKED.exists()
    for step in (after_the_cut, moods, double, watchdog) if again else (eye_alone, close_and_cut):
        attempt(step.__name__.replace("_", " "), step)
    hand(end=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
