"""Answers Choose with Chosen: the thread around the choice, which itself is pure (recommender/pick.py).

It keeps the shelf as the server has it, so that a library of any size is read without making the music or the owner
wait. What takes seconds to learn comes later, from the student: one thing at a time, so that no two stocks of a great
library are held for longer than it takes to change them.
"""

import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import mpd

from appliance import dial, shelf
from appliance.commands import Choose, Remember
from appliance.dial import LOST, Dial
from appliance.events import Chosen, Event
from appliance.habits import HABITS, Habits
from appliance.history import Row
from appliance.library.chart import Chart
from appliance.rack import Rack
from appliance.recommender.pick import pick
from appliance.recommender.stock import Stock, fill, named
from appliance.recommender.student import Student
from appliance.rules import Rule, Rules
from appliance.settings import ChoiceSettings
from appliance.shelf import Shelf
from appliance.studies import Found, Refilled, Studied, found, refilled, studied
from appliance.thrift import give_back

REREAD = 30.0
"""Seconds before a shelf that could not be read is tried again."""
LISTS = 10.0
"""Seconds after the last change of a stored playlist until it is read: whoever makes one adds song after song."""
LISTENED = 600.0
"""Seconds between two looks at what the ear has placed since, and others kept: while they work, every song is news."""
FEW = 10
"""Sooner, where more than these and as many again as ever are news: a new library is not played blindly for so long."""
log = logging.getLogger("mien.chooser")


@dataclass(frozen=True)
class _Spoiled:
    uri: str


@dataclass(frozen=True)
class _Reread:
    pass


@dataclass(frozen=True)
class _Listed:
    pass


@dataclass(frozen=True)
class _Forgotten:
    pass


Told = Choose | Remember | Refilled | Found | Studied | _Spoiled | _Reread | _Listed | _Forgotten


class Chooser:
    """The thread. `ask`, `library`, `lists`, `spoiled` and `learned` never wait; the answer is posted."""

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
        self._moved, self._habits = moved, Habits(habits)
        self._dice = dice or random.Random()
        self._told: queue.SimpleQueue[Told | None] = queue.SimpleQueue()
        self._shelf = Shelf(trouble="the music library is not read yet")
        self._stock = Stock(trouble=self._shelf.trouble)
        self._read_at = self._listened_at = float("-inf")
        self._due: float | None = None
        self._listened = 0
        self._spoiled: set[str] = set()
        self._studied: Studied | None = None
        self._lesson = 0
        self._student = Student[Refilled | Found | Studied](self._told.put)
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

    def lists(self) -> None:
        """Somebody changed a stored playlist."""
        self._told.put(_Listed())

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
        self._habits.recall(self._located())

    def _located(self) -> Mapping[str, str]:
        return self._moved(self._shelf.tracks or None)

    def shelved(self) -> Shelf:
        """The library as it was read last. For any thread, as the next: neither is ever changed, only replaced."""
        return self._shelf

    def fitting(self, rule: Rule) -> int | None:
        """How many songs this rule speaks for; None where no library is read."""
        stock = self._stock
        return int(stock.having(named(rule)).sum()) if stock.tracks else None

    def _live(self) -> None:
        while (told := self._next()) is not None:
            try:
                self._turn(told)
            except Exception as error:  # the thread's top loop: one fault must not end the choosing for good
                log.exception("a turn was lost: %r", told)
                if isinstance(told, Choose):
                    self._post(Chosen(told.ticket, (), f"choosing failed: {error}"))

    def _next(self) -> Told | None:
        """What comes next; the lists, where they are due."""
        try:
            return self._told.get(timeout=None if self._due is None else max(0.0, self._due - time.monotonic()))
        except queue.Empty:
            return _Reread()

    def _turn(self, told: Told) -> None:
        match told:
            case Choose():
                self._keep_up()
                self._answer(told)
            case Remember():
                self._habits.learn(told)
            case Refilled(stock, lesson):
                if lesson == self._lesson:  # else the world went on meanwhile
                    self._take(stock)
                give_back()
            case Found(kept):
                if kept is not None and not self._shelf.trouble:
                    self._shelf = replace(self._shelf, kept=kept)
                    self._habits.taste.adopt(kept)
            case Studied(lists, affinity, lesson):
                if lesson == self._lesson and self._stock.lists.same(lists):  # else others are being studied
                    self._studied, self._stock = told, self._stock.knowing(affinity)
                give_back()
            case _Forgotten():
                self._begin_anew()
                self.recall()
                self._fill()
            case _Spoiled(uri):
                self._spoiled.add(uri)
            case _Listed():
                self._due = time.monotonic() + LISTS
            case _Reread():
                self._spoiled.clear()
                self._read()

    def _keep_up(self) -> None:
        """Read again what could not be read; and have the student see what the ear has placed since, what was heard
        together, and what is liked in other players."""
        now = time.monotonic()
        if self._stock.trouble:
            if now - self._read_at > REREAD:
                self._read()
        elif (edition := self._edition()) > 2 * self._listened + FEW or now - self._listened_at > LISTENED:
            self._listened_at = now
            self._student.learn("stickers", partial(found, self._reach))
            if edition != self._listened:
                self._listened = edition
                self._follow()
                self._student.learn("stock", partial(refilled, self._filling(), self._lesson))
            elif self._habits.evenings.grown():  # a filling anew would take as much memory again, for nothing
                along = partial(self._stock.along, self._habits.evenings.lists())
                self._student.learn("stock", partial(refilled, along, self._lesson))

    def _read(self) -> None:
        self._read_at, self._listened_at, self._due = time.monotonic(), time.monotonic(), None
        # Room for one stock is enough, and what its lists told is of songs that bear other numbers now.
        self._stock = Stock(trouble=self._shelf.trouble or "the music library is being read")
        self._begin_anew()
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
        give_back()
        self._listened = self._edition()
        self._habits.taste.adopt(self._shelf.kept)
        self._follow()
        self._fill()
        give_back()

    def _begin_anew(self) -> None:
        """What was learned, and what is being learned, holds no longer."""
        self._lesson += 1
        self._studied = None

    def _follow(self) -> None:
        """What was shown and said of a song goes with it to where it lies now."""
        if (moves := self._located()) != self._habits.moves:
            self._habits.recall(moves)

    def _fill(self) -> None:
        """Stock the shelf at once with what is quickly known."""
        if not self._shelf.trouble:
            filling = self._filling()
            self._take(filling())

    def _take(self, stock: Stock) -> None:
        """Choose from this stock; if its lists are others than those that were studied, have them studied, and go by
        those meanwhile."""
        known = self._studied
        if known is None or not stock.lists.same(known.lists):
            asked = self._lesson
            self._student.learn("lists", partial(studied, stock.lists, asked, lambda: self._lesson == asked))
        self._stock = stock.knowing(known.affinity if known else None)

    def _filling(self) -> Callable[[], Stock]:
        """How the shelf is to be stocked as things are now. For any thread: it reads nothing that changes."""
        read, lists, moves = self._shelf, self._habits.evenings.lists(), self._habits.moves

        def filling() -> Stock:
            chart = self._chart(moves)
            give_back()  # what it took to read, before as much is taken again
            return fill(read.tracks, chart, lists, read.kept.plays)

        return filling

    def _answer(self, asked: Choose) -> None:
        memory = self._habits.memory(self.settings, self._spoiled)
        chosen: Chosen = pick(asked, self._stock, self.rules, memory, self._dice)
        self._habits.gave(chosen.choices)
        self._post(chosen)
