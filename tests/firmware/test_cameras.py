"""One contract, every source of frames that is present here."""

import importlib.util
import queue
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from msgspec.structs import replace

from firmware.actor import Scene, Stage
from firmware.camera import Camera, CameraLost, Grey, open_camera, upright
from firmware.cameras import usb
from firmware.lookout import Looked, LookFailed, Lookout, Outcome
from firmware.settings import CameraSettings
from tests.firmware.test_lookout import Lamp

SOURCES = ("actor", "pictures", "video", "usb", "picamera2")


def drawn(count: int) -> list[Grey]:
    actor = open_camera(CameraSettings(source="actor", width=320, height=240))
    return [actor.read() for _ in range(count)]


@pytest.fixture(params=SOURCES)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> CameraSettings:
    source: str = request.param
    if source == "usb" and not Path("/dev/video0").exists():
        pytest.skip("no USB camera is plugged in here")
    if source == "picamera2" and importlib.util.find_spec("picamera2") is None:
        pytest.skip("picamera2 comes with Raspberry Pi OS alone")
    if source == "pictures":
        for index, frame in enumerate(drawn(3)):
            cv2.imwrite(str(tmp_path / f"{index}.png"), frame)
        source = f"replay:{tmp_path}"
    if source == "video":
        writer = cv2.VideoWriter(str(tmp_path / "film.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 240))
        for frame in drawn(3):
            writer.write(cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR))
        writer.release()
        source = f"replay:{tmp_path / 'film.avi'}"
    return CameraSettings(source=source, width=320, height=240)


@pytest.fixture
def camera(settings: CameraSettings) -> Iterator[Camera]:
    camera = open_camera(settings)
    yield camera
    camera.close()


def test_a_frame_is_grey_whole_and_of_the_size_asked_for(camera: Camera) -> None:
    for _ in range(5):
        frame = camera.read()
        assert frame.dtype == np.uint8
        assert frame.shape == (240, 320)
        assert frame.flags.c_contiguous
        assert frame.std() > 1


def test_a_frame_once_given_is_never_drawn_over(camera: Camera) -> None:
    frame = camera.read()
    kept = frame.copy()
    camera.read()
    assert np.array_equal(frame, kept)


def test_once_released_it_gives_nothing_and_can_be_opened_anew(settings: CameraSettings) -> None:
    camera = open_camera(settings)
    camera.read()
    camera.close()
    camera.close()
    with pytest.raises(CameraLost):
        camera.read()
    another = open_camera(settings)
    assert another.read().shape == (240, 320)
    another.close()


def test_a_camera_that_hangs_sideways_gives_upright_frames(settings: CameraSettings) -> None:
    camera = open_camera(replace(settings, rotation=90))
    assert camera.read().shape == (320, 240)
    camera.close()


def test_upright_means_clockwise_and_mirrored_means_left_for_right() -> None:
    frame = np.array([[1, 2], [3, 4]], np.uint8)
    assert upright(frame, CameraSettings(rotation=90)).tolist() == [[3, 1], [4, 2]]
    assert upright(frame, CameraSettings(rotation=180)).tolist() == [[4, 3], [2, 1]]
    assert upright(frame, CameraSettings(mirror=True)).tolist() == [[2, 1], [4, 3]]


def test_an_absent_camera_says_what_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(CameraLost, match="plugged in"):
        open_camera(CameraSettings(source="usb", device=63))
    with pytest.raises(CameraLost, match="no such recording"):
        open_camera(CameraSettings(source=f"replay:{tmp_path}/none"))
    with pytest.raises(CameraLost, match="no picture"):
        open_camera(CameraSettings(source=f"replay:{tmp_path}"))
    (tmp_path / "broken.jpg").write_bytes(b"no picture at all")
    with pytest.raises(CameraLost, match="nothing in it can be read"):
        open_camera(CameraSettings(source=f"replay:{tmp_path}")).read()


class Plug:
    """A USB camera as OpenCV shows it: what of it is not real is the kernel's device alone."""

    def __init__(self) -> None:
        self.plugged = True
        self.asked: dict[int, float] = {}
        self.open = 0
        self.at: list[int] = []
        self.picture: Grey | None = None

    def __call__(self, device: int, how: int) -> "Plug":
        assert how == cv2.CAP_V4L2
        self.open += self.plugged
        self.at.append(device)
        return self

    def isOpened(self) -> bool:
        return self.plugged

    def set(self, what: int, value: float) -> None:
        self.asked[what] = value

    def grab(self) -> bool:
        return self.plugged

    def read(self) -> tuple[bool, Grey | None]:
        wide, high = int(self.asked[cv2.CAP_PROP_FRAME_WIDTH]), int(self.asked[cv2.CAP_PROP_FRAME_HEIGHT])
        grey = self.picture if self.picture is not None else np.full((high, wide), 90, np.uint8)
        return (True, np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)) if self.plugged else (False, None)

    def release(self) -> None:
        self.open = 0


