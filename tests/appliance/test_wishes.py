"""What a person asks besides a mood: other songs, something for what they are about, an end for the night."""

import pytest

from appliance.commands import Choose, Pause, Play, Skip, Update
from appliance.events import (
    Answered,
    EyeLink,
    GoalSet,
    Hand,
    HandsOff,
    JukeboxLink,
    Mood,
    MoodPicked,
    OtherSongs,
    Pursued,
    Rescan,
    Sleep,
)
from appliance.pursuit import Pursuit
from appliance.session import Knobs
from tests.appliance.living_room import LivingRoom, listening

COFFEE = Pursuit("morning coffee", 0.5, -0.1, ("morning", "jazz"))
PARTY = Pursuit("party", 0.7, 0.7, ("dance", "jazz"))
PICKER = Knobs(pursuits=(COFFEE, PARTY))


def questions(room: LivingRoom) -> list[Choose]:
    return [command for _, command in room.said if isinstance(command, Choose)]


# --- other songs


def test_other_songs_play_at_once_and_none_of_the_present_set_is_among_them() -> None:
    room = listening("happy")
    assert room.player.song
    present = {room.player.song.uri, *(song.uri for song in room.player.upcoming)}
    given = room.post(OtherSongs())
    asked = next(command for command in given if isinstance(command, Choose))
    assert present <= set(asked.avoid)
    assert next(command for command in given if isinstance(command, Play)).now
    assert room.player.song.uri not in present


def test_other_songs_outrank_hands_off_and_silence() -> None:
    room = listening("happy")
    room.post(HandsOff(3600))
    room.post(Hand("pause", "page"))
    room.post(OtherSongs())
    assert (room.plays, room.snapshot.hands_off) == ("happy", 0)


def test_the_song_that_other_songs_took_away_counts_as_skipped_and_the_wish_is_remembered() -> None:
    room = listening("happy")
    assert room.player.song
    uri = room.player.song.uri
    room.post(OtherSongs())
    assert [row.song for row in room.remembered("skipped")] == [uri]
    assert room.remembered("hand")[-1].note == "other songs by page"


def test_other_songs_with_nothing_playing_are_songs() -> None:
    room = LivingRoom()
    room.post(OtherSongs())
    assert room.plays == "neutral"
    assert room.remembered("skipped") == []


def test_other_songs_do_not_wait_for_an_answer_that_is_under_way() -> None:
    room = listening("happy")
    room.chooser = False
    room.somebody("sad")
    room.wait(10)
    before = len(questions(room))
    room.chooser = True
    room.post(OtherSongs())
    assert len(questions(room)) == before + 1
    assert room.plays == "sad"


# --- what people are about


def test_a_pursuit_leads_the_music_while_the_room_is_at_ease() -> None:
    room = listening("neutral", PICKER)
    room.post(Pursued(("morning coffee",)))
    asked = questions(room)[-1]
    assert (asked.valence, asked.energy, asked.pursuits) == (0.5, -0.1, ("morning", "jazz"))
    assert room.snapshot.pursuits == ("morning coffee",)
    assert room.snapshot.sentence == "Faces here look at ease. Playing for morning coffee."
    assert room.snapshot.journey == ((0.5, -0.1),)


def test_several_pursuits_meet_in_the_middle_with_all_their_words() -> None:
    room = listening("neutral", PICKER)
    room.post(Pursued(("party", "morning coffee", "party", "unheard of")))
    asked = questions(room)[-1]
    assert [asked.valence, asked.energy] == pytest.approx([0.6, 0.3])
    assert asked.pursuits == ("morning", "jazz", "dance")
    assert room.snapshot.pursuits == ("morning coffee", "party")


def test_a_pursuit_needs_no_face() -> None:
    room = LivingRoom(PICKER, connect=False)
    room.looking = False
    room.post(JukeboxLink("up", songs=40))
    room.tell_player()
    room.wait(30)
    room.post(Pursued(("party",)))
    assert room.plays == "happy", "the mood whose playlist lies nearest"
    room.wait(3000)
    assert room.plays
    assert questions(room)[-1].pursuits == ("dance", "jazz")


def test_a_mood_in_the_faces_is_stronger_than_a_pursuit_and_gives_way_to_it_again() -> None:
    room = listening("sad", PICKER)
    assert not [c for c in room.post(Pursued(("party",))) if isinstance(c, Choose | Play)]
    room.wait(400)
    assert room.plays == "sad"
    room.somebody("neutral")
    room.wait(450)
    assert questions(room)[-1].pursuits == ("dance", "jazz")


@pytest.mark.parametrize("event", [MoodPicked("sad"), Answered("neutral", "sad")])
def test_a_picked_mood_and_an_answer_are_stronger_too(event: MoodPicked | Answered) -> None:
    room = listening("neutral", PICKER)
    room.post(Pursued(("party",)))
    room.post(event)
    assert questions(room)[-1].pursuits == ()


