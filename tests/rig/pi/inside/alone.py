"""The half that sees alone, with its real pins: each lamp, and each thing that the button can be told."""

import math
import time
from datetime import datetime

from firmware import wire
from firmware.lamps import SHOWS, Show, ceiling
from firmware.settings import LampSettings
from tests.rig.pi.inside import pins
from tests.rig.pi.inside.other import Other
from tests.rig.pi.inside.telling import say, tell, until

LOOKS = 3
"""So often a lamp is looked at before a line that should be lit counts as dark: "closed" is a flash of a tenth of a
second. One that should be dark must be so at each look. How long a line is lit of the time is told and not judged:
an emulated machine's flicker is uneven."""
ON_ITS_WAY = 0.3  # seconds in which what is asked of the lamp has gone through the socket to the pins
AT_LEAST = 1.0  # seconds for which a lamp is looked at, in whole turns of its rhythm
AFTER = 2.0  # seconds in which a second, wrong gesture would be told


def lamps(other: Other) -> None:
    """Each pattern, as its lines are lit."""
    for pattern in SHOWS:
        lamp(other, pattern)


def lamp(other: Other, pattern: wire.Pattern) -> None:
    show = SHOWS[pattern]
    other.say(wire.Glow(pattern))
    time.sleep(ON_ITS_WAY)
    wanted = expected(show)
    for _ in range(LOOKS):
        seen = pins.shares(math.ceil(AT_LEAST / show.period) * show.period)
        stray = any(a > 0 and b == 0 for a, b in zip(seen, wanted, strict=True))
        missing = any(a == 0 and b > 0 for a, b in zip(seen, wanted, strict=True))
        if stray or not missing:
            break
    good = not stray and not missing
    tell(f"lgpio, the lamp for {pattern}", f"{told(seen)} of the time; meant {told(wanted)}", good)


def expected(show: Show) -> tuple[float, ...]:
    """The share of the time for which each line is to be lit."""
    now = datetime.now()
    most = ceiling(LampSettings(), now.hour * 60 + now.minute)
    level = sum(seconds * level for seconds, level in show.rhythm) / show.period
    return tuple(share * level * most for share in show.colour)


def told(shares: tuple[float, ...]) -> str:
    return " ".join(f"{name} {share:.2f}" for name, share in zip(pins.COLOURS, shares, strict=True) if share) or "dark"


def button(other: Other) -> None:
    """Each stroke of the finger, and what the eye tells of it."""
    other.say(wire.Glow("sad"))
    other.gestures(1.0)
    until("the camera lamp is lit", lambda: pins.lit(pins.CAMERA))
    pins.press()
    scanning = until("the lamp scans", lambda: pins.colour(0.3) == "green blue", 5.0)
    say(f"it scanned after {scanning:.1f} s")
    expect(other, "a press", ["press"], "the lamp scans")
    pins.press(bounces=pins.WORN)
    expect(other, f"a press by a contact that bounces {pins.WORN} times", ["press"])
    pins.press()
    time.sleep(0.3)
    pins.press()
    expect(other, "two presses", ["double"])
    pins.press(2.0)
    expect(other, "held for 2 s", ["closed", "long"])
    tell("the camera lamp behind the closed shutter", "dark", not pins.lit(pins.CAMERA))
    pins.press(2.0)
    expect(other, "held for 2 s again", ["opened", "long"])
    took = until("the camera lamp is lit again", lambda: pins.lit(pins.CAMERA))
    tell("the camera lamp with the shutter open again", f"lit after {took:.1f} s")


def expect(other: Other, what: str, wanted: list[str], besides: str = "") -> None:
    heard = other.gestures(AFTER)
    found = ", ".join([*heard, besides] if besides else heard) or "nothing"
    tell(f"the button, {what}", found, sorted(heard) == sorted(wanted))
