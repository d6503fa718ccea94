"""The seven fixed ways in which judging makes a test face hard: grey bytes in and out, the same each time."""

import math
from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from models.eye.faces import SIDE

Bytes = NDArray[np.uint8]


def _bytes(face: NDArray[np.float64]) -> Bytes:
    return np.clip(np.round(face), 0, 255).astype(np.uint8)


def _move(face: Bytes, roll: float = 0.0, scale: float = 1.0, shift: float = 0.0) -> Bytes:
    """Turn by `roll` degrees, hold `scale` as much, move by `shift` of the side, down and right alike."""
    turn = cv2.getRotationMatrix2D((SIDE / 2 - 0.5, SIDE / 2 - 0.5), roll, 1 / scale)
    turn[:, 2] -= shift * SIDE / math.sqrt(2)
    return np.asarray(cv2.warpAffine(face, turn, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def dark(face: Bytes) -> Bytes:
    """A twelfth of the light on a sensor with noise of 1.5 steps."""
    noise = np.random.default_rng(int(face.sum())).normal(0, 1.5, face.shape)
    return _bytes(face / 12 + noise)


def side_light(face: Bytes) -> Bytes:
    """A lamp on one side: the other cheek gets 15 % of its light."""
    return _bytes(face * np.linspace(1, 0.15, SIDE))


def dark_glasses(face: Bytes) -> Bytes:
    """Two near-black lenses and a bridge over the rows where FER2013's eyes lie."""
    out = face.copy()
    out[13:22, 6:21] = out[13:22, 27:42] = 20
    out[15:17, 21:27] = 20
    return out


def half(face: Bytes) -> Bytes:
    small = cv2.resize(face, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.uint8)


HARD: dict[str, Callable[[Bytes], Bytes]] = {
    "dark, with sensor noise": dark,
    "side light": side_light,
    "blur (sigma 1.2 px)": lambda face: np.asarray(cv2.GaussianBlur(face, (0, 0), 1.2), np.uint8),
    "roll of 15 degrees": lambda face: _move(face, roll=15),
    "shifted by 15 %, scaled by 15 %": lambda face: _move(face, scale=1.15, shift=0.15),
    "half the resolution": half,
    "dark glasses": dark_glasses,
}
