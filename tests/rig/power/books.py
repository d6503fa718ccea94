"""What the box keeps in databases: the history, what faces taught, and where songs lie."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from appliance.commands import Remember
from appliance.history import History
from appliance.library import cabinet
from appliance.library.catalogue import Catalogue
from appliance.library.listing import Listed
from appliance.library.register import Register
from tests.rig.power.files import TURNS

SONG = "song.flac"


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


class Taught:
    """What a face taught, now or of an earlier moment; each fourth turn all of it is unlearnt."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "lessons" / "history.db"  # one of its own, for the diary's is forgotten as a whole
        self._file.parent.mkdir(exist_ok=True)
        self._history = History(self._file, 3650, every=3600.0, sure=lambda: True)
        self.trouble = ""

    def change(self, turn: int) -> None:
        told = (
            Remember("reading", "happy", value=float(turn), note="0 1 0 0 0 0 0") if turn % 4 else Remember("unlearn")
        )
        self._history.add(told)
        with reader(self._file, "SELECT count(*) FROM row", turn):
            self._history.flush()
        if self._history.trouble:
            raise OSError(self._history.trouble)

    def found(self) -> set[int]:
        turns = [int(row.value or 0) for row in self._history.recent("reading", 0.0)]
        self._history.flush()
        self.trouble = self._history.trouble
        if not turns:
            return set(range(0, TURNS, 4))
        return {turns[-1]} if turns[0] % 4 == 1 and turns == list(range(turns[0], turns[-1] + 1)) else set()


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
