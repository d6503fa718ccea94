"""The ear's benchmark: how near the plane's places come to what people felt, and what a song costs.

    python -m tests.bench.ear DATA [--cache FOLDER] [--stranger FILE] [--game FOLDER] [--docs FOLDER]

DATA holds `music/`: songs that people judged, and the teacher's network. Everything that ever saw a label is refitted
for each fold, its choices too, without the songs that it is then judged by; the network never sees a label. STRANGER is
a network made like ours, but without the judged songs' sound either (`models.ear.train --without`). GAME is other
music, of which the extremes are told by name for a person to judge. The teacher needs onnxruntime, and librosa's cost
librosa; what is not installed is said to be left out.
"""

import argparse
import importlib.util
import platform
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appliance.library.decode import PATCHES, Unreadable, patches
from appliance.library.mapping import Judged
from appliance.library.network import MODEL, Network
from appliance.library.spectrum import heard, mel, power
from models.ear.place import Numbers, choose, hear, scales
from models.ear.songs import Songs, read
from tests.bench.ear_costs import costs

ROOT = Path(__file__).parents[2]
TOP = 20
MOODS = {"happy": (1, 1), "calm": (1, -1), "sad": (-1, -1), "tense": (-1, 1)}
RIDGE = 0.5  # of the plain ridge that stands for what is usually done
Matrix = NDArray[np.float64]
Guess = Callable[[Numbers, Matrix, Numbers], Matrix]


def kernels(known: Numbers, places: Matrix, asked: Numbers) -> Matrix:
    """As the box does, everything chosen anew."""
    scale = scales(known)
    told, wanted = scale(known), scale(asked)
    judged = [Judged(*told, axis, choose(told, axis, known.unsure), known.unsure) for axis in places.T]
    return np.stack([axis.place(*wanted)[0] for axis in judged], 1)


def ridge(known: Numbers, places: Matrix, asked: Numbers) -> Matrix:
    """A plain ridge over all numbers, each by its spread: what is usually done."""
    one, other = (np.hstack([part for part in (n.features, n.embedding) if part is not None]) for n in (known, asked))
    middle, spread = one.mean(0), one.std(0) + 1e-6
    one, other = (np.clip((x - middle) / spread, -4, 4) / np.sqrt(one.shape[1]) for x in (one, other))
    weights = np.linalg.solve(one @ one.T + RIDGE * np.eye(len(one)), places - places.mean(0))
    return np.asarray(other @ one.T @ weights + places.mean(0), np.float64)


def by_group(known: Numbers, places: Matrix, asked: Numbers) -> Matrix:
    """The mean place of the songs with the same numbers."""
    out = np.tile(places.mean(0), (len(asked.features), 1))
    for row, one in enumerate(asked.features):
        same = (known.features == one).all(1)
        if same.any():
            out[row] = places[same].mean(0)
    return out


def folds(guess: Guess, told: Numbers, places: Matrix, groups: NDArray[Any]) -> Matrix:
    out = np.zeros_like(places)
    for group in np.unique(groups):
        held = groups == group
        out[held] = guess(told[~held], places[~held], told[held])
    return out


def explained(guessed: Matrix, places: Matrix) -> Matrix:
    return np.asarray(1 - np.square(places - guessed).sum(0) / np.square(places - places.mean(0)).sum(0), np.float64)


def right(guessed: Matrix, places: Matrix) -> list[float]:
    """Of the songs put first for each mood, the share that people too put on that mood's side of the middle."""
    said, felt = ((x - places.mean(0)) / places.std(0) for x in (guessed, places))
    shares = []
    for signs in MOODS.values():
        first = np.argsort(-(said @ signs))[:TOP]
        shares.append(float(((felt @ signs)[first] > 0).mean()))
    return shares


@dataclass(frozen=True)
class Peer:
    """The teacher's embeddings of the same patches."""

    embedding: Matrix
    seconds: float  # of CPU, a song


def teacher(file: Path, songs: Songs, cache: Path | None) -> Peer | None:
    if importlib.util.find_spec("onnxruntime") is None or not file.exists():
        return None
    kept = cache / f"teacher-{PATCHES}.npz" if cache else None
    if kept and kept.exists():
        told = np.load(kept)
        return Peer(told["embedding"], float(told["seconds"]))
    from models.ear.prepare import Teacher

    asked, embedding, spent = Teacher(file), [], 0.0
    for song in songs.files:
        bands = np.stack([heard(mel(power(patch))) for patch in patches(song, 60.0)])
        begun = time.process_time()
        embedding.append(asked.ask(bands)[0].mean(0))
        spent += time.process_time() - begun
    peer = Peer(np.array(embedding, np.float64), spent / len(songs.files))
    if kept:
        np.savez(kept, embedding=peer.embedding, seconds=peer.seconds)
    return peer


