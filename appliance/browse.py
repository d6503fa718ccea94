"""All songs of a server that cannot be asked for them at once: its folders are walked.

Mopidy is such a server: it speaks an old protocol, forbids `listallinfo` unless told otherwise, and shows one library
in many ways (albums, artists, years). Where a folder has one called "Tracks", that holds every song once.
"""

import logging
from collections import deque
from collections.abc import Iterator
from typing import Any

import mpd

ALL = "tracks"
MOST = 5000
"""Folders walked at most: whoever serves the world's music has no end of them."""
log = logging.getLogger("mien.chooser")


def everything(client: mpd.MPDClient) -> Iterator[dict[str, Any]]:
    """Each song once. Raises what the client raises when the connection is lost."""
    try:
        told = client.listallinfo()
    except mpd.CommandError as error:
        log.info("the whole library is not told at once (%s): its folders are walked", error)
        yield from walk(client)
        return
    yield from told


def walk(client: mpd.MPDClient) -> Iterator[dict[str, Any]]:
    waiting, met, seen = deque([""]), 0, set()
    while waiting and met < MOST:
        folder = waiting.popleft()
        met += 1
        try:
            told = client.lsinfo(folder) if folder else client.lsinfo()
        except mpd.CommandError as error:
            log.info("the folder %r is left out: %s", folder, error)
            continue
        below = [one["directory"] for one in told if "directory" in one]
        whole = [name for name in below if name.rpartition("/")[2].casefold() == ALL]
        waiting.extend(whole or below)
        for one in told:
            if "file" in one and one["file"] not in seen:
                seen.add(one["file"])
                yield one
    if waiting:
        log.warning("the library has more than %d folders: the rest are left out", MOST)
