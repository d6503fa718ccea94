"""A picture on the wall is no person, and a person who sits still is no picture."""

import numpy as np
import pytest
from msgspec.structs import replace

from firmware.actor import Scene
from firmware.camera import Grey
from firmware.expression import Network
from firmware.furniture import MOST, Furniture, Patches, Place
from firmware.glance import Glancer
from firmware.light import COLUMNS, ROWS
from firmware.settings import FacesSettings, Settings
from tests.firmware.frames import shots

LONG = 1800.0
EVERY = 6.0  # seconds between looks: each is judged, however still
HERE: Place = (20.0, 10.0, 6.0)
ELSEWHERE: Place = (5.0, 20.0, 4.0)
PORTRAIT, SMALL_PORTRAIT = (shots(Scene(noise=0.0, distance=distance))[0] for distance in (1.2, 2.0))
_random = np.random.default_rng(4)
GRAIN = [_random.normal(0, 2, PORTRAIT.shape) for _ in range(4)]


def room() -> Patches:
    return np.random.default_rng(3).integers(60, 180, (ROWS, COLUMNS), np.uint8)


def with_stir(row: int, column: int, levels: int = 4) -> Patches:
    patches = room()
    patches[row, column] += levels
    return patches


def framed(index: int, shift: int = 0, portrait: Grey = PORTRAIT) -> Grey:
    """One portrait that hangs there, or is pushed aside, as the sensor sees it."""
    return np.clip(np.roll(portrait, shift, axis=1) + GRAIN[index % len(GRAIN)], 0, 255).astype(np.uint8)


def test_what_has_not_stirred_for_so_long_is_furniture_and_no_earlier() -> None:
    furniture = Furniture(LONG)
    assert furniture.among([HERE], room(), 0.0) == [False]
    assert furniture.among([HERE], room(), LONG - 1) == [False]
    assert furniture.among([HERE], room(), LONG) == [True]
    assert furniture.among([HERE, ELSEWHERE], room(), LONG + 1) == [True, False], "a new face is a person"


@pytest.mark.parametrize("where", [(10, 20), (8, 17), (20, 22)], ids=["face", "hair", "hands"])
def test_any_stir_of_head_shoulders_or_hands_makes_it_a_person_again(where: tuple[int, int]) -> None:
    furniture = Furniture(LONG)
    furniture.among([HERE], room(), 0.0)
    assert furniture.among([HERE], room(), LONG) == [True]
    assert furniture.among([HERE], with_stir(*where), LONG + 1) == [False]
    assert furniture.among([HERE], room(), LONG + 2) == [False], "and for as long again"
    assert furniture.among([HERE], room(), 2 * LONG + 2) == [True]


def test_others_who_move_elsewhere_make_no_picture_a_person() -> None:
    furniture = Furniture(LONG)
    furniture.among([HERE], room(), 0.0)
    assert furniture.among([HERE], with_stir(28, 38, 40), LONG) == [True]


@pytest.mark.parametrize("share", [0.7, 0.9, 1.2])
def test_a_room_that_grows_dimmer_or_brighter_as_a_whole_is_no_stir(share: float) -> None:
    furniture = Furniture(LONG)
    furniture.among([HERE], room(), 0.0)
    assert furniture.among([HERE], np.round(room() * share).astype(np.uint8), LONG) == [True]


def test_a_picture_that_is_found_only_now_and_then_is_minded_all_the_time() -> None:
    furniture = Furniture(LONG)
    furniture.among([HERE], room(), 0.0)
    for minute in range(1, 30):
        furniture.among([], room(), minute * 60.0)
    assert furniture.among([(21.0, 10.5, 7.0)], room(), LONG) == [True]


def test_a_slow_drift_adds_up_to_a_stir() -> None:
    furniture = Furniture(LONG)
    for second in range(0, 3600, 60):
        told = furniture.among([HERE], with_stir(10, 20, second // 600), float(second))
        assert told == [False]


def test_a_camera_that_was_turned_and_more_places_than_are_minded_are_people() -> None:
    furniture = Furniture(LONG)
    many: list[Place] = [(float(x), float(y), 2.0) for y in range(2, 28, 4) for x in range(2, 38, 4)]
    assert not any(furniture.among(many, room(), 0.0))
    assert sum(furniture.among(many, room(), LONG)) == MOST
    assert not any(furniture.among(many, room().T, LONG + 1))


def test_told_never_to_it_never_does() -> None:
    furniture = Furniture(0.0)
    furniture.among([HERE], room(), 0.0)
    assert furniture.among([HERE], room(), 1e6) == [False]


def told(glancer: Glancer, frames: list[Grey], first: int) -> list[str]:
    return [glancer.judge(frame, (first + index) * EVERY).condition for index, frame in enumerate(frames)]


def test_a_portrait_on_the_wall_is_nobody_in_time_and_who_stirs_by_two_pixels_is_somebody(network: Network) -> None:
    settings = replace(Settings(), faces=FacesSettings(unmoved=60.0))
    glancer = Glancer(settings, network)
    hanging = told(glancer, [framed(index) for index in range(16)], 0)
    assert "seen" in hanging[:10] and set(hanging[12:]) == {"nobody"}
    stirring = told(glancer, [framed(index, 2 * (index % 2)) for index in range(1, 20)], 20)
    assert set(stirring) == {"seen"}, "at once, and for as long as it goes on"


def beside(portrait: Grey, glancer: Glancer, scene: Scene, first: int, looks: int) -> list[int]:
    """How many each look tells of, in a room twice as wide."""
    walls = [framed(first + index, portrait=portrait) for index in range(looks)]
    frames = [np.concatenate(halves, axis=1) for halves in zip(walls, shots(scene, looks), strict=True)]
    return [len(glancer.judge(frame, (first + index) * EVERY).faces) for index, frame in enumerate(frames)]


def test_a_picture_on_the_wall_takes_nobodys_place_however_few_are_followed(network: Network) -> None:
    """It is the largest face there is."""
    glancer = Glancer(replace(Settings(), faces=FacesSettings(unmoved=60.0, most=1)), network)
    assert beside(PORTRAIT, glancer, Scene(here=False), 0, 16)[12:] == [0] * 4
    assert beside(PORTRAIT, glancer, Scene(distance=1.6), 16, 8)[2:] == [1] * 6
    assert beside(PORTRAIT, glancer, Scene(here=False), 24, 6)[4:] == [0] * 2


def test_beside_a_picture_no_more_are_told_of_than_the_settings_say(network: Network) -> None:
    glancer = Glancer(replace(Settings(), faces=FacesSettings(unmoved=60.0, most=1)), network)
    assert beside(SMALL_PORTRAIT, glancer, Scene(here=False), 0, 16)[12:] == [0] * 4
    assert set(beside(SMALL_PORTRAIT, glancer, Scene(company=True), 16, 12)[2:]) == {1}


def test_an_actor_who_sways_as_people_do_stays_a_person(network: Network) -> None:
    glancer = Glancer(replace(Settings(), faces=FacesSettings(unmoved=30.0)), network)
    assert set(told(glancer, shots(Scene(), 20), 0)[2:]) == {"seen"}
