"""What the shelf is judged against. Each answers, for one list of a task, a score for every song."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from appliance.recommender import affinity
from appliance.recommender.affinity import Affinity
from appliance.recommender.blend import Recommender, even, evened
from appliance.recommender.company import Company
from appliance.recommender.likeness import Likeness
from appliance.recommender.rows import Rows, Vector
from tests.bench.shelf.listens import Task

Judge = Callable[[int], Vector]
WIDE = 5
"""Words that the seed's flow adds to the one asked for."""
CLOSE = 50
"""Lists that the repaired flow listens to, where the seed's listens to one."""


def word2vec(task: Task) -> NDArray[np.float32] | None:
    """Word2Vec's vector of each tag, where gensim is installed: it is no part of the box."""
    try:
        from gensim.models import Word2Vec  # type: ignore[import-not-found]  # only where somebody compares
    except ImportError:
        return None
    sentences = [[str(tag) for tag in task.tags.row(n)] for n in range(len(task.tags)) if task.tags.lengths[n]]
    model = Word2Vec(sentences, vector_size=64, window=50, min_count=1, sg=1, epochs=30, workers=1, seed=1)
    return np.array([model.wv[str(tag)] if str(tag) in model.wv else np.zeros(64) for tag in range(len(task.words))])


def songs_of(tags: Rows, words: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each song as the sum of its tags' vectors, rare ones counting more."""
    rarity = np.log(len(tags) / np.maximum(tags.commonness(), 1))
    weights = np.log1p(tags.weights) * rarity[tags.columns]
    found = np.zeros((len(tags), words.shape[1]), np.float32)
    np.add.at(found, tags.owners, words[tags.columns] * weights[:, None])
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)


class Field:
    """Every method, learned once from what a task lets be known."""

    def __init__(self, task: Task, likeness: Likeness | None = None, words: NDArray[np.float32] | None = None) -> None:
        self.task, self.words = task, words
        self.likeness = likeness or Likeness(task.tags)
        self.company = Company(task.known)
        self.affinity: Affinity = affinity.fit(task.known)
        self.ours = Recommender(self.likeness, self.company, self.affinity)
        self.often = task.known.commonness()
        self._songs = None if words is None else songs_of(task.tags, words)
        tastes = [self._taste(n) for n in range(len(task.known))]
        self._tastes = np.array(tastes) / np.maximum(np.linalg.norm(tastes, axis=1, keepdims=True), 1e-9)

    def seeds(self, number: int) -> tuple[NDArray[np.int32], Vector]:
        known = self.task.known
        return known.row(number), known.weights[known.starts[number] : known.starts[number + 1]]

    def judges(self) -> Iterator[tuple[str, Judge]]:
        """All but the seed's flow get the seeds evened, as ours does by itself."""
        count = self.task.known.width

        def seeds(number: int) -> tuple[NDArray[np.int32], Vector]:
            songs, weights = self.seeds(number)
            return songs, evened(weights)

        singles: list[tuple[str, Judge]] = [
            ("popularity", lambda n: self.often),
            ("tags, ours", lambda n: self.likeness.alike(*seeds(n))),
            ("co-occurrence", lambda n: self.company.keep(*seeds(n))),
            ("ALS", lambda n: self.affinity.like(*seeds(n), count)),
        ]
        yield singles[0]
        if self._songs is not None:
            yield "tags, Word2Vec", lambda n: by_words(self._songs, *seeds(n))
        yield from singles[1:]
        yield "plain sum", lambda n: np.sum([even(judge(n)) for _, judge in singles[1:]], axis=0)
        if self.words is not None:
            yield "the seed’s flow as written", lambda n: self.flow(n, 1)
            yield "the seed’s flow repaired", lambda n: self.flow(n, CLOSE)
        yield "**ours**", lambda n: self.ours.akin(*self.seeds(n))

    def flow(self, number: int, close: int) -> Vector:
        """The list's commonest tag, widened by Word2Vec; the lists nearest by ALS; the most frequent songs of those.

        As written only the one nearest list counts and only songs with those tags may come; then the most frequent
        of all. Repaired: many lists count, each by its affinity, and a tag makes likelier but forbids nothing.
        """
        assert self.words is not None
        seeds, _ = self.seeds(number)
        given = np.zeros(len(self.task.words))
        for song in seeds:
            np.add.at(given, self.task.tags.row(song), 1)
        alike = self.words @ self.words[int(given.argmax())]
        alike /= np.maximum(np.linalg.norm(self.words, axis=1), 1e-9)
        wide = np.argsort(-alike)[: WIDE + 1]
        fits = self.task.tags.times(np.isin(np.arange(len(self.task.words)), wide).astype(np.float32)) > 0
        nearness = self._tastes @ self._tastes[number]
        nearness[number] = -1
        pull = np.zeros(len(nearness))
        nearest = np.argsort(-nearness)[:close]
        pull[nearest] = np.maximum(nearness[nearest], 0)
        ones = self.task.known.weighed(np.ones(len(self.task.known.columns)))
        frequent = ones.spread(pull)
        if close == 1:
            return np.asarray(fits * ((frequent > 0) * 1e4 + self.often), np.float32)
        return np.asarray(frequent * (1 + 0.2 * fits) + 1e-4 * self.often, np.float32)

    def _taste(self, number: int) -> NDArray[np.float32]:
        seeds, weights = self.seeds(number)
        places = self.affinity.places[np.searchsorted(self.affinity.songs, seeds)]
        sure = affinity.TRUST * weights
        left = self.affinity.ground + (places.T * sure) @ places
        return np.asarray(np.linalg.solve(left, places.T @ (1 + sure)), np.float32)


def by_words(songs: NDArray[np.float32] | None, seeds: NDArray[np.int32], weights: Vector) -> Vector:
    assert songs is not None
    return np.asarray(songs @ (weights @ songs[seeds]), np.float32)
