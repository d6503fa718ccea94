"""What this household showed it likes, song by song and mood by mood, with an honest doubt. Pure.

A small bandit: each song in each mood has so much good and so much bad evidence, and a choice draws from the Beta
distribution of the two, so that what is little known is tried now and then and what is known to fail is not. A word
counts more than a deed: a dislike "not when I'm sad" ends a song for sad, and tells a little against it elsewhere.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from appliance.events import Mood, Remember

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
    """Grows by `learn`. `often` counts how often each song was heard to its end."""

    shown: dict[str, dict[Mood | None, Evidence]] = field(default_factory=dict)
    said: dict[str, dict[Mood | None, int]] = field(default_factory=dict)
    often: Counter[str] = field(default_factory=Counter)

    def learn(self, what: Remember, ago: float = 0.0) -> None:
        """One row of the history, so many seconds old. Rows that tell nothing of a song are left out."""
        good = bad = 0.0
        fresh = 0.5 ** (max(0.0, ago) / HALF_LIFE)
        if not what.song:
            return
        if what.kind == "rated" and what.value is not None:
            self.said.setdefault(what.song, {})[what.mood] = int(what.value)
            return
        if what.kind == "played":
            good = PLAY
            self.often[what.song] += 1
        elif what.kind == "skipped":
            bad = SKIP
        elif what.kind == "smile" and what.value is not None:
            good = SMILE * max(0.0, what.value - PLAIN)
        if good or bad:
            moods = self.shown.setdefault(what.song, {})
            before = moods.get(what.mood, (0.0, 0.0))
            moods[what.mood] = (before[0] + good * fresh, before[1] + bad * fresh)

    def evidence(self, uri: str, mood: Mood) -> Evidence:
        """For and against this song in this mood."""
        good = bad = 0.0
        for at, (more, less) in self.shown.get(uri, {}).items():
            weight = 1.0 if at == mood else ELSEWHERE
            good, bad = good + weight * more, bad + weight * less
        for at, rating in self.said.get(uri, {}).items():
            weight = 1.0 if at == mood or at is None else ELSEWHERE
            good += weight * LIKE * (rating == 2)
            bad += weight * DISLIKE * (rating == 0)
        return good, bad

    def barred(self, uri: str, mood: Mood) -> bool:
        """Was it said not to play this song in this mood, or at all?"""
        said = self.said.get(uri, {})
        return said.get(mood, said.get(None)) == 0

    def liked(self, mood: Mood) -> Mapping[str, float]:
        """Songs that go down well in this mood, each with how much (0 to 1)."""
        found = {}
        for uri in self.shown.keys() | self.said.keys():
            good, bad = self.evidence(uri, mood)
            share = (1 + good) / (2 + good + bad)
            if good and share > 0.5 and not self.barred(uri, mood):
                found[uri] = 2 * share - 1
        return found

    def spoken(self, uri: str, mood: Mood) -> bool:
        """Did a person say that they like it, now or in no mood of its own?"""
        said = self.said.get(uri, {})
        return said.get(mood, said.get(None)) == 2
