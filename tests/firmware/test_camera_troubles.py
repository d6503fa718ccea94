"""What befalls a camera, through every source that can be had here: each trouble is told, and passes.

A real USB camera cannot be made by a test: of it the kernel's device alone is played, the rest is the product's code.
"""

import queue
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from firmware.actor import Scene, Stage, follow
from firmware.camera import Camera, Grey, open_camera
from firmware.expression import Network
from firmware.glance import Glancer
from firmware.lookout import Looked, LookFailed, Lookout, Outcome
from firmware.settings import CameraSettings, Settings
from tests.firmware.frames import shots
from tests.firmware.test_cameras import Plug
from tests.firmware.test_lookout import Lamp

PATIENCE = 60.0
LOOKS = 40  # in which whatever befalls it must have been told
BLACK = np.zeros((240, 320), np.uint8)
Act = Callable[[str], None]


def face(width: int, height: int) -> Grey:
    return shots(Scene(), 1, CameraSettings(width=width, height=height))[0]


PICTURES = {"face": face(320, 240), "black": BLACK, "another size": face(640, 360)}


def actor(folder: Path, patch: pytest.MonkeyPatch) -> tuple[Callable[[], Camera], Act]:
    """It draws whatever size it is asked for, so the size cannot change under it."""
    stage = Stage()
    orders = {"face": ("find", "light"), "black": ("dark",), "another size": ("light",), "gone": ("lose",)}

    def act(what: str) -> None:
        for order in orders[what]:
            stage.scene = follow(stage.scene, order)

    return lambda: open_camera(CameraSettings(source="actor", width=320, height=240), stage), act


def pictures(folder: Path, patch: pytest.MonkeyPatch) -> tuple[Callable[[], Camera], Act]:
    film = folder / "film"

    def act(what: str) -> None:
        shutil.rmtree(film, ignore_errors=True)
        if what != "gone":
            film.mkdir()
            cv2.imwrite(str(film / "0.png"), PICTURES[what])

    return lambda: open_camera(CameraSettings(source=f"replay:{film}", width=320, height=240)), act


def videos(folder: Path, patch: pytest.MonkeyPatch) -> tuple[Callable[[], Camera], Act]:
    """All acts lie there as films from the first, and are played in turn."""
    films = folder / "films"

    def act(what: str) -> None:
        if what == "gone":
            shutil.rmtree(films)
        elif not films.exists():
            films.mkdir()
            for index, picture in enumerate(PICTURES.values()):
                size = (picture.shape[1], picture.shape[0])
                film = cv2.VideoWriter(str(films / f"{index}.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, size)
                for _ in range(4):
                    film.write(np.asarray(cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR), np.uint8))
                film.release()

    return lambda: open_camera(CameraSettings(source=f"replay:{films}", width=320, height=240)), act


def usb(folder: Path, patch: pytest.MonkeyPatch) -> tuple[Callable[[], Camera], Act]:
    plug = Plug()
    patch.setattr(cv2, "VideoCapture", plug)

    def act(what: str) -> None:
        plug.plugged = what != "gone"
        plug.picture = PICTURES.get(what, plug.picture)

    return lambda: open_camera(CameraSettings(source="usb", width=320, height=240)), act


class Watch:
    """A lookout on one source, and what is made of its frames."""

    def __init__(self, source: Callable[[], Camera], network: Network) -> None:
        self.outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self.lamp = Lamp()
        self.lookout = Lookout(source, self.lamp, self.outcomes.put)
        self.glancer = Glancer(Settings(), network)
        self.looks = 0

    def told(self) -> str:
        """What one more look tells: the glance's condition, or that the camera is lost."""
        self.lookout.wish("look")
        outcome = self.outcomes.get(timeout=PATIENCE)
        self.looks += 1
        match outcome:
            case Looked(frame):
                assert self.lamp.lit and frame.dtype == np.uint8 and frame.flags.c_contiguous
                assert frame.shape[0] <= 240 and frame.shape[1] <= 320, "no larger than was asked for"
                return self.glancer.judge(frame, self.looks / 3).condition
            case LookFailed(why):
                assert why and not self.lamp.lit, "released, and the reason told"
                return "lost"
        raise AssertionError(outcome)

    def until(self, condition: str) -> None:
        told = []
        for _ in range(LOOKS):
            told.append(self.told())
            if told[-1] == condition:
                return
        raise AssertionError(f"not {condition} but {told}")


@pytest.fixture(params=[actor, pictures, videos, usb])
def stage(
    request: pytest.FixtureRequest, tmp_path: Path, network: Network, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Watch, Act]]:
    source, act = request.param(tmp_path, monkeypatch)
    act("face")
    watch = Watch(source, network)
    yield watch, act
    watch.lookout.wish("quit")
    assert watch.lookout.join(PATIENCE)
    assert not watch.lamp.lit


def test_black_pictures_another_size_and_a_camera_that_vanishes_are_told_and_pass(stage: tuple[Watch, Act]) -> None:
    watch, act = stage
    watch.until("seen")
    act("black")
    watch.until("dark")
    act("another size")
    watch.until("seen")
    act("gone")
    watch.until("lost")
    assert watch.told() == "lost", "as long as it is away"
    act("face")
    watch.until("seen")


def test_one_that_is_away_at_the_start_is_told_and_seen_through_when_it_comes(stage: tuple[Watch, Act]) -> None:
    watch, act = stage
    act("gone")
    assert watch.told() == "lost"
    act("face")
    watch.until("seen")


def test_a_recording_with_a_broken_picture_or_film_among_good_ones_plays_the_good_ones(
    tmp_path: Path, network: Network
) -> None:
    (tmp_path / "0.png").write_bytes(b"no picture")
    (tmp_path / "1.avi").write_bytes(b"no film")
    cv2.imwrite(str(tmp_path / "2.png"), PICTURES["face"])
    camera = open_camera(CameraSettings(source=f"replay:{tmp_path}", width=320, height=240))
    assert [camera.read().std() > 1 for _ in range(3)] == [True] * 3
    camera.close()
