"""The catalogue's one file: its tables, how it is opened, and what happens to a damaged one.

Two processes share it: the listener writes what it hears, a song a transaction, and the speaker reads and writes down
corrections. WAL lets them, and synced at each commit it loses to a power cut the song in hand and no more. What is
there is never wiped because a share is missing: a place that the music server does not list is marked absent, and that
is all.
"""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from appliance import book

VERSION = 1
TABLES = """
CREATE TABLE IF NOT EXISTS song (           -- one recording as it was heard, whatever its files are called
    identity TEXT PRIMARY KEY,
    print BLOB NOT NULL,                    -- see fingerprint.py
    duration REAL NOT NULL,
    features BLOB NOT NULL,                 -- float16: kept, so that a new mapping need not listen again
    embedding BLOB NOT NULL,                -- float16; empty where the network was not asked
    traits BLOB NOT NULL,                   -- float16: the few numbers by which corrections are taught to like songs
    network TEXT NOT NULL, mapping TEXT NOT NULL,
    valence REAL NOT NULL, energy REAL NOT NULL, valence_doubt REAL NOT NULL, energy_doubt REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS song_duration ON song (duration);
CREATE TABLE IF NOT EXISTS place (          -- one song of the music server's
    uri TEXT PRIMARY KEY,
    identity TEXT NOT NULL,
    likeness TEXT NOT NULL,                 -- its tags and duration, by which a renamed file is known again
    stamp TEXT NOT NULL,                    -- when the file was last changed, as the music server lists it
    heard TEXT NOT NULL,                    -- the stamp that it had when it was heard or refused; empty until then
    duration REAL NOT NULL,
    present INTEGER NOT NULL,
    language TEXT NOT NULL, moods TEXT NOT NULL,
    tagged_valence REAL, tagged_energy REAL,
    trouble TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS place_likeness ON place (likeness);
CREATE INDEX IF NOT EXISTS place_identity ON place (identity);
CREATE TABLE IF NOT EXISTS correction (identity TEXT PRIMARY KEY, valence REAL NOT NULL, energy REAL NOT NULL);
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value REAL NOT NULL);
INSERT OR IGNORE INTO note VALUES ('edition', 0);
"""
log = logging.getLogger("mien.library")


@contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that only reads. sqlite3.OperationalError if there is no file."""
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5.0)) as base:
        yield base


@contextmanager
def writing(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection with one transaction in it, which is there for good when this ends well and not at all otherwise."""
    with book.opened(file, VERSION, TABLES, patience=30.0) as base, base:
        base.execute("BEGIN IMMEDIATE")
        yield base
        base.execute("UPDATE note SET value = value + 1 WHERE name = 'edition'")


def set_aside(file: Path) -> Path | None:
    """Where a damaged file was moved to; None if the file is well or not there."""
    try:
        with reading(file) as base:
            if base.execute("PRAGMA quick_check").fetchone()[0] == "ok":
                return None
    except sqlite3.OperationalError as error:
        if not file.exists() or getattr(error, "sqlite_errorname", "") not in ("SQLITE_CORRUPT", "SQLITE_NOTADB"):
            return None
    except sqlite3.DatabaseError as error:
        log.error("%s is damaged: %s", file, error)
    aside = file.with_name(f"{file.name}.damaged")
    file.replace(aside)
    for tail in ("-wal", "-shm"):
        file.with_name(file.name + tail).unlink(missing_ok=True)
    return aside
