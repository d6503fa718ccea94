"""The running half and its camera: recorded, unplugged, hung."""

import json
import shutil
import signal

import cv2
import numpy as np

from firmware import wire
from firmware.__main__ import HUNG
from firmware.actor import Scene
from tests.firmware.frames import shots
from tests.firmware.half import Half


def test_an_unplugged_camera_is_told_and_comes_back_by_itself(half: Half) -> None:
    half.listen()
    half.start()
    half.condition("seen")
    half.order("lose")
    half.until(lambda w: isinstance(w, wire.Health) and w.camera == "lost" and "lost" in w.trouble)
    half.order("find")
    half.condition("seen")
    half.until(lambda w: isinstance(w, wire.Health) and w.camera == "ok")


def test_a_recording_that_goes_and_comes_back_is_a_camera_unplugged_and_found(half: Half) -> None:
    """Not the actor's word for it: a source that is truly not there."""
    half.listen()
    half.start("--camera", f"replay:{half.folder / 'film'}")
    half.until(lambda w: isinstance(w, wire.Health) and w.camera == "lost" and "no such recording" in w.trouble)
    (half.folder / "beside").mkdir()
    for index, frame in enumerate(shots(Scene(), 2)):
        cv2.imwrite(str(half.folder / "beside" / f"{index}.png"), frame)
    (half.folder / "beside").rename(half.folder / "film")
    half.condition("seen")
    shutil.rmtree(half.folder / "film")
    half.until(lambda w: isinstance(w, wire.Health) and w.camera == "lost" and "nothing in it can be read" in w.trouble)
    (half.folder / "film").mkdir()
    cv2.imwrite(str(half.folder / "film" / "0.png"), shots(Scene())[0])
    half.condition("seen")
    half.until(lambda w: isinstance(w, wire.Health) and w.camera == "ok")


def test_a_hung_camera_ends_it_loudly_and_the_next_start_sees_again(half: Half) -> None:
    (half.folder / "etc" / "eye.toml").write_text("[camera]\npatience = 2.0\n")
    half.listen()
    half.start()
    half.condition("seen")
    half.order("hang")
    assert half.wait() == HUNG
    assert "the camera has not answered" in half.log()
    half.forget()
    half.start()
    half.condition("seen")


def test_a_hung_camera_does_not_keep_it_from_ending_when_told(half: Half) -> None:
    half.listen()
    half.start()
    half.condition("seen")
    half.order("hang")
    assert half.process is not None
    half.process.send_signal(signal.SIGTERM)
    assert half.wait() == 0


def test_a_recording_is_watched_as_a_camera_is(half: Half) -> None:
    film = half.folder / "film"
    film.mkdir()
    for index, frame in enumerate(shots(Scene(), 4)):
        cv2.imwrite(str(film / f"{index}.png"), np.asarray(frame))
    half.listen()
    half.start("--camera", f"replay:{film}")
    assert half.condition("seen").faces
    assert json.loads(wire.pack(half.condition("seen")))["faces"]
    assert half.order("press") == "did a press"
    assert "no actor plays here" in half.order("happy")
