"""The music server goes, comes back with less than it had, has no songs, or the power was cut: the music is kept."""

from dataclasses import replace

import pytest

from appliance.commands import Choose, Pause, Play, Resume
from appliance.events import (
    Chosen,
    Event,
    EyeLink,
    EyeSaid,
    Hand,
    JukeboxLink,
    MoodPicked,
    OtherSongs,
    Player,
    QuietHours,
    Song,
)
from appliance.session import Knobs
from firmware import wire
from tests.appliance.living_room import LivingRoom, listening


def test_a_lost_music_server_is_told_and_the_music_comes_back_with_it() -> None:
    room = listening("happy")
    asked = len(room.said)
    room.post(JukeboxLink("down", "connection refused"))
    room.player = Player(volume=50)
    assert room.lamp == "fault"
    assert room.snapshot.trouble == ("The music server is away: connection refused.",)
    room.wait(60)
    assert not [c for _, c in room.said[asked:] if isinstance(c, Play | Choose | Pause | Resume)]
    room.post(JukeboxLink("up", songs=40))
    room.tell_player()
    room.wait(10)
    assert room.plays == "happy"
    assert not room.snapshot.trouble


def restarted(room: LivingRoom, away: float, song: bool = True) -> None:
    """The music server ends in mid-song and is started again; as MPD does it then waits, with the song or without."""
    kept = room.player
    room.post(JukeboxLink("down", "it hung up"))
    room.player = Player(volume=50)
    room.wait(away / 2)
    room.post(JukeboxLink("down", "connection refused"))
    room.wait(away / 2)
    room.player = replace(kept, state="pause", elapsed=20.0) if song else room.player
    room.post(JukeboxLink("up", songs=40))
    room.tell_player()


@pytest.mark.parametrize("song", [True, False], ids=["with its queue", "with none"])
@pytest.mark.parametrize("how", ["shutter closed", "eye lost", "hands off", "playing"])
def test_music_that_its_server_lost_goes_on_with_it_whatever_the_eye_sees(how: str, song: bool) -> None:
    room = listening("happy")
    if how == "hands off":
        room.post(Hand("pick", "page", room.places))
    elif how != "playing":
        room.looking = False
        room.post(EyeSaid(wire.Shutter(True)) if how == "shutter closed" else EyeLink("down", "it ended"))
        room.wait(30)
    before, stage = room.player.song, room.state.stage
    restarted(room, 4.0, song)
    assert room.plays == "happy"
    if song:
        assert (room.player.song, room.state.stage) == (before, stage), "the same song, and no step of the journey more"
        assert Resume(4.0) in room.since(room.now)
    room.wait(300)
    assert room.plays == "happy"


def test_music_that_was_paused_or_lost_long_ago_or_in_an_empty_room_stays_silent() -> None:
    paused = listening("happy")
    paused.post(Hand("pause", "page"))
    restarted(paused, 4.0)
    assert paused.player.state == "pause"
    paused.post(Hand("resume", "page"))
    assert paused.plays == "happy"
    long_ago = listening("happy")
    long_ago.looking = False
    long_ago.post(EyeSaid(wire.Shutter(True)))
    restarted(long_ago, 400.0)
    assert long_ago.player.state == "pause"
    left = listening("happy")
    left.post(JukeboxLink("down", "it hung up"))
    left.nobody()
    left.wait(150)
    left.player = replace(left.player, state="pause")
    left.post(JukeboxLink("up", songs=40))
    left.tell_player()
    left.wait(60)
    assert (left.state.phase, left.plays) == ("leaving", "")
    left.somebody("happy")
    left.wait(20)
    assert left.plays == "happy"


WISHES = (MoodPicked("happy"), OtherSongs(), Hand("resume", "page"))


