"""The choice: from what fits, what these people would like now, with variety, and why. Pure; the dice are given.

First what is fresh and not barred; of that what fits; of that, priority 1, what is most akin to what is liked in this
mood, and priority 2, what is most often heard. A draw from each song's evidence lets the little known have its turn,
and now and then a place goes to a song never heard here that is akin to what is liked.
"""

import heapq
import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from appliance.events import Choice, Choose, Chosen, Reason
from appliance.reasons import sentence
from appliance.recommender.rows import Vector
from appliance.recommender.stock import Stock
from appliance.recommender.taste import Taste
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
    seeds, weights = liked(asked, stock, memory, fit)
    akin = stock.recommender.akin(seeds, weights) if stock.recommender else np.zeros(len(stock.tracks), np.float32)
    stale = staleness(asked, stock, memory)
    songs = drawn(fit, akin, stale, stock, memory, asked, dice)
    order = turns(songs, asked.count, akin, stale, stock, memory, len(seeds) > 0, dice)
    friend = stock.tracks[seeds[int(np.argmax(weights))]].song.title if len(seeds) else ""
    return Chosen(
        asked.ticket,
        tuple(told(song, new, friend, fit, float(stale[song]), stock, memory.taste, asked) for song, new in order),
    )


def at_ease(asked: Choose, stock: Stock, usual: Mapping[str, float]) -> Choose:
    """With a neutral room and no pursuit, half the way towards what is usual at this hour."""
    if asked.mood != "neutral" or asked.pursuits or len(usual) < USUAL:
        return asked
    known = [(share, stock.number[uri]) for uri, share in usual.items() if uri in stock.number]
    weights, songs = np.array([share for share, _ in known]), [song for _, song in known]
    valence, energy = stock.valence[songs], stock.energy[songs]
    told = ~np.isnan(valence + energy)
    if told.sum() < USUAL:
        return asked
    there = [float(np.average(axis[told], weights=weights[told])) for axis in (valence, energy)]
    return replace(asked, valence=(asked.valence + there[0]) / 2, energy=(asked.energy + there[1]) / 2)


def liked(asked: Choose, stock: Stock, memory: Memory, fit: Fit) -> tuple[NDArray[np.int32], Vector]:
    """The songs liked in this mood, with how much (with a neutral one, those of this hour too); before there are any,
    those on the mood's own playlists."""
    told = dict(memory.taste.liked(asked.mood))
    if asked.mood == "neutral":
        told = {uri: share for uri, share in memory.usual.items() if not memory.taste.barred(uri, "neutral")} | told
    found = [(share, stock.number[uri]) for uri, share in told.items() if uri in stock.number]
    if not found:
        listed = stock.having(token for token in fit.rules if token.startswith("playlist:"))
        found = [(0.3, int(song)) for song in np.flatnonzero(listed)[:SEEDS]]
    found = heapq.nlargest(SEEDS, found)
    return np.array([song for _, song in found], np.int32), np.array([share for share, _ in found], np.float32)


def staleness(asked: Choose, stock: Stock, memory: Memory) -> Vector:
    """0 for a song that may come; else the higher, the less it should. What was barred comes last of all."""
    found = np.zeros(len(stock.tracks), np.float32)
    for uri, ago in memory.heard.items():
        if uri in stock.number:
            found[stock.number[uri]] += 1 / (1 + ago)
    for rank, uri in enumerate(asked.avoid):
        if uri in stock.number:
            found[stock.number[uri]] += 1 + 1 / (1 + rank)
    for uri in memory.taste.ratings():
        if uri in stock.number and memory.taste.barred(uri, asked.mood):
            found[stock.number[uri]] += 10
    return found


def drawn(
    fit: Fit, akin: Vector, stale: Vector, stock: Stock, memory: Memory, asked: Choose, dice: random.Random
) -> dict[int, float]:
    """The worthiest songs, fresh ones first, each with its worth after the dice."""
    taste = memory.taste
    heard = stock.plays.copy()
    known = {stock.number[uri]: times for uri, times in taste.often.items() if uri in stock.number}
    songs, counts = list(known), np.array(list(known.values()), np.float32)
    heard[songs] = np.maximum(heard[songs], counts)  # what this box wrote into the stickers itself counts once
    often = np.log1p(heard + stock.lists.commonness())
    often /= max(1e-9, float(often.max()))
    worth = fit.worth + AKIN * np.clip(akin, -2, 3) + OFTEN * often
    may = np.flatnonzero(fit.may)
    order = may[np.lexsort((-worth[may], stale[may]))] if len(may) <= DRAWN else best(may, worth - 100 * stale)
    means = 0.5 + 0.1 * np.clip(akin[order], -2, 2)
    found = {}
    for song, mean, due in zip(order.tolist(), means.tolist(), worth[order].tolist(), strict=True):
        good, bad = taste.evidence(stock.tracks[song].song.uri, asked.mood)
        found[song] = due + TASTE * dice.betavariate(SURE * mean + good, SURE * (1 - mean) + bad)
    return found


def best(may: NDArray[np.int64], worth: Vector) -> NDArray[np.int64]:
    found: NDArray[np.int64] = may[np.argpartition(-worth[may], DRAWN)[:DRAWN]]
    return found


def turns(
    songs: Mapping[int, float], count: int, akin: Vector, stale: Vector, stock: Stock, memory: Memory, known: bool,
    dice: random.Random,
) -> list[tuple[int, bool]]:  # fmt: skip
    """The songs in the order of playing, each with whether it is a discovery: what is fresh, then who did not play
    lately, then the worth."""
    lately = deque([name.casefold() or None for name in memory.artists], len(memory.artists))
    by = {song: stock.tracks[song].song.artist.casefold() for song in songs}
    gone = {song: float(stale[song]) for song in songs}
    new = {song for song in songs if known and not gone[song] and akin[song] > 0 and unheard(stock, song, memory.taste)}
    left = dict(songs)
    found: list[tuple[int, bool]] = []
    while left and len(found) < count:
        look = bool(new) and dice.random() < DISCOVERY
        one = min(new if look else left, key=lambda song: (gone[song], by[song] in lately, -left[song]))
        del left[one]
        new.discard(one)
        found.append((one, look))
        lately.append(by[one] or None)
    return found


def unheard(stock: Stock, song: int, taste: Taste) -> bool:
    uri = stock.tracks[song].song.uri
    known = uri in taste.shown or uri in taste.said or uri in taste.kept.likes
    return not known and not stock.plays[song]


def told(
    song: int, new: bool, friend: str, fit: Fit, stale: float, stock: Stock, taste: Taste, asked: Choose
) -> Choice:
    """The song with its reasons, the weightiest first."""
    track = stock.tracks[song]
    parts = fit.reasons(stock, song, asked)
    if new and friend:
        parts.append((2.0, Reason("discovery", friend)))
    if taste.spoken(track.song.uri, asked.mood):
        parts.append((0.75, Reason("liked", mood=asked.mood)))
    elif max(taste.often[track.song.uri], stock.plays[song]) >= HABIT:
        parts.append((0.3, Reason("habit")))
    parts.sort(key=lambda part: -part[0])
    reasons = [part for _, part in parts] + ([Reason("again")] if stale else [])
    return Choice(track.song, sentence(reasons), tuple(reasons))
