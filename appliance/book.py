"""A book: one SQLite file on a card, opened for writing so that what was committed outlives a power cut."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


@contextmanager
def opened(file: Path, version: int, tables: str, patience: float) -> Iterator[sqlite3.Connection]:
    """A connection to the file, made with these tables where it is new. sqlite3.DatabaseError, and nothing changed, if
    a newer version wrote it. `patience`: seconds to wait for another writer."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=patience)) as base:
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = FULL")
        found = base.execute("PRAGMA user_version").fetchone()[0]
        if found > version:
            raise sqlite3.DatabaseError(f"{file} was written by a newer version: upgrade this one")
        if found < version:
            base.executescript(tables + f"PRAGMA user_version = {version};")
        yield base
