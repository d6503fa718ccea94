"""What a song is called that has no title among its tags: by its file. Pure."""

import re
from pathlib import PurePosixPath

TRACK = re.compile(r"(?:\d+[\s._-]+)+")


def by_file(uri: str) -> str:
    """A file's name without its ending and the track number before it."""
    stem = PurePosixPath(uri).stem
    return stem[track.end() :] if (track := TRACK.match(stem)) else stem