def test_a_usb_camera_that_is_unplugged_is_lost_and_plugged_in_again_it_sees(monkeypatch: pytest.MonkeyPatch) -> None:
    plug = Plug()
    monkeypatch.setattr(cv2, "VideoCapture", plug)
    asked = CameraSettings(source="usb", width=320, height=240, rotation=90)
    outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
    lamp = Lamp()
    lookout = Lookout(lambda: open_camera(asked), lamp, outcomes.put)

    def look() -> Outcome:
        lookout.wish("look")
        return outcomes.get(timeout=60)

    first = look()
    assert isinstance(first, Looked) and first.frame.shape == (320, 240) and lamp.lit
    plug.plugged = False
    assert look() == LookFailed("/dev/video0 gives no more frames: was it unplugged?")
    assert plug.open == 0 and not lamp.lit
    said = look()
    assert isinstance(said, LookFailed) and "is it plugged in" in said.why and not lamp.lit
    plug.plugged = True
    assert isinstance(look(), Looked) and lamp.lit
    lookout.wish("quit")
    assert lookout.join(60)
    assert plug.open == 0 and not lamp.lit


def test_a_usb_camera_that_comes_back_under_another_number_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody still holds the old one, the kernel gives it the next."""

    def appear(number: int, bus: str, index: int) -> Path:
        device = tmp_path / "devices" / bus / f"video{number}"
        device.mkdir(parents=True)
        (device / "index").write_text(f"{index}\n")
        (tmp_path / "class").mkdir(exist_ok=True)
        (tmp_path / "class" / device.name).symlink_to(device)
        return tmp_path / "class" / device.name

    plug = Plug()
    monkeypatch.setattr(cv2, "VideoCapture", plug)
    monkeypatch.setattr(usb, "DEVICES", tmp_path / "class")
    asked = CameraSettings(source="usb")
    open_camera(asked).close()
    appear(0, "platform", 0)  # a Pi's own
    links = [appear(4, "usb1", 0), appear(5, "usb1", 1)]
    open_camera(asked).close()
    for link in links:
        link.unlink()
    appear(10, "usb1", 0)
    open_camera(asked).close()
    appear(12, "usb2", 0)
    open_camera(replace(asked, device=1)).close()
    open_camera(replace(asked, device=7)).close()
    assert plug.at == [0, 4, 10, 12, 7]


def test_a_speaker_without_a_camera_never_takes_the_actor_by_itself() -> None:
    if Path("/dev/video0").exists() or importlib.util.find_spec("picamera2"):
        pytest.skip("a real camera is here")
    with pytest.raises(CameraLost):
        open_camera(CameraSettings(source="auto"))


def test_an_actor_that_is_lost_comes_back_when_found() -> None:
    stage = Stage()
    camera = open_camera(CameraSettings(source="actor"), stage)
    stage.scene = Scene(lost=True)
    with pytest.raises(CameraLost):
        camera.read()
    with pytest.raises(CameraLost, match="find"):
        open_camera(CameraSettings(source="actor"), stage)
    stage.scene = Scene()
    assert open_camera(CameraSettings(source="actor"), stage).read().shape == (480, 640)
