"""The process that reads what is written on one file, and says it as a line of JSON: `python -m appliance.library.label
FILE`, for `tags.py`.

mutagen reads it, which has no bounds, and a megabyte of tags may unfold to gigabytes: here they end this process alone.
It imports little, for it is started for each song.
"""

import json
import math
import resource
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

import mutagen

LANGUAGE = ("TLAN", "language", "LANGUAGE", "----:com.apple.iTunes:LANGUAGE", "WM/Language")
MOOD = ("TMOO", "mood", "MOOD", "----:com.apple.iTunes:MOOD", "WM/Mood", "TXXX:MOOD", "TXXX:mood")
COMMENT = ("comment", "COMMENT", "description", "\xa9cmt", "WM/Comments")
LONG = 200
"""Characters of a tag that are read."""
SEVERAL = 20
"""Tags of a kind that are read."""
MEMORY = 128 << 20
"""Bytes beyond what Python itself needs: a cover takes four times its size."""
CPU = 20
"""Seconds of one core after which the file is given up; the usual one takes a twentieth of a second."""


def confine() -> None:
    """From here on: bounded memory and time."""
    with open("/proc/self/statm") as file:  # noqa: PTH123  # procfs
        used = int(file.read().split()[0]) * resource.getpagesize()
    for what, most in ((resource.RLIMIT_AS, used + MEMORY), (resource.RLIMIT_CPU, CPU), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(what, (most, most))


def written(file: str) -> dict[str, Any]:
    """By the names of `Tags`. Raises whatever mutagen's parsers trip over, and MemoryError."""
    record = mutagen.File(file)
    if record is None:
        return {}
    length = getattr(record.info, "length", None)
    sound = isinstance(length, int | float) and math.isfinite(length) and 0 < length < 7 * 86400
    return {
        "languages": tuple(islice(_said(record.tags, LANGUAGE), SEVERAL)),
        "moods": tuple(islice(_said(record.tags, MOOD), SEVERAL)),
        "comment": " ".join(islice(_said(record.tags, (*COMMENT, *_comments(record.tags))), SEVERAL)),
        "duration": float(length) if sound and length is not None else None,
    }


def _comments(tags: Any) -> tuple[str, ...]:
    """ID3 names a comment after its language."""
    return tuple(str(name) for name in (tags.keys() if hasattr(tags, "keys") else ()) if str(name).startswith("COMM"))


def _said(tags: Any, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        try:
            found = tags.get(name) if tags is not None else None
        except ValueError:  # Vorbis comments refuse names that are not ASCII
            continue
        several = found if isinstance(found, list) else getattr(found, "text", [found] if found is not None else [])
        for one in several if isinstance(several, list) else [several]:
            text = one.decode("utf-8", "replace") if isinstance(one, bytes) else str(one)
            if clean := "".join(letter for letter in text[:LONG] if letter.isprintable()).strip():
                yield clean


if __name__ == "__main__":
    confine()
    print(json.dumps(written(sys.argv[1])))
