"""Waiting in tests that watch real processes: until something is so, with a bound, told when it never was."""

import time
from collections.abc import Callable
from typing import TypeVar

Told = TypeVar("Told")
PATIENCE = 60.0
"""Seconds; a machine may be busy with other things, and a wait that ends well costs none of them."""


def until(true: Callable[[], Told], what: str = "it", seconds: float = PATIENCE, every: float = 0.1) -> Told:
    """What `true` answers, once that is anything; fails, naming what never came, after so many seconds."""
    end = time.monotonic() + seconds
    while not (told := true()):
        assert time.monotonic() < end, f"in {seconds:g} s it never came to this: {what}"
        time.sleep(every)
    return told
