"""Place: from what the box hears of the judged songs to the mapping that it places others by.

    python -m models.ear.place MUSIC [--network models/ear.tflite] [--out models/ear.npz]

MUSIC holds songs.csv and audio/. The kernels are chosen by the songs that are given to `choose`, each placed by all the
others, so that a benchmark can choose them anew without the songs that it judges by.
"""

import argparse
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from appliance.library.decode import patches
from appliance.library.features import features, names
from appliance.library.mapping import Judged, Kernels, Matrix, Scale
from appliance.library.network import Network
from models.ear.songs import Songs, read

FALL = (0.45,)  # of the features' kernel
EMBEDDING_FALL = (0.18, 0.25, 0.35, 0.5, 0.7)
SHARE = (0.5, 0.7, 0.85)
NOISE = (0.03, 0.07, 0.15, 0.3)
EVEN = 0.5  # power of its spread by which an embedding's number is divided: 0 keeps main ones main, 1 makes all alike
TRAITS = 12  # main axes of the features, by which a household's corrections are taught
TRAITS_REACH = 0.5  # how much they count in all, beside what all songs share


@dataclass(frozen=True)
class Numbers:
    """What was heard of songs, as it came, a row a song; and how much noisier than usual each was judged."""

    features: Matrix
    embedding: Matrix | None
    unsure: Matrix

    def __getitem__(self, rows: NDArray[np.bool_]) -> "Numbers":
        return Numbers(self.features[rows], None if self.embedding is None else self.embedding[rows], self.unsure[rows])


@dataclass(frozen=True)
class Scales:
    features: Scale
    embedding: Scale | None

    def __call__(self, told: Numbers) -> tuple[Matrix, Matrix | None]:
        embedding = None
        if self.embedding is not None and told.embedding is not None:
            embedding = self.embedding(told.embedding)
        return self.features(told.features), embedding


def scales(told: Numbers) -> Scales:
    """The features each by its spread; the embedding likewise, as far as EVEN says."""
    plain = Scale(told.features.mean(0), told.features.std(0) + 1e-6)
    if told.embedding is None:
        return Scales(plain, None)
    spread = told.embedding.std(0) + 1e-6
    size = spread**EVEN
    size = size * np.sqrt(np.square(spread / size).mean())
    return Scales(plain, Scale(told.embedding.mean(0), size * np.ones_like(spread)))


def candidates(with_embedding: bool) -> Iterator[Kernels]:
    if not with_embedding:
        yield from (Kernels(fall, 0.0, 0.0, noise) for fall, noise in itertools.product(FALL, NOISE))
        return
    for one in itertools.product(FALL, EMBEDDING_FALL, SHARE, NOISE):
        yield Kernels(*one)


def choose(told: tuple[Matrix, Matrix | None], places: Matrix, unsure: Matrix) -> Kernels:
    """The kernels by which each song is placed best by all the others."""
    best: tuple[float, Kernels] | None = None
    for kernels in candidates(told[1] is not None):
        place, doubt = Judged(*told, places, kernels, unsure).by_the_others()
        error = float(np.square(place - places).mean())
        if best is None or error < best[0]:
            best = error, replace(kernels, doubt=float(np.sqrt(np.square((place - places) / doubt).mean())))
    assert best is not None
    return best[1]


def hear(songs: Songs, network: Network | None, cache: Path | None = None) -> Numbers:
    """As the box hears them. `cache`: a file that keeps it for the next time, for this network."""
    unsure = np.median(songs.listeners) / songs.listeners
    if cache is not None and cache.exists():
        kept = np.load(cache)
        return Numbers(kept["features"].astype(float), kept["embedding"].astype(float) if network else None, unsure)
    plain, told = [], []
    for file in tqdm(songs.files, "listening", ascii=True, mininterval=10):
        numbers, bands = features(patches(file, 60.0))
        plain.append(numbers)
        told.append(network.listen(bands).mean(0) if network else np.zeros(1))
    if cache is not None:
        np.savez(cache, features=np.array(plain), embedding=np.array(told))
    return Numbers(np.array(plain, np.float64), np.array(told, np.float64) if network else None, unsure)


def write(songs: Songs, heard: Numbers, network: str, out: Path) -> None:
    scale = scales(heard)
    plain, embedding = scale(heard)
    _, spread, basis = np.linalg.svd(plain - plain.mean(0), full_matrices=False)
    size = TRAITS_REACH * np.sqrt(len(plain)) / np.sqrt(np.square(spread[:TRAITS]).sum())
    both = [choose((plain, embedding), axis, heard.unsure) for axis in songs.places.T] if embedding is not None else []
    alone = [choose((plain, None), axis, heard.unsure) for axis in songs.places.T]
    for name, kernels in (("both", both), ("alone", alone)):
        print(name, *kernels, sep="\n  ")
    numbers = [[k.features, k.embedding, k.share, k.noise, k.doubt] for k in both or alone]
    none = np.zeros((len(plain), 1))
    other = scale.embedding or Scale(np.zeros(1), np.ones(1))
    np.savez_compressed(
        out,
        network=np.array(network),
        names=np.array(names()),
        middle=scale.features.middle.astype(np.float32),
        spread=scale.features.spread.astype(np.float32),
        embedding_middle=other.middle.astype(np.float32),
        embedding_spread=other.spread.astype(np.float32),
        features=plain.astype(np.float16),
        embedding=(none if embedding is None else embedding).astype(np.float16),
        places=songs.places.astype(np.float32),
        unsure=heard.unsure.astype(np.float32),
        kernels=np.array(numbers, np.float32),
        kernels_alone=np.array([[k.features, k.embedding, k.share, k.noise, k.doubt] for k in alone], np.float32),
        turn=(basis[:TRAITS].T * size).astype(np.float32),
    )
    print(f"{out}: {out.stat().st_size} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("music", type=Path)
    parser.add_argument("--network", type=Path, default=Path("models/ear.tflite"))
    parser.add_argument("--out", type=Path, default=Path("models/ear.npz"))
    parser.add_argument("--cache", type=Path)
    given = parser.parse_args()
    judged = read(given.music)
    net = Network(given.network) if given.network.exists() else None
    write(judged, hear(judged, net, given.cache), net.fingerprint if net else "", given.out)