@pytest.mark.parametrize("wish", WISHES, ids=["a mood", "other songs", "music"])
def test_what_somebody_wanted_while_the_server_was_away_is_met_soon_after_or_not_at_all(wish: Event) -> None:
    for away, plays in ((60, True), (8 * 3600, False)):
        room = LivingRoom()
        room.post(JukeboxLink("down", "connection refused"))
        room.post(wish)
        room.wait(away)
        room.post(QuietHours(True))
        room.post(JukeboxLink("up", songs=40))
        room.tell_player()
        room.wait(60)
        assert bool(room.plays) == plays
    room.post(wish)
    assert room.plays


@pytest.mark.parametrize(("away", "plays"), [(60.0, "happy"), (8 * 3600.0, "")])
def test_behind_a_closed_shutter_a_mood_picked_long_ago_starts_no_music_when_the_server_is_back(
    away: float, plays: str
) -> None:
    room = listening("sad")
    room.looking = False
    room.post(EyeSaid(wire.Shutter(True)))
    room.post(MoodPicked("happy"))
    assert room.plays == "happy"
    restarted(room, away, song=False)
    room.wait(60)
    assert room.plays == plays
    room.post(MoodPicked("happy"))
    assert room.plays == "happy"


def test_a_library_that_grows_interrupts_nothing() -> None:
    room = listening("happy")
    before = room.state.player, room.state.stage, room.state.still_since
    given = len(room.said)
    room.post(JukeboxLink("up", songs=41))
    assert room.snapshot.songs == 41
    assert (room.state.player, room.state.stage, room.state.still_since) == before
    assert room.said[given:] == []


def interrupted(knobs: Knobs | None = None) -> LivingRoom:
    """The power was cut in mid-song, and is back."""
    room = LivingRoom(knobs or Knobs(), connect=False)
    room.post(EyeLink("up"))
    room.player = Player("pause", Song("old/1", duration=200, place=1), 30.0, 50)
    room.post(JukeboxLink("up", songs=40))
    room.tell_player()
    return room


def test_after_a_power_cut_the_box_waits_to_be_asked() -> None:
    room = interrupted()
    room.somebody("happy")
    room.wait(600)
    assert room.player.state != "play"
    assert "stays off until you want it" in room.snapshot.sentence
    room.post(EyeSaid(wire.Gesture("press")))
    room.wait(10)
    assert room.plays == "happy"


def test_after_a_power_cut_the_box_plays_on_where_that_is_set() -> None:
    room = interrupted(Knobs(resume_at_start=True))
    assert room.plays == "old"


def test_a_silence_after_a_power_cut_ends_with_a_long_empty_room() -> None:
    room = interrupted()
    room.wait(2000)
    room.somebody("happy")
    room.wait(15)
    assert room.plays == "happy"


def test_with_the_music_server_away_a_hand_on_the_page_does_no_harm() -> None:
    room = listening("happy")
    room.post(JukeboxLink("down", "connection refused"))
    assert not [c for c in room.post(Hand("pause", "page")) if isinstance(c, Pause)]
    room.post(JukeboxLink("up", songs=40))
    room.post(Hand("resume", "page"))
    assert room.plays == "happy"


def test_an_empty_library_is_told_and_asked_again_after_a_while() -> None:
    room = LivingRoom()
    room.chooser = False
    room.somebody("happy")
    room.wait(10)
    question = next(c for _, c in room.said if isinstance(c, Choose))
    room.post(Chosen(question.ticket, (), "the library is empty"))
    assert room.snapshot.trouble == ("No songs found: the library is empty.",)
    room.wait(50)
    assert len([c for _, c in room.said if isinstance(c, Choose)]) == 1
    room.chooser = True
    room.wait(20)
    assert room.plays == "happy"
    assert not room.snapshot.trouble


def test_a_chooser_that_does_not_answer_is_asked_again() -> None:
    room = LivingRoom()
    room.chooser = False
    room.somebody("happy")
    room.wait(10)
    room.chooser = True
    room.wait(20)
    assert room.plays == "happy"
