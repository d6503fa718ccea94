"""A USB camera, through OpenCV and V4L2."""

import cv2
import numpy as np

from firmware.camera import CameraLost, Grey, upright
from firmware.settings import CameraSettings

STALE = 2  # frames that the driver may hold ready from before the call


class UsbCamera:
    def __init__(self, settings: CameraSettings) -> None:
        self._settings = settings
        self._name = f"/dev/video{settings.device}"
        self._device = cv2.VideoCapture(settings.device, cv2.CAP_V4L2)
        if not self._device.isOpened():
            raise CameraLost(f"no camera answers at {self._name}: is it plugged in, and in use by nothing else?")
        self._device.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        self._device.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width)
        self._device.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height)
        self._device.set(cv2.CAP_PROP_FPS, settings.rate)

    def read(self) -> Grey:
        for _ in range(STALE):
            self._device.grab()
        there, picture = self._device.read()
        if not there or picture is None:
            raise CameraLost(f"{self._name} gives no more frames: was it unplugged?")
        grey = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        return upright(np.asarray(grey, np.uint8), self._settings)

    def close(self) -> None:
        self._device.release()
