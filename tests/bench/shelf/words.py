"""Near words: half of a song's tags are shown, and the other half is to be found among the nearest words."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from appliance.recommender.likeness import Likeness
from appliance.recommender.rows import Rows
from tests.bench.shelf.listens import Task
from tests.bench.shelf.rivals import word2vec

TOP = 10
JUDGED = 3
"""The fifth of the songs that is judged; the power of `likeness.words` was settled on another one."""


def compared(task: Task) -> Iterator[str]:
    """Learned from four songs of five, judged on the fifth; only words that both methods know."""
    taught = np.flatnonzero(np.arange(len(task.tags)) % 5 != JUDGED)
    asked = np.flatnonzero(np.arange(len(task.tags)) % 5 == JUDGED)
    shown = part(task.tags, taught)
    ours = Likeness(shown)
    theirs = word2vec(Task(task.known, task.hidden, shown, task.words))
    yield "### Near words: half of a song's tags found from the other half\n"
    yield "| method | share of the ten nearest that are right |\n|---|---|"
    common = shown.commonness()
    yield f"| the commonest words | {score(task, asked, ours, None, common):.4f} |"
    if theirs is not None:
        yield f"| Word2Vec | {score(task, asked, ours, theirs, common):.4f} |"
    yield f"| **ours** | {score(task, asked, ours, ours_words(ours, len(task.words)), common):.4f} |"
    yield ""


def ours_words(likeness: Likeness, count: int) -> NDArray[np.float32]:
    found = np.zeros((count, likeness.words.shape[1]), np.float32)
    found[likeness.kept] = likeness.words
    return found


def score(
    task: Task,
    asked: NDArray[np.int64],
    likeness: Likeness,
    words: NDArray[np.float32] | None,
    common: NDArray[np.float32],
) -> float:
    right = []
    for song in asked:
        tags = np.intersect1d(task.tags.row(song), likeness.kept)
        if len(tags) < 6:
            continue
        tags = np.random.default_rng(int(song)).permutation(tags)
        half, rest = tags[: len(tags) // 2], tags[len(tags) // 2 :]
        if words is None:
            close = common.astype(np.float64)
        else:
            long = words[likeness.kept] / np.maximum(np.linalg.norm(words[likeness.kept], axis=1, keepdims=True), 1e-9)
            close = np.full(len(common), -9.0)
            close[likeness.kept] = long @ long[np.searchsorted(likeness.kept, half)].sum(0)
        close = close.copy()
        close[half] = -99
        right.append(np.isin(np.argsort(-close)[:TOP], rest).sum() / min(TOP, len(rest)))
    return float(np.mean(right))


def part(rows: Rows, numbers: NDArray[np.int64]) -> Rows:
    places = np.concatenate([np.arange(rows.starts[n], rows.starts[n + 1]) for n in numbers])
    return Rows.cut(rows.lengths[numbers], rows.columns[places], rows.weights[places], rows.width)
