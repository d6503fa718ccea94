"""The wall clock, and whether to believe it: a Pi has no clock of its own and boots in the past."""

import ctypes
import time
from functools import cache
from pathlib import Path

from appliance.settings import QuietSettings

FLOOR = 1767225600.0
"""The first of January 2026. This software is younger, so no clock that says less is right."""
UNSYNCHRONISED = 5
"""What adjtimex answers while nobody has set the clock by another."""
MODEL = Path("/sys/firmware/devicetree/base/model")
"""Of a Pi, or a board like it. Not by its usual name in /proc, of which a unit sees its own processes alone."""


def sure() -> bool:
    """May the wall clock be believed? If it is past the floor, and set by a network's clock or a chip that kept it."""
    return time.time() >= FLOOR and (synchronised() or own_clock())


@cache
def libc() -> ctypes.CDLL:
    """Opened once: each opening makes classes that only the collector takes away again."""
    return ctypes.CDLL(None)


def synchronised(mark: Path = Path("/run/systemd/timesync/synchronized")) -> bool:
    if mark.exists():
        return True
    query = ctypes.create_string_buffer(512)  # a zeroed struct timex asks and sets nothing
    answer = int(libc().adjtimex(query))
    return 0 <= answer < UNSYNCHRONISED


def own_clock(chips: Path = Path("/sys/class/rtc"), model: Path = MODEL) -> bool:
    """A clock chip that was kept going, or a machine that is no Pi: a PC or a virtual machine is given its time.

    A Pi 5 has a chip and may have no battery for it. That chip begins in 1970 at each start, while systemd sets the
    system's clock forward to when the box was last on; so it is the chip that is asked, not the system.
    """
    return not model.exists() or any(told(chip) >= FLOOR for chip in chips.glob("rtc*"))


def told(chip: Path) -> float:
    """The chip's own time; 0 where it has none to tell."""
    try:
        return float((chip / "since_epoch").read_text())
    except (OSError, ValueError):
        return 0.0


def quiet(settings: QuietSettings, wall: float) -> bool:
    """Is it quiet hours at this moment of a believed clock? Hours may pass midnight."""
    time.tzset()  # the zone may be set while the box runs; asked once a second, so all that tells an hour here follows
    if not settings.on:
        return False
    local = time.localtime(wall)
    now = f"{local.tm_hour:02}:{local.tm_min:02}"
    if settings.begin <= settings.end:
        return settings.begin <= now < settings.end
    return now >= settings.begin or now < settings.end
