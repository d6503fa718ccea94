"""Light: dark, covered, empty and still are told apart before any face is looked for."""

from dataclasses import replace

import numpy as np
import pytest

from firmware.actor import Scene
from firmware.expression import Network
from firmware.glance import RECHECK, Glancer
from firmware.light import condition, measure, still
from firmware.settings import LightSettings, Settings
from tests.firmware.frames import shots


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (Scene(), "clear"),
        (Scene(here=False), "clear"),
        (Scene(glow=0.15), "clear"),
        (Scene(glow=0.02), "dark"),
        (Scene(glow=0.0, noise=6), "dark"),
        (Scene(covered=True), "covered"),
        (Scene(covered=True, noise=8), "covered"),
    ],
)
def test_dark_covered_and_clear_are_told_apart(scene: Scene, expected: str) -> None:
    assert condition(measure(shots(scene)[0]), LightSettings()) == expected


def test_the_noise_of_the_sensor_is_no_stir_but_a_person_is() -> None:
    one, other = shots(Scene(here=False, noise=6), 2)
    assert still(measure(one), measure(other))
    assert not still(measure(one), measure(shots(Scene())[0]))
    assert not still(measure(one), measure(shots(Scene(here=False, glow=0.9))[0]))


def test_a_camera_that_was_turned_stirs() -> None:
    flat, tall = np.zeros((480, 640), np.uint8), np.zeros((480, 640), np.uint8)
    one, other = measure(flat), measure(tall)
    assert still(one, other)
    assert not still(one, replace(other, patches=other.patches.T))


def test_a_still_room_is_searched_once_and_told_again_and_again(network: Network) -> None:
    glancer = Glancer(Settings(), network)
    for index, frame in enumerate(shots(Scene(here=False), 5)):
        assert glancer.judge(frame, float(index)).at == float(index)
    assert glancer.searches == 1
    glancer.judge(shots(Scene(here=False))[0], RECHECK + 1)
    assert glancer.searches == 2, "a person may sit still"


def test_each_condition_is_told_and_passes(network: Network) -> None:
    glancer = Glancer(Settings(), network)
    told = []
    for index, scene in enumerate(
        [Scene(), Scene(), Scene(glow=0.02), Scene(covered=True), Scene(here=False), Scene(), Scene(), Scene()]
    ):
        told.append(glancer.judge(shots(scene, index + 1)[-1], index / 2).condition)
    assert told[1:5] == ["seen", "dark", "covered", "nobody"]
    assert told[-1] == "seen"


def test_nothing_kept_of_a_frame_could_be_looked_at() -> None:
    frame = np.zeros((480, 640), np.uint8)
    assert measure(frame).patches.size == 1200
