"""Prepare: what the teacher says of patches of music, once.

    python -m models.ear.prepare TEACHER.onnx CACHE SONGS [MUSIC ...]

SONGS is the folder of songs that people judged (their labels are not read here), MUSIC any folder of other music. Each
file leaves one small archive in CACHE: its patches as the network takes them and the teacher's embedding and tags of
each. What is there already is left alone, so the same command goes on where it was stopped. Needs onnxruntime.
"""

import argparse
import hashlib
import random
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from tqdm import tqdm

from appliance.library.decode import Unreadable, patches
from appliance.library.spectrum import Floats, heard, mel, power

PER_FILE = 8  # patches of a file; fewer than the box listens to, since one song's are much alike
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


def bands(file: Path, count: int) -> Floats:
    return np.stack([heard(mel(power(patch))) for patch in patches(file, count=count)])


def large(file: Path) -> bool:
    return file.is_file() and file.stat().st_size > LEAST


def prepare(teacher: Teacher, cache: Path, folders: list[Path]) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for folder in folders:
        found = sorted(file for file in folder.rglob("*") if file.suffix.lower() in SOUND and large(file))
        random.Random(SEED).shuffle(found)
        files += found
    for file in tqdm(files, "asking the teacher", ascii=True, mininterval=10):
        mark = hashlib.sha256(str(file).encode()).hexdigest()[:16]
        out = cache / f"{mark}.npz"
        if out.exists():
            continue
        try:
            seen = bands(file, PER_FILE)
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
