"""How much precision@10 depends on how one asks: the same methods, the same listens, other things hidden.

    python -m tests.bench.shelf.asking DATA

Each row hides something of every fifth list, train and validation together; the other lists are known whole. The knobs
were settled on none of them. With gensim installed the seed's flow is there too.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.shelf import listens
from tests.bench.shelf.__main__ import judged
from tests.bench.shelf.listens import Task
from tests.bench.shelf.rivals import Field, word2vec

FIFTH = range(0, 10**9, 5)
SEED = 9
TOLD = ("ALS", "plain sum", "the seed’s flow as written", "the seed’s flow repaired", "**ours**")
WAYS: tuple[tuple[str, Callable[[int], int], int], ...] = (
    ("five of each list hidden", lambda count: min(5, count // 3), 5),
    ("ten", lambda count: min(10, count // 2), 5),
    ("half", lambda count: count // 2, 5),
    ("all but ten", lambda count: max(0, count - 10), 5),
    ("all but five", lambda count: max(0, count - 5), 5),
    ("half, of artists that twenty people hear", lambda count: count // 2, 20),
    ("half, of artists that fifty people hear", lambda count: count // 2, 50),
    ("all but ten, of artists that fifty people hear", lambda count: max(0, count - 10), 50),
)
"""What is hidden, how many of a list of so many, and how many people must hear an artist that counts."""


def task(data: Path, hidden: Callable[[int], int], heard_by: int) -> Task:
    heard, tags = listens.read(data)
    return listens.part(heard, tags, hidden, FIFTH, SEED, heard_by)


def report(data: Path) -> Iterator[str]:
    yield f"| what is hidden | hidden a list | {' | '.join(TOLD)} |"
    yield "|---" * (len(TOLD) + 2) + "|"
    for name, hidden, heard_by in WAYS:
        asked = task(data, hidden, heard_by)
        judges = dict(Field(asked, words=word2vec(asked)).judges())
        cells = [f"{judged(asked, judges[method])[1]:.3f}" if method in judges else "" for method in TOLD]
        away = sum(len(asked.hidden[n]) for n in asked.asked) / len(asked.asked)
        yield f"| {name} | {away:.1f} | {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.shelf.asking", description=__doc__)
    parser.add_argument("data", type=Path)
    for line in report(parser.parse_args().data):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
