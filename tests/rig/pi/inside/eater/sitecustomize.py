"""Python reads this at its start. A half that has it eats memory once a file is there; until then it does its work."""

import os
import threading
import time
from pathlib import Path

MOUTHFUL = 4 << 20  # bytes
PAUSE = 0.05


def eat(told: Path) -> None:
    while not told.exists():
        time.sleep(0.5)
    eaten = []
    while True:
        eaten.append(b"\1" * MOUTHFUL)  # written to, or the kernel would give none
        time.sleep(PAUSE)


if "RIG_EATS" in os.environ:
    threading.Thread(target=eat, args=(Path(os.environ["RIG_EATS"]),), daemon=True).start()
