"""The camera on the ribbon, among those that picamera2 lists: those on USB are there too, and are not it."""

import sys
import types
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pytest

from firmware.camera import CameraLost, Grey, open_camera
from firmware.cameras.usb import UsbCamera
from firmware.settings import CameraSettings
from tests.firmware.test_cameras import Plug

RIBBON = {"Model": "imx219", "Location": 2, "Rotation": 180, "Id": "/base/soc/i2c0mux/i2c@1/imx219@10"}
WEBCAM = {"Model": "HD Webcam", "Location": 2, "Id": "/base/scb/pcie@7d500000/pci@0,0/usb@0,0-1.3:1.0-046d:0825"}


class Picamera2:
    """As picamera2 answers: it opens by the place in its own list, and drives no webcam's frame durations."""

    listed: tuple[dict[str, Any], ...] = ()

    @classmethod
    def global_camera_info(cls) -> list[dict[str, Any]]:
        return list(cls.listed)

    def __init__(self, camera_num: int = 0) -> None:
        self.camera = self.listed[camera_num]

    def create_video_configuration(self, **wanted: Any) -> dict[str, Any]:
        return wanted

    def configure(self, wanted: dict[str, Any]) -> None:
        if self.camera is WEBCAM:
            raise RuntimeError(f"Control {next(iter(wanted['controls']))} is not advertised by libcamera")

    def start(self) -> None: ...

    def capture_array(self, name: str) -> Grey:
        return np.full((720, 640), 90, np.uint8)

    def close(self) -> None: ...


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Picamera2]]:
    """What the stand-in lists; nothing that was imported with it is left behind."""
    sys.modules.pop("firmware.cameras.pi", None)
    monkeypatch.setitem(sys.modules, "picamera2", types.SimpleNamespace(Picamera2=Picamera2))
    monkeypatch.setattr(Picamera2, "listed", ())
    yield Picamera2
    sys.modules.pop("firmware.cameras.pi", None)


def test_a_pi_with_a_webcam_alone_sees_by_it(listed: type[Picamera2], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2, "VideoCapture", Plug())
    listed.listed = (WEBCAM,)
    camera = open_camera(CameraSettings(source="auto"))
    assert isinstance(camera, UsbCamera) and camera.read().shape == (480, 640)


@pytest.mark.parametrize("source", ["auto", "picamera2"])
def test_of_a_webcam_and_a_camera_on_the_ribbon_the_latter_sees_whichever_is_listed_first(
    source: str, listed: type[Picamera2]
) -> None:
    for listed.listed in ((WEBCAM, RIBBON), (RIBBON, WEBCAM)):
        camera = open_camera(CameraSettings(source=source))
        assert type(camera).__name__ == "PiCamera" and camera.read().shape == (480, 640)


def test_told_to_see_by_the_ribbon_a_webcam_is_none_and_the_ribbon_put_right_it_sees(listed: type[Picamera2]) -> None:
    for listed.listed in ((), (WEBCAM,)):
        with pytest.raises(CameraLost, match="check the ribbon"):
            open_camera(CameraSettings(source="picamera2"))
    listed.listed = (WEBCAM, RIBBON)
    assert open_camera(CameraSettings(source="picamera2")).read().shape == (480, 640)
