"""A USB camera, through OpenCV and V4L2."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np

from firmware.camera import CameraLost, Grey, upright
from firmware.settings import CameraSettings

STALE = 2  # frames that the driver may hold ready from before the call
DEVICES = Path("/sys/class/video4linux")


class UsbCamera:
    def __init__(self, settings: CameraSettings) -> None:
        self._settings = settings
        number = node(settings.device, DEVICES)
        self._name = f"/dev/video{number}"
        self._device = cv2.VideoCapture(number, cv2.CAP_V4L2)
        if not self._device.isOpened():
            raise CameraLost(f"no camera answers at {self._name}: is it plugged in, and in use by nothing else?")
        self._device.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._device.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width)
        self._device.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height)
        self._device.set(cv2.CAP_PROP_FPS, settings.rate)

    def read(self) -> Grey:
        try:
            for _ in range(STALE):
                self._device.grab()
            there, picture = self._device.read()
        except cv2.error as error:
            raise CameraLost(f"{self._name} gave what is no picture: {error}") from error
        if not there or picture is None:
            raise CameraLost(f"{self._name} gives no more frames: was it unplugged?")
        grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        return upright(self._fitted(np.asarray(grey, np.uint8)), self._settings)

    def _fitted(self, frame: Grey) -> Grey:
        """No larger than was asked for: a camera that has no such size gives another."""
        scale = min(self._settings.width / frame.shape[1], self._settings.height / frame.shape[0])
        if scale >= 1:
            return frame
        size = (max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale)))
        return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)

    def close(self) -> None:
        self._device.release()


def node(which: int, devices: Path) -> int:
    """The number of the device that is the `which`-th camera on USB: one that is plugged in again may get another, and
    a Pi has devices that are no cameras. Where there are not so many, `which` is the number."""
    found = sorted(_cameras(devices))
    return found[which] if which < len(found) else which


def _cameras(devices: Path) -> Iterator[int]:
    for device in devices.glob("video*"):
        with suppress(OSError):  # one that goes while it is looked at is none
            first = (device / "index").read_text().strip() == "0"  # a camera's second device gives no pictures
            if first and "/usb" in str(device.resolve()):
                yield int(device.name.removeprefix("video"))
