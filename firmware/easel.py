"""Soft shapes on a square canvas, measured in halves of a head's width from the middle of the face. Pure."""

import cv2
import numpy as np
from numpy.typing import NDArray

Shades = NDArray[np.float32]
Points = NDArray[np.float64]
SIDE = 384  # pixels of the canvas, each way
UNIT = SIDE * 0.36  # pixels of half a head's width
_FINE = 4  # bits of a pixel that OpenCV draws to


def soft(mask: Shades, sigma: float) -> Shades:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma), np.float32)


def bow(x0: float, y0: float, x1: float, y1: float, rise: float) -> Points:
    """A curve from one point to another whose middle lies `rise` above the straight line."""
    t = np.linspace(0, 1, 17)
    return np.stack([x0 + (x1 - x0) * t, y0 + (y1 - y0) * t - rise * 4 * t * (1 - t)], 1)


def _pixels(points: Points) -> NDArray[np.int32]:
    return np.asarray(np.round((points * UNIT + SIDE / 2) * 2**_FINE), np.int32)


def oval(x: float, y: float, a: float, b: float, start: int = 0) -> Shades:
    """A filled ellipse; from `start` degrees to the full turn."""
    mask = np.zeros((SIDE, SIDE), np.float32)
    across, down = _pixels(np.array([[x, y]]))[0]
    axes = (max(1, round(a * UNIT * 2**_FINE)), max(1, round(b * UNIT * 2**_FINE)))
    cv2.ellipse(mask, (int(across), int(down)), axes, 0, start, 360, (1.0,), -1, cv2.LINE_AA, _FINE)
    return mask


def area(points: Points) -> Shades:
    mask = np.zeros((SIDE, SIDE), np.float32)
    cv2.fillPoly(mask, [_pixels(points)], (1.0,), cv2.LINE_AA, _FINE)
    return mask


def line(points: Points, width: float) -> Shades:
    """A line through the points, `width` pixels wide."""
    mask = np.zeros((SIDE, SIDE), np.float32)
    cv2.polylines(mask, [_pixels(points)], False, (1.0,), max(1, round(width)), cv2.LINE_AA, _FINE)
    return mask


class Easel:
    """A canvas on which one shape after another is laid, each with soft edges."""

    def __init__(self) -> None:
        self.shades: Shades = np.zeros((SIDE, SIDE), np.float32)

    def lay(self, mask: Shades, shade: float, edge: float = 1.6, strength: float = 1.0) -> None:
        """Bring what the mask covers to a shade of 0 to 255, as far as `strength` says."""
        self.shades += (shade - self.shades) * soft(mask, edge) * strength
