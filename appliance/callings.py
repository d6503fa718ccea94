"""What a song is called that has no title among its tags: by its file. Pure."""

import re

TRACK = re.compile(r"(?:\d+[\s._-]+)+")


def by_file(uri: str) -> str:
    """A file's name without its ending and the track number before it."""
    name = uri.rstrip("/").rpartition("/")[2]
    stem = name.rpartition(".")[0] or name
    return stem[track.end() :] if (track := TRACK.match(stem)) else stem
