"""What a person does outranks what the box would do."""

import pytest

from appliance.commands import Choose, Pause, Play, Resume, SetVolume, Skip
from appliance.events import EyeSaid, Hand, HandName, HandsOff, MoodPicked, Rated
from appliance.session import Knobs
from firmware import wire
from tests.appliance.living_room import LivingRoom, listening

MUSIC = (Play, Pause, Resume, Skip, SetVolume)


@pytest.mark.parametrize("name", ["pause", "resume", "skip", "pick", "volume", "stop"])
def test_after_a_hand_through_another_client_the_box_leaves_the_music_alone(name: HandName) -> None:
    room = listening("happy")
    moment = room.now
    room.post(Hand(name, "client", 40))
    if name in ("pause", "stop"):
        room.player = type(room.player)("pause", room.player.song, 20.0, 50, room.player.upcoming)
        room.tell_player()
    room.somebody("sad")
    room.wait(300)
    touches = [c for c in room.since(moment) if isinstance(c, MUSIC)]
    assert [c for c in touches if not (isinstance(c, Play) and not c.now)] == []
    assert 0 < room.snapshot.hands_off <= 900
    assert room.remembered("hand")[-1].note == f"{name} by client"


def test_when_hands_off_is_over_the_music_follows_the_mood_again() -> None:
    room = listening("happy")
    room.post(Hand("volume", "client", 40))
    room.somebody("sad")
    room.wait(850)
    assert room.plays == "happy"
    room.wait(300)
    assert room.plays == "sad"


def test_who_paused_is_not_overruled_even_when_hands_off_is_over() -> None:
    room = listening("happy")
    room.post(Hand("pause", "page"))
    assert room.plays == ""
    room.wait(3000)
    assert room.plays == ""
    room.post(Hand("resume", "page"))
    assert room.plays == "happy"


def test_a_resume_with_nothing_to_resume_plays_something() -> None:
    room = LivingRoom()
    room.wait(5)
    room.post(Hand("resume", "page"))
    assert room.plays == "neutral"
    room.wait(2000)
    assert room.plays == "neutral"


def test_a_pause_from_the_page_is_carried_out_and_remembered() -> None:
    room = listening("happy")
    assert Pause() in room.post(Hand("pause", "page"))


def test_the_page_skips_to_the_next_song_and_finds_one_where_there_is_none() -> None:
    room = listening("happy")
    first = room.player.song
    assert Skip() in room.post(Hand("skip", "page"))
    assert room.player.song != first
    assert room.remembered("skipped")[-1].song == (first.uri if first else "")
    room.player = type(room.player)("play", room.player.song, 0.0, 50, ())
    room.chooser = False
    room.tell_player()
    room.state = type(room.state)(**{**vars(room.state), "ticket": None})
    room.chooser = True
    room.post(Hand("skip", "page"))
    assert room.plays == "happy"


def test_a_skip_by_another_client_is_remembered_of_the_song_that_was_skipped() -> None:
    room = listening("happy")
    first = room.player.song
    assert first
    room.post(Hand("skip", "client"))
    room.next_song()
    assert room.remembered("skipped")[-1].song == first.uri
    assert room.remembered("hand")[-1].song == first.uri


def test_a_song_barely_begun_was_not_skipped() -> None:
    room = LivingRoom()
    room.somebody("happy")
    room.wait(8)
    room.post(Hand("skip", "page"))
    assert room.remembered("skipped") == []


def test_the_page_picks_a_song_of_the_queue() -> None:
    room = listening("happy")
    last = room.player.upcoming[-1]
    room.post(Hand("pick", "page", last.place))
    assert room.player.song == last
    assert room.snapshot.why == "It is happy."


def test_a_double_press_means_not_this_song() -> None:
    room = listening("happy")
    first = room.player.song
    room.post(EyeSaid(wire.Gesture("double")))
    assert room.player.song != first
    row = room.remembered("rated")[-1]
    assert (row.value, row.note) == (0, "not this song")


def test_a_double_press_with_nothing_playing_plays_something() -> None:
    room = LivingRoom()
    room.wait(5)
    room.post(EyeSaid(wire.Gesture("double")))
    assert room.plays == "neutral"
    assert room.remembered("rated") == []


def test_a_rating_is_remembered_with_the_mood_it_was_given_in() -> None:
    room = listening("happy")
    room.post(Rated(2))
    row = room.remembered("rated")[-1]
    assert (row.mood, row.value, row.song) == ("happy", 2, room.player.song.uri if room.player.song else "")


def test_the_timer_keeps_hands_off_and_zero_ends_it() -> None:
    room = listening("happy")
    room.post(HandsOff(3600))
    room.somebody("sad")
    room.wait(1800)
    assert room.plays == "happy"
    assert room.snapshot.sentence == "Faces here look sad. You chose; I keep my hands off."
    room.post(HandsOff(0))
    room.wait(210)
    assert room.plays == "sad"


def test_a_hand_ends_no_longer_timer() -> None:
    room = listening("happy")
    room.post(HandsOff(7200))
    room.post(Hand("volume", "client", 30))
    assert room.snapshot.hands_off == 7200


def test_under_hands_off_an_empty_room_is_not_faded_until_it_is_over() -> None:
    room = listening("happy")
    room.post(Hand("volume", "client", 30))
    room.nobody()
    room.wait(600)
    assert (room.state.phase, room.plays) == ("leaving", "happy")
    room.wait(320)
    assert room.plays == ""


def test_who_resumes_in_an_empty_room_is_there_after_all() -> None:
    room = listening("happy")
    room.nobody()
    room.wait(130)
    room.post(Hand("resume", "page"))
    room.wait(4000)
    assert room.plays == "happy"


def test_a_mood_change_waiting_at_the_chooser_is_dropped_when_a_hand_comes_first() -> None:
    room = listening("happy")
    room.chooser = False
    room.somebody("sad")
    room.wait(8)
    question = [c for _, c in room.said if isinstance(c, Choose)][-1]
    room.post(Hand("volume", "client", 30))
    assert not [c for c in room.post(room.answer(question)) if isinstance(c, Play)]


def test_a_picked_mood_plays_at_once_and_none_gives_it_back_to_the_eye() -> None:
    room = listening("happy")
    room.post(Hand("pause", "client"))
    room.post(MoodPicked("sad"))
    assert (room.plays, room.snapshot.picked, room.snapshot.hands_off) == ("sad", "sad", 0)
    assert "picked" in room.snapshot.sentence
    room.wait(300)
    assert room.plays == "sad"
    room.post(MoodPicked(None))
    room.wait(201)
    assert room.plays == "happy"


def test_a_pick_does_not_start_music_in_a_room_that_was_left() -> None:
    room = listening("happy")
    room.post(MoodPicked("sad"))
    room.nobody()
    room.wait(130)
    assert room.plays == ""
    room.wait(4000)
    assert (room.plays, room.snapshot.picked) == ("", None)


def test_hands_off_knob_is_obeyed() -> None:
    room = listening("happy", Knobs(hands_off=60))
    room.post(Hand("volume", "client", 30))
    assert room.snapshot.hands_off == 60
