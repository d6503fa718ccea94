"""The eye's benchmark judges fairly: its truth is where the face is, and it is the same each time."""

from pathlib import Path

import numpy as np
import pytest

from firmware.wire import Face, Glance
from tests.bench.composed import LOOKS_EACH, SIZE, WIDTHS, Square, faces, rooms, scenes
from tests.bench.eye_finding import Count, Steady, counted
from tests.bench.peer import Peer, PeerMissing


def test_composed_frames_are_the_same_at_every_call_and_their_face_stands_where_they_say() -> None:
    one, two = list(scenes(None, 1)), list(scenes(None, 1))
    assert [scene.width for scene in one] == list(WIDTHS)
    for scene, again, room in zip(one, two, rooms(None), strict=False):
        assert len(scene.frames) == LOOKS_EACH
        for frame, same, place in zip(scene.frames, again.frames, scene.truth, strict=True):
            assert np.array_equal(frame, same)
            changed = np.abs(frame.astype(int) - room) > 16  # the noise of the sensor is less
            across = np.flatnonzero(changed.any(0)).mean()
            assert abs(across - place.x) < scene.width / 2
            assert frame.shape == SIZE[::-1]


def test_faces_asked_for_are_given_and_differ() -> None:
    given = faces(None, 7)
    assert len(given) == 7 and not np.array_equal(given[0], given[1])


def test_a_box_counts_only_on_the_face_and_of_its_size() -> None:
    place = Square(100, 100, 60)
    assert place.holds(105, 95, 55)
    assert not place.holds(130, 100, 55)
    assert not place.holds(100, 100, 20)


def test_one_who_sees_all_and_one_who_sees_ghosts_are_told_apart() -> None:
    scene = next(scenes(None, 1))
    knows, dreams = Count(), Count()
    counted(scene, lambda frame, now: [(t.x, t.y, t.width) for t in scene.truth[round(now * 3) :][:1]], knows)
    counted(scene, lambda frame, now: [(5.0, 5.0, 20.0)], dreams)
    assert (knows.right, knows.false, knows.last) == (LOOKS_EACH, 0, 1)
    assert (dreams.right, dreams.false, dreams.last) == (0, LOOKS_EACH, 0)


def test_a_flip_is_another_reading_of_the_same_face_in_the_next_look() -> None:
    def glance(number: int | None, strongest: int) -> Glance:
        if number is None:
            return Glance(0.0, "nobody", 0.5)
        scores = tuple(0.4 if index == strongest else 0.1 for index in range(7))
        return Glance(0.0, "seen", 0.5, (Face(number, scores, 0.5, 0.5, 0.2, 0.5),))  # type: ignore[arg-type]  # seven

    steady = Steady()
    for number, strongest in ((1, 0), (1, 0), (1, 2), (2, 3), (None, 0), (2, 4)):
        steady.see(glance(number, strongest))
    assert (steady.pairs, steady.flips) == (2, 1)


def test_a_peer_that_is_not_there_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(PeerMissing, match="pip install --no-deps"):
        Peer(tmp_path)
