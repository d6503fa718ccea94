"""The wall clock, and whether to believe it: a Pi has no clock of its own and boots in the past."""

import ctypes
import time
from pathlib import Path

from appliance.settings import QuietSettings

FLOOR = 1767225600.0
"""The first of January 2026. This software is younger, so no clock that says less is right."""
UNSYNCHRONISED = 5
"""What adjtimex answers while nobody has set the clock by another."""


def sure() -> bool:
    """May the wall clock be believed? If it is past the floor and set by a network's clock or a chip's."""
    return believed(time.time(), synchronised(), own_clock())


def believed(wall: float, by_network: bool, by_chip: bool) -> bool:
    return wall >= FLOOR and (by_network or by_chip)


def synchronised() -> bool:
    if Path("/run/systemd/timesync/synchronized").exists():
        return True
    query = ctypes.create_string_buffer(512)  # a zeroed struct timex asks and sets nothing
    answer = int(ctypes.CDLL(None).adjtimex(query))
    return 0 <= answer < UNSYNCHRONISED


def own_clock() -> bool:
    """A clock chip, or a machine that is no Pi: a PC or a virtual machine is given its time."""
    return any(Path("/sys/class/rtc").glob("rtc*")) or not Path("/proc/device-tree/model").exists()


def quiet(settings: QuietSettings, wall: float) -> bool:
    """Is it quiet hours at this moment of a believed clock? Hours may pass midnight."""
    if not settings.on:
        return False
    local = time.localtime(wall)
    now = f"{local.tm_hour:02}:{local.tm_min:02}"
    if settings.begin <= settings.end:
        return settings.begin <= now < settings.end
    return now >= settings.begin or now < settings.end
