"""The listener's side of the catalogue: what the music server lists, what was heard, what could not be.

Each deed is one transaction, so that an end at any moment leaves whole songs. A recording keeps its identity, and with
it all that was learned of it: a file that is renamed or moved is known again by its tags and length, or else by its
sound; one that is missing is kept in mind; another recording in an old one's place is a new song.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from appliance.library import cabinet
from appliance.library.ear import Ear, Heard
from appliance.library.fingerprint import SECONDS, alike, identity
from appliance.library.language import language
from appliance.library.listing import Listed
from appliance.library.moods import point

SLOWLY = 0.05
"""Weight of the newest song in the mean of what one takes."""
PLACE = """
INSERT INTO place VALUES (:uri, :identity, :likeness, :stamp, :heard, :duration, 1, :language, :moods, :v, :e, '')
ON CONFLICT (uri) DO UPDATE SET
    likeness = :likeness, stamp = :stamp, duration = :duration, present = 1,
    language = iif(stamp = :stamp, language, :language), moods = iif(stamp = :stamp, moods, :moods),
    tagged_valence = iif(stamp = :stamp, tagged_valence, :v), tagged_energy = iif(stamp = :stamp, tagged_energy, :e)
"""
PACE = """
INSERT INTO note VALUES ('seconds', ?1) ON CONFLICT (name) DO UPDATE SET value = value + ?2 * (?1 - value)
"""


@dataclass(frozen=True)
class Waiting:
    """A song to be heard, with its file's stamp."""

    uri: str
    duration: float
    stamp: str


