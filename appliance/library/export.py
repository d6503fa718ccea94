"""What the box learned of its songs, where others can read it: MPD's stickers, and one plain file.

The stickers are `mien.valence` and `mien.energy`, as heard, in -1..1. The file, `library.tsv`, has a line for each song
with a print of its sound, so that the next box knows it again under any name; it is also what brings corrections back
when the catalogue itself is lost.
"""

import csv
import io
import logging
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import mpd

from appliance.library import cabinet
from appliance.library.catalogue import Catalogue
from appliance.library.entry import Entry
from appliance.store import replace

COLUMNS = (
    "uri", "identity", "print", "duration", "language", "moods", "valence", "energy", "valence_doubt", "energy_doubt",
    "placed_valence", "placed_energy",
)  # fmt: skip
"""The last two are a person's word, in ranks; empty where nobody said anything."""
STICKERS = ("valence", "energy")
AT_ONCE = 200
log = logging.getLogger("mien.library")


def stick(client: mpd.MPDClient, entries: Mapping[str, Entry]) -> int:
    """Write the stickers that differ. How many; none on a server that has no stickers."""
    wrong = []
    for name in STICKERS:
        try:
            told = client.sticker_find("song", "", f"mien.{name}")
        except mpd.CommandError as error:
            log.info("positions are not written to the music server: %s", error)
            return 0
        there = {one["file"]: one["sticker"].partition("=")[2] for one in told}
        for uri, song in entries.items():
            value = getattr(song, name)
            if value is not None and there.get(uri) != f"{value:.3f}":
                wrong.append((uri, f"mien.{name}", f"{value:.3f}"))
    for start in range(0, len(wrong), AT_ONCE):
        client.command_list_ok_begin()
        for uri, name, said in wrong[start : start + AT_ONCE]:
            client.sticker_set("song", uri, name, said)
        try:
            client.command_list_end()
        except mpd.CommandError as error:  # a song that went meanwhile ends its list; the next run writes the rest
            log.info("a position was not taken by the music server: %s", error)
    return len(wrong)


def write(catalogue: Catalogue, file: Path) -> None:
    """The plain file, replaced whole."""
    entries = catalogue.entries()
    out = io.StringIO()
    sheet = csv.writer(out, dialect="excel-tab", lineterminator="\n")
    sheet.writerow(COLUMNS)
    asked = (
        "SELECT p.uri, p.identity, coalesce(hex(s.print), ''), coalesce(s.duration, p.duration), p.language, p.moods,"
        " c.valence, c.energy FROM place p LEFT JOIN song s USING (identity) LEFT JOIN correction c USING (identity)"
        " ORDER BY p.uri"
    )
    with cabinet.reading(catalogue.path) as base:
        for uri, name, mark, duration, language, moods, *hand in base.execute(asked):
            song = entries.get(uri)
            told = [getattr(song, column, None) for column in COLUMNS[6:10]]
            line = [uri, name, mark, f"{duration:.2f}", language, moods.replace("\n", ";"), *told, *hand]
            sheet.writerow(["" if one is None else one for one in line])
    replace(file, out.getvalue().encode("utf-8", "surrogateescape"))


def recall(file: Path, catalogue: Path) -> int:
    """Corrections out of a plain file, of this box or another, into the catalogue. How many songs were placed by hand.

    ValueError if it is no such file. Sounds come along, so that a song is known again however it is named here.
    """
    text = file.read_bytes().decode("utf-8", "surrogateescape")
    rows = list(csv.DictReader(io.StringIO(text), dialect="excel-tab"))
    if not rows or set(rows[0]) != set(COLUMNS):
        raise ValueError(f"{file}: is no list of songs that a box like this wrote")
    placed = [row for row in rows if row["placed_valence"]]
    with cabinet.writing(catalogue) as base:
        for row in placed:
            _take(base, row)
    return len(placed)


def _take(base: sqlite3.Connection, row: Mapping[str, str]) -> None:
    """One song placed by hand: its sound under its name, unless that is known, and the place."""
    if row["print"]:
        base.execute(
            "INSERT OR IGNORE INTO song VALUES (?, ?, ?, x'', x'', x'', 'elsewhere', '', ?, ?, ?, ?)",
            (row["identity"], bytes.fromhex(row["print"]), float(row["duration"]),
             *(float(row[column] or 0) for column in COLUMNS[6:10])),
        )  # fmt: skip
    told = (row["identity"], float(row["placed_valence"]), float(row["placed_energy"]))
    base.execute("INSERT OR IGNORE INTO correction VALUES (?, ?, ?)", told)
