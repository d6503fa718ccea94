"""The choice: from what fits, what these people would like now, with variety, and why. Pure; the dice are given.

First what is fresh and not barred; of that what fits; of that, priority 1, what is most akin to what is liked in this
mood, and priority 2, what is most often heard. A draw from each song's evidence lets the little known have its turn,
and now and then a place goes to a song never heard here that is akin to what is liked.
"""

import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appliance.commands import Choose
from appliance.events import Choice, Chosen, Reason
from appliance.reasons import sentence
from appliance.recommender.rows import Vector
from appliance.recommender.stock import Stock
from appliance.recommender.taste import BAD, GOOD, Standing, Taste
from appliance.recommender.weighing import Fit, weigh
from appliance.rules import Rules

AKIN = 0.3
"""The say of one deviation of kinship, beside 1 for a song in the middle of its place."""
OFTEN = 0.15
"""The say of being the most heard song among those that fit."""
TASTE = 0.6
"""The say of the evidence's draw, from none to all."""
SURE = 4.0
"""How much evidence a song's kinship alone is worth."""
SEEDS = 50
"""Songs liked in a mood that the others are compared with."""
DRAWN = 200
"""Of what fits, so many of the worthiest are drawn for."""
DISCOVERY = 0.15
"""The share of places that go to a song never heard here."""
USUAL = 5
"""So many songs make an hour's habit."""
HABIT = 3
"""Heard to its end so often, a song is a habit."""


@dataclass(frozen=True)
class Memory:
    """`heard`: songs that should not come again yet, with the seconds since they came. `artists`: who played lately."""

    taste: Taste = field(default_factory=Taste)
    heard: Mapping[str, float] = field(default_factory=dict)
    artists: Sequence[str] = ()
    languages: Sequence[str] = ()
    spoiled: frozenset[str] = frozenset()
    usual: Mapping[str, float] = field(default_factory=dict)  # what goes with this hour of the day


def pick(asked: Choose, stock: Stock, rules: Rules, memory: Memory, dice: random.Random) -> Chosen:
    """As many songs as asked for, best first; fewer where there are no more; none with the trouble told."""
    if stock.trouble:
        return Chosen(asked.ticket, (), stock.trouble)
    if not stock.tracks:
        return Chosen(asked.ticket, (), "the music library is empty: put songs into its folder and update the server")
    asked = at_ease(asked, stock, memory.usual)
    fit = weigh(asked, stock, rules, memory.languages, memory.spoiled)
    if not fit.may.any():
        text = f"no song fits “{asked.mood}”: name folders, genres, tags or a playlist for it in moods.toml"
        return Chosen(asked.ticket, (), text)
    taste = memory.taste.standing(asked.mood).among(memory.taste.places(stock.number), len(stock.tracks))
    seeds, weights = liked(asked, stock, memory, fit, taste)
    akin = stock.recommender.akin(seeds, weights) if stock.recommender else np.zeros(len(stock.tracks), np.float32)
    stale = staleness(asked, stock, memory, taste)
    songs = drawn(fit, akin, stale, stock, taste, dice)
    new = {song for song in songs if len(seeds) and not stale[song] and akin[song] > 0 and unheard(song, stock, taste)}
    order = turns(songs, asked.count, stale, stock, memory.artists, new, dice)
    friend = stock.tracks[seeds[int(np.argmax(weights))]].song.name if len(seeds) else ""
    return Chosen(
        asked.ticket,
        tuple(told(song, new, friend, fit, float(stale[song]), stock, taste, asked) for song, new in order),
    )


def at_ease(asked: Choose, stock: Stock, usual: Mapping[str, float]) -> Choose:
    """With a neutral room and no pursuit, half the way towards what is usual at this hour."""
    if asked.mood != "neutral" or asked.pursuits or len(usual) < USUAL:
        return asked
    songs = stock.number.all(usual)
    weights, valence, energy = np.array(list(usual.values())), stock.valence[songs], stock.energy[songs]
    told = (songs >= 0) & ~np.isnan(valence + energy)
    if told.sum() < USUAL:
        return asked
    there = [float(np.average(axis[told], weights=weights[told])) for axis in (valence, energy)]
    return replace(asked, valence=(asked.valence + there[0]) / 2, energy=(asked.energy + there[1]) / 2)


