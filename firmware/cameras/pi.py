"""The Raspberry Pi's own camera, through picamera2: the Y plane alone, exposure left to the ISP."""

import numpy as np

from firmware.camera import CameraLost, Grey, upright
from firmware.settings import CameraSettings

try:
    from picamera2 import Picamera2
except ImportError as error:
    raise CameraLost(f"picamera2 is not installed ({error}): sudo apt install python3-picamera2") from error


class PiCamera:
    """Two buffers and no queue: each read is of a frame begun after the call."""

    def __init__(self, settings: CameraSettings) -> None:
        self._settings = settings
        self._closed = False
        period = round(1_000_000 / settings.rate)
        try:
            which = on_the_ribbon()
            if which is None:
                raise IndexError("none is listed")
            self._device = Picamera2(which)
        except (IndexError, RuntimeError) as error:
            raise CameraLost(
                f"no Pi camera answers ({error}): check the ribbon, and `rpicam-hello --list-cameras`"
            ) from error
        try:
            self._device.configure(
                self._device.create_video_configuration(
                    main={"size": (settings.width, settings.height), "format": "YUV420"},
                    buffer_count=2,
                    queue=False,
                    controls={"FrameDurationLimits": (period, period)},
                )
            )
            self._device.start()
        except (RuntimeError, ValueError) as error:
            self._device.close()
            raise CameraLost(f"the Pi camera will not start: {error}") from error

    def read(self) -> Grey:
        if self._closed:  # picamera2 itself would wait for a frame that never comes
            raise CameraLost("the Pi camera is closed")
        try:
            planes = self._device.capture_array("main")
        except (RuntimeError, AttributeError) as error:
            raise CameraLost(f"the Pi camera gave no frame: {error}") from error
        grey = planes[: self._settings.height, : self._settings.width]
        return upright(np.asarray(grey, np.uint8), self._settings)

    def close(self) -> None:
        self._closed = True
        self._device.close()


def on_the_ribbon() -> int | None:
    """The place in picamera2's list of its first camera that is none on USB: libcamera lists those too, and drives them
    without the controls that are asked for here."""
    listed = Picamera2.global_camera_info()
    return next((place for place, camera in enumerate(listed) if "/usb" not in camera["Id"]), None)