class Register:
    def __init__(self, file: Path) -> None:
        self.file = file

    def take(self, listed: Iterable[Listed]) -> None:
        """What the music server lists now, all of it. What it no longer lists is marked absent, never forgotten."""
        songs = {song.uri: song for song in listed}
        with cabinet.writing(self.file) as base:
            known: dict[str, tuple[str, str, str]] = {}
            gone: dict[str, tuple[str, str, str]] = {}
            for uri, one, like, heard in base.execute("SELECT uri, identity, likeness, heard FROM place ORDER BY uri"):
                known[uri] = (one, like, heard)
                if uri not in songs:
                    gone.setdefault(like, (one, like, heard))
            base.execute("UPDATE place SET present = 0")
            base.executemany(PLACE, (self._row(song, known, gone) for song in songs.values()))

    def _row(
        self, song: Listed, known: dict[str, tuple[str, str, str]], gone: dict[str, tuple[str, str, str]]
    ) -> dict[str, object]:
        """A place as it is listed. One that is new takes over from one that went and was like it."""
        name, _, heard = gone.get(song.likeness, (song.likeness, "", ""))
        told = point(song.moods, song.comment) or (None, None)
        return {
            "uri": song.uri,
            "identity": name,
            "likeness": song.likeness,
            "stamp": song.stamp,
            "heard": heard if heard == song.stamp and song.uri not in known else "",
            "duration": song.duration,
            "language": language((), (song.title, song.artist, song.album)),
            "moods": "\n".join(song.moods),
            "v": told[0],
            "e": told[1],
        }

    def waiting(self, ear: Ear) -> list[Waiting]:
        """Songs that nobody heard as they are now, with the network and the numbers of now, in the order of names."""
        asked = """
            SELECT p.uri, p.duration, p.stamp FROM place p LEFT JOIN song s USING (identity)
            WHERE p.present AND (
                p.heard != p.stamp OR (
                    p.trouble = '' AND (s.network IS NULL OR (s.network != ?1 AND ?1 != '')
                        OR length(s.features) NOT IN (0, ?2))
                )
            ) ORDER BY p.uri
        """
        with cabinet.reading(self.file) as base:
            return [Waiting(*row) for row in base.execute(asked, (ear.fingerprints[0], kept(ear)))]

    def heard(self, song: Waiting, heard: Heard, ear: Ear, seconds: float) -> None:
        """`seconds`: what it took, told so that the time left can be."""
        with cabinet.writing(self.file) as base:
            asked = "SELECT identity, language, moods FROM place WHERE uri = ?"
            before, spoken, moods = base.execute(asked, (song.uri,)).fetchone()
            name = self._name(base, before, heard)
            if name != before and before.startswith("t-"):  # a correction made before anybody listened
                base.execute(
                    "INSERT OR IGNORE INTO correction SELECT ?, valence, energy FROM correction WHERE identity = ?",
                    (name, before),
                )
                # Where it lay before a move it was known by the same tags: it is the same song there too.
                base.execute("UPDATE place SET identity = ? WHERE identity = ? AND NOT present", (name, before))
            place, half = heard.place, np.float16
            base.execute(
                "INSERT OR REPLACE INTO song VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    name, heard.print, heard.duration, heard.features.astype(half).tobytes(),
                    b"" if heard.embedding is None else heard.embedding.astype(half).tobytes(),
                    heard.traits.astype(half).tobytes(), *ear.fingerprints,
                    place.valence, place.energy, place.valence_doubt, place.energy_doubt,
                ),
            )  # fmt: skip
            words = heard.tags.moods or tuple(moods.split("\n") if moods else ())
            told = point(words, heard.tags.comment)
            base.execute(
                "UPDATE place SET identity = ?, heard = ?, language = ?, moods = ?, trouble = '',"
                " tagged_valence = coalesce(?, tagged_valence), tagged_energy = coalesce(?, tagged_energy)"
                " WHERE uri = ?",
                (name, song.stamp, language(heard.tags.languages, ()) or spoken, "\n".join(words),
                 *(told or (None, None)), song.uri),
            )  # fmt: skip
            base.execute(PACE, (seconds, SLOWLY))

    def refused(self, song: Waiting, why: str) -> None:
        """It cannot be heard as it is; not tried again until the file or the rules change."""
        with cabinet.writing(self.file) as base:
            base.execute("UPDATE place SET heard = ?, trouble = ? WHERE uri = ?", (song.stamp, why, song.uri))

    def reconsider(self, rules: int) -> None:
        """Songs that were refused under other rules, by an older release say, wait once more."""
        with cabinet.reading(self.file) as base:
            if base.execute("SELECT value FROM note WHERE name = 'rules'").fetchone() == (rules,):
                return
        with cabinet.writing(self.file) as base:
            base.execute("UPDATE place SET heard = '' WHERE trouble != ''")
            base.execute("INSERT OR REPLACE INTO note VALUES ('rules', ?)", (rules,))

    def unreached(self, songs: Iterable[Waiting], why: str) -> None:
        """They cannot be heard just now, through no fault of theirs; tried again each time."""
        with cabinet.writing(self.file) as base:
            told = ((why, song.uri) for song in songs)
            base.executemany("UPDATE place SET heard = '', trouble = ? WHERE uri = ?", told)

    def remap(self, ear: Ear) -> int:
        """Songs that were heard under another mapping, placed anew by what was kept of them. How many."""
        network, mapping = ear.fingerprints
        with cabinet.writing(self.file) as base:
            old = base.execute(
                "SELECT identity, features, embedding FROM song"
                " WHERE network = ? AND mapping != ? AND length(features) = ?",
                (network, mapping, kept(ear)),
            ).fetchall()
            base.executemany(
                "UPDATE song SET mapping = ?, traits = ?, valence = ?, energy = ?, valence_doubt = ?, energy_doubt = ?"
                " WHERE identity = ?",
                self._placed(ear, old),
            )
        return len(old)

    def _placed(self, ear: Ear, rows: Iterable[tuple[str, bytes, bytes]]) -> Iterator[tuple[object, ...]]:
        for name, features, embedding in rows:
            numbers = np.frombuffer(features, np.float16).astype(np.float32)
            told = np.frombuffer(embedding, np.float16).astype(np.float32) if embedding else None
            place = ear.mapping.place(numbers, told)
            traits = ear.mapping.traits(numbers).astype(np.float16).tobytes()
            yield (
                ear.mapping.fingerprint, traits, place.valence, place.energy,
                place.valence_doubt, place.energy_doubt, name,
            )  # fmt: skip

    def _name(self, base: sqlite3.Connection, before: str, heard: Heard) -> str:
        """The identity of what was heard: the one its place had if the sound is like it, else any that is."""
        asked = "SELECT identity, print FROM song WHERE duration BETWEEN ? AND ? ORDER BY identity != ?, identity"
        span = (heard.duration - SECONDS, heard.duration + SECONDS)
        for name, mark in base.execute(asked, (*span, before)):
            if alike(mark, heard.print):
                return str(name)
        return identity(heard.print, heard.duration)


def kept(ear: Ear) -> int:
    """Bytes that a song's numbers take; another length is of an edition that counted others."""
    return np.dtype(np.float16).itemsize * len(ear.mapping.names)
