"""What the box does to an MPD that answers: play, pause, skip, volume, and reading what it is at.

The queue belongs to the household. What the box put there it knows by MPD's ids, and only that does it ever remove.
A fade borrows the volume and gives it back: the player is told of with the volume that it will have again, and a
person who turns the volume in mid-fade ends the fade. What is owed (own songs, the volume to come back to) lies in a
small file, so that a box killed in mid-fade is not silent for ever.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mpd

from appliance import dial, store
from appliance.events import Pause, Play, Player, Resume, SetVolume, Skip, Song, Update
from appliance.fade import Fade

AHEAD = 12
"""Songs told of the queue to come."""
Act = Play | Pause | Resume | Skip | SetVolume | Update
log = logging.getLogger("mien.jukebox")


@dataclass
class Debts:
    """What the box owes the household's queue and volume, kept over restarts."""

    file: Path
    own: dict[int, str] = field(default_factory=dict)
    volume: int | None = None

    def load(self) -> list[str]:
        """The songs that were ours; their ids may have changed with a new MPD."""
        try:
            told = json.loads(self.file.read_bytes())
            self.volume = told["volume"] if isinstance(told["volume"], int) else None
            return [str(uri) for uri in told["own"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("%s is not readable (%s): songs queued before count as the household's", self.file, error)
            return []

    def save(self) -> None:
        """Synced, though it comes with every song: a power cut in mid-fade would else leave the volume at nothing."""
        told = json.dumps({"own": list(self.own.values()), "volume": self.volume})
        try:
            store.replace(self.file, told.encode())
        except OSError as error:
            log.warning("%s cannot be kept: %s", self.file, error)


class Turntable:
    """One connection's worth of acts. Raises what the client raises when the connection is lost."""

    def __init__(self, client: mpd.MPDClient, debts: Debts, now: Callable[[], float], ceiling: int) -> None:
        self.client, self.debts, self.now, self.ceiling = client, debts, now, ceiling
        self.mpd = dial.version(client)
        self.fade: Fade | None = None
        self._then_pause = False
        self._home: int | None = None  # the volume that a fade gives back
        self._set: int | None = None  # the volume that a fade set last
        self.spoiled: set[str] = set()

    def settle(self) -> None:
        """On a new connection: find our own songs again, and give back a volume that a fade still owes."""
        uris = set(self.debts.load())
        self.debts.own = {int(s["id"]): s["file"] for s in self.client.playlistinfo() if s.get("file") in uris}
        if self.debts.volume is not None and volume(self.client.status()) is not None:
            self.client.setvol(self.debts.volume)
        self.debts.volume = None

    def read(self) -> tuple[Player, str]:
        """What is playing, and MPD's complaint if it has one."""
        status = self.client.status()
        level = volume(status)
        if self.fade and level != self._set:
            self._forget_fade()  # a person's hand is on the volume: it stays where they put it
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
            volume=self._home if self.fade and self._home is not None else level,
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
                return self._pause(over)
            case Resume(over):
                return self._resume(over)
            case Skip():
                self.end_fade()
                self.client.next()
                return frozenset({"skip", "pick", "stop"})
            case SetVolume(level, over):
                return self._volume(min(level, self.ceiling), over)
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
            self.end_fade()
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

    def _pause(self, over: float) -> frozenset[str]:
        status = self.client.status()
        if status["state"] != "play":
            return frozenset()
        level = volume(status)
        if over > 0 and level:
            self._begin(level, 0, over, home=self._home if self.fade and self._home is not None else level)
            self._then_pause = True
            return frozenset()
        self.client.pause(1)
        self.end_fade()
        return frozenset({"pause"})

    def _resume(self, over: float) -> frozenset[str]:
        status = self.client.status()
        if status["state"] == "play":
            if self._then_pause:  # called back in mid-fade
                self._begin(self._set or 0, self._home or 0, over, home=self._home)
            return frozenset()
        if int(status.get("playlistlength", 0)) == 0:
            return frozenset()
        level = volume(status)
        if over > 0 and level:
            self.client.setvol(0)
            self._begin(0, level, over, home=level)
        self.client.pause(0) if status["state"] == "pause" else self.client.play()
        return frozenset({"resume", "pick"})

    def _volume(self, level: int, over: float) -> frozenset[str]:
        have = volume(self.client.status())
        if have is None:
            return frozenset()
        if self.fade and self._home is not None:  # on its way out or in: where it comes back to
            if self._then_pause:
                self._home = self.debts.volume = level
            else:
                self._begin(have, level, max(0.5, self.fade.at + self.fade.over - self.now()), home=level)
        elif over > 0 and have != level:
            self._begin(have, level, over, home=None)
        else:
            self._forget_fade()
            self.client.setvol(level)
        return frozenset({"volume"})

    def _begin(self, begin: int, end: int, over: float, home: int | None) -> None:
        self.fade, self._then_pause, self._home, self._set = Fade(begin, end, self.now(), over), False, home, begin
        if home != self.debts.volume:
            self.debts.volume = home
            self.debts.save()

    def step(self) -> frozenset[str]:
        """One step of the fade that is on."""
        if self.fade is None or volume(self.client.status()) != self._set:
            return frozenset()  # turned by a person; the next reading says so
        self._set = self.fade.level(self.now())
        self.client.setvol(self._set)
        if not self.fade.done(self.now()):
            return frozenset({"volume"} if self._home is None else ())
        if self._then_pause:
            self.client.pause(1)
            self.end_fade()
            return frozenset({"pause"})
        self._forget_fade()
        return frozenset({"volume"})

    def end_fade(self) -> None:
        """Give the volume back at once."""
        if self.fade and self._home is not None:
            self.client.setvol(self._home)
        self._forget_fade()

    def _forget_fade(self) -> None:
        self.fade, self._then_pause, self._home, self._set = None, False, None, None
        if self.debts.volume is not None:
            self.debts.volume = None
            self.debts.save()


def volume(status: dict[str, str]) -> int | None:
    """The mixer's level; None where the outputs have no mixer."""
    level = int(status.get("volume", -1))
    return level if level >= 0 else None


def song(told: dict[str, Any]) -> Song:
    return Song(
        uri=told.get("file", ""),
        title=first(told.get("title")) or told.get("file", "").rpartition("/")[2],
        artist=first(told.get("artist")),
        album=first(told.get("album")),
        duration=float(told.get("duration", told.get("time", 0)) or 0),
        place=int(told["id"]) if "id" in told else None,
    )


def first(tag: Any) -> str:
    """A tag may be absent, one word or several."""
    return str(tag[0]) if isinstance(tag, list) and tag else str(tag or "")
