"""Everything on the box that keeps something, each by its real code: how it is changed, and what it is found to hold.

Turns count from 1. `change(turn)` returns once the change is promised to be on the card; `found()` opens what lies
there as the box does at a start and names the turns that would leave it so.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

from appliance.debts import Debts
from appliance.events import Remember
from appliance.history import History
from appliance.library import cabinet
from appliance.library.catalogue import Catalogue
from appliance.library.listing import Listed
from appliance.library.register import Register
from appliance.places import DEFAULTS
from appliance.pursuits import Pursuits
from appliance.store import Store
from appliance.web.phones import Phones
from firmware.shutter import Shutter

SONG = "song.flac"
TURNS = 400
"""More changes than any one record makes of one kind."""


class Keeper(Protocol):
    trouble: str
    """What the box would tell its owner after the start; empty when all is well."""

    def change(self, turn: int) -> None: ...

    def found(self) -> set[int]: ...


class Settings:
    """A value saved from a phone."""

    def __init__(self, folder: Path) -> None:
        self._store = Store((), folder / "settings.toml")
        self.trouble = self._store.trouble

    def change(self, turn: int) -> None:
        if faults := self._store.change({"history.days": turn, "manners.goal": "lift" if turn % 2 else "calm"}):
            raise OSError(str(faults))

    def found(self) -> set[int]:
        kept = self._store.settings
        if kept.manners.goal == "match":
            return {0}
        turn = kept.history.days
        return {turn} if kept.manners.goal == ("lift" if turn % 2 else "calm") else set()


class Pairing:
    """A phone let in; each fourth turn the oldest is shown out."""

    def __init__(self, folder: Path) -> None:
        self._phones = Phones(folder / "phones.json")
        self.trouble = self._phones.trouble

    def change(self, turn: int) -> None:
        if turn % 4 == 0:
            self._phones.remove(self._phones.known()[0].short)
        else:
            self._phones.add(f"token {turn}", f"phone {turn}", float(turn))

    def found(self) -> set[int]:
        names = [int(phone.since) for phone in self._phones.known()]
        there: list[int] = []
        same = {0} if not names else set()
        for turn in range(1, TURNS):
            there = there[1:] if turn % 4 == 0 else [*there, turn][-64:]
            if there == names and all(self._phones.holds(f"token {name}") for name in names):
                same.add(turn)
        return same


class ClosedOrOpen:
    """The shutter, moved by its button."""

    def __init__(self, folder: Path) -> None:
        self._shutter = Shutter(folder / "shutter")
        self.trouble = self._shutter.trouble

    def change(self, turn: int) -> None:
        self._shutter.move(closed=turn % 2 == 1)
        if self._shutter.trouble:
            raise OSError(self._shutter.trouble)

    def found(self) -> set[int]:
        return set(range(1 if self._shutter.closed else 0, TURNS, 2))


class Diary:
    """Rows of history; each fifth turn all is forgotten. Each other time a page reads meanwhile."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "history.db"
        self._history = History(self._file, 3650, every=3600.0, sure=lambda: True)
        self.trouble = ""

    def change(self, turn: int) -> None:
        if turn % 5 == 0:
            if not self._history.forget_all():
                raise OSError("nothing was forgotten")
            return
        for part in range(3):
            self._history.add(Remember("played", "happy", f"{turn}/{part}", float(part), "it fits"))
        with reader(self._file, "SELECT count(*) FROM row", turn):
            self._history.flush()
        if self._history.trouble:
            raise OSError(self._history.trouble)

    def found(self) -> set[int]:
        songs = [row.song for row in self._history.recent("played", 0.0)]
        self._history.flush()  # as at a start: what is damaged is set aside, and told
        self.trouble = self._history.trouble
        if not songs:
            return set(range(0, TURNS, 5))
        first, last = int(songs[0].split("/")[0]), int(songs[-1].split("/")[0])
        whole = [f"{turn}/{part}" for turn in range(first, last + 1) for part in range(3)]
        return {last} if songs == whole and first % 5 == 1 else set()


class Picker:
    """The list of what people may be about; each third turn the one that ships is wanted back."""

    def __init__(self, folder: Path) -> None:
        self._pursuits = Pursuits(DEFAULTS / "pursuits.toml", folder / "pursuits.toml")
        self.trouble = self._pursuits.trouble

    def change(self, turn: int) -> None:
        entry = {"name": f"turn {turn}", "valence": 0.5, "energy": 0.5, "words": []}
        if faults := self._pursuits.write([entry] if turn % 3 else []):
            raise OSError(str(faults))

    def found(self) -> set[int]:
        names = [pursuit.name for pursuit in self._pursuits.read()]
        if len(names) == 1:
            return {int(names[0].removeprefix("turn "))}
        return set(range(0, TURNS, 3))


class Corrected:
    """Where a person said that a song lies. Each other time the listener has the catalogue open."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "library.db"
        self._catalogue = Catalogue(self._file)
        self.trouble = f"{aside} was damaged" if (aside := cabinet.set_aside(self._file)) else ""

    def change(self, turn: int) -> None:
        if SONG not in self._catalogue.entries():
            Register(self._file).take([Listed(SONG, "", "1", 180.0)])
        with reader(self._file, "SELECT count(*) FROM song", turn):
            self._catalogue.correct(SONG, turn / TURNS, 0.0)

    def found(self) -> set[int]:
        song = self._catalogue.entries().get(SONG)
        if song is None or not song.by_hand:
            return {0}
        return {round((song.rank_valence or 0.0) * TURNS)}


@contextmanager
def reader(file: Path, asked: str, turn: int) -> Iterator[None]:
    """At even turns somebody reads all the while, from the second on: then SQLite tidies up less at the end."""
    if turn % 2 or not file.exists():
        yield
        return
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as base:
        base.execute(asked).fetchone()
        yield


class Words(logging.Handler):
    """What a logger is told, for as long as this listens."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


class Owed:
    """The volume that a fade owes the household."""

    def __init__(self, folder: Path) -> None:
        self._debts = Debts(folder / "jukebox.json")
        self.trouble = ""

    def change(self, turn: int) -> None:
        self._debts.volume, self._debts.own = turn, {turn: f"{turn}.flac"}
        self._debts.save()

    def found(self) -> set[int]:
        complaints = logging.getLogger("mien.jukebox")
        words = Words()
        complaints.addHandler(words)
        own = self._debts.load()
        complaints.removeHandler(words)
        self.trouble = "; ".join(words.said)
        turn = self._debts.volume or 0
        return {turn} if own == ([f"{turn}.flac"] if turn else []) else set()


KEEPERS: dict[str, Callable[[Path], Keeper]] = {
    "settings": Settings,
    "phones": Pairing,
    "shutter": ClosedOrOpen,
    "history": Diary,
    "picker": Picker,
    "catalogue": Corrected,
    "jukebox": Owed,
}
