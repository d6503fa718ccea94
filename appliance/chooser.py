"""Answers Choose with Chosen: the thread around the choice, which itself is pure (recommender/pick.py).

It keeps the shelf as the server has it, and what the household showed it likes, so that a library of any size is read
without making the music or the owner wait. What takes seconds to learn comes later, from the student.
"""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import mpd

from appliance import dial, shelf
from appliance.commands import Choose, Remember
from appliance.dial import LOST, Dial
from appliance.events import Chosen, Event
from appliance.history import Row
from appliance.library.chart import Chart
from appliance.rack import Rack
from appliance.recommender import affinity
from appliance.recommender.evenings import Evenings
from appliance.recommender.hours import Hours
from appliance.recommender.pick import Memory, pick
from appliance.recommender.stock import Stock, fill, named
from appliance.recommender.student import Student
from appliance.recommender.taste import Taste
from appliance.rules import Rule, Rules
from appliance.settings import ChoiceSettings
from appliance.shelf import Shelf
from appliance.thrift import give_back

REREAD = 30.0
"""Seconds before a shelf that could not be read is tried again."""
LISTENED = 600.0
"""Seconds between two looks at what the ear has placed since: while it works, every song is news."""
ARTISTS = 20
"""Artists that played lately, kept."""
HABITS = ("rated", "played", "skipped", "smile")
"""The history's rows that tell what is liked."""
log = logging.getLogger("mien.chooser")


@dataclass(frozen=True)
class _Spoiled:
    uri: str


@dataclass(frozen=True)
class _Reread:
    pass


@dataclass(frozen=True)
class _Forgotten:
    pass


@dataclass(frozen=True)
class _Learned:
    """What the student made of the lists as they were before `lesson` other things were forgotten."""

    stock: Stock
    lesson: int


Told = Choose | Remember | _Learned | _Spoiled | _Reread | _Forgotten


