"""Faces: found at any expression, followed by number, not seen where there are none."""

from dataclasses import replace

import numpy as np
import pytest

from firmware import cascades as room
from firmware import faces as finding
from firmware.actor import Scene
from firmware.camera import Grey
from firmware.cascades import FRONT, SECOND, TURNED, TURNED_AWAY, Box, CascadeMissing, Cascades
from firmware.faces import Face, Faces
from firmware.settings import CameraSettings, FacesSettings
from firmware.wire import EXPRESSIONS, Expression
from tests.firmware.frames import shots

SMALL = CameraSettings(width=320, height=240)


def seen(faces: tuple[Face, ...]) -> list[int]:
    return sorted(face.number for face in faces if not face.missed)


@pytest.mark.parametrize("expression", EXPRESSIONS)
@pytest.mark.parametrize("distance", [0.8, 1.2, 2.0, 3.0])
@pytest.mark.parametrize("camera", [CameraSettings(), SMALL], ids=["640", "320"])
def test_a_face_is_found_and_only_it(expression: Expression, distance: float, camera: CameraSettings) -> None:
    following = Faces(FacesSettings())
    for index, frame in enumerate(shots(Scene(expression=expression, distance=distance), 4, camera)):
        found = following.look(frame, index / 3)
    assert seen(found) == [1]
    assert abs(found[0].x / camera.width - 0.5) < 0.1


@pytest.mark.parametrize("turn", [-0.3, 0.0, 0.3])
@pytest.mark.parametrize("glow", [0.3, 1.0, 1.3])
@pytest.mark.parametrize("noise", [0.0, 8.0])
def test_a_turned_head_poor_light_and_noise_do_not_hide_a_face(turn: float, glow: float, noise: float) -> None:
    following = Faces(FacesSettings())
    for index, frame in enumerate(shots(Scene(turn=turn, glow=glow, noise=noise), 6)):
        found = following.look(frame, index / 3)
    assert seen(found) == [1]


class Opinions(Cascades):
    """The cascades, but only those named are heard; who was asked is noted."""

    def __init__(self, heard: set[int]) -> None:
        super().__init__()
        self.heard, self.asked = heard, set[int]()

    def fired(self, by: int, picture: Grey, step: float, neighbours: int, least: int, most: int) -> list[Box]:
        self.asked.add(by)
        return super().fired(by, picture, step, neighbours, least, most) if by in self.heard else []


@pytest.mark.parametrize(("turn", "by"), [(-0.6, TURNED), (0.6, TURNED_AWAY)], ids=["one side", "the other"])
def test_a_head_that_the_front_opinions_miss_is_found_from_its_side(
    turn: float, by: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opinions = Opinions({TURNED, TURNED_AWAY})
    monkeypatch.setattr(finding, "Cascades", lambda: opinions)
    following = Faces(FacesSettings())
    for index, frame in enumerate(shots(Scene(turn=turn), 8)):
        found = following.look(frame, float(index))
    assert [face.by for face in found] == [by]
    assert abs(found[0].x / 640 - 0.5) < 0.1


def test_no_other_opinion_is_asked_while_the_first_has_a_face(monkeypatch: pytest.MonkeyPatch) -> None:
    opinions = Opinions({FRONT})
    monkeypatch.setattr(finding, "Cascades", lambda: opinions)
    following = Faces(FacesSettings())
    for index, frame in enumerate(shots(Scene(), 8)):
        following.look(frame, float(index))
    assert opinions.asked == {FRONT}
    for index, frame in enumerate(shots(Scene(here=False), 12)):
        following.look(frame, 8.0 + index)
    assert opinions.asked == {FRONT, SECOND, TURNED, TURNED_AWAY}, "each has its turn in an empty room"


@pytest.mark.parametrize("distance", [3.0, 4.0])
def test_one_who_comes_in_across_the_room_is_found_within_two_seconds(distance: float) -> None:
    following = Faces(FacesSettings())
    acts = [Scene(here=False)] * 4 + [Scene(distance=distance)] * 6
    found = [following.look(shots(scene, index + 1)[-1], index / 3) for index, scene in enumerate(acts)]
    assert [seen(faces) for faces in found[:4]] == [[]] * 4
    assert seen(found[-1]) == [1]
    assert found[-1][0].width < 100


def test_a_photo_is_searched_at_once_for_faces_near_and_far() -> None:
    near, far = shots(Scene(distance=1.0))[0], shots(Scene(distance=4.0))[0]
    photo = np.concatenate([near, far], axis=1)
    widths = [face.width for face in Faces(FacesSettings()).survey(photo)]
    assert len(widths) == 2 and widths[0] > 3 * widths[1], "the largest first"


def test_numbers_stay_with_their_faces_and_small() -> None:
    following = Faces(FacesSettings())
    alone, both = Scene(company=False), Scene(company=True)
    acts = (
        [alone] * 4 + [both] * 10 + [replace(both, expression="surprise")] * 4 + [Scene(here=False)] * 8 + [alone] * 6
    )
    numbers = []
    for index, scene in enumerate(acts):
        found = following.look(shots(scene, index + 1)[-1], index / 3)
        numbers.append(seen(found))
    assert numbers[3] == [1]
    assert len(numbers[13]) == 2
    assert numbers[17] == numbers[13], "an expression changes, the numbers do not"
    assert numbers[25] == []
    assert numbers[-1] == [1], "numbers of those who left are used again"


def test_a_followed_face_spares_the_search_of_the_whole_picture() -> None:
    following = Faces(FacesSettings(full_search=2.0))
    for index, frame in enumerate(shots(Scene(), 20)):
        following.look(frame, index / 10)
    assert following.searches == 1


def test_the_whole_picture_is_searched_again_from_time_to_time() -> None:
    following = Faces(FacesSettings(full_search=2.0))
    for index, frame in enumerate(shots(Scene(), 10)):
        following.look(frame, float(index))
    assert following.searches == 5


def test_a_face_that_is_no_face_is_forgotten_when_told() -> None:
    following = Faces(FacesSettings())
    found = following.look(shots(Scene())[0], 0.0)
    following.forget(face.number for face in found)
    assert seen(following.look(shots(Scene(here=False))[0], 0.3)) == []


def test_the_largest_are_followed_where_there_are_too_many() -> None:
    following = Faces(FacesSettings(most=1))
    for index, frame in enumerate(shots(Scene(company=True, distance=1.2), 8)):
        found = following.look(frame, index / 3)
    assert len(found) == 1


def test_missing_cascades_are_named_with_their_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "FILES", ("no_such_cascade",))
    with pytest.raises(CascadeMissing, match="opencv-data"):
        Faces(FacesSettings())
    monkeypatch.undo()
    assert Faces(FacesSettings())
