"""What was seen, played, liked and skipped: numbers and short words in SQLite, never a picture.

A card must last for years, so rows wait in memory and go to it together, about once a minute; a power cut loses that
minute and nothing else (WAL, and each commit synced: else what was written while the page read could go too). A damaged
file is set aside and a new one begun. A full card loses nothing for as long as memory's share lasts, is told in
`trouble`, and is written to again as soon as it has room.
"""

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import astuple, dataclass
from pathlib import Path

from appliance import book
from appliance.commands import Remember

VERSION = 1
WAITING = 5000
"""Rows kept in memory while the card does not take them; beyond that the oldest go."""
TABLE = """
CREATE TABLE IF NOT EXISTS row (
    at REAL NOT NULL, kind TEXT NOT NULL, mood TEXT, song TEXT NOT NULL, value REAL, note TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS row_kind_at ON row (kind, at);
"""
log = logging.getLogger("mien.history")


@dataclass(frozen=True)
class Row:
    at: float
    kind: str
    mood: str | None
    song: str
    value: float | None
    note: str


class History:
    """One file. `add` never waits and never fails; `recent` and `among` read what was added a moment ago too."""

    def __init__(
        self,
        file: Path,
        days: float,
        every: float = 60.0,
        wall: Callable[[], float] = time.time,
        sure: Callable[[], bool] = lambda: True,
    ) -> None:
        """`sure` tells whether the wall clock may be believed; until it may, rows wait (for `patience` at most).
        `forgotten` is called when something was, so that nobody goes on remembering it."""
        self.file, self.days = file, days
        self.forgotten: Callable[[], None] = lambda: None
        self.trouble = ""
        self._every, self._wall, self._sure = every, wall, sure
        self._waiting: deque[tuple[float, Remember]] = deque(maxlen=WAITING)
        self._hurry = threading.Event()
        self._ending = False
        self._thread = threading.Thread(target=self._live, name="history", daemon=True)
        self._writing = threading.Lock()
        self._pruned = float("-inf")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end."""
        self._ending = True
        self._hurry.set()
        if self._thread.is_alive():
            self._thread.join(3.0)

    def add(self, said: Remember) -> None:
        self._waiting.append((time.monotonic(), said))
        if said.kind == "unlearn":  # a power cut within the minute must not bring back what was to be forgotten
            self._hurry.set()

    def recent(self, kind: str, since: float) -> tuple[Row, ...]:
        """Rows of this kind at or after the wall-clock second `since`, oldest first."""
        return self.among((kind,), since)

    def among(self, kinds: Collection[str], since: float) -> tuple[Row, ...]:
        """The same of several kinds, in the order in which things happened."""
        rows: tuple[Row, ...] = ()
        marks = ", ".join("?" * len(kinds))
        asked = f"SELECT * FROM row WHERE kind IN ({marks}) AND at >= ? ORDER BY at, rowid"
        # On a full disk SQLite cannot open its shared index; the file itself can still be read, without a lock.
        for how in ("mode=ro", "mode=ro&immutable=1"):
            try:
                if self.file.exists():
                    with closing(sqlite3.connect(f"file:{self.file}?{how}", uri=True, timeout=2.0)) as base:
                        rows = tuple(Row(*row) for row in base.execute(asked, (*kinds, since)))
                break
            except sqlite3.Error as error:
                if "no such table" in str(error):  # a file that the writing thread begins just now
                    break
                log.warning("history cannot be read: %s", error)
        fresh = (row for row in self._stamped(tuple(self._waiting)) if row.kind in kinds and row.at >= since)
        return rows + tuple(fresh)

    def forget(self, since: float, until: float) -> bool:
        """Nothing of these wall-clock seconds is left, in memory or on the card, but what faces taught. False if the
        card refused: then all of it is still there."""
        return self._forget(since, until, "kind != 'reading'")

    def forget_all(self) -> bool:
        """As above: nothing at all is left, nor a damaged file that was set aside."""
        if not self._forget(float("-inf"), float("inf"), "1"):
            return False
        try:
            self._aside.unlink(missing_ok=True)
        except OSError as error:
            log.error("%s cannot be removed: %s", self._aside, error)
            return False
        return True

    def _forget(self, since: float, until: float, which: str) -> bool:
        self.flush(patience=0.0)
        with self._writing:
            try:
                with self._open() as base:
                    base.execute(f"DELETE FROM row WHERE at >= ? AND at < ? AND {which}", (since, until))
                with closing(sqlite3.connect(self.file, timeout=5.0)) as base:
                    base.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # the log still had what was deleted
            except (sqlite3.Error, OSError) as error:
                log.error("history cannot be forgotten: %s", error)
                return False
            batch = tuple(self._waiting)  # what the card did not take just now
            for waits, row in zip(batch, self._stamped(batch), strict=True):
                if since <= row.at < until:
                    self._waiting.remove(waits)
        self.forgotten()
        return True

    def flush(self, patience: float = 600.0) -> None:
        """Write what waits. What cannot be written waits on; `trouble` says why."""
        now = time.monotonic()
        with self._writing:
            batch = tuple(self._waiting)
            if batch and not self._sure() and now - batch[0][0] < patience:
                return
            try:
                with self._open() as base:
                    for row in self._stamped(batch):
                        base.execute("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?)", astuple(row))
                        if row.kind == "unlearn":
                            base.execute("DELETE FROM row WHERE kind = 'reading'")
                    self._prune(base, now)
            except (sqlite3.Error, OSError) as error:
                self._say(f"history cannot be written: {error}; {len(batch)} rows wait")
                if isinstance(error, sqlite3.DatabaseError) and damaged(error):
                    self._set_aside(error)
                return
            for written in batch:
                if self._waiting and self._waiting[0] is written:
                    self._waiting.popleft()
            self._say("")

    def _live(self) -> None:
        while not self._ending:
            if self._waiting or self.trouble or self._pruned == float("-inf"):
                self.flush()
            self._hurry.wait(self._every)
            self._hurry.clear()
        self.flush(patience=0.0)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection with one transaction in it."""
        with book.opened(self.file, VERSION, TABLE, patience=5.0) as base:
            base.execute("PRAGMA secure_delete = ON")  # forgotten is overwritten, not merely let go
            with base:
                yield base

    def _prune(self, base: sqlite3.Connection, now: float) -> None:
        """Once a day, forget what is too old. Only by a clock that may be believed. What faces taught stays until it is
        unlearnt: a household that took the time to teach should not have to do it again each season."""
        if now - self._pruned >= 86400 and self._sure():
            base.execute("DELETE FROM row WHERE at < ? AND kind != 'reading'", (self._wall() - self.days * 86400,))
            self._pruned = now

    def _stamped(self, batch: tuple[tuple[float, Remember], ...]) -> Iterator[Row]:
        """Rows with the wall-clock time at which they were added, as the clock stands now."""
        now, wall = time.monotonic(), self._wall()
        for added, said in batch:
            yield Row(wall - (now - added), said.kind, said.mood, said.song, said.value, said.note)

    @property
    def _aside(self) -> Path:
        return self.file.with_name(f"{self.file.name}.damaged")

    def _set_aside(self, error: Exception) -> None:
        try:
            self.file.replace(self._aside)
            for tail in ("-wal", "-shm"):
                self.file.with_name(self.file.name + tail).unlink(missing_ok=True)
        except OSError as refusal:
            self._say(f"history is damaged ({error}) and cannot be set aside: {refusal}")
            return
        self._say(f"history was damaged ({error}); it lies as {self._aside.name}, and a new one is begun")
        self._hurry.set()

    def _say(self, what: str) -> None:
        if what and what != self.trouble:
            log.error(what)
        self.trouble = what


def damaged(error: sqlite3.DatabaseError) -> bool:
    return getattr(error, "sqlite_errorname", "") in ("SQLITE_CORRUPT", "SQLITE_NOTADB")
