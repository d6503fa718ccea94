"""Who is told of, and when: at once where there is no doubt, at a second look where there is some, else not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from firmware.actor import Scene
from firmware.cascades import FRONT, TURNED
from firmware.expression import Grey, Network, Scores
from firmware.faces import Face
from firmware.glance import DOUBTS, RECHECK, SURE, Glancer, read_face
from firmware.settings import Settings
from firmware.wire import Condition
from tests.firmware.frames import shots


class Swayed(Network):
    """The network, but how much it believes in no face is said here."""

    none = 0.0

    def weigh(self, face: Grey) -> tuple[Scores, float]:
        return super().weigh(face)[0], self.none


@pytest.fixture
def swayed(model: Path) -> Swayed:
    return Swayed(model)


def told(glancer: Glancer, scenes: list[Scene], first: int = 0) -> list[Condition]:
    """So seldom that each picture is judged, however still it is."""
    frames = enumerate(shots(scene, first + index + 1)[-1] for index, scene in enumerate(scenes))
    return [glancer.judge(frame, (first + index) * (RECHECK + 1)).condition for index, frame in frames]


def test_a_face_beyond_doubt_is_told_at_the_first_look(swayed: Swayed) -> None:
    assert told(Glancer(Settings(), swayed), [Scene()]) == ["seen"]


def test_where_there_is_some_doubt_the_second_look_decides(swayed: Swayed) -> None:
    swayed.none = SURE * swayed.contract.refuse_above * 1.1
    glancer = Glancer(Settings(), swayed)
    assert told(glancer, [Scene()]) == ["nobody"]
    assert glancer.unproven, "so the next look comes soon, and even a still picture is looked at again"
    assert told(glancer, [Scene()] * 2, 1) == ["seen", "seen"]
    assert not glancer.unproven


def test_what_the_network_refuses_is_never_told_and_told_as_soon_as_it_is_not(swayed: Swayed) -> None:
    swayed.none = min(1.0, swayed.contract.refuse_above * 1.1)
    glancer = Glancer(Settings(), swayed)
    assert told(glancer, [Scene()] * 6) == ["nobody"] * 6
    swayed.none = 0.0
    assert "seen" in told(glancer, [Scene()] * 3, 6)


def test_one_who_was_told_is_still_followed_through_a_moment_of_doubt_and_no_longer(swayed: Swayed) -> None:
    glancer = Glancer(Settings(), swayed)
    assert told(glancer, [Scene()] * 3) == ["seen"] * 3
    swayed.none = 1.0
    assert told(glancer, [Scene()] * (DOUBTS - 1), 3) == ["nobody"] * (DOUBTS - 1)
    swayed.none = swayed.contract.refuse_above * 0.9  # no first look would be told with this
    assert told(glancer, [Scene()], 2 + DOUBTS) == ["seen"]
    swayed.none = 1.0
    told(glancer, [Scene()] * DOUBTS, 3 + DOUBTS)
    swayed.none = swayed.contract.refuse_above * 0.9
    assert told(glancer, [Scene()], 3 + 2 * DOUBTS) == ["nobody"], "it has to be found anew"
    assert told(glancer, [Scene()] * 3, 4 + 2 * DOUBTS)[-1] == "seen"


def test_one_look_is_enough_only_where_it_was_close(swayed: Swayed) -> None:
    """The other opinions fire where nobody has looked closely yet."""
    frame = shots(Scene())[0]
    face = Face(320, 235, 170, FRONT)
    front, turned = (read_face(frame, replace(face, by=by), swayed) for by in (FRONT, TURNED))
    assert front and front.sure
    assert turned and not turned.sure and turned.face == front.face
