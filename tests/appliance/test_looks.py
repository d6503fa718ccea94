"""A look that a person asks for is answered within three seconds, whatever the answer."""

import pytest

from appliance.commands import Tell
from appliance.events import Asked, EyeLink, EyeSaid, Hand
from firmware import wire
from tests.appliance.living_room import LivingRoom, listening


@pytest.mark.parametrize("phase", [0.0, 0.3, 0.7])
def test_a_look_is_answered_within_three_seconds(phase: float) -> None:
    room = LivingRoom()
    room.somebody("sad")
    room.wait(0.5)
    room.now += phase
    given = room.post(Asked())
    assert Tell(wire.LookNow()) in given
    assert (room.lamp, room.snapshot.sentence) == ("scanning", "Looking.")
    asked = room.now
    while room.snapshot.sentence == "Looking.":
        room.wait(0.5)
    assert room.now - asked <= 3
    assert room.snapshot.sentence == "Faces here look sad."


@pytest.mark.parametrize(
    ("condition", "said"),
    [("nobody", "I see nobody."), ("dark", "It is too dark to see."), ("covered", "Something covers the camera.")],
)
def test_a_look_that_finds_no_face_says_so(condition: wire.Condition, said: str) -> None:
    room = LivingRoom()
    room.condition = condition
    room.wait(5)
    room.post(EyeSaid(wire.Gesture("press")))
    room.wait(3)
    assert room.snapshot.sentence == said


def test_a_look_that_cannot_tell_says_so() -> None:
    room = LivingRoom()
    room.faces = (wire.Face(1, (1 / 7,) * 7, 0.5, 0.5, 0.3, 0.8),)
    room.wait(1)
    room.post(Asked())
    room.wait(3)
    assert room.snapshot.sentence == "I see a face, but cannot tell its expression yet."


def test_a_look_with_the_shutter_closed_or_the_eye_away_is_answered_at_once() -> None:
    room = listening("happy")
    room.post(EyeSaid(wire.Shutter(True)))
    room.post(Asked())
    assert "shutter is closed" in room.snapshot.sentence
    room.post(EyeSaid(wire.Shutter(False)))
    room.post(EyeLink("down", "the eye ended"))
    room.post(Asked())
    assert room.snapshot.sentence == "I cannot see: the eye ended."
    room.post(EyeLink("up"))
    room.wait(5)
    room.post(Asked())
    room.wait(3)
    assert room.snapshot.sentence == "Faces here look happy."


def test_an_eye_lost_in_the_middle_of_a_look_is_the_answer() -> None:
    room = listening("happy")
    room.post(Asked())
    room.post(EyeLink("down", "the eye ended"))
    assert room.snapshot.sentence == "I cannot see: the eye ended."
    assert room.state.look is None


def test_a_look_ends_hands_off_and_the_music_follows() -> None:
    room = listening("happy")
    room.post(Hand("pause", "client"))
    room.player = type(room.player)("pause", room.player.song, 20.0, 50)
    room.tell_player()
    room.somebody("sad")
    room.wait(5)
    room.post(Asked())
    room.wait(10)
    assert room.plays == "sad"


def test_a_look_before_the_first_glance_is_answered_too() -> None:
    room = LivingRoom()
    room.looking = False
    room.post(Asked())
    room.wait(3)
    assert room.snapshot.sentence == "I have not seen anything yet."
