"""A recording in place of a camera: a folder of pictures, a folder of videos, or one video, over and over."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from firmware.camera import CameraLost, Grey, upright
from firmware.settings import CameraSettings

PICTURES = {".jpg", ".jpeg", ".png", ".pgm", ".bmp", ".webp"}
VIDEOS = {".mkv", ".mp4", ".mov", ".avi", ".gif", ".webm"}


class Replay:
    """Every read is the next frame, in the order of the names; after the last comes the first again."""

    def __init__(self, settings: CameraSettings, place: Path) -> None:
        self._settings = settings
        self._place = place
        if not place.exists():
            raise CameraLost(f"{place}: no such recording")
        try:
            files = sorted(place.iterdir()) if place.is_dir() else [place]
        except OSError as error:
            raise CameraLost(f"{place}: cannot be read ({error.strerror})") from error
        self._files = [f for f in files if f.suffix.lower() in PICTURES | VIDEOS]
        if not self._files:
            raise CameraLost(f"{place}: no picture and no video in it")
        self._frames: Iterator[Grey] | None = self._play()

    def _play(self) -> Iterator[Grey]:
        while True:
            shown = 0
            for file in self._files:
                for frame in _frames(file):
                    shown += 1
                    yield frame
            if not shown:
                raise CameraLost(f"{self._place}: nothing in it can be read as a picture")

    def read(self) -> Grey:
        frame = next(self._frames, None) if self._frames is not None else None
        if frame is None:
            raise CameraLost(f"{self._place}: closed")
        return upright(self._fitted(frame), self._settings)

    def _fitted(self, frame: Grey) -> Grey:
        """Whole and undistorted, on a field of the size that a camera would give."""
        high, wide = self._settings.height, self._settings.width
        scale = min(high / frame.shape[0], wide / frame.shape[1])
        size = (max(1, min(wide, round(frame.shape[1] * scale))), max(1, min(high, round(frame.shape[0] * scale))))
        fitted = cv2.resize(frame, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        field = np.full((high, wide), 96, np.uint8)
        top, left = (high - fitted.shape[0]) // 2, (wide - fitted.shape[1]) // 2
        field[top : top + fitted.shape[0], left : left + fitted.shape[1]] = fitted
        return field

    def close(self) -> None:
        if self._frames is not None:
            self._frames.close()  # type: ignore[attr-defined]  # a generator, whose video it holds open
        self._frames = None


def _frames(file: Path) -> Iterator[Grey]:
    if file.suffix.lower() in PICTURES:
        if (still := _picture(file)) is not None:
            yield still
        return
    video = cv2.VideoCapture(str(file))
    try:
        while True:
            there, picture = video.read()
            if not there:
                return
            yield np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)
    finally:
        video.release()


def _picture(file: Path) -> Grey | None:
    """None for what is no picture, or one larger than OpenCV takes."""
    try:
        picture = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    except cv2.error:
        return None
    return None if picture is None else np.asarray(picture, np.uint8)
