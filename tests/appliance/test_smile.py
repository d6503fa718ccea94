"""The smile loop: play until somebody smiles, and after five songs ask."""

import pytest

from appliance.commands import Choose, Skip, Tell
from appliance.events import Answered, Chosen, EyeSaid, GoalSet, Hand, MoodPicked
from appliance.session import Knobs
from firmware import wire
from tests.appliance.living_room import LivingRoom, face


def sad_room(knobs: Knobs | None = None) -> LivingRoom:
    room = LivingRoom(knobs)
    room.post(GoalSet("lift"))
    room.somebody("sad")
    room.wait(6)
    assert room.plays
    return room


def asking_room() -> LivingRoom:
    room = sad_room()
    room.wait(120)
    assert room.snapshot.asking
    return room


def test_ten_seconds_into_a_song_the_box_looks_again() -> None:
    room = sad_room()
    begun = room.now
    room.wait(20)
    looks = [at for at, c in room.said if c == Tell(wire.LookNow())]
    assert looks and looks[0] - begun <= 11


def test_a_smile_keeps_the_song() -> None:
    room = sad_room()
    song = room.player.song
    room.somebody("happy")
    room.wait(100)
    assert room.player.song == song
    assert room.state.smile.without == 0


def test_without_a_smile_the_next_song_comes() -> None:
    room = sad_room()
    song = room.player.song
    room.wait(20)
    assert room.player.song != song
    assert room.state.smile.without == 1


def test_a_next_song_that_waits_already_is_taken() -> None:
    room = sad_room()
    room.player = type(room.player)("play", room.player.song, 0.0, 50, room.player.upcoming)
    if not room.player.upcoming:
        question = Choose(0, "sad", 0, 0, 2)
        songs = tuple(choice.song for choice in room.answer(question).choices)
        room.player = type(room.player)("play", room.player.song, 0.0, 50, songs)
    room.began = room.now
    room.tell_player()
    room.wait(16)
    assert Skip() in room.since(1000)


def test_a_look_that_saw_nobody_proves_nothing() -> None:
    room = sad_room()
    song = room.player.song
    room.nobody()
    room.wait(60)
    assert room.player.song == song
    assert room.state.smile.without == 0


def test_after_five_songs_without_a_smile_the_box_stops_and_asks() -> None:
    room = asking_room()
    assert (room.lamp, room.plays, room.state.phase) == ("asking", "", "asking")
    assert "How do you feel" in room.snapshot.sentence
    assert len({c.song.uri for _, p in room.said if hasattr(p, "choices") for c in p.choices}) >= 5


def test_the_answer_is_believed_and_played() -> None:
    room = asking_room()
    room.post(Answered("angry", "happy"))
    assert (room.snapshot.asking, room.plays) == (False, "angry")
    assert room.snapshot.belief.mood == "angry"
    row = room.remembered("answer")[-1]
    assert (row.mood, row.note) == ("angry", "happy")
    room.wait(1200)
    assert room.plays == "happy"
    room.wait(1000)
    assert room.state.answered is None


def test_a_smile_is_an_answer_too() -> None:
    room = asking_room()
    room.somebody("neutral")
    room.wait(60)
    assert (room.snapshot.asking, room.plays) == (True, "")
    room.somebody("happy")
    room.wait(20)
    assert (room.snapshot.asking, room.plays) == (False, "happy")


def test_an_unanswered_question_is_taken_back_and_the_box_stays_silent() -> None:
    room = asking_room()
    room.wait(700)
    assert (room.snapshot.asking, room.plays) == (False, "")
    room.post(MoodPicked("happy"))
    assert room.plays == "happy"


@pytest.mark.parametrize("event", [MoodPicked("happy"), Hand("resume", "page")])
def test_picking_or_playing_is_an_answer_too(event: MoodPicked | Hand) -> None:
    room = asking_room()
    room.post(event)
    assert not room.snapshot.asking
    assert room.plays


def test_an_empty_room_is_not_asked_forever() -> None:
    room = asking_room()
    room.nobody()
    room.wait(130)
    assert room.state.phase == "leaving"


def test_late_songs_do_not_break_into_the_question() -> None:
    room = sad_room()
    room.wait(50)
    room.chooser = False
    room.wait(40)
    question = next(c for _, c in reversed(room.said) if isinstance(c, Choose))
    room.state = type(room.state)(**{**vars(room.state), "phase": "asking", "ticket": None})
    room.post(Chosen(question.ticket, room.answer(question).choices))
    assert room.state.phase == "asking"


def test_under_hands_off_no_song_is_judged() -> None:
    room = sad_room()
    room.post(Hand("volume", "client", 30))
    song = room.player.song
    room.wait(100)
    assert room.player.song == song


def test_a_song_that_changes_during_the_look_is_not_judged_by_it() -> None:
    room = sad_room()
    while room.state.smile.until is None:
        room.wait(0.5)
    room.player = type(room.player)("play", room.answer(Choose(0, "sad", 0, 0, 1)).choices[0].song, 0.0, 50)
    room.began = room.now
    room.tell_player()
    assert room.state.smile.until is None
    assert room.state.smile.without == 0


def test_the_biggest_face_is_the_one_whose_smile_counts() -> None:
    room = sad_room()
    song = room.player.song
    room.faces = (face("happy", 1, 0.4), face("sad", 2, 0.2))
    room.wait(30)
    assert room.player.song == song
    room.post(EyeSaid(wire.Gesture("press")))
    room.wait(3)
    assert room.state.look is None


def test_with_nothing_to_move_on_to_the_song_stays() -> None:
    room = sad_room()
    room.chooser = False
    room.player = type(room.player)("play", room.player.song, 0.0, 50, ())
    room.began = room.now
    room.tell_player()
    song = room.player.song
    room.wait(20)
    assert room.player.song == song
    room.chooser = True
    room.wait(200)
    assert room.plays
    assert room.player.song != song
