"""The listens to judge by: people's artists stand in for a household's lists, artists for songs.

DATA holds listens.tsv.gz (user, artist, plays, split), tags.tsv.gz (user, artist, tag) of HetRec 2011 Last.fm.
What a person tagged that is hidden from the methods is left out of the tags too, or the tags would tell the answer.
"""

import csv
import gzip
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from appliance.recommender.rows import Rows

HEARD_BY = 5
"""Artists that fewer people hear in the training part are left out, as a song that is on one list alone would be."""
HIDDEN = 5


@dataclass(frozen=True)
class Task:
    """Lists with what is known of each (weight: the rank of its plays, at most 1), and what is hidden."""

    known: Rows
    hidden: tuple[frozenset[int], ...]
    tags: Rows
    words: tuple[str, ...] = ()

    @property
    def asked(self) -> list[int]:
        """The lists that can be judged."""
        return [n for n, hidden in enumerate(self.hidden) if hidden and self.known.lengths[n]]

    def only(self, lists: NDArray[np.int64]) -> "Task":
        """A household that has these lists and no other; the songs stay."""
        return Task(gathered(self.known, lists), tuple(self.hidden[n] for n in lists), self.tags, self.words)


def gathered(rows: Rows, numbers: NDArray[np.int64]) -> Rows:
    places = np.concatenate([np.arange(rows.starts[n], rows.starts[n + 1]) for n in numbers])
    return Rows.cut(rows.lengths[numbers], rows.columns[places], rows.weights[places], rows.width)


Listen = tuple[str, str, float, str]


def read(data: Path) -> tuple[list[Listen], list[tuple[str, str, str]]]:
    listens = [(r["user"], r["artist"], float(r["plays"]), r["split"]) for r in table(data / "listens.tsv.gz")]
    return listens, [(r["user"], r["artist"], r["tag"].casefold()) for r in table(data / "tags.tsv.gz")]


def table(file: Path) -> Iterator[dict[str, str]]:
    if not file.exists():
        sys.exit(f"{file} is not there: DATA is the folder that holds listens.tsv.gz and tags.tsv.gz")
    with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened, delimiter="\t")


def validation(data: Path, heard_by: int = HEARD_BY) -> Task:
    """All of train known, the validation split hidden."""
    listens, tags = read(data)
    return task(listens, tags, lambda listen: listen[3] == "val", heard_by)


def tuning(data: Path) -> Task:
    """Train alone: up to five of each list hidden, by dice; for settling the knobs without the validation split."""
    listens, tags = read(data)
    mine = [listen for listen in listens if listen[3] == "train"]
    return part(mine, tags, lambda count: min(HIDDEN, count // 3), range(10**9), seed=5)


def halved(data: Path) -> Task:
    """Train and validation together: half of every fifth list hidden, the others known whole."""
    listens, tags = read(data)
    return part(listens, tags, lambda count: count // 2, range(0, 10**9, 5), seed=9)


def part(
    listens: list[Listen],
    tags: list[tuple[str, str, str]],
    share: Callable[[int], int],
    lists: range,
    seed: int,
    heard_by: int = HEARD_BY,
) -> Task:
    """`share`: how many of a list of so many are hidden, by dice. `lists`: which of them are asked."""
    dice = np.random.default_rng(seed)
    mine: dict[str, list[str]] = {}
    for user, artist, _, _ in listens:
        mine.setdefault(user, []).append(artist)
    away = set()
    for number, (user, artists) in enumerate(sorted(mine.items())):
        if number in lists:
            away |= {(user, artists[n]) for n in dice.permutation(len(artists))[: share(len(artists))]}
    return task(listens, tags, lambda listen: (listen[0], listen[1]) in away, heard_by)


def task(
    listens: list[Listen], tags: list[tuple[str, str, str]], hide: Callable[[Listen], bool], heard_by: int = HEARD_BY
) -> Task:
    shown = [listen for listen in listens if not hide(listen)]
    heard = Counter(artist for _, artist, _, _ in shown)
    numbers = {a: n for n, a in enumerate(sorted((a for a, times in heard.items() if times >= heard_by), key=int))}
    users = {user: n for n, user in enumerate(sorted({listen[0] for listen in listens}, key=int))}
    known: list[list[tuple[float, int]]] = [[] for _ in users]
    hidden: list[set[int]] = [set() for _ in users]
    secret = set()
    for listen in listens:
        user, artist, plays, _ = listen
        if hide(listen):
            secret.add((user, artist))
            if artist in numbers:
                hidden[users[user]].add(numbers[artist])
        elif artist in numbers:
            known[users[user]].append((plays, numbers[artist]))
    for row in known:
        row.sort()
    given = Counter((a, tag) for user, a, tag in tags if a in numbers and (user, a) not in secret)
    words = {word: n for n, word in enumerate(sorted({tag for _, tag in given}))}
    tagged: list[list[tuple[int, int]]] = [[] for _ in numbers]
    for (artist, tag), times in given.items():
        tagged[numbers[artist]].append((words[tag], times))
    ranks = np.concatenate([(np.arange(len(row)) + 1) / len(row) for row in known if row])
    return Task(
        Rows.of([[song for _, song in row] for row in known], len(numbers)).weighed(ranks),
        tuple(frozenset(row) for row in hidden),
        Rows.of([[tag for tag, _ in row] for row in tagged], len(words)).weighed(
            np.array([times for row in tagged for _, times in row], np.float32)
        ),
        tuple(words),
    )
