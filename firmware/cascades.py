"""OpenCV's Haar cascades: found, loaded, and asked where on a small picture they fire."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Box = tuple[float, float, float]  # left, top, width
FRONT, SECOND, TURNED, TURNED_AWAY = range(4)  # who found a face; the last is the third on a mirrored picture
FILES = ("haarcascade_frontalface_alt2", "haarcascade_frontalface_default", "haarcascade_profileface")
FOLDERS = ("/usr/share/opencv4/haarcascades", "/usr/share/opencv/haarcascades")
LEAST = 20  # pixels of the smallest face that the first cascade knows
LEAST_OTHERS = (
    24  # the second knows none smaller; the third would at twice the cost, for a place that it seldom gets right
)


class CascadeMissing(FileNotFoundError):
    """OpenCV's cascades are not installed."""


def cascade(name: str) -> cv2.CascadeClassifier:
    """OpenCV's cascade of this name, from OpenCV itself or from Debian's opencv-data."""
    folders = [getattr(getattr(cv2, "data", None), "haarcascades", ""), *FOLDERS]
    for folder in filter(None, folders):
        file = Path(folder) / f"{name}.xml"
        if file.is_file():
            return cv2.CascadeClassifier(str(file))
    raise CascadeMissing(f"{name}.xml is in none of {folders}: sudo apt install opencv-data")


class Cascades:
    """The four opinions, from three files. Not for two threads."""

    def __init__(self) -> None:
        self._files = [cascade(name) for name in FILES]

    def fired(self, by: int, picture: Grey, step: float, neighbours: int, least: int, most: int) -> list[Box]:
        """The squares between two widths where this one sees a face."""
        mirrored = by == TURNED_AWAY
        seen = np.ascontiguousarray(picture[:, ::-1]) if mirrored else picture
        boxes = self._files[min(by, TURNED)].detectMultiScale(
            seen, step, neighbours, minSize=(least, least), maxSize=(most, most)
        )
        return [(float(picture.shape[1] - x - w if mirrored else x), float(y), float(w)) for x, y, w, _ in boxes]
