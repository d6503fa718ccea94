"""How well each song of the stock fits what is asked: by the household's rules, its place on the plane, and words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from appliance.commands import Choose
from appliance.events import Reason
from appliance.recommender.rows import Mask, Vector
from appliance.recommender.stock import Stock, named
from appliance.rules import Rules

SAYS: Mapping[str, float] = {"playlist": 1.0, "folder": 0.8, "tag": 0.7, "genre": 0.35}
"""What each kind of rule weighs: a playlist was made by hand, a genre is a guess."""
REACH = 0.6
"""A song whose place is farther from the point than this does not sound near it."""
FAR = 1.0
"""Beyond this its genre, or a word, does not make a song fit either."""
FALLBACK = 50
"""With nothing that fits, so many of the nearest songs stand in, beside those of which nobody knows where they lie."""
WIDER = 8
"""Words near a pursuit's own that count too."""
PURSUIT = 0.6


@dataclass(frozen=True)
class Fit:
    """`worth` of the songs that `may` come. `rules`: the tokens that speak for the mood; `sought`: for the pursuit."""

    may: Mask
    worth: Vector
    near: Vector
    rules: Mapping[str, str]
    sought: Mapping[str, float]
    languages: frozenset[str]

    def reasons(self, stock: Stock, song: int, asked: Choose) -> list[tuple[float, Reason]]:
        """What speaks for one song, each with its weight."""
        found: list[tuple[float, Reason]] = []
        token = next((token for token in self.rules if stock.carries(song, token)), "")
        if token:
            kind = token.partition(":")[0]
            found.append((SAYS[kind], Reason(kind, self.rules[token], asked.mood)))  # type: ignore[arg-type]  # of KINDS
        if self.near[song] > 0 or (self.near[song] and not found):  # 0: nobody listened yet, and nothing is claimed
            found.append((max(0.01, 0.6 * float(self.near[song])), Reason("place", mood=asked.mood)))
        if words := [(close, word) for word, close in self.sought.items() if stock.carries(song, word)]:
            close, word = max(words)
            found.append((0.9 * close, Reason("pursuit", word.partition(":")[2])))
        if (tongue := stock.tongues[stock.languages[song]]) in self.languages:
            found.append((0.05, Reason("language", tongue)))
        return found


def weigh(asked: Choose, stock: Stock, rules: Rules, languages: Sequence[str] = (), spoiled: Iterable[str] = ()) -> Fit:
    """Which songs may come, and what each is worth. `spoiled`: those that cannot be played. A song that the household
    gave to another mood, by playlist, folder or tag, does not come here because of its sound."""
    mine = named(rules[asked.mood])
    strength = np.zeros(len(stock.tracks), np.float32)
    genre = np.zeros(len(stock.tracks), np.bool_)
    for kind, weight in SAYS.items():
        having = stock.having(token for token in mine if token.startswith(f"{kind}:"))
        strength = np.maximum(strength, weight * having)
        genre |= having & (kind == "genre")
    claimed = stock.having(
        token
        for mood, rule in rules.items()
        if mood != asked.mood
        for token in named(rule)
        if not token.startswith("genre:") and token not in mine
    )
    away = np.hypot(stock.valence - asked.valence, stock.energy - asked.energy)
    unknown = np.isnan(away)
    near = np.where(unknown, 0, 1 - away / REACH).astype(np.float32)
    sought = stock.near(asked.pursuits, WIDER) if asked.pursuits else {}
    pull = np.zeros(len(stock.tracks), np.float32)
    for token, close in sought.items():
        pull = np.maximum(pull, close * stock.having([token]))
    close_enough = unknown | (away <= FAR)
    may = (strength > SAYS["genre"]) | (genre & close_enough) | ((pull > 0) & close_enough)
    whole = np.ones(len(stock.tracks), np.bool_)
    broken = stock.number.all(spoiled)
    whole[broken[broken >= 0]] = False
    may = (may | ((near > 0) & ~claimed)) & whole
    if not may.any():
        # Songs that nobody listened to yet come by chance: on the first evening there may be no others.
        may = (genre | nearest(np.where(unknown | ~whole, np.inf, away)) | (unknown & ~claimed)) & whole
    chosen = frozenset(languages)
    if chosen:
        spoken = np.array([not tongue or tongue in chosen for tongue in stock.tongues])[stock.languages]
        may = may & spoken if (may & spoken).any() else may
    return Fit(may, strength + np.maximum(near, -1) + PURSUIT * pull, near, mine, sought, chosen)


def nearest(away: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Mask:
    found = np.zeros(len(away), np.bool_)
    order = np.argsort(away, kind="stable")[:FALLBACK]
    found[order[np.isfinite(away[order])]] = True
    return found
