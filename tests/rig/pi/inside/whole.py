"""The whole box at work: what is seen, what the lamp shows, what is heard, and a half that stands still."""

import json
import time
from pathlib import Path

from firmware.lamps import SHOWS
from firmware.wire import Expression
from tests.rig.pi.inside import alone, house, limits, pins
from tests.rig.pi.inside.telling import Never, run, tell, until

ALONE = Path("/etc/systemd/system/mien-eye.service.d/alone.conf")
SCENES = Path("/rig/scenes.json")


def together() -> None:
    """From now on the eye speaks with the other half, and not with the walk."""
    ALONE.unlink()
    run("systemctl", "daemon-reload")
    run("systemctl", "restart", "mien-eye")
    until("both halves are well", house.well)
    tell("the two halves together", f"all units are well, {time.monotonic():.0f} s after the mains came")


def scenes() -> dict[str, Expression]:
    """What is drawn, and what the network says of it."""
    told: dict[str, Expression] = json.loads(SCENES.read_text())
    return told


def mood(scene: str, said: Expression) -> None:
    house.show(scene)
    took = until(f"the mood is {said}", lambda: house.mood() == said)
    tell(f"a face drawn {scene}: the mood settles", f"{said}, after {took:.0f} s")
    time.sleep(alone.ON_ITS_WAY)
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
    until("the camera lamp is lit again", lambda: pins.lit(pins.CAMERA))
    tell("the camera lamp after that", "lit")


def red_lamp() -> None:
    """What is lit when a half would not stay up: it takes the pins from the eye, and gives them back."""
    run("systemctl", "start", "mien-fault@mien-eye")
    until("the red lamp is lit", lambda: pins.colour(2 * SHOWS["fault"].period) == "red")
    seen, dark = pins.shares(2 * SHOWS["fault"].period), not pins.lit(pins.CAMERA)
    limits.at_work("mien-fault@mien-eye")
    begun = time.monotonic()
    run("systemctl", "start", "mien-eye")
    until("the eye has the pins again", lambda: house.well() and pins.lit(pins.CAMERA))
    took = time.monotonic() - begun
    told = f"{alone.told(seen)} of the time, camera lamp dark; the eye, started by hand, is well after {took:.0f} s"
    tell("the red lamp of a half that would not stay up", told, dark)
