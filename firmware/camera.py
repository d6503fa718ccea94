"""The camera's contract: a source of grey frames, one at a time, on demand.

A source is opened by making it, read by `read`, and released by `close`, after which the device is free for
others. It holds no frame back: what `read` gives was taken after it was called, or as near to that as the device
allows. A source that fails says CameraLost, and a new one may be opened in its place.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from firmware.settings import CameraSettings

if TYPE_CHECKING:
    from firmware.actor import Stage

Grey = NDArray[np.uint8]


class CameraLost(OSError):
    """The camera is not there, or not any more; the message says which, and what to try."""


class Camera(Protocol):
    """A camera that is open from the moment it is made."""

    def read(self) -> Grey:
        """The picture of now, [height, width] of 0 to 255, contiguous. CameraLost if there is none."""
        ...

    def close(self) -> None:
        """Release the device. Safe to repeat."""
        ...


def upright(frame: Grey, settings: CameraSettings) -> Grey:
    """The frame as a person would see it, for a camera that is mounted turned or mirrored."""
    if settings.rotation:
        frame = np.rot90(frame, -settings.rotation // 90)
    if settings.mirror:
        frame = frame[:, ::-1]
    return np.ascontiguousarray(frame)


def open_camera(settings: CameraSettings, stage: "Stage | None" = None) -> Camera:
    """Open the source that the settings name. `auto` never takes the actor: a speaker must not dream of people."""
    source = settings.source
    if source == "auto":
        source = "picamera2" if _has_pi_camera() else "usb"
    if source == "picamera2":
        from firmware.cameras.pi import PiCamera

        return PiCamera(settings)
    if source == "usb":
        from firmware.cameras.usb import UsbCamera

        return UsbCamera(settings)
    if source == "actor":
        from firmware.actor import Actor

        return Actor(settings, stage)
    from firmware.cameras.replay import Replay

    return Replay(settings, Path(source.removeprefix("replay:")).expanduser())


def _has_pi_camera() -> bool:
    try:
        from firmware.cameras.pi import on_the_ribbon
    except CameraLost:
        return False
    return on_the_ribbon() is not None