class Chooser:
    """The thread. `ask`, `library`, `spoiled` and `learned` never wait; the answer is posted."""

    def __init__(
        self,
        reach: Dial,
        post: Callable[[Event], None],
        rules: Rules,
        settings: ChoiceSettings,
        dice: random.Random | None = None,
        chart: Callable[[Mapping[str, str]], Chart] = lambda moved: Chart(),
        edition: Callable[[], int] = lambda: 0,
        moved: Callable[[Rack | None], Mapping[str, str]] = lambda listed: {},
        habits: Callable[[], Sequence[Row]] = tuple,
    ) -> None:
        """`chart`: what the ear knows of each song, those that moved under their new uri; `edition`: another number
        whenever that changed; `moved`: where songs lie now that lay elsewhere, by what the server lists, if that is
        read. `habits`: what the history holds of HABITS, oldest first."""
        self.settings, self.rules = settings, rules
        self._reach, self._post, self._chart, self._edition = reach, post, chart, edition
        self._moved, self._habits = moved, habits
        self._dice = dice or random.Random()
        self._told: queue.SimpleQueue[Told | None] = queue.SimpleQueue()
        self._shelf = Shelf(trouble="the music library is not read yet")
        self._stock = Stock(trouble=self._shelf.trouble)
        self._read_at = self._listened_at = float("-inf")
        self._listened = 0
        self._spoiled: set[str] = set()
        self._given: dict[str, float] = {}
        self._artists: list[str] = []
        self._taste = Taste()
        self._evenings = Evenings()
        self._hours = Hours()
        self._moves: Mapping[str, str] = {}
        self._lesson = 0
        self._student = Student[_Learned](self._told.put)
        self._thread = threading.Thread(target=self._live, name="chooser", daemon=True)

    def start(self) -> None:
        self._student.start()
        self._thread.start()

    def stop(self) -> None:
        self._student.stop()
        self._told.put(None)
        self._thread.join(2.0)

    def ask(self, asked: Choose) -> None:
        self._told.put(asked)

    def library(self) -> None:
        """The songs may have changed."""
        self._told.put(_Reread())

    def spoiled(self, uri: str) -> None:
        """This song cannot be played: left out until the library changes."""
        self._told.put(_Spoiled(uri))

    def learned(self, said: Remember) -> None:
        """What happened to a song just now."""
        if said.kind in HABITS:
            self._told.put(said)

    def forgotten(self) -> None:
        """Something is gone from the history: what was learned of it goes too."""
        self._told.put(_Forgotten())

    def recall(self) -> None:
        """Know what the history holds, by the names that songs have now, and nothing else. To be called before `start`,
        then by the thread alone."""
        self._recall(self._located())

    def _located(self) -> Mapping[str, str]:
        return self._moved(self._shelf.tracks or None)

    def _recall(self, moves: Mapping[str, str]) -> None:
        rows, self._moves = self._habits(), moves
        self._taste, self._evenings, self._hours = self._taste.fresh(), Evenings(), Hours()
        self._given, self._artists = {}, []
        # A Pi may start in the past; then all songs ever heard would count as heard this minute.
        now = max((time.time(), *(row.at for row in rows)))
        for row in rows:
            song = self._moves.get(row.song, row.song)
            said = Remember(row.kind, row.mood, song, row.value, row.note)  # type: ignore[arg-type]  # as written
            self._taste.learn(said, now - row.at)
            self._evenings.learn(said, row.at)
            self._hours.learn(said, time.localtime(row.at).tm_hour)
            if row.kind == "played":
                self._given[song] = time.monotonic() - (now - row.at)

    def shelved(self) -> Shelf:
        """The library as it was read last. For any thread, as the next: neither is ever changed, only replaced."""
        return self._shelf

    def fitting(self, rule: Rule) -> int | None:
        """How many songs this rule speaks for; None where no library is read."""
        stock = self._stock
        return int(stock.having(named(rule)).sum()) if stock.tracks else None

    def _live(self) -> None:
        while (told := self._told.get()) is not None:
            try:
                self._turn(told)
            except Exception as error:  # the thread's top loop: one fault must not end the choosing for good
                log.exception("a turn was lost: %r", told)
                if isinstance(told, Choose):
                    self._post(Chosen(told.ticket, (), f"choosing failed: {error}"))

    def _turn(self, told: Told) -> None:
        match told:
            case Choose():
                self._keep_up()
                self._answer(told)
            case Remember():
                self._taste.learn(told)
                self._evenings.learn(told, time.time())
                self._hours.learn(told, time.localtime().tm_hour)
            case _Learned(stock, lesson):
                if lesson == self._lesson and stock.tracks is self._shelf.tracks:  # else the world went on meanwhile
                    self._stock = stock
                give_back()
            case _Forgotten():
                self._lesson += 1
                self.recall()
                self._fill()
            case _Spoiled(uri):
                self._spoiled.add(uri)
            case _Reread():
                self._spoiled.clear()
                self._read()

    def _keep_up(self) -> None:
        """Read again what could not be read; and have the student see what the ear has placed since."""
        now = time.monotonic()
        if self._shelf.trouble and now - self._read_at > REREAD:
            self._read()
        elif now - self._listened_at > LISTENED and not self._shelf.trouble:
            self._listened_at = now
            edition = self._edition()
            if edition != self._listened or self._evenings.grown():
                self._listened = edition
                self._follow()
                self._student.learn(partial(self._anew, self._shelf, self._evenings.lists(), self._moves, self._lesson))

    def _read(self) -> None:
        self._read_at = self._listened_at = time.monotonic()
        try:
            client = self._reach.connect()
            try:
                self._shelf = shelf.stock(client)
            finally:
                dial.hang_up(client)
        except (*LOST, ValueError, mpd.MPDError) as error:
            self._shelf = Shelf(trouble=f"the music library cannot be read: {error}")
            self._stock = Stock(trouble=self._shelf.trouble)
            log.warning(self._shelf.trouble)
            return
        self._listened = self._edition()
        self._taste.adopt(self._shelf.kept)
        self._follow()
        self._fill()
        give_back()

    def _follow(self) -> None:
        """What was shown and said of a song goes with it to where it lies now."""
        if (moves := self._located()) != self._moves:
            self._recall(moves)

    def _fill(self) -> None:
        """Stock the shelf at once with what is quickly known, and have the rest studied."""
        if self._shelf.trouble:
            return
        self._stock = self._filled(self._shelf, self._evenings.lists(), self._moves)
        self._student.learn(partial(learned, self._stock, self._lesson))

    def _filled(self, read: Shelf, lists: Sequence[Sequence[str]], moves: Mapping[str, str]) -> Stock:
        """For any thread: it reads nothing that changes."""
        return fill(read.tracks, self._chart(moves), lists, read.kept.plays)

    def _anew(self, read: Shelf, lists: Sequence[Sequence[str]], moves: Mapping[str, str], lesson: int) -> _Learned:
        """On the student's thread."""
        return learned(self._filled(read, lists, moves), lesson)

    def _answer(self, asked: Choose) -> None:
        now = time.monotonic()
        hours = self.settings.song_hours * 3600
        self._given = {uri: at for uri, at in self._given.items() if now - at < hours}
        gap = self.settings.artist_gap
        memory = Memory(
            self._taste,
            {uri: now - at for uri, at in self._given.items()},
            ([""] * gap + self._artists)[-gap:] if gap else [],
            [word.strip().casefold() for word in self.settings.languages.split(",") if word.strip()],
            frozenset(self._spoiled),
            self._hours.usual(time.localtime().tm_hour),
        )
        chosen: Chosen = pick(asked, self._stock, self.rules, memory, self._dice)
        for choice in chosen.choices:
            self._given[choice.song.uri] = now
            self._artists = [*self._artists, choice.song.artist][-ARTISTS:]
        self._post(chosen)


def learned(stock: Stock, lesson: int) -> _Learned:
    """What takes seconds."""
    return _Learned(stock.knowing(affinity.fit(stock.lists)), lesson)
