"""How often to look: the session asks for less where no music hangs on it, and for more where a smile does."""

from appliance.commands import Tell
from appliance.events import EyeLink, GoalSet, Hand, HandsOff, JukeboxLink, Lesson, QuietHours
from appliance.presence import EASY, KEEN, USUAL
from firmware import wire
from tests.appliance.living_room import LivingRoom


def paces(room: LivingRoom) -> list[float]:
    """All that the seeing half was told of its pace, in order."""
    return [c.message.factor for _, c in room.said if isinstance(c, Tell) and isinstance(c.message, wire.Pace)]


def test_a_usual_evening_needs_no_word_about_the_pace() -> None:
    room = LivingRoom()
    room.wait(20)
    room.somebody("happy")
    room.wait(60)
    assert paces(room) == []


def test_while_a_person_has_the_music_in_hand_the_eye_looks_less_often_and_then_as_usual() -> None:
    room = LivingRoom()
    room.somebody("happy")
    room.wait(20)
    room.post(HandsOff(60.0))
    room.wait(5)
    assert paces(room) == [EASY], "told once, not with every glance"
    room.wait(60)
    assert paces(room) == [EASY, USUAL]


def test_a_hand_on_the_volume_does_the_same() -> None:
    room = LivingRoom()
    room.somebody("happy")
    room.wait(20)
    room.post(Hand("volume", "page", 40))
    assert paces(room)[-1:] == [EASY]


def test_quiet_hours_are_watched_at_ease() -> None:
    room = LivingRoom()
    room.post(QuietHours(True))
    room.post(QuietHours(False))
    assert paces(room) == [EASY, USUAL]


def test_a_lost_player_eases_the_watch_until_it_is_back() -> None:
    room = LivingRoom()
    room.wait(5)
    room.post(JukeboxLink("down", "MPD does not answer"))
    room.post(JukeboxLink("up", songs=40))
    assert paces(room) == [EASY, USUAL]


def test_before_the_player_was_ever_heard_nobody_is_kept_waiting() -> None:
    room = LivingRoom(connect=False)
    room.post(EyeLink("up"))
    room.wait(5)
    assert paces(room) == []


def test_a_smile_is_looked_for_keenly_and_only_while_it_is() -> None:
    room = LivingRoom()
    room.post(GoalSet("lift"))
    room.somebody("happy")
    room.wait(120)
    assert paces(room)[:2] == [KEEN, USUAL]


def test_a_lesson_is_watched_keenly_even_at_night() -> None:
    room = LivingRoom()
    room.post(QuietHours(True))
    room.somebody("sad")
    room.post(Lesson("sad", 5.0))
    assert paces(room)[-1] == KEEN
    room.wait(10)
    assert paces(room)[-1] == EASY


def test_a_seeing_half_that_starts_anew_is_told_again() -> None:
    room = LivingRoom()
    room.wait(2)
    room.post(HandsOff(600.0))
    room.post(EyeLink("down"))
    room.post(EyeLink("up"))
    assert paces(room) == [EASY, EASY]


def test_each_pace_fits_the_wire_between_the_halves() -> None:
    for factor in (EASY, USUAL, KEEN):
        assert list(wire.Reader().feed(wire.pack(wire.Pace(factor)))) == [wire.Pace(factor)]
