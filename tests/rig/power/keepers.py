"""Everything on the box that keeps something, each by its real code: how it is changed, and what it is found to hold.

Turns count from 1. `change(turn)` returns once the change is promised to be on the card; `found()` opens what lies
there as the box does at a start and names the turns that would leave it so.
"""

import contextlib
import logging
import sqlite3
from pathlib import Path
from typing import Protocol

from appliance.events import Remember
from appliance.history import History
from appliance.store import Store
from appliance.turntable import Debts
from appliance.web.phones import Phones
from firmware.shutter import Shutter

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
    """Rows of history. Each other time a page reads while they are written, as when somebody looks at the diary."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "history.db"
        self._history = History(self._file, 3650, every=3600.0, sure=lambda: True)
        self.trouble = ""

    def change(self, turn: int) -> None:
        for part in range(3):
            self._history.add(Remember("played", "happy", f"{turn}/{part}", float(part), "it fits"))
        with contextlib.ExitStack() as page:
            if turn % 2 == 0:
                reader = page.enter_context(contextlib.closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)))
                reader.execute("SELECT count(*) FROM row").fetchone()
            self._history.flush()
        if self._history.trouble:
            raise OSError(self._history.trouble)

    def found(self) -> set[int]:
        songs = [row.song for row in self._history.recent("played", 0.0)]
        self._history.flush()  # as at a start: what is damaged is set aside, and told
        self.trouble = self._history.trouble
        turn = len(songs) // 3
        return {turn} if songs == [f"{t}/{part}" for t in range(1, turn + 1) for part in range(3)] else set()


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


KEEPERS: dict[str, type[Settings | Pairing | ClosedOrOpen | Diary | Owed]] = {
    "settings": Settings,
    "phones": Pairing,
    "shutter": ClosedOrOpen,
    "history": Diary,
    "jukebox": Owed,
}
