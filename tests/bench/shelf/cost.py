"""What choosing costs with 1,000, 10,000 and 100,000 songs, 5,000 lists and a history of 20,000 rows.

    python -m tests.bench.shelf.cost [SONGS]

Each size in a process of its own, so that memory is told honestly. Genres, artists and lists are drawn as unevenly as
they are in real libraries; the songs are made up.
"""

import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np

from appliance import rules
from appliance.commands import Choose, Remember
from appliance.events import Song
from appliance.library.chart import Chart
from appliance.names import Names
from appliance.places import DEFAULTS
from appliance.rack import Rack, Track
from appliance.recommender import affinity
from appliance.recommender.evenings import Evenings
from appliance.recommender.hours import Hours
from appliance.recommender.pick import Memory, pick
from appliance.recommender.stock import fill
from appliance.recommender.taste import Taste
from appliance.rules import MOODS
from appliance.thrift import be_thrifty, give_back

SIZES = (1_000, 10_000, 100_000)
LISTS, LONG, ALBUM = 5_000, 50, 12
ROWS = 20_000
ASKED = 60
HEAD = (
    "| songs | filled s | history s | ten songs ms, median / worst | again, other songs ms | affinity learned s "
    "| resident MB |\n|---|---|---|---|---|---|---|"
)


def library(count: int, dice: np.random.Generator) -> Iterator[Track]:
    """Songs in albums by uneven artists in uneven genres, on 5,000 lists."""
    artists, genres = max(1, count // 12), 80
    by = np.repeat((dice.pareto(1.2, count // ALBUM + 1) * artists / 20).astype(int) % artists, ALBUM)[:count]
    of = by * 7 % genres
    lists: list[list[str]] = [[] for _ in range(count)]
    for n in range(LISTS):
        for song in set((dice.pareto(1.0, LONG) * count / 50 + dice.integers(count)).astype(int) % count):
            lists[song].append(f"list {n}")
    people = [f"Artist {n}" for n in range(artists)]
    genre = [frozenset({f"genre {n}", f"style {n // 4}"}) for n in range(genres)]
    words = [frozenset({f"word {n}", f"word {n // 3}"}) for n in range(400)]
    none: frozenset[str] = frozenset()
    for n in range(count):
        uri = f"music/artist {by[n]}/album {n // ALBUM}/{n:06} song.flac"
        song = Song(uri, f"Song {n}", people[by[n]], f"Album {n // ALBUM}", 200.0)
        yield Track(song, genre[of[n]], words[n % 400] if n % 3 == 0 else none, tuple(lists[n]))


def heard(tracks: Rack, dice: np.random.Generator) -> Chart:
    """Every song somewhere on the plane, a fifth of them sung in Korean."""
    count = len(tracks)
    return Chart(
        Names(tracks.uri(n) for n in range(count)),
        dice.uniform(-1, 1, (count, 2)).astype(np.float32),
        (np.arange(count) % 5 == 0).astype(np.int32),
        ("", "ko"),
        np.zeros(count, np.int32),
    )


def measured(count: int) -> str:
    be_thrifty()  # as the half that speaks is
    dice = np.random.default_rng(1)
    tracks = Rack(library(count, dice))
    chart = heard(tracks, dice)
    began = time.process_time()
    taste, evenings, hours = Taste(), Evenings(), Hours()
    for n, song in enumerate(dice.integers(count, size=ROWS).tolist()):
        kind = ("played", "skipped", "rated", "smile")[n % 4]
        said = Remember(kind, MOODS[n % 7], tracks.uri(song), 2 if kind == "rated" else 0.6)  # type: ignore[arg-type]
        taste.learn(said)
        evenings.learn(said, n * 400.0)
        hours.learn(said, n // 9 % 24)
    recalled = time.process_time() - began
    began = time.process_time()
    stock = fill(tracks, chart, evenings.lists())
    filled = time.process_time() - began
    began = time.process_time()
    stock = stock.knowing(affinity.fit(stock.lists))
    learned = time.process_time() - began
    give_back()
    times: list[float] = []
    again: list[float] = []
    for n in range(ASKED):
        valence, energy = dice.uniform(-0.7, 0.7, 2).tolist()
        asked = Choose(n, MOODS[n % 7], valence, energy, 10, (), ("word 3",) if n % 5 == 0 else ())
        lately = {tracks.uri(k): 99.0 for k in range(0, count, max(1, count // 200))}
        for kept in (times, again):
            began = time.process_time()
            memory = Memory(taste, lately, ["x"] * 2, usual=hours.usual(n % 24))
            chosen = pick(asked, stock, RULES, memory, random.Random(n))
            kept.append((time.process_time() - began) * 1e3)
            asked = Choose(n, asked.mood, asked.valence, asked.energy, 10, tuple(c.song.uri for c in chosen.choices))
    peak = resident()
    return (
        f"| {count:,} | {filled:.2f} | {recalled:.2f} | {np.median(times[7:]):.1f} / {max(times[7:]):.1f} "
        f"| {np.median(again):.1f} | {learned:.1f} | {peak:.0f} |"
    )


def resident() -> float:
    """What this process holds now."""
    with open("/proc/self/statm", encoding="ascii") as told:  # noqa: PTH123  # a kernel file, no path of ours
        return int(told.read().split()[1]) * resource.getpagesize() / 1e6


RULES = rules.read(DEFAULTS / "moods.toml")


def report() -> Iterator[str]:
    yield "### What it costs\n"
    yield HEAD
    for size in SIZES:
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.shelf.cost", str(size)], check=True, capture_output=True, text=True
        )
        yield done.stdout.strip()
    yield ""


if __name__ == "__main__":
    print(measured(int(sys.argv[1])) if len(sys.argv) > 1 else "\n".join(report()))
