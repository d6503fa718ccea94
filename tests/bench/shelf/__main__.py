"""How well the shelf finds what people chose themselves, beside its rivals, and what it costs.

    python -m tests.bench.shelf DATA [--tune | --cost]

DATA is the folder of HetRec 2011 Last.fm's listens. `--tune` judges on a hidden part of train alone: the knobs in
appliance/recommender were settled there, and the validation split was read only after. With gensim installed the
Word2Vec rows and the seed's flow are there too. `--cost` measures time and memory alone, with 1,000, 10,000 and 100,000
songs; journeys need no data: `python -m tests.bench.shelf.voyages`.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from appliance.recommender.likeness import Likeness
from tests.bench.shelf import cost, listens, words
from tests.bench.shelf.listens import Task
from tests.bench.shelf.rivals import Field, Judge, word2vec

TOP = 10
HOUSEHOLDS = ((3, 60), (10, 30), (20, 20), (50, 10))
"""Lists, and how many households of so many are drawn."""


def judged(task: Task, judge: Judge) -> tuple[float, float]:
    """nDCG@10 and precision@10, the mean over lists."""
    gain = 1 / np.log2(np.arange(2, TOP + 2))
    won, right = [], []
    for number in task.asked:
        scores = np.array(judge(number), np.float64)
        scores[task.known.row(number)] = -np.inf
        best = np.argsort(-scores, kind="stable")[:TOP]
        hits = np.array([song in task.hidden[number] for song in best])
        won.append(float(gain[hits].sum() / gain[: len(task.hidden[number])].sum()))
        right.append(float(hits.mean()))
    return float(np.mean(won)), float(np.mean(right))


def compared(task: Task, title: str) -> Iterator[str]:
    """All methods on one task."""
    yield f"### {title}\n"
    hidden = sum(len(task.hidden[n]) for n in task.asked)
    yield f"{len(task.asked)} lists, {task.known.width} songs, {hidden / len(task.asked):.1f} hidden a list.\n"
    yield "| method | nDCG@10 | precision@10 |\n|---|---|---|"
    for name, judge in Field(task, words=word2vec(task)).judges():
        won, right = judged(task, judge)
        yield f"| {name} | {won:.4f} | {right:.4f} |"
    yield ""


def households(task: Task) -> Iterator[str]:
    """Households of few lists, which know nothing of anybody else's."""
    likeness = Likeness(task.tags)
    rows: dict[str, list[str]] = {}
    for size, draws in HOUSEHOLDS:
        dice = np.random.default_rng(size)
        found: dict[str, list[float]] = {}
        for _ in range(draws):
            home = task.only(dice.choice(task.asked, size, replace=False))
            for name, judge in Field(home, likeness).judges():
                found.setdefault(name, []).append(judged(home, judge)[0])
        for name, values in found.items():
            rows.setdefault(name, []).append(f"{np.mean(values):.4f}")
    yield "### A household alone: nDCG@10 with so many lists, and no other people's\n"
    yield "| method | " + " | ".join(f"{size} lists" for size, _ in HOUSEHOLDS) + " |"
    yield "|---" * (len(HOUSEHOLDS) + 1) + "|"
    yield from (f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())
    yield ""


def report(data: Path, tune: bool) -> Iterator[str]:
    if tune:
        task = listens.tuning(data)
        yield from compared(task, "The tuning part: up to five of each list in train hidden")
        yield from households(task)
        return
    task = listens.validation(data)
    yield from compared(task, "The validation split, artists that at least five people hear")
    yield from households(task)
    yield from compared(listens.validation(data, 1), "The validation split, every artist")
    yield from compared(listens.halved(data), "Half of every fifth list hidden, train and validation together")
    yield from words.compared(task)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.shelf", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--cost", action="store_true")
    told = parser.parse_args()
    for line in cost.report() if told.cost else report(told.data, told.tune):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
