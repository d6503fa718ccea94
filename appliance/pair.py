"""`mien pair`: a QR code of the page, and the first phone that knocks within a minute is let in.

Whoever may use this command may do what the button does; it serves a box without a button, and one that hangs high.
"""

import sys
from collections.abc import Callable
from typing import TextIO

import segno

from appliance import address

STEP = 1.0


def welcome(port: int, to: TextIO = sys.stdout, number: str | None = None) -> None:
    """The page's address by number and by name, and as a code for a phone's camera."""
    own = address.number() if number is None else number
    named = address.page(address.name(), port)
    first = address.page(own, port) if own else named
    segno.make(first, error="l").terminal(out=to, compact=True)
    print(f"Open {first}\n  or {named}\non the phone, and tap “Let this phone in”.", file=to)


def pair(press: Callable[[], bool], wait: float, now: Callable[[], float], sleep: Callable[[float], None]) -> bool:
    """Press the button, as it were, until a phone that waits at the door is let in, at most so many seconds."""
    end = now() + wait
    while not press():
        if now() >= end:
            return False
        sleep(STEP)
    return True
