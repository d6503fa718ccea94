"""Where the faces are: Haar cascades on small, evened-out pictures, and each face followed by a small number.

What is not searched is what is saved. A followed face is looked for near its last place, at about its last size. The
whole picture is searched when nobody is followed, when one is lost, and from time to time: coarsely, with a cascade
told to be gullible, and each place where it fired is then looked at closely. Each such search is of another width, so
that a face that falls between the steps of one is found by the next. Only where the first cascade is silent have the
others their say: a second opinion, a head turned to one side, a head turned to the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from firmware.settings import FacesSettings

Grey = NDArray[np.uint8]
Box = tuple[float, float, float]  # left, top, width
WIDTHS = (320, 280, 300)  # columns of the picture that is searched whole, by turns
NEAR = 54  # columns that a face is brought to when looked at closely
PATIENCE = 3  # looks in a row without it, after which a face is gone
FRONT, SECOND, TURNED, TURNED_AWAY = range(4)  # who found a face; the last is the third on a mirrored picture
FILES = ("haarcascade_frontalface_default", "haarcascade_frontalface_alt2", "haarcascade_profileface")
FOLDERS = ("/usr/share/opencv4/haarcascades", "/usr/share/opencv/haarcascades")


class CascadeMissing(FileNotFoundError):
    """OpenCV's cascades are not installed."""


@dataclass(frozen=True)
class Face:
    """A square in pixels of the frame: centre and width; who found it; its number; looks it was found in, and missed
    in a row."""

    x: float
    y: float
    width: float
    by: int = FRONT
    number: int = 0
    found: int = 1
    missed: int = 0

    def near(self, other: "Face") -> bool:
        """Whether both can be the same face a moment apart."""
        reach = 0.5 * max(self.width, other.width)
        return abs(self.x - other.x) < reach and abs(self.y - other.y) < reach and 0.5 < self.width / other.width < 2.0


def cascade(name: str) -> cv2.CascadeClassifier:
    """OpenCV's cascade of this name, from OpenCV itself or from Debian's opencv-data."""
    folders = [getattr(getattr(cv2, "data", None), "haarcascades", ""), *FOLDERS]
    for folder in filter(None, folders):
        file = Path(folder) / f"{name}.xml"
        if file.is_file():
            return cv2.CascadeClassifier(str(file))
    raise CascadeMissing(f"{name}.xml is in none of {folders}: sudo apt install opencv-data")


class Faces:
    """Follows the faces of one camera. Frames go in in order; not for two threads."""

    def __init__(self, settings: FacesSettings) -> None:
        self._settings = settings
        self._cascades = [cascade(name) for name in FILES]
        self._even = cv2.createCLAHE(2.0, (8, 8))
        self._followed: tuple[Face, ...] = ()
        self._searched = float("-inf")
        self.searches = 0  # whole pictures searched so far

    def look(self, frame: Grey, now: float) -> tuple[Face, ...]:
        """The faces followed after this frame, the largest first; a face with `missed` above 0 was not in this one."""
        followed = [self._follow(frame, face) for face in self._followed]
        lost = any(face.missed for face in followed)
        if not followed or lost or now - self._searched >= self._settings.full_search:
            self._searched = now
            followed = _joined(followed, self.search(frame, second=not followed or lost))
        followed = [face for face in _apart(followed) if face.missed < PATIENCE]
        self._followed = tuple(sorted(followed, key=lambda f: -f.width)[: self._settings.most])
        return self._followed

    def forget(self, numbers: Iterable[int]) -> None:
        """Follow these no longer: the network says that they are no faces."""
        gone = set(numbers)
        self._followed = tuple(face for face in self._followed if face.number not in gone)

    def search(self, frame: Grey, second: bool = True) -> list[Face]:
        """Faces anywhere in the picture; with `second`, one more opinion, by turns, where the first is silent."""
        self.searches += 1
        scale = min(1.0, WIDTHS[self.searches % len(WIDTHS)] / frame.shape[1])
        small = self._evened(frame, scale)
        least = max(20, round(small.shape[0] * self._settings.smallest))
        found: list[Face] = []
        for left, top, width in self._fired(FRONT, small, 1.2, 1, least, small.shape[0]):
            place = Face((left + width / 2) / scale, (top + width / 2) / scale, width / scale)
            if not any(place.near(face) for face in found):
                found += self._closely(frame, place, (FRONT,))
        if found or not second:
            return found
        by = (SECOND, TURNED, TURNED_AWAY)[self.searches // len(WIDTHS) % 3]
        boxes = self._fired(by, small, 1.2, 4, least, small.shape[0])
        return [Face((x + w / 2) / scale, (y + w / 2) / scale, w / scale, by) for x, y, w in boxes]

    def _follow(self, frame: Grey, face: Face) -> Face:
        """The face near its last place, or missed once more."""
        order = (FRONT, *((face.by,) if face.by != FRONT else (TURNED, TURNED_AWAY, SECOND)))
        found = self._closely(frame, face, order)
        if not found:
            return replace(face, missed=face.missed + 1)
        return replace(found[0], number=face.number, found=face.found + 1)

    def _closely(self, frame: Grey, place: Face, order: tuple[int, ...]) -> list[Face]:
        """The face at about this place and of about this size, asking cascades in this order; at most one."""
        reach = place.width * 0.9
        left, top = max(0, round(place.x - reach)), max(0, round(place.y - reach))
        window = frame[top : round(place.y + reach) + 1, left : round(place.x + reach) + 1]
        scale = NEAR / place.width
        if min(window.shape) * scale < 24:
            return []
        small = self._evened(window, scale)
        for by in order:
            boxes = self._fired(by, small, 1.1, 3, int(NEAR * 0.7), int(NEAR * 1.4))
            found = [Face(left + (x + w / 2) / scale, top + (y + w / 2) / scale, w / scale, by) for x, y, w in boxes]
            if found:
                return [min(found, key=lambda f: abs(f.x - place.x) + abs(f.y - place.y) + abs(f.width - place.width))]
        return []

    def _evened(self, frame: Grey, scale: float) -> Grey:
        size = (max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale)))
        sized = cv2.resize(frame, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        return np.asarray(self._even.apply(sized), np.uint8)

    def _fired(self, by: int, small: Grey, step: float, neighbours: int, least: int, most: int) -> list[Box]:
        mirrored = by == TURNED_AWAY
        seen = np.ascontiguousarray(small[:, ::-1]) if mirrored else small
        boxes = self._cascades[min(by, TURNED)].detectMultiScale(
            seen, step, neighbours, minSize=(least, least), maxSize=(most, most)
        )
        return [(float(small.shape[1] - x - w if mirrored else x), float(y), float(w)) for x, y, w, _ in boxes]


def _joined(followed: list[Face], found: list[Face]) -> list[Face]:
    """Faces found anew, each given to the followed one that it is near, or the smallest free number."""
    joined = list(followed)
    for face in found:
        at = next((i for i, known in enumerate(joined) if known.near(face)), None)
        if at is None:
            taken = {known.number for known in joined}
            joined.append(replace(face, number=next(n for n in range(1, len(taken) + 2) if n not in taken)))
        elif joined[at].missed:
            joined[at] = replace(face, number=joined[at].number, found=joined[at].found + 1)
    return joined


def _apart(faces: list[Face]) -> list[Face]:
    """Where two have come to follow one face, the one longer known stays."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda f: (f.missed, -f.found)):
        if not any(face.near(other) for other in kept):
            kept.append(face)
    return kept
