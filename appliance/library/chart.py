"""The whole catalogue in columns, for a room that wants a little of every song: an Entry each would take a Pi's memory.

Ranks, languages and mood words are those that `Catalogue.entries` tells. Each table is read once, in the order in which
it lies in the file, and they are joined here: SQLite would look up every song by itself, for twice as long.
"""

import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from appliance.library.plane import Points, place
from appliance.names import Names

Ranks = NDArray[np.float32]
Which = NDArray[np.int32]
HEARD = "SELECT identity, valence, energy, valence_doubt, energy_doubt FROM song ORDER BY identity"
TRAITS = "SELECT traits FROM song ORDER BY identity"
TOLD = "SELECT identity, valence, energy FROM correction"
PLACES = """
SELECT uri, identity, language, moods, tagged_valence, tagged_energy FROM place WHERE present ORDER BY uri
"""


@dataclass(frozen=True)
class Chart:
    """`rank`: valence and energy of each song, nan where nobody listened. `language` and `moods` number their tables,
    whose first entry means unknown. `by_hand`: did a person place it? All in the order of the uris."""

    names: Names = field(default_factory=Names)
    rank: Ranks = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    language: Which = field(default_factory=lambda: np.zeros(0, np.int32))
    languages: tuple[str, ...] = ("",)
    moods: Which = field(default_factory=lambda: np.zeros(0, np.int32))
    words: tuple[tuple[str, ...], ...] = ((),)
    by_hand: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_))


def chart(base: sqlite3.Connection, tag_doubt: float, moved: Mapping[str, str]) -> Chart:
    """As the base has it now, but for the names of songs that it does not know to have moved."""
    base.execute("BEGIN")  # all tables as they are at one moment
    songs, heard = numbered(base.execute(HEARD), 4)
    people, told = numbered(base.execute(TOLD), 2)
    tongues, words = {"": 0}, {"": 0}
    identities, language, moods, tagged = array("q"), array("i"), array("i"), array("d")

    def places() -> Iterator[str]:
        """A row at a time: a list of all uris would be more than all else."""
        for uri, identity, tongue, said, valence, energy in base.execute(PLACES):
            identities.append(hash(identity))
            language.append(tongues.setdefault(tongue, len(tongues)))
            moods.append(words.setdefault(said, len(words)))
            tagged.extend((np.nan, np.nan) if valence is None else (valence, energy))
            yield moved.get(uri, uri)

    names = Names(places())
    if not len(names):
        return Chart()
    hand = told[people.at(np.frombuffer(identities, np.int64))]
    which = songs.at(np.frombuffer(identities, np.int64))
    # The traits are wanted where a correction teaches songs that are like it, and are the bulk of the table.
    traits = np.zeros((1, 1)).repeat(len(names), 0)
    if len(people):
        traits = stacked(chain((row[0] for row in base.execute(TRAITS)), [None]))[which].astype(np.float64)
    tags = np.frombuffer(tagged, np.float64).reshape(-1, 2)
    rank = place(heard[which, :2], heard[which, 2:], tags, tag_doubt, hand, traits).rank
    return Chart(
        names,
        rank.round(4).astype(np.float32),
        np.array(language, np.int32),
        tuple(tongues),
        np.array(moods, np.int32),
        tuple(tuple(text.split("\n")) if text else () for text in words),
        ~np.isnan(hand[:, 0]),
    )


def counted(base: sqlite3.Connection) -> tuple[int, int, int]:
    """How many songs are listed, how many of them were heard or found unreadable, and how many are unreadable."""
    base.execute("BEGIN")
    heard = Names(row[0] for row in base.execute("SELECT identity FROM song"))
    refused = array("b")

    def listed() -> Iterator[int]:
        for identity, trouble in base.execute("SELECT identity, trouble != '' FROM place WHERE present"):
            refused.append(trouble)
            yield hash(identity)

    known = heard.at(np.fromiter(listed(), np.int64)) >= 0
    unreadable = np.frombuffer(refused, np.bool_)
    return len(known), int((known | unreadable).sum()), int(unreadable.sum())


def numbered(rows: Iterable[tuple[str, *tuple[float, ...]]], wide: int) -> tuple[Names, Points]:
    """Recordings by their identities, with so many numbers of each. The last row is for strangers, numbered -1."""
    numbers = array("d")

    def each() -> Iterator[str]:
        for name, *known in rows:
            numbers.extend(known)
            yield name

    names = Names(each())
    numbers.extend([np.nan] * wide)
    return names, np.frombuffer(numbers, np.float64).reshape(-1, wide)


def stacked(blobs: Iterable[bytes | None]) -> NDArray[np.float16]:
    """The traits of each song as a row; zeros where it has none, or some of another width."""
    told = list(blobs)
    width = max((len(blob) for blob in told if blob), default=2)
    whole = b"".join(blob if blob and len(blob) == width else bytes(width) for blob in told)
    return np.frombuffer(whole, np.float16).reshape(len(told), -1)