def test_no_pursuit_gives_the_music_back_to_the_mood() -> None:
    room = listening("neutral", PICKER)
    room.post(Pursued(("party",)))
    room.post(Pursued(()))
    room.wait(700)
    assert room.plays == "neutral"
    assert questions(room)[-1].pursuits == ()
    assert room.snapshot.pursuits == ()


def test_with_a_pursuit_the_smile_loop_judges_no_song() -> None:
    room = LivingRoom(Knobs(pursuits=(COFFEE, PARTY), goal="lift"))
    room.somebody("neutral")
    room.wait(5)
    room.post(Pursued(("party",)))
    moment = room.now
    room.wait(300)
    assert not [c for c in room.since(moment) if isinstance(c, Skip)]


def test_a_pursuit_ends_with_the_session_and_with_its_entry_in_the_picker() -> None:
    room = listening("neutral", PICKER)
    room.post(Pursued(("party",)))
    room.nobody()
    room.wait(130 + 1800)
    assert room.snapshot.pursuits == ()
    room = listening("neutral", PICKER)
    room.post(Pursued(("party",)))
    room.state = type(room.state)(**{**vars(room.state), "knobs": Knobs()})
    room.wait(500)
    assert (room.snapshot.pursuits, room.plays) == ((), "neutral")


def test_under_hands_off_a_pursuit_is_a_wish_like_any_other() -> None:
    room = listening("neutral", PICKER)
    room.post(Hand("pause", "page"))
    room.post(Pursued(("party",)))
    assert (room.plays, room.snapshot.hands_off) == ("happy", 0)


# --- an end for the night


def test_the_sleep_timer_fades_the_music_and_it_stays_off() -> None:
    room = listening("happy")
    room.post(Sleep(600))
    room.wait(300)
    assert room.snapshot.sleep == 300
    assert "The music fades in 5 min." in room.snapshot.sentence
    room.wait(301)
    assert Pause(60.0) in room.since(1000)
    room.wait(3000)
    assert (room.plays, room.snapshot.sleep) == ("", 0)
    room.post(Hand("resume", "page"))
    assert room.plays == "happy"


def test_a_sleep_timer_taken_back_changes_nothing() -> None:
    room = listening("happy")
    room.post(Sleep(600))
    room.post(Sleep(0))
    room.wait(1000)
    assert (room.plays, room.snapshot.sleep) == ("happy", 0)


def test_the_sleep_timer_holds_under_hands_off_for_it_is_a_persons_hand_too() -> None:
    room = listening("happy")
    room.post(Sleep(60))
    room.post(HandsOff(3600))
    room.wait(62)
    assert room.plays == ""


def test_a_sleep_timer_that_ends_in_silence_keeps_it() -> None:
    room = LivingRoom()
    room.post(Sleep(60))
    room.wait(62)
    room.somebody("happy")
    room.wait(60)
    assert room.plays == ""
    assert not [c for _, c in room.said if isinstance(c, Pause)]


def test_a_lost_music_server_is_waited_for_and_then_put_to_sleep() -> None:
    room = listening("happy")
    room.post(Sleep(60))
    room.post(JukeboxLink("down", "away"))
    room.wait(100)
    player = room.player
    room.post(JukeboxLink("up", songs=40))
    room.player = player
    room.tell_player()
    room.wait(2)
    assert room.plays == ""


# --- the rest


def test_a_rescan_reaches_the_music_server_if_there_is_one() -> None:
    room = LivingRoom()
    assert room.post(Rescan()) == [Update()]
    room.post(JukeboxLink("down", "away"))
    assert Update() not in room.post(Rescan())


def test_how_much_was_smiled_over_a_song_is_remembered_at_its_end() -> None:
    room = listening("happy")
    assert room.player.song
    uri = room.player.song.uri
    room.somebody("sad")
    room.wait(200)
    row = room.remembered("smile")[0]
    assert row.song == uri
    assert row.value is not None and 0.02 < row.value < 0.2


def test_a_song_that_nobody_was_seen_over_tells_nothing_of_smiles() -> None:
    room = LivingRoom()
    room.post(Hand("resume", "page"))
    room.post(EyeLink("down", "gone"))
    room.looking = False
    room.wait(250)
    assert room.remembered("played") and not room.remembered("smile")


def test_a_song_passed_over_at_once_tells_nothing_of_smiles() -> None:
    room = LivingRoom()
    room.somebody("happy")
    room.wait(8)
    assert room.plays
    room.post(Hand("skip", "page"))
    assert room.remembered("smile") == []


@pytest.mark.parametrize("mood", ["happy", "sad"])
def test_the_goal_stays_the_households_beside_a_pursuit(mood: Mood) -> None:
    room = listening(mood, PICKER)
    room.post(Pursued(("party",)))
    room.post(GoalSet("calm"))
    room.wait(201)
    assert questions(room)[-1].pursuits == ()
    assert room.snapshot.goal == "calm"


def test_the_snapshot_says_that_it_looks_and_of_what_the_reason_is_made() -> None:
    room = listening("happy")
    assert room.snapshot.looking is False
    assert room.snapshot.parts == ()
