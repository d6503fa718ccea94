"""How the walk tells what it sees, and how it waits: with a bound, and never for nothing in particular."""

import json
import subprocess
import time
from collections.abc import Callable

PATIENCE = 180.0
"""Seconds of the machine's own clock, which stands still while its processor is emulated."""


class Never(TimeoutError):
    """What was waited for did not come."""


def tell(what: str, found: object, good: bool = True) -> None:
    """A row of the rig's table."""
    hand(what=what, found=str(found), good=good)


def hand(**word: object) -> None:
    """A word to the rig outside."""
    print(json.dumps(word), flush=True)


def say(words: str) -> None:
    """A line for who watches."""
    print(f"{time.monotonic():6.0f} s  {words}", flush=True)


def run(*words: str, seconds: float = PATIENCE) -> str:
    """What a program said; empty where it failed."""
    done = subprocess.run(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        timeout=seconds,
    )  # fmt: skip
    if done.returncode:
        say(f"{' '.join(words[:4])} ended with {done.returncode}: {done.stdout.strip()[-300:]}")
    return done.stdout.strip() if not done.returncode else ""


def until(what: str, true: Callable[[], object], patience: float = PATIENCE) -> float:
    """Seconds until it was true. Never, with its name, where it never was."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        if true():
            return time.monotonic() - began
        time.sleep(0.5)
    raise Never(f"not within {patience:.0f} s: {what}")
