"""Crops that hold no face, drawn: nobody's picture, so that training and the plain tests may both use them."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from models.eye.faces import SIDE

Bytes = NDArray[np.uint8]


def drawn(rng: np.random.Generator, count: int) -> Iterator[Bytes]:
    """Lampshades, blank walls, noise, stripes and words."""
    for index in range(count):
        kind = index % 5
        canvas = np.full((SIDE, SIDE), rng.integers(20, 235), np.float32)
        y, x = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
        if kind == 0:
            canvas += rng.normal(0, 40) * (x - 24) / 24 + rng.normal(0, 40) * (y - 24) / 24
        elif kind == 1:
            canvas += (
                cv2.GaussianBlur(rng.normal(0, 60, (SIDE, SIDE)).astype(np.float32), (0, 0), rng.uniform(0.5, 6)) * 3
            )
        elif kind == 2:
            canvas += 50 * np.sin((x * rng.normal() + y * rng.normal()) * rng.uniform(0.1, 0.8))
        elif kind == 3:
            text = "".join(chr(c) for c in rng.integers(33, 126, 6))
            for line in range(3):
                size, grey = float(rng.uniform(0.3, 0.8)), float(rng.integers(0, 255))
                cv2.putText(canvas, text, (-4, 14 + 15 * line), 0, size, (grey,), 1)
        else:
            for _ in range(rng.integers(1, 6)):
                centre = tuple(int(v) for v in rng.integers(0, SIDE, 2))
                axes = tuple(int(v) for v in rng.integers(2, 24, 2))
                cv2.ellipse(
                    canvas, centre, axes, float(rng.uniform(0, 180)), 0, 360, (float(rng.integers(0, 255)),), -1
                )
        canvas += rng.normal(0, rng.uniform(0, 8), canvas.shape)
        yield np.clip(canvas, 0, 255).astype(np.uint8)
