"""Answers Choose with Chosen: songs that the household's rules call fitting, with variety, and a sentence why.

`pick` is pure. Around it a thread keeps the shelf as the server has it, so that a library of any size is read without
making the music or the owner wait.
"""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence

import mpd

from appliance import dial, shelf
from appliance.dial import LOST, Dial
from appliance.events import Choice, Choose, Chosen, Event, Mood
from appliance.rules import Rule, Rules
from appliance.settings import ChoiceSettings
from appliance.shelf import Shelf, Track

UNKNOWN = 1.0
"""How far from any point a song counts that tells no point: behind the near ones, before those across the plane."""
JITTER = 0.3
"""Songs whose distances differ by less than this come in any order."""
REREAD = 30.0
"""Seconds before a shelf that could not be read is tried again."""
log = logging.getLogger("mien.chooser")


def reason(track: Track, mood: Mood, rule: Rule) -> str:
    """Why this song goes with the mood, as a household would say it. Empty if no rule says so."""
    if on := next((name for name in rule.playlists if name.casefold() in track.playlists), ""):
        return f"It is on your playlist “{on}”, for {mood}."
    folders = track.song.uri.casefold().split("/")[:-1]
    path = "/".join(folders) + "/"
    for folder in rule.folders:
        if folder.casefold() in folders or path.startswith(folder.casefold().strip("/") + "/"):
            return f"It lies in your folder “{folder}”, for {mood}."
    if word := next((word for word in rule.tags if word.casefold() in track.words), ""):
        return f"It is tagged “{word}”, for {mood}."
    if genre := next((genre for genre in rule.genres if genre.casefold() in track.genres), ""):
        return f"It is {genre}, which goes with {mood}."
    return ""


def distance(track: Track, valence: float, energy: float) -> float:
    if track.valence is None or track.energy is None:
        return UNKNOWN
    return float(((track.valence - valence) ** 2 + (track.energy - energy) ** 2) ** 0.5)


def pick(
    asked: Choose, stock: Shelf, rules: Rules, heard: Mapping[str, float], artists: Sequence[str], dice: random.Random
) -> Chosen:
    """`heard`: songs that should not come again yet, with how long ago they came. `artists`: who played lately."""
    if stock.trouble:
        return Chosen(asked.ticket, (), stock.trouble)
    if not stock.tracks:
        return Chosen(asked.ticket, (), "the music library is empty: put songs into its folder and update the server")
    why = {track: said for track in stock.tracks if (said := reason(track, asked.mood, rules[asked.mood]))}
    if not why:
        why = {track: f"It sounds near {asked.mood}." for track in stock.tracks if track.valence is not None}
    if not why:
        text = f"no song fits “{asked.mood}”: name folders, genres, tags or a playlist for it in moods.toml"
        return Chosen(asked.ticket, (), text)
    far = {track: distance(track, asked.valence, asked.energy) + dice.random() * JITTER for track in why}
    age = {uri: rank for rank, uri in enumerate(asked.avoid)}

    def stale(track: Track) -> float:
        """0 for a song that may come; else the lower, the longer it is gone."""
        uri = track.song.uri
        if uri not in age and uri not in heard:
            return 0.0
        return 1.0 / (1.0 + age.get(uri, len(age))) + 1.0 / (1.0 + heard.get(uri, 1e9))

    chosen: list[Track] = []
    lately = [name.casefold() for name in artists]
    left = set(why)
    while left and len(chosen) < asked.count:
        # First what is fresh, then what is by somebody else, then what is near.
        best = min(left, key=lambda t: (stale(t), bool(t.song.artist) and t.song.artist.casefold() in lately, far[t]))
        left.remove(best)
        chosen.append(best)
        lately = [*lately, best.song.artist.casefold()][-len(artists) :] if artists else lately
    again = " It comes again so soon because nothing else fits."
    return Chosen(asked.ticket, tuple(Choice(t.song, why[t] + (again if stale(t) else "")) for t in chosen))


class Chooser:
    """The thread. `ask`, `library` and `spoiled` never wait; the answer is posted."""

    def __init__(
        self,
        reach: Dial,
        post: Callable[[Event], None],
        rules: Rules,
        settings: ChoiceSettings,
        dice: random.Random | None = None,
    ) -> None:
        self.settings, self.rules = settings, rules
        self.trouble = ""
        self._reach, self._post = reach, post
        self._dice = dice or random.Random()
        self._told: queue.SimpleQueue[Choose | str | None] = queue.SimpleQueue()
        self._shelf = Shelf(trouble="the music library is not read yet")
        self._read_at = float("-inf")
        self._spoiled: set[str] = set()
        self._given: dict[str, float] = {}
        self._artists: list[str] = []
        self._thread = threading.Thread(target=self._live, name="chooser", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._told.put(None)
        self._thread.join(2.0)

    def ask(self, asked: Choose) -> None:
        self._told.put(asked)

    def library(self) -> None:
        """The songs may have changed."""
        self._told.put("")

    def spoiled(self, uri: str) -> None:
        """This song cannot be played: left out until the library changes."""
        self._told.put(uri)

    def remember(self, uri: str, ago: float) -> None:
        """A song that was heard before this process began. To be called before `start`."""
        self._given[uri] = time.monotonic() - ago

    def _live(self) -> None:
        while (told := self._told.get()) is not None:
            if isinstance(told, Choose):
                if self._shelf.trouble and time.monotonic() - self._read_at > REREAD:
                    self._stock()
                self._answer(told)
            elif told:
                self._spoiled.add(told)
            else:
                self._spoiled.clear()
                self._stock()

    def _stock(self) -> None:
        self._read_at = time.monotonic()
        try:
            client = self._reach.connect()
            try:
                self._shelf = shelf.stock(client)
            finally:
                dial.hang_up(client)
        except (*LOST, ValueError, mpd.MPDError) as error:
            self._shelf = Shelf(trouble=f"the music library cannot be read: {error}")
            log.warning(self._shelf.trouble)

    def _answer(self, asked: Choose) -> None:
        now = time.monotonic()
        hours = self.settings.song_hours * 3600
        self._given = {uri: at for uri, at in self._given.items() if now - at < hours}
        heard = {uri: now - at for uri, at in self._given.items()}
        stock = self._shelf
        if self._spoiled:
            stock = Shelf(tuple(t for t in stock.tracks if t.song.uri not in self._spoiled), stock.trouble)
        gap = self.settings.artist_gap
        artists = ([""] * gap + self._artists)[-gap:] if gap else []
        chosen = pick(asked, stock, self.rules, heard, artists, self._dice)
        for choice in chosen.choices:
            self._given[choice.song.uri] = now
            self._artists = [*self._artists, choice.song.artist][-20:]
        self._post(chosen)
