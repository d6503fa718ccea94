"""Prepare: what the teacher says of patches of music, once.

    python -m models.ear.prepare TEACHER.onnx CACHE SONGS [MUSIC ...]

SONGS is the folder of songs that people judged (their labels are not read here), MUSIC any folder of other music. Each
file leaves one small archive in CACHE: its patches as the network takes them and the teacher's embedding and tags of
each. What is there already is left alone, so the same command goes on where it was stopped. Needs onnxruntime.

Music is scarce here and the teacher is patient: it is asked about each patch as it is, and about remixes of it, higher
or lower, through another room's ears, half of them over the next file of the folder.
"""

import argparse
import hashlib
import random
import sys
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnxruntime
from tqdm import tqdm

from appliance.library.decode import Sound, Unreadable, patches
from appliance.library.spectrum import Floats, heard, mel, power

PER_FILE = 16  # patches of a file, as the box listens to it
REMIXES = 4  # of each patch
BEND = 3.0  # semitones up or down at most
TONE = 6.0  # decibels at most, at each of five places between the lowest and the highest sound
OVER = 0.5  # share of the remixes that hold another file's music too
BENEATH = 18.0  # decibels by which that music is softer, at most
SEED = 20
SOUND = {".ogg", ".oga", ".opus", ".mp3", ".flac", ".wav", ".m4a"}
LEAST = 200_000  # bytes: less is an effect, not music


class Teacher:
    """MusiCNN: 200 numbers and 50 tags for three seconds."""

    def __init__(self, file: Path) -> None:
        wanted = onnxruntime.SessionOptions()
        wanted.intra_op_num_threads = wanted.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(file), wanted, ["CPUExecutionProvider"])
        self._input = self._session.get_inputs()[0].name

    def ask(self, bands: Floats) -> tuple[Floats, Floats]:
        told = self._session.run(None, {self._input: bands})
        embedding, tags = sorted(
            (np.asarray(one).reshape(len(bands), -1) for one in told), key=lambda one: -one.shape[1]
        )
        return embedding.astype(np.float32), tags.astype(np.float32)


@lru_cache(2)
def sound(file: Path) -> Sound:
    return patches(file, count=PER_FILE)


def bands(file: Path, other: Path) -> Floats:
    """Of a file as it is, then of its remixes."""
    plain = sound(file)
    try:
        beneath = sound(other)
    except Unreadable:
        beneath = plain[::-1]
    luck = np.random.default_rng([SEED, *file.name.encode()])
    mixed = [remixed(patch, beneath, luck) for patch in plain for _ in range(REMIXES)]
    return np.stack([heard(mel(power(patch))) for patch in (*plain, *mixed)])


def remixed(patch: Sound, beneath: Sound, luck: np.random.Generator) -> Sound:
    """At another pitch and pace, with another tone, perhaps over other music."""
    length = len(patch)
    if luck.random() < OVER:
        other = beneath[luck.integers(len(beneath))]
        soft = 10 ** (-luck.uniform(0, BENEATH) / 20) * loudness(patch) / max(loudness(other), 1e-6)
        patch = patch + np.float32(min(soft, 100.0)) * other
    tones = np.fft.rfft(patch)
    places = np.linspace(0, 1, len(tones)) ** 0.5
    tones *= 10 ** (np.interp(places, np.linspace(0, 1, 5), luck.uniform(-TONE, TONE, 5)) / 20)
    bent = round(length * 2 ** (luck.uniform(-BEND, BEND) / 12))
    return np.resize(np.fft.irfft(tones, bent) * (bent / length), length).astype(np.float32)


def loudness(patch: Sound) -> float:
    return float(np.sqrt(np.mean(np.square(patch))))


def large(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > LEAST


def prepare(teacher: Teacher, cache: Path, folders: list[Path]) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    asked: list[tuple[Path, Path]] = []  # each file, with the one whose music comes beneath it
    for folder in folders:
        found = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SOUND and large(file))
        random.Random(SEED).shuffle(found)
        asked += pairwise([*found, *found[:1]])
    for file, other in tqdm(asked, "asking the teacher", ascii=True, mininterval=10):
        mark = hashlib.sha256(str(file).encode()).hexdigest()[:16]
        out = cache / f"{mark}.npz"
        if out.exists():
            continue
        try:
            seen = bands(file, other)
        except Unreadable as why:
            print(f"{file.name}: {why}; left out", file=sys.stderr)
            continue
        embedding, tags = teacher.ask(seen)
        beside = out.with_suffix(".part.npz")
        np.savez(beside, name=str(file), bands=seen.astype(np.float16), embedding=embedding, tags=tags)
        beside.replace(out)
    print(f"{len(list(cache.glob('*.npz')))} files in {cache}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("folders", type=Path, nargs="+")
    given = parser.parse_args()
    prepare(Teacher(given.teacher), given.cache, given.folders)
