"""Fits picamera2, once it is imported, to what libcamera's virtual camera has not. None of it is in the product.

It has no raw pictures, of which picamera2 asks at once. It gives NV12, whose first plane is that of the YUV420 that the
product asks for and reads alone. It wants a place for each plane, where a Pi is content with one for all. And it takes
no time: its first pictures are there before picamera2 counts itself as started, and would be lost.
"""

import time
from types import SimpleNamespace
from typing import Any

import libcamera  # type: ignore[import-not-found]  # it is there in that machine alone
from picamera2 import Picamera2
from picamera2.allocators import dmaallocator
from picamera2.picamera2 import CameraManager
from picamera2.request import Helpers

MOMENT = 0.03
"""Seconds that a picture takes."""
make_array, start, handle = Helpers.make_array, Picamera2.start_, CameraManager.handle_request


def array(self: Any, buffer: Any, config: dict[str, Any]) -> Any:
    return make_array(self, buffer, config | {"format": "YUV420"} if config["format"] == "NV12" else config)


def started(self: Any) -> None:
    with self._cm._lock:  # pictures are taken up under it
        start(self)


def taken_up(self: Any, flushid: Any = None) -> None:
    time.sleep(MOMENT)
    handle(self, flushid)


def buffer(planes: list[Any]) -> Any:
    """The one place cut in two: brightness, and what is left for the colours."""
    (bright,) = planes
    colours = libcamera.FrameBuffer.Plane()
    colours.fd, whole = bright.fd, bright.length
    bright.length = whole * 2 // 3
    colours.offset, colours.length = bright.length, whole - bright.length
    return libcamera.FrameBuffer([bright, colours])


buffer.Plane = libcamera.FrameBuffer.Plane  # type: ignore[attr-defined]  # picamera2 finds the one by the other's name
dmaallocator.libcamera = SimpleNamespace(FrameBuffer=buffer)
Helpers.make_array = array
Picamera2.start_ = started
CameraManager.handle_request = taken_up
Picamera2._get_raw_modes = lambda self: [{"format": "SBGGR8", "size": (640, 480)}]
