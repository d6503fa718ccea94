"""Prepare: FER2013 with both labellings, without leaks, and crops with no face in them.

    python -m models.eye.data DATA CACHE [--pictures FOLDER ...]

DATA holds `faces/` (mosaics and labels). FOLDER holds pictures without faces of any source (wallpapers
and game textures of Debian packages served here); Haar, set to be gullible, cuts its false alarms from them.
The result is one file in CACHE, which is never part of the project.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from models.eye.faces import SIDE
from models.eye.films import cascade
from models.eye.lampshade import drawn

NEAR = 0.95  # correlation from which two pictures count as copies; see the card
LONE_VOTE = 1  # a single vote is taken back, as the FER+ rule does
SEED = 20
FALSE_ALARMS = 12000
DRAWN = 1500  # crops that hold no face, drawn
COLUMNS = {"train": 170, "valid": 60, "test": 60}
SPLITS = ("train", "valid", "test")

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Split:
    """Pictures with their labels: soft votes over nine classes, the official majority (or -1), the original label."""

    pictures: Bytes
    votes: Floats
    majority: NDArray[np.int64]
    original: NDArray[np.int64]


def mosaic(path: Path, columns: int, count: int) -> Bytes:
    sheet = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if sheet is None:
        raise FileNotFoundError(f"{path}: no such picture; DATA must hold faces/fer_mosaic_*.png")
    rows = sheet.shape[0] // SIDE
    tiles = sheet[: rows * SIDE, : columns * SIDE].reshape(rows, SIDE, columns, SIDE).swapaxes(1, 2)
    return np.ascontiguousarray(tiles.reshape(-1, SIDE, SIDE)[:count])


def majority(votes: NDArray[np.integer]) -> NDArray[np.int64]:
    """The official FER+ rule: lone votes go, then more than half must agree on one of the eight; else -1."""
    kept = np.where(votes > LONE_VOTE, votes, 0).astype(np.int64)
    best = kept.argmax(1)
    agreed = kept.max(1) * 2 > kept.sum(1)
    return np.where(agreed & (best < 8), best, -1)


def soft(votes: NDArray[np.integer]) -> Floats:
    """Votes as shares over the eight expressions and not-a-face; 'unknown' is left out; all-zero where nobody knew."""
    kept = np.where(votes > LONE_VOTE, votes, 0).astype(np.float32)
    told = np.concatenate([kept[:, :8], kept[:, 9:10]], 1)
    lost = told.sum(1) <= kept[:, 8]
    shares = told / np.maximum(told.sum(1, keepdims=True), 1)
    shares[lost] = 0
    return shares


def read(data: Path) -> dict[str, Split]:
    """All three splits, whole: nothing is left out yet."""
    labels = np.load(data / "faces" / "fer_labels.npz")
    splits = {}
    for number, name in enumerate(SPLITS):
        rows = labels["split"] == number
        votes = labels["ferplus_votes"][rows].astype(np.int64) * labels["votes_known"][rows, None]
        splits[name] = Split(
            mosaic(data / "faces" / f"fer_mosaic_{name}.png", COLUMNS[name], int(rows.sum())),
            soft(votes),
            majority(votes),
            labels["fer_label"][rows].astype(np.int64),
        )
    return splits


def copies(pictures: Bytes, of: Bytes) -> NDArray[np.bool_]:
    """Which pictures are pixel-identical or nearly so (also mirrored) to any of `of`."""

    def unit(block: Bytes) -> Floats:
        flat = block.reshape(len(block), -1).astype(np.float32)
        flat -= flat.mean(1, keepdims=True)
        norm = np.linalg.norm(flat, axis=1, keepdims=True)
        return np.asarray(flat / np.maximum(norm, 1e-6), np.float32)

    targets = np.concatenate([unit(of), unit(np.ascontiguousarray(of[:, :, ::-1]))]).T
    found = np.zeros(len(pictures), bool)
    for at in tqdm(range(0, len(pictures), 2048), "near copies", ascii=True):
        found[at : at + 2048] = (unit(pictures[at : at + 2048]) @ targets).max(1) > NEAR
    return found


def false_alarms(folders: list[Path], most: int) -> Bytes:
    """What a gullible Haar takes for faces in pictures that hold none, and blank, random and written crops."""
    files = sorted(p for f in folders for p in f.rglob("*") if p.suffix.lower() in {".jpg", ".jpeg", ".png"})
    rng = np.random.default_rng(SEED)
    crops: list[Bytes] = []
    for path in tqdm([files[i] for i in rng.permutation(len(files))], "false alarms", ascii=True):
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if picture is None or min(picture.shape) * 8 < max(picture.shape) or min(picture.shape) < 64:
            continue
        scale = 640 / max(picture.shape)
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        boxes = list(cascade().detectMultiScale(picture, 1.05, 0, minSize=(24, 24)))
        for index in rng.permutation(len(boxes))[:40]:
            x, y, w, h = boxes[index]
            crops.append(cv2.resize(picture[y : y + h, x : x + w], (SIDE, SIDE), interpolation=cv2.INTER_AREA))
        for _ in range(4):
            side = int(rng.integers(32, min(picture.shape)))
            x, y = (int(rng.integers(0, s - side + 1)) for s in picture.shape[::-1])
            crops.append(cv2.resize(picture[y : y + side, x : x + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA))
        if len(crops) >= most:
            break
    crops.extend(drawn(rng, DRAWN))
    return np.stack(crops)


def prepare(data: Path, cache: Path, folders: list[Path]) -> Path:
    splits = read(data)
    held = np.concatenate([splits["valid"].pictures, splits["test"].pictures])
    train, valid = splits["train"], splits["valid"]
    usable_train = ~copies(train.pictures, held) & (train.votes.sum(1) > 0)
    usable_valid = ~copies(valid.pictures, splits["test"].pictures) & (valid.votes.sum(1) > 0)
    cache.mkdir(parents=True, exist_ok=True)
    out = cache / "faces.npz"
    parts = {"train": (train, usable_train), "valid": (valid, usable_valid)}
    arrays = {
        f"{name}_{field}": getattr(split, field)[rows]
        for name, (split, rows) in parts.items()
        for field in ("pictures", "votes", "majority", "original")
    }
    alarms = false_alarms(folders, FALSE_ALARMS)
    alarms = alarms[np.random.default_rng(SEED).permutation(len(alarms))]
    held_alarms = len(alarms) // 12
    np.savez(out, valid_alarms=alarms[:held_alarms], train_alarms=alarms[held_alarms:], **arrays)
    print(
        f"train {usable_train.sum()} of {len(usable_train)} pictures, "
        f"valid {usable_valid.sum()} of {len(usable_valid)}, "
        f"false alarms {len(alarms)}; test majority {int((splits['test'].majority >= 0).sum())}: {out}"
    )
    return out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--pictures", type=Path, nargs="*", default=[])
    given = parser.parse_args()
    prepare(given.data, given.cache, given.pictures)
