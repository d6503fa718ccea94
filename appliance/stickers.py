"""Likes, plays and skips kept with the songs in MPD's stickers, by the names and rules that its other clients share.

So what was liked in another player counts here, and what is liked here shows there. A dislike "not when I'm sad" is no
dislike for every client: it only takes a like back. All of it is in the box's own history too: a server without
stickers loses nothing but the sharing.
"""

import contextlib
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import mpd

from appliance import dial
from appliance.commands import Remember
from appliance.dial import LOST, Dial

LIKE, RATING, PLAYS, SKIPS, PLAYED, SKIPPED = "like", "rating", "playCount", "skipCount", "lastPlayed", "lastSkipped"
GOOD, BAD = 8, 2
"""Ratings of 0 to 10 that count as a like and as a dislike; 0 is what an unrated song has in some clients."""
LEAST = 10.0
"""Seconds that must have been heard for a skip to be one."""
AGAIN = 30.0
"""Seconds before a lost server is tried again."""
WAITING = 500
"""What may wait for a server; beyond that the oldest go, and stay in the history."""
log = logging.getLogger("mien.stickers")


@dataclass(frozen=True)
class Kept:
    """What the stickers tell, by uri: how often played and skipped, and 2 for a like, 0 for a dislike."""

    plays: dict[str, int] = field(default_factory=dict)
    skips: dict[str, int] = field(default_factory=dict)
    likes: dict[str, int] = field(default_factory=dict)


def read(client: mpd.MPDClient) -> Kept:
    """Everything that any client kept with the songs. Raises what the client raises when the connection is lost."""
    ratings = numbers(client, RATING)
    likes = {uri: 2 if rating >= GOOD else 0 for uri, rating in ratings.items() if rating >= GOOD or 0 < rating <= BAD}
    likes |= {uri: int(like) for uri, like in numbers(client, LIKE).items() if like in (0, 2)}
    plays, skips = (
        {uri: int(min(max(count, 0), 1e6)) for uri, count in numbers(client, name).items()} for name in (PLAYS, SKIPS)
    )
    return Kept(plays, skips, likes)


def numbers(client: mpd.MPDClient, name: str) -> dict[str, float]:
    """Numbers kept with the songs under this name. A server without stickers has none."""
    found = {}
    try:
        told = client.sticker_find("song", "", name)
    except mpd.CommandError as error:
        log.info("stickers are left out: %s", error)
        return {}
    for one in told:
        try:
            number = float(one["sticker"].partition("=")[2])
        except ValueError:
            log.info("the sticker %s of %s is no number", name, one["file"])
            continue
        if number == number:  # "nan" is a number to Python and to nobody else
            found[one["file"]] = number
    return found


class Stickers:
    """The writing edge: `learned` never waits. `sure` tells whether the wall clock may be believed."""

    def __init__(
        self,
        reach: Dial,
        wall: Callable[[], float] = time.time,
        sure: Callable[[], bool] = lambda: True,
        again: float = AGAIN,
    ) -> None:
        self._reach, self._wall, self._sure, self._again = reach, wall, sure, again
        self._told: queue.SimpleQueue[tuple[Remember, int] | None] = queue.SimpleQueue()
        self._waiting: deque[tuple[Remember, int]] = deque(maxlen=WAITING)
        self._thread = threading.Thread(target=self._live, name="stickers", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What waits for a server that is away stays unwritten; the history has it."""
        self._told.put(None)
        self._thread.join(2.0)

    def learned(self, said: Remember) -> None:
        if said.song and said.kind in ("rated", "played", "skipped"):
            self._told.put((said, int(self._wall()) if self._sure() else 0))

    def _live(self) -> None:
        while True:
            with contextlib.suppress(queue.Empty):  # nothing new: what waits is tried again
                told = self._told.get(timeout=self._again if self._waiting else None)
                if told is None:
                    return
                self._waiting.append(told)
            self._write()

    def _write(self) -> None:
        try:
            client = self._reach.connect()
            try:
                while self._waiting:
                    write(client, *self._waiting[0])
                    self._waiting.popleft()
            finally:
                dial.hang_up(client)
        except (*LOST, ValueError, mpd.MPDError) as error:
            log.info("stickers wait for the server: %s", error)


def write(client: mpd.MPDClient, said: Remember, wall: int) -> None:
    """One row. What the server refuses (no stickers, a song that is gone) is left; a lost connection raises."""
    try:
        if said.kind == "played":
            count(client, said.song, PLAYS, PLAYED, wall)
        elif said.kind == "skipped" and (said.value or 0.0) >= LEAST:
            count(client, said.song, SKIPS, SKIPPED, wall)
        elif said.kind == "rated" and said.value is not None:
            like(client, said)
    except mpd.CommandError as error:
        log.info("%s keeps no sticker: %s", said.song, error)


def count(client: mpd.MPDClient, uri: str, name: str, last: str, wall: int) -> None:
    client.sticker_set("song", uri, name, str(int(had(client, uri, name) or 0) + 1))
    if wall:
        client.sticker_set("song", uri, last, str(wall))


def like(client: mpd.MPDClient, said: Remember) -> None:
    value = int(said.value or 0)
    if value == 0 and said.mood is not None:
        if had(client, said.song, LIKE) == 2:
            client.sticker_set("song", said.song, LIKE, "1")
        return
    client.sticker_set("song", said.song, LIKE, str(value))


def had(client: mpd.MPDClient, uri: str, name: str) -> float | None:
    """The number there is, if there is one."""
    try:
        return float(client.sticker_get("song", uri, name))
    except (mpd.CommandError, ValueError):
        return None
