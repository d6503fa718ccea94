"""The far end of the pins: what the box's lines show to a lamp, and a finger on the button's line.

These are the kernel's own lines, which the box drives and reads through lgpio as it does a Pi's.
"""

import random
import time
from pathlib import Path

LINES = Path("/sys/devices/platform/gpio-sim.0/gpiochip0")
COLOURS = {"red": 17, "green": 27, "blue": 22}
CAMERA, BUTTON = 24, 23
WORN = 12  # times that a worn contact opens and closes before it rests
CHATTER = 0.005


def lit(pin: int) -> bool:
    return (LINES / f"sim_gpio{pin}" / "value").read_text().strip() == "1"


def shares(seconds: float) -> tuple[float, float, float]:
    """The share of that time for which each colour was lit. The looks come at odd moments, so that none keeps step
    with the lamp's own flicker."""
    looks, seen, end = 0, [0, 0, 0], time.monotonic() + seconds
    dice = random.Random(7)
    while time.monotonic() < end:
        looks += 1
        for place, pin in enumerate(COLOURS.values()):
            seen[place] += lit(pin)
        time.sleep(dice.uniform(0.002, 0.011))
    return seen[0] / looks, seen[1] / looks, seen[2] / looks


def colour(seconds: float = 0.6) -> str:
    """The lines that are lit at all."""
    return " ".join(name for name, share in zip(COLOURS, shares(seconds), strict=True) if share > 0.02) or "dark"


def finger(down: bool) -> None:
    (LINES / f"sim_gpio{BUTTON}" / "pull").write_text("pull-down" if down else "pull-up")


def press(held: float = 0.12, bounces: int = 0) -> None:
    for _ in range(bounces):
        finger(True)
        time.sleep(CHATTER)
        finger(False)
        time.sleep(CHATTER)
    finger(True)
    time.sleep(held)
    finger(False)
