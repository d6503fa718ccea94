"""A picture that somebody sent, judged by a throwaway process of the other half. Nothing of it is kept."""

import subprocess
import sys
from collections.abc import Callable

import msgspec

from firmware import wire

Judge = Callable[[bytes], wire.Glance]
DEADLINE = 45.0


class Unjudged(ValueError):
    """Why there is no answer; the message is for the person who sent the picture."""


class _Told(msgspec.Struct, frozen=True):
    ok: bool
    glance: wire.Glance | None = None
    why: str = ""


def by_look(picture: bytes) -> wire.Glance:
    """What the picture shows. The picture goes through a pipe, never through a file."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "firmware.look"], input=picture, capture_output=True, timeout=DEADLINE, check=False
        )
        told = msgspec.json.decode(done.stdout, type=_Told)
    except (OSError, subprocess.TimeoutExpired, msgspec.DecodeError):
        raise Unjudged("This picture could not be judged. Please try another one.") from None
    if told.glance is None:
        raise Unjudged(told.why)
    return told.glance