def line(name: str, guess: Guess, told: Numbers, songs: Songs) -> str:
    guessed = folds(guess, told, songs.places, songs.fold)
    valence, energy = explained(guessed, songs.places)
    other_valence, other_energy = explained(folds(guess, told, songs.places, songs.genre), songs.places)
    tops = " / ".join(f"{100 * share:.0f}" for share in right(guessed, songs.places))
    return f"| {name} | {energy:.3f} | {valence:.3f} | {tops} | {other_energy:.3f} | {other_valence:.3f} |"


def accuracy(songs: Songs, own: Numbers, peer: Peer | None, stranger: Numbers | None) -> Iterator[str]:
    yield f"| what places a song | energy R² | valence R² | top {TOP} right, % | genre left out: energy | valence |"
    yield "|---|---|---|---|---|---|"
    plain = Numbers(own.features, None, own.unsure)
    genre = Numbers(np.eye(4)[np.unique(songs.genre, return_inverse=True)[1]], None, own.unsure)
    yield line("its genre alone", by_group, genre, songs)
    yield line("plain features, ridge", ridge, plain, songs)
    yield line("**plain features alone, as a very small box does**", kernels, plain, songs)
    yield line("**what ships: plain features and our network**", kernels, own, songs)
    if stranger is not None:
        yield line("the same, its network never having heard these songs", kernels, stranger, songs)
    if peer is None:
        yield "| the teacher | left out: onnxruntime or the teacher's file is not there | | | | |"
        return
    nothing = np.zeros((len(songs.files), 1))
    yield line("the teacher alone, ridge", ridge, Numbers(nothing, peer.embedding, own.unsure), songs)
    yield line("the teacher and plain features, ridge", ridge, Numbers(own.features, peer.embedding, own.unsure), songs)
    yield line(
        "the teacher and plain features, with our mapping",
        kernels,
        Numbers(own.features, peer.embedding, own.unsure),
        songs,
    )


def extremes(game: Path) -> Iterator[str]:
    from appliance.library.__main__ import ear

    listener, told = ear(False), []
    for file in sorted(file for file in game.rglob("*") if file.suffix in {".ogg", ".mp3", ".flac"}):
        try:
            place = listener.hear(file).place
        except Unreadable:
            continue
        told.append((file.stem.replace("_", " "), place.valence, place.energy))
    yield "| | songs |"
    yield "|---|---|"
    for mood, (bright, lively) in MOODS.items():
        best = sorted(told, key=lambda one: -(bright * one[1] + lively * one[2]))[:5]
        yield f"| most {mood} | {', '.join(name for name, *_ in best)} |"


def listened(songs: Songs, network: Network, cache: Path | None) -> Numbers:
    return hear(songs, network, cache / f"heard-{network.fingerprint}-{PATCHES}.npz" if cache else None)


def report(data: Path, cache: Path | None, stranger: Path | None, game: Path | None) -> Iterator[str]:
    songs, network = read(data / "music"), Network()
    own = listened(songs, network, cache)
    other = listened(songs, Network(stranger), cache) if stranger else None
    peer = teacher(data / "music" / "musicnn_teacher.onnx", songs, cache)
    yield "# The ear's bench\n"
    yield (
        f"Made by `python -m tests.bench.ear DATA` on {date.today()}, {platform.machine()}, Python "
        f"{platform.python_version()}, one thread. Network {network.fingerprint}, {MODEL.stat().st_size} bytes.\n"
    )
    yield "## How near it comes\n"
    yield (
        f"{len(songs.files)} songs of four genres that people judged, ten folds. R² is the share of the spread in what "
        "people felt that is told. All that ever saw a label, choices too, was made anew for each fold without its "
        "songs. Our network heard the songs themselves when it learned from the teacher, never what people felt.\n"
    )
    yield from accuracy(songs, own, peer, other)
    yield (
        f"\nTop {TOP}: of the songs put first for {', '.join(MOODS)}, the share that people put on that mood's side of "
        "the plane's middle, in this order. Genre left out: placed by songs of the other three genres alone.\n"
    )
    yield "## What a song costs\n"
    yield from costs(songs.files, peer.seconds if peer else None)
    if game is not None:
        yield "\n## Music that nobody judged\n"
        yield f"`{game.name}`, its extremes as the box hears them, for a person to judge.\n"
        yield from extremes(game)


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cache", type=Path, help="a folder that keeps what was heard, for the next time")
    parser.add_argument("--stranger", type=Path)
    parser.add_argument("--game", type=Path)
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    given = parser.parse_args(words)
    if given.cache:
        given.cache.mkdir(parents=True, exist_ok=True)
    text = "\n".join(report(given.data, given.cache, given.stranger, given.game)) + "\n"
    (given.docs / "bench-ear.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
