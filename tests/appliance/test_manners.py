"""What a person does outranks what the box would do, and nothing is ever too loud."""

import pytest

from appliance.events import (
    Asked,
    Choose,
    EyeLink,
    EyeSaid,
    Hand,
    HandName,
    HandsOff,
    MoodPicked,
    Pause,
    Play,
    PlayerChanged,
    QuietHours,
    Rated,
    Resume,
    SetVolume,
    Skip,
    Tell,
)
from appliance.session import Knobs
from firmware import wire
from tests.appliance.living_room import LivingRoom
from tests.appliance.test_session import listening

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
    assert room.snapshot.sentence == "You chose; I keep my hands off."
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


# --- how loud


@pytest.mark.parametrize(("asked", "given"), [(30, 30), (100, 80), (-5, 0)])
def test_the_page_turns_the_volume_but_never_over_the_ceiling(asked: int, given: int) -> None:
    room = listening("happy")
    assert SetVolume(given) in room.post(Hand("volume", "page", asked))


def test_a_volume_hand_that_names_none_turns_nothing() -> None:
    room = listening("happy")
    assert not [c for c in room.post(Hand("volume", "page")) if isinstance(c, SetVolume)]


def test_whoever_turns_it_over_the_ceiling_it_comes_down_once_per_ramp() -> None:
    room = listening("happy")
    loud = type(room.player)("play", room.player.song, 20.0, 100, room.player.upcoming)
    room.post(Hand("volume", "client", 100))
    given = list(room.post(PlayerChanged(loud)))
    assert given.count(SetVolume(80, over=2.0)) == 1
    room.wait(5)
    assert room.player.volume == 80


def test_quiet_hours_come_and_go_slowly() -> None:
    room = listening("happy")
    assert SetVolume(35, over=60.0) in room.post(QuietHours(True))
    assert room.post(QuietHours(True)) == []
    room.wait(100)
    assert SetVolume(50, over=60.0) in room.post(QuietHours(False))
    assert room.player.volume == 50


def test_a_volume_that_somebody_turned_in_quiet_hours_stays() -> None:
    room = listening("happy")
    room.post(QuietHours(True))
    room.wait(100)
    room.post(Hand("volume", "page", 20))
    assert not [c for c in room.post(QuietHours(False)) if isinstance(c, SetVolume)]


def test_a_low_volume_needs_no_quiet() -> None:
    room = LivingRoom()
    room.player = type(room.player)(volume=20)
    room.tell_player()
    assert not [c for c in room.post(QuietHours(True)) if isinstance(c, SetVolume)]
    assert not [c for c in room.post(QuietHours(False)) if isinstance(c, SetVolume)]


def test_in_quiet_hours_no_music_starts_unasked_but_a_wish_is_met() -> None:
    room = LivingRoom()
    room.post(QuietHours(True))
    room.somebody("happy")
    room.wait(60)
    assert (room.plays, room.snapshot.quiet) == ("", True)
    room.post(MoodPicked("happy"))
    assert room.plays == "happy"


def test_in_quiet_hours_music_that_waited_goes_on_when_they_end() -> None:
    room = listening("happy")
    room.nobody()
    room.wait(130)
    room.post(QuietHours(True))
    room.somebody("happy")
    room.wait(60)
    assert room.plays == ""
    room.post(QuietHours(False))
    room.wait(2)
    assert room.plays == "happy"


# --- a look on demand


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


def test_hands_off_knob_is_obeyed() -> None:
    room = listening("happy", Knobs(hands_off=60))
    room.post(Hand("volume", "client", 30))
    assert room.snapshot.hands_off == 60
