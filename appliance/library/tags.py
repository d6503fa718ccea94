"""What a file says of itself that the music server does not pass on: language, mood, comment, length.

Read by mutagen, from a stranger's file: whatever is wrong with the tags, the song is still a song.
"""

import logging
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mutagen

LANGUAGE = ("TLAN", "language", "LANGUAGE", "----:com.apple.iTunes:LANGUAGE", "WM/Language")
MOOD = ("TMOO", "mood", "MOOD", "----:com.apple.iTunes:MOOD", "WM/Mood", "TXXX:MOOD", "TXXX:mood")
COMMENT = ("comment", "COMMENT", "description", "\xa9cmt", "WM/Comments")
LONG = 200
"""Characters of a tag that are read."""
log = logging.getLogger("mien.library")


@dataclass(frozen=True)
class Tags:
    languages: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    comment: str = ""
    duration: float | None = None


def read(file: Path) -> Tags:
    try:
        record = mutagen.File(file)
    except Exception as error:  # a stranger's bytes: mutagen's parsers raise whatever they trip over
        log.info("the tags of %s are not read: %s", file.name, error)
        return Tags()
    if record is None:
        return Tags()
    length = getattr(record.info, "length", None)
    sound = isinstance(length, int | float) and math.isfinite(length) and 0 < length < 7 * 86400
    return Tags(
        tuple(_said(record.tags, LANGUAGE)),
        tuple(_said(record.tags, MOOD)),
        " ".join(_said(record.tags, (*COMMENT, *_comments(record.tags)))),
        float(length) if sound and length is not None else None,
    )


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
