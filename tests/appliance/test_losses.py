"""What the session does when the eye is away, or its light: it tells, and the music goes on."""

import pytest

from appliance.commands import Tell
from appliance.events import (
    Event,
    EyeAgain,
    EyeLink,
    EyeSaid,
    HandsOff,
    JukeboxLink,
    Lesson,
    MoodPicked,
    Sleep,
)
from firmware import wire
from tests.appliance.living_room import LivingRoom, listening


def test_darkness_is_not_absence() -> None:
    room = listening("happy")
    room.nobody()
    room.condition = "dark"
    room.wait(1000)
    assert room.plays == "happy"
    assert room.snapshot.sentence == "It is too dark to see."
    room.condition = "covered"
    room.wait(2)
    assert room.snapshot.sentence == "Something covers the camera."
    room.somebody("happy")
    room.condition = "seen"
    room.wait(2)
    assert room.state.phase == "playing"


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (HandsOff(3600), "You chose; I keep my hands off."),
        (MoodPicked("sad"), "Playing for a mood you picked: sad."),
        (Sleep(3600), "The music fades in 60 min."),
        (Lesson("happy", 30.0), ""),
    ],
    ids=lambda value: type(value).__name__ if value else "",
)
def test_darkness_is_told_whatever_the_music_does(event: Event, told: str) -> None:
    room = listening("happy")
    room.nobody()
    room.condition = "dark"
    room.wait(1)
    room.post(event)
    assert room.snapshot.sentence == f"It is too dark to see. {told}".strip()
    room.condition = "seen"
    room.somebody("happy")
    room.wait(1)
    assert "dark" not in room.snapshot.sentence


def test_a_box_that_starts_in_the_dark_says_so_and_has_started() -> None:
    room = LivingRoom()
    room.condition = "dark"
    room.wait(60)
    assert (room.snapshot.sentence, room.lamp) == ("It is too dark to see.", "watching")
    room.condition = "seen"
    room.somebody("happy")
    room.wait(20)
    assert (room.snapshot.sentence, room.lamp) == ("Faces here look happy.", "happy")


def test_the_closed_shutter_stops_the_eye_not_the_music() -> None:
    room = listening("happy")
    room.looking = False
    room.post(EyeSaid(wire.Shutter(True)))
    assert (room.state.phase, room.snapshot.shutter_closed) == ("closed", True)
    room.wait(1000)
    assert room.plays == "happy"
    assert "shutter" in room.snapshot.sentence
    room.post(EyeSaid(wire.Shutter(False)))
    room.looking = True
    room.wait(10)
    assert room.state.phase == "playing"


def test_a_room_left_while_the_shutter_was_closed_still_falls_silent() -> None:
    room = listening("happy")
    room.post(EyeSaid(wire.Shutter(True)))
    room.nobody()
    room.post(EyeSaid(wire.Shutter(False)))
    room.wait(60)
    assert room.plays == "happy"
    room.wait(70)
    assert (room.state.phase, room.plays) == ("leaving", "")


@pytest.mark.parametrize("how", ["silent", "link", "camera"])
def test_a_lost_eye_is_told_and_the_music_goes_on_until_it_sees_again(how: str) -> None:
    room = listening("happy")
    room.looking = False
    if how == "link":
        room.post(EyeLink("down", "the camera process ended"))
    elif how == "camera":
        room.post(EyeSaid(wire.Health("lost", "no camera found")))
    room.wait(30)
    assert room.state.phase == "blind"
    assert room.snapshot.trouble
    room.wait(1000)
    assert room.plays == "happy"
    room.looking = True
    room.post(EyeLink("up"))
    room.post(EyeSaid(wire.Health("ok")))
    room.wait(10)
    assert (room.state.phase, room.snapshot.trouble, room.lamp) == ("playing", (), "happy")


def test_an_eye_that_never_comes_is_told_after_a_while() -> None:
    room = LivingRoom(connect=False)
    room.looking = False
    room.wait(10)
    assert room.snapshot.sentence == "Starting."
    room.wait(15)
    assert room.state.phase == "blind"


def test_an_eye_that_is_to_start_again_is_asked_and_nothing_else_happens() -> None:
    room = listening("happy")
    before = room.state.phase
    assert room.post(EyeAgain()) == [Tell(wire.Again())]
    assert room.state.phase == before


def test_with_no_eye_at_all_a_picked_mood_plays_on_and_on() -> None:
    room = LivingRoom(connect=False)
    room.looking = False
    room.post(JukeboxLink("up", songs=40))
    room.tell_player()
    room.wait(30)
    room.post(MoodPicked("sad"))
    assert room.plays == "sad"
    room.wait(2000)
    assert room.plays == "sad"
    assert "I cannot see" in room.snapshot.sentence


def test_a_returning_eye_is_told_the_lamp_again() -> None:
    room = listening("happy")
    room.post(EyeLink("down", "gone"))
    given = room.post(EyeLink("up"))
    assert [c for c in given if isinstance(c, Tell) and isinstance(c.message, wire.Glow)]