def liked(
    asked: Choose, stock: Stock, memory: Memory, fit: Fit, taste: Standing
) -> tuple[NDArray[np.integer[Any]], Vector]:
    """The songs liked in this mood, with how much (with a neutral one, those of this hour too); before there are any,
    those on the mood's own playlists."""
    share = taste.liked
    if asked.mood == "neutral" and memory.usual:
        usual = stock.number.all(memory.usual)
        fine = (usual >= 0) & (taste.word[usual] != BAD) & (share[usual] == 0)
        share[usual[fine]] = np.array(list(memory.usual.values()), np.float32)[fine]
    if not share.any():
        share[stock.having(token for token in fit.rules if token.startswith("playlist:"))] = 0.3
    songs = np.flatnonzero(share)
    order = np.argsort(-share[songs], kind="stable")[:SEEDS]
    return songs[order], share[songs[order]]


def staleness(asked: Choose, stock: Stock, memory: Memory, taste: Standing) -> Vector:
    """0 for a song that may come; else the higher, the less it should. What was barred comes last of all."""
    found: Vector = np.where(taste.word == BAD, np.float32(10), np.float32(0))
    heard = stock.number.all(memory.heard)
    ago = np.array(list(memory.heard.values()), np.float32)
    found[heard[heard >= 0]] += 1 / (1 + ago[heard >= 0])
    avoid = stock.number.all(asked.avoid)
    found[avoid[avoid >= 0]] += 1 + 1 / (1 + np.flatnonzero(avoid >= 0))
    return found


def drawn(
    fit: Fit, akin: Vector, stale: Vector, stock: Stock, taste: Standing, dice: random.Random
) -> dict[int, float]:
    """The worthiest songs, fresh ones first, each with its worth after the dice."""
    heard = np.maximum(stock.plays, taste.often)  # what this box wrote into the stickers itself counts once
    often = np.log1p(heard + stock.listed)
    often /= max(1e-9, float(often.max()))
    worth = fit.worth + AKIN * np.clip(akin, -2, 3) + OFTEN * often
    may = np.flatnonzero(fit.may)
    order = may[np.lexsort((-worth[may], stale[may]))] if len(may) <= DRAWN else best(may, worth - 100 * stale)
    means = 0.5 + 0.1 * np.clip(akin[order], -2, 2)
    good, bad = SURE * means + taste.good[order], SURE * (1 - means) + taste.bad[order]
    return {
        song: due + TASTE * dice.betavariate(more, less)
        for song, due, more, less in zip(
            order.tolist(), worth[order].tolist(), good.tolist(), bad.tolist(), strict=True
        )
    }


def best(may: NDArray[np.int64], worth: Vector) -> NDArray[np.int64]:
    found: NDArray[np.int64] = may[np.argpartition(-worth[may], DRAWN)[:DRAWN]]
    return found


def unheard(song: int, stock: Stock, taste: Standing) -> bool:
    return not taste.known[song] and not stock.plays[song]


def turns(
    songs: Mapping[int, float], count: int, stale: Vector, stock: Stock, artists: Sequence[str], new: set[int],
    dice: random.Random,
) -> list[tuple[int, bool]]:  # fmt: skip
    """The songs in the order of playing, each with whether it is a discovery: what is fresh, then who did not play
    lately, then the worth."""
    lately = deque([name.casefold() or None for name in artists], len(artists))
    by = {song: stock.tracks.artists[song].casefold() for song in songs}
    gone = {song: float(stale[song]) for song in songs}
    left, new = dict(songs), set(new)
    found: list[tuple[int, bool]] = []
    while left and len(found) < count:
        look = bool(new) and dice.random() < DISCOVERY
        one = min(new if look else left, key=lambda song: (gone[song], by[song] in lately, -left[song]))
        del left[one]
        new.discard(one)
        found.append((one, look))
        lately.append(by[one] or None)
    return found


def told(
    song: int, new: bool, friend: str, fit: Fit, stale: float, stock: Stock, taste: Standing, asked: Choose
) -> Choice:
    """The song with its reasons, the weightiest first."""
    track = stock.tracks[song]
    parts = fit.reasons(stock, song, asked)
    if new and friend:
        parts.append((2.0, Reason("discovery", friend)))
    if taste.word[song] == GOOD:
        parts.append((0.75, Reason("liked", mood=asked.mood)))
    elif max(taste.often[song], stock.plays[song]) >= HABIT:
        parts.append((0.3, Reason("habit")))
    parts.sort(key=lambda part: -part[0])
    reasons = [part for _, part in parts] or [Reason("chance")]
    if taste.word[song] == BAD:  # it comes last of all: whatever else fits came before
        reasons.append(Reason("barred", mood=asked.mood))
    elif stale:
        reasons.append(Reason("again"))
    return Choice(track.song, sentence(reasons), tuple(reasons))
