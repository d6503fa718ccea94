"""Frames whose truth is known: a face laid into a picture that holds none, swaying a little from look to look.

With DATA the faces are those of its test mosaic and the pictures its faceless ones; without, both are drawn.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from firmware.camera import Grey
from firmware.portrait import LOOKS, draw

WIDTHS = (240, 160, 96, 64, 40)  # pixels of 640 that a face is wide: an arm's length, then about 1, 1.6, 2.4 and 3.8 m
LOOKS_EACH = 6
SIZE = (640, 480)
NOISE = 2.0


@dataclass(frozen=True)
class Square:
    """Where a face is: centre and width in pixels."""

    x: float
    y: float
    width: float

    def holds(self, x: float, y: float, width: float) -> bool:
        """Whether a finding is this face: its middle a third of a width away at most, its size half to twice."""
        reach = self.width * 0.35
        return abs(x - self.x) < reach and abs(y - self.y) < reach and 0.5 < width / self.width < 2.0


@dataclass(frozen=True)
class Composed:
    """Some looks at one face in one place."""

    width: int
    frames: tuple[Grey, ...]
    truth: tuple[Square, ...]


def faces(data: Path | None, count: int) -> list[Grey]:
    """So many faces: of the test mosaic those that most annotators call one, evenly drawn; else drawn ones."""
    if data is None:
        looks = list(LOOKS.values())
        turns = (-0.2, 0.0, 0.2)
        drawn = [draw(looks[i % len(looks)], turns[i % len(turns)])[0] for i in range(count)]
        small = (cv2.resize(face[34:332, 43:341], (96, 96), interpolation=cv2.INTER_AREA) for face in drawn)
        return [np.asarray(face, np.uint8) for face in small]
    mosaic = cv2.imread(str(data / "faces" / "fer_mosaic_test.png"), cv2.IMREAD_GRAYSCALE)
    labels = np.load(data / "faces" / "fer_labels.npz")
    votes = labels["ferplus_votes"][labels["split"] == 2]
    sure = np.flatnonzero(votes[:, :8].sum(1) >= 8)
    across = mosaic.shape[1] // 48
    chosen = sure[np.linspace(0, len(sure) - 1, count).astype(int)]
    cells = (mosaic[i // across * 48 :, i % across * 48 :][:48, :48] for i in chosen)
    return [np.array(cell, np.uint8) for cell in cells]


def rooms(data: Path | None, count: int = 26) -> list[Grey]:
    """Pictures without a face, each filling the frame."""
    if data is None:
        return [_room(np.random.default_rng([5, i])) for i in range(count)]
    pictures = (cv2.imread(str(file), cv2.IMREAD_GRAYSCALE) for file in sorted((data / "not-faces").iterdir()))
    return [_filled(np.asarray(picture, np.uint8)) for picture in pictures if picture is not None]


def _filled(picture: Grey) -> Grey:
    wide, high = SIZE
    scale = max(wide / picture.shape[1], high / picture.shape[0])
    size = (max(wide, round(picture.shape[1] * scale)), max(high, round(picture.shape[0] * scale)))
    sized = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    left, top = (size[0] - wide) // 2, (size[1] - high) // 2
    return np.asarray(sized[top : top + high, left : left + wide], np.uint8)


def _room(rng: np.random.Generator) -> Grey:
    """Walls, boxes, lamps, stripes and lettering."""
    wide, high = SIZE
    room = np.full((high, wide), rng.uniform(60, 190), np.float32)
    room += np.linspace(-25, 25, wide, dtype=np.float32) * rng.normal()
    for _ in range(rng.integers(4, 14)):
        x, y = int(rng.integers(0, wide)), int(rng.integers(0, high))
        a, b = int(rng.integers(8, 160)), int(rng.integers(8, 160))
        shade = (float(rng.uniform(10, 245)),)
        match rng.integers(0, 4):
            case 0:
                cv2.rectangle(room, (x, y), (x + a, y + b), shade, -1)
            case 1:
                cv2.ellipse(room, (x, y), (a // 2, b // 2), float(rng.uniform(0, 180)), 0, 360, shade, -1)
            case 2:
                for step in range(0, a, 9):
                    cv2.line(room, (x + step, y), (x + step, y + b), shade, 3)
            case _:
                cv2.putText(room, "a book, a shelf", (x, y), 0, float(rng.uniform(0.4, 1.6)), shade, 2)
    room = np.asarray(cv2.GaussianBlur(room, (0, 0), 1.2), np.float32)
    return np.clip(room + rng.normal(0, 4, room.shape), 0, 255).astype(np.uint8)


def _mask(width: int) -> NDArray[np.float32]:
    """An oval with a soft edge: hair and neck run into the room."""
    mask = np.zeros((96, 96), np.float32)
    cv2.ellipse(mask, (48, 48), (42, 46), 0, 0, 360, (1.0,), -1)
    return np.asarray(cv2.resize(cv2.GaussianBlur(mask, (0, 0), 4), (width, width)), np.float32)


def compose(face: Grey, room: Grey, width: int, rng: np.random.Generator) -> Composed:
    """The face in the room at a chance place, looked at several times; the room's light falls on it too."""
    way = cv2.INTER_AREA if width < face.shape[0] else cv2.INTER_CUBIC
    sized = np.clip(cv2.resize(face, (width, width), interpolation=way).astype(np.float32), 0, 255)
    mask = _mask(width)
    wide, high = SIZE
    sway = max(2, width // 20)
    left, top = (int(rng.integers(sway, side - width - sway)) for side in (wide, high))
    gain = float(rng.uniform(0.6, 1.15))
    frames, truth = [], []
    for _ in range(LOOKS_EACH):
        x, y = left + int(rng.integers(-sway, sway + 1)), top + int(rng.integers(-sway, sway + 1))
        frame = room.astype(np.float32)
        place = frame[y : y + width, x : x + width]
        place += (sized * gain - place) * mask
        frame += rng.standard_normal(frame.shape, np.float32) * NOISE
        frames.append(np.clip(frame, 0, 255).astype(np.uint8))
        truth.append(Square(x + width / 2, y + width / 2, width))
    return Composed(width, tuple(frames), tuple(truth))


def scenes(data: Path | None, each: int) -> Iterator[Composed]:
    """`each` scenes of every width, the same at every call."""
    backgrounds = rooms(data)
    portraits = faces(data, each * len(WIDTHS))
    for index, face in enumerate(portraits):
        rng = np.random.default_rng([9, index])
        yield compose(face, backgrounds[index % len(backgrounds)], WIDTHS[index % len(WIDTHS)], rng)
