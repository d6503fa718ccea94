"""What this household showed it likes, song by song and mood by mood, with an honest doubt. Pure.

A small bandit: each song in each mood has so much good and so much bad evidence, and a choice draws from the Beta
distribution of the two, so that what is little known is tried now and then and what is known to fail is not. A word
counts more than a deed: a dislike "not when I'm sad" ends a song for sad, and tells a little against it elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance.commands import Remember
from appliance.events import Mood
from appliance.names import Names
from appliance.recommender.rows import Mask, Numbers, Vector
from appliance.rules import MOODS
from appliance.stickers import Kept

LIKE, DISLIKE = 4.0, 6.0
"""A spoken like or dislike, in evidence of one heard song's worth."""
PLAY, SKIP, SMILE = 0.5, 1.0, 3.0
"""Heard to its end; skipped; a full smile all through (a mean reading of happy of 1)."""
PLAIN = 0.25
"""The mean reading of happy that a song gets from a face at rest: no smile."""
ELSEWHERE = 0.25
"""What evidence in one mood weighs in another."""
HALF_LIFE = 180 * 86400.0
"""Seconds after which what was shown counts half: tastes change, and a box stays for years."""
UNSAID, BAD, GOOD = -1, 0, 2
"""What people say of a song: nothing, a dislike, a like; 1 takes either back."""
COLUMNS: Mapping[Mood | None, int] = {mood: place for place, mood in enumerate((*MOODS, None))}
Evidence = tuple[float, float]
Words = NDArray[np.int8]


@dataclass(frozen=True)
class Standing:
    """How songs stand in one mood, an entry for each. `word`: what counts as said; `often`: heard to its end so many
    times; `known`: was anything ever shown or said of it?"""

    good: Vector
    bad: Vector
    word: Words
    often: Vector
    known: Mask

    @property
    def liked(self) -> Vector:
        """How well each goes down, 0 to 1; 0 for one that does not, or of which nothing is known."""
        share = (1 + self.good) / (2 + self.good + self.bad)
        found: Vector = np.where((self.good > 0) & (share > 0.5) & (self.word != BAD), 2 * share - 1, 0)
        return found

    def among(self, places: Numbers, count: int) -> "Standing":
        """The same for each of a library's `count` songs; `places`: where these lie in it, -1 for those that do not."""
        here = places >= 0
        there = places[here]
        found = Standing(*(np.zeros(count, kept.dtype) for kept in vars(self).values()))
        found.word[:] = UNSAID
        for name, kept in vars(self).items():
            getattr(found, name)[there] = kept[here]
        return found


class Taste:
    """Grows by `learn`. A row for each song met, so that all are weighed at once, however many there came to be."""

    def __init__(self) -> None:
        self.met: dict[str, int] = {}
        self._tables = _Tables(64)
        self._kept = Kept()
        self._library: Names | None = None
        self._places = np.zeros(0, np.int32)

    def learn(self, what: Remember, ago: float = 0.0) -> None:
        """One row of the history, so many seconds old. Rows that tell nothing of a song are left out."""
        if not what.song or (what.value is None and what.kind in ("rated", "smile")):
            return
        column = COLUMNS.get(what.mood)
        if column is None:  # a mood of another edition's
            return
        row, fresh = self._row(what.song), 0.5 ** (max(0.0, ago) / HALF_LIFE)
        tables, value = self._tables, what.value or 0.0
        match what.kind:
            case "rated":
                tables.said[row, column] = int(value)
            case "played":
                tables.good[row, column] += PLAY * fresh
                tables.often[row] += 1
            case "skipped":
                tables.bad[row, column] += SKIP * fresh
                tables.seldom[row] += 1
            case "smile":
                tables.good[row, column] += SMILE * max(0.0, value - PLAIN) * fresh

    def adopt(self, kept: Kept) -> None:
        """What other players know of the songs, in place of what they knew before."""
        self._kept = kept
        self._tables.other[:] = UNSAID
        self._tables.skips[:] = 0
        for uri, like in kept.likes.items():
            row = self._row(uri)
            self._tables.other[row] = like
        for uri, skips in kept.skips.items():
            row = self._row(uri)
            self._tables.skips[row] = skips

    def fresh(self) -> "Taste":
        """One that knows what other players know, and nothing else."""
        taste = Taste()
        taste.adopt(self._kept)
        return taste

    def standing(self, mood: Mood) -> Standing:
        """What is for and against each song met, in this mood."""
        count, own, tables = len(self.met), COLUMNS[mood], self._tables
        weights = np.full(len(COLUMNS), ELSEWHERE, np.float32)
        weights[own] = 1
        good, bad = tables.good[:count] @ weights, tables.bad[:count] @ weights
        bad += SKIP * ELSEWHERE * np.maximum(tables.skips[:count] - tables.seldom[:count], 0)
        said = self._said(count)
        weights[COLUMNS[None]] = 1
        good += (said == GOOD) @ (LIKE * weights)
        bad += (said == BAD) @ (DISLIKE * weights)
        word = np.where(said[:, own] != UNSAID, said[:, own], said[:, COLUMNS[None]])
        known = (tables.good[:count] + tables.bad[:count]).any(1) | (said != UNSAID).any(1)
        return Standing(good, bad, word, tables.often[:count].astype(np.float32), known)

    def places(self, library: Names) -> Numbers:
        """Where the songs met lie in this library; -1 for those that it has not."""
        if library is not self._library:
            self._library, self._places = library, np.zeros(0, np.int32)
        if len(self._places) < len(self.met):
            news = list(self.met)[len(self._places) :]
            self._places = np.concatenate([self._places, library.all(news)])
        return self._places

    def _said(self, count: int) -> Words:
        """What was said here outweighs what another player has."""
        said = self._tables.said[:count].copy()
        silent = said[:, COLUMNS[None]] == UNSAID
        said[silent, COLUMNS[None]] = self._tables.other[:count][silent]
        return said

    def _row(self, uri: str) -> int:
        row = self.met.setdefault(uri, len(self.met))
        if row >= len(self._tables.often):
            self._tables = self._tables.grown()
        return row


class _Tables:
    """A row for each song, a column for each mood and one for none; some rows are spare."""

    def __init__(self, rows: int) -> None:
        self.good, self.bad = (np.zeros((rows, len(COLUMNS)), np.float32) for _ in range(2))
        self.said = np.full((rows, len(COLUMNS)), UNSAID, np.int8)
        self.other = np.full(rows, UNSAID, np.int8)
        self.often, self.seldom, self.skips = (np.zeros(rows, np.int32) for _ in range(3))

    def grown(self) -> "_Tables":
        twice = _Tables(2 * len(self.often))
        for name, table in vars(self).items():
            getattr(twice, name)[: len(table)] = table
        return twice
