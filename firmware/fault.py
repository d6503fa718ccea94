"""The red lamp of a half that would not stay up: `python -m firmware.fault [SECONDS]`.

Blinks the fault pattern for ten minutes and ends with exit code 75, upon which systemd tries the half once more. Told
to end before (SIGTERM), it ends with 0. Where the pins cannot be had, for another process holds them or none are there,
it waits in the dark: the second try is worth more than the lamp.
"""

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

from firmware.panel import MoodLamp, choose_pins
from firmware.settings import LampSettings, SettingsError, read

AGAIN = 75
WAIT = 600.0  # seconds; as far as systemd's count of starts goes back, so that the new start is not one too many
log = logging.getLogger("fault")


def lamp_settings() -> LampSettings:
    """The household's pins; the default ones where its file is what is wrong."""
    household = Path(os.environ.get("MIEN_ETC", "/etc/mien")) / "eye.toml"
    try:
        return read(*(file for file in (household,) if file.exists())).lamp
    except SettingsError as error:
        log.warning("the default pins are taken: %s", error)
        return LampSettings()


def main(words: list[str]) -> int:
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    end = time.monotonic() + (float(words[0]) if words else WAIT)
    lamp: MoodLamp | None = None
    choose_pins()
    try:
        lamp = MoodLamp(lamp_settings())
        lamp.show("fault", time.monotonic())
    except Exception as error:  # gpiozero's back ends raise whatever they like, and none of it may hold up the wait
        log.warning("no lamp: %s", error)
    while not over.is_set() and (now := time.monotonic()) < end:
        clock = time.localtime()
        step = lamp.refresh(now, clock.tm_hour * 60 + clock.tm_min) if lamp else None
        over.wait(min(end - now, step or end - now))
    if lamp:
        with contextlib.suppress(OSError):  # the pins may be gone with their driver
            lamp.close()
    return 0 if over.is_set() else AGAIN


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
