"""What this household showed it likes, song by song and mood by mood, with an honest doubt. Pure.

A small bandit: each song in each mood has so much good and so much bad evidence, and a choice draws from the Beta
distribution of the two, so that what is little known is tried now and then and what is known to fail is not. A word
counts more than a deed: a dislike "not when I'm sad" ends a song for sad, and tells a little against it elsewhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from appliance.events import Mood, Remember
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
Evidence = tuple[float, float]


@dataclass
class Taste:
    """Grows by `learn`. `often` and `seldom` count how often each song was heard to its end, and skipped."""

    shown: dict[str, dict[Mood | None, Evidence]] = field(default_factory=dict)
    said: dict[str, dict[Mood | None, int]] = field(default_factory=dict)
    often: Counter[str] = field(default_factory=Counter)
    seldom: Counter[str] = field(default_factory=Counter)
    kept: Kept = field(default_factory=Kept)
    _liked: dict[Mood, dict[str, float]] = field(default_factory=dict)

    def learn(self, what: Remember, ago: float = 0.0) -> None:
        """One row of the history, so many seconds old. Rows that tell nothing of a song are left out."""
        if not what.song:
            return
        good = bad = 0.0
        if what.kind == "rated" and what.value is not None:
            self.said.setdefault(what.song, {})[what.mood] = int(what.value)
        elif what.kind == "played":
            good = PLAY
            self.often[what.song] += 1
        elif what.kind == "skipped":
            bad = SKIP
            self.seldom[what.song] += 1
        elif what.kind == "smile" and what.value is not None:
            good = SMILE * max(0.0, what.value - PLAIN)
        if good or bad:
            fresh = 0.5 ** (max(0.0, ago) / HALF_LIFE)
            moods = self.shown.setdefault(what.song, {})
            before = moods.get(what.mood, (0.0, 0.0))
            moods[what.mood] = (before[0] + good * fresh, before[1] + bad * fresh)
        for mood, known in self._liked.items():
            self._weigh(what.song, mood, known)

    def adopt(self, kept: Kept) -> None:
        """What other players know of the songs, in place of what they knew before."""
        self.kept = kept
        self._liked.clear()

    def evidence(self, uri: str, mood: Mood) -> Evidence:
        """For and against this song in this mood."""
        good = 0.0
        bad = SKIP * ELSEWHERE * max(0, self.kept.skips.get(uri, 0) - self.seldom[uri])
        for at, (more, less) in self.shown.get(uri, {}).items():
            weight = 1.0 if at == mood else ELSEWHERE
            good, bad = good + weight * more, bad + weight * less
        for at, rating in self._said(uri).items():
            weight = 1.0 if at == mood or at is None else ELSEWHERE
            good += weight * LIKE * (rating == 2)
            bad += weight * DISLIKE * (rating == 0)
        return good, bad

    def barred(self, uri: str, mood: Mood) -> bool:
        """Was it said not to play this song in this mood, or at all?"""
        said = self._said(uri)
        return said.get(mood, said.get(None)) == 0

    def spoken(self, uri: str, mood: Mood) -> bool:
        """Did a person say that they like it, now or in no mood of its own?"""
        said = self._said(uri)
        return said.get(mood, said.get(None)) == 2

    def liked(self, mood: Mood) -> Mapping[str, float]:
        """Songs that go down well in this mood, each with how much (0 to 1)."""
        known = self._liked.get(mood)
        if known is None:
            known = self._liked[mood] = {}
            for uri in self.shown.keys() | self.said.keys() | self.kept.likes.keys():
                self._weigh(uri, mood, known)
        return known

    def ratings(self) -> Iterable[str]:
        """The songs of which a person said anything, here or in another player."""
        return self.said.keys() | self.kept.likes.keys()

    def _said(self, uri: str) -> Mapping[Mood | None, int]:
        """What was said here outweighs what another player has."""
        here = self.said.get(uri, {})
        other = self.kept.likes.get(uri)
        return here if other is None or None in here else {None: other, **here}

    def _weigh(self, uri: str, mood: Mood, known: dict[str, float]) -> None:
        good, bad = self.evidence(uri, mood)
        share = (1 + good) / (2 + good + bad)
        if good and share > 0.5 and not self.barred(uri, mood):
            known[uri] = 2 * share - 1
        else:
            known.pop(uri, None)
