"""Whole frames as the judge sees them: Haar at its plainest, and what becomes of a face over a film."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from models.eye.shipped import Bytes, Shipped, softmax

Box = tuple[int, int, int, int]


def stills(folder: Path) -> Iterator[Bytes]:
    for path in sorted(folder.iterdir()):
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if picture is not None:
            yield np.asarray(picture, np.uint8)


def frames(path: Path) -> Iterator[Bytes]:
    film = cv2.VideoCapture(str(path))
    while True:
        there, frame = film.read()
        if not there:
            break
        yield np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8)


@cache
def cascade() -> cv2.CascadeClassifier:
    """OpenCV's frontal cascade, read once."""
    return cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml"))


def haar(frame: Bytes, neighbours: int = 5) -> list[Box]:
    least = max(24, frame.shape[0] // 12)
    found = cascade().detectMultiScale(frame, 1.1, neighbours, minSize=(least, least))
    return [(int(x), int(y), int(w), int(h)) for x, y, w, h in found]


def crop(frame: Bytes, box: Box) -> Bytes:
    x, y, w, h = box
    return np.asarray(cv2.resize(frame[y : y + h, x : x + w], (48, 48), interpolation=cv2.INTER_AREA), np.uint8)


def watch(shipped: Shipped, films: list[Path], heat: float, refuse: float) -> tuple[list[list[str]], list[Bytes]]:
    """What happens on films of one person each; also Haar's false alarms once the face is cut away."""
    rows, alarms = [], []
    for film in tqdm(films, "clips", ascii=True):
        found, flips, pairs, total, before = 0, 0, 0, 0, -1
        for number, frame in enumerate(frames(film)):
            if number % 3:
                continue
            total += 1
            boxes = haar(frame)
            now = -1
            if boxes:
                box = max(boxes, key=lambda b: b[2])
                shares = softmax(shipped.read(crop(frame, box)[None])[0], heat)
                if shares[0, 8] <= refuse:
                    found, now = found + 1, int(shares[0, :8].argmax())
                bare = frame.copy()
                for x, y, w, h in boxes:
                    bare[max(0, y - h // 4) : y + h + h // 4, max(0, x - w // 8) : x + w + w // 8] = int(frame.mean())
                alarms.extend(crop(bare, b) for b in haar(bare, 2))
            if now >= 0 and before >= 0:
                pairs, flips = pairs + 1, flips + (now != before)
            before = now
        share = f"{100 * flips / pairs:.1f} %" if pairs else "none"
        rows.append([film.name, str(total), f"{100 * found / max(total, 1):.0f} %", share])
    return rows, alarms
