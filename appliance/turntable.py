"""What the box does to an MPD that answers: its queue, and reading what it is at. Volume and pauses are the mixer's.

The queue belongs to the household. What the box put there it knows by MPD's ids, and only that does it ever remove;
which songs those are is kept over restarts (debts.py).
"""

import logging
from collections.abc import Callable
from typing import Any

import mpd

from appliance import dial
from appliance.commands import Pause, Play, Resume, SetVolume, Skip, Update
from appliance.debts import Debts
from appliance.events import Player, Song
from appliance.mixer import Mixer, volume

AHEAD = 12
"""Songs told of the queue to come."""
SLACK = 4
"""How far from the volume that was asked for a server that is not MPD may show it: a sound card has its own steps."""
Act = Play | Pause | Resume | Skip | SetVolume | Update
log = logging.getLogger("mien.jukebox")


class Turntable:
    """One connection's worth of acts. Raises what the client raises when the connection is lost."""

    def __init__(self, client: mpd.MPDClient, debts: Debts, now: Callable[[], float], ceiling: int) -> None:
        self.client, self.debts, self.ceiling = client, debts, ceiling
        self.mpd = dial.version(client)
        self.mixer = Mixer(client, debts, now, slack=0 if self.mpd >= (0, 20) else SLACK)
        self.spoiled: set[str] = set()

    def settle(self) -> None:
        """On a new connection: find our own songs again, and give back a volume that a fade still owes."""
        self.debts.load((int(song["id"]), song["file"]) for song in self.client.playlistinfo() if "file" in song)
        self.mixer.settle()

    def read(self) -> tuple[Player, str]:
        """What is playing, and MPD's complaint if it has one."""
        status = self.client.status()
        place = int(status["song"]) if "song" in status else -1
        length = int(status.get("playlistlength", 0))
        found: list[dict[str, Any]] = []
        if 0 <= place < length:
            found = self.client.playlistinfo(f"{place}:{min(length, place + 1 + AHEAD)}")
        songs = tuple(song(told) for told in found)
        upcoming = songs[1:]
        if status.get("random") == "1":
            upcoming = tuple(song(told) for told in self._next(status))
        player = Player(
            state=status["state"] if status.get("state") in ("play", "pause") else "stop",
            song=songs[0] if songs else None,
            elapsed=float(status.get("elapsed", 0.0)),
            volume=self.mixer.told(volume(status)),
            upcoming=upcoming,
        )
        complaint = str(status.get("error", ""))
        if complaint:
            self.client.clearerror()
            names = {song.uri for song in (*songs, *upcoming)} | set(self.debts.own.values())
            self.spoiled |= {uri for uri in names if uri.rpartition("/")[2] in complaint}
        return player, complaint

    def _next(self, status: dict[str, str]) -> list[dict[str, Any]]:
        return list(self.client.playlistid(status["nextsongid"])) if "nextsongid" in status else []

    def act(self, command: Act) -> frozenset[str]:
        """Do it. What it may look like to somebody who watches the player is returned, as hands.read names it."""
        match command:
            case Play():
                return self._play(command)
            case Pause(over):
                return self.mixer.pause(over)
            case Resume(over):
                return self.mixer.resume(over)
            case Skip():
                self.mixer.end()
                self.client.next()
                return frozenset({"skip", "pick", "stop"})
            case SetVolume(level, over, back):
                return self.mixer.turn(min(level, self.ceiling), over, back)
            case Update():
                self.client.update()
                return frozenset()

    def _play(self, command: Play) -> frozenset[str]:
        status = self.client.status()
        current = int(status.get("songid", -1))
        before = dict(self.debts.own)
        for place in [place for place in before if place != current]:
            self._drop(place)
        added: list[int] = []
        for choice in command.choices:
            if (put := self._put(choice.song.uri, current, len(added), command.now)) is not None:
                added.append(put)
                self.debts.own[put] = choice.song.uri
        self.debts.save()
        if not added:
            return frozenset()
        if status.get("random") == "1" and self.mpd >= (0, 20):
            for rank, place in enumerate(added):  # the only order that a shuffled queue knows
                self.client.prioid(255 - rank, place)
        if command.now or status["state"] == "stop":
            self.mixer.end()
            try:
                self.client.playid(added[0])
            except mpd.CommandError as error:  # its file vanished; MPD goes on to the next by itself
                log.warning("%s cannot be played: %s", self.debts.own[added[0]], error)
                self.spoiled.add(self.debts.own[added[0]])
            return frozenset({"pick", "skip", "resume"})
        return frozenset()

    def _drop(self, place: int) -> None:
        del self.debts.own[place]
        try:
            self.client.deleteid(place)
        except mpd.CommandError as error:
            log.debug("song %d of ours was gone from the queue: %s", place, error)

    def _put(self, uri: str, current: int, rank: int, now: bool) -> int | None:
        """Into the queue: next where it is to start now, else behind what people put there. None if it vanished."""
        try:
            status = self.client.status()
            if now and current >= 0 and "song" in status:
                return int(self.client.addid(uri, int(status["song"]) + 1 + rank))
            return int(self.client.addid(uri))
        except mpd.CommandError as error:
            log.warning("%s cannot be queued: %s", uri, error)
            self.spoiled.add(uri)
            return None


def song(told: dict[str, Any]) -> Song:
    return Song(
        uri=told.get("file", ""),
        title=first(told.get("title")),
        artist=first(told.get("artist")),
        album=first(told.get("album")),
        duration=float(told.get("duration", told.get("time", 0)) or 0),
        place=int(told["id"]) if "id" in told else None,
    )


def first(tag: Any) -> str:
    """A tag may be absent, one word or several."""
    return str(tag[0]) if isinstance(tag, list) and tag else str(tag or "")
