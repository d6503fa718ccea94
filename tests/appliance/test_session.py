"""A session as the household lives it: from an empty room to music that fits, and back."""

from itertools import pairwise

import pytest

from appliance.commands import Choose, Pause, Resume, ShutDown
from appliance.events import EyeSaid, GoalSet, Player, PlayerChanged, Stop
from appliance.session import Knobs
from firmware import wire
from tests.appliance.living_room import LivingRoom, listening


@pytest.fixture
def room() -> LivingRoom:
    return LivingRoom()


def test_an_empty_room_stays_silent(room: LivingRoom) -> None:
    room.wait(3600)
    assert (room.state.phase, room.plays, room.lamp) == ("nobody", "", "watching")


def test_somebody_arrives_and_hears_music_for_their_mood(room: LivingRoom) -> None:
    room.wait(10)
    room.somebody("happy")
    room.wait(1)
    assert room.state.phase == "arriving"
    room.wait(2)
    assert room.state.phase in ("watching", "playing")
    room.wait(10)
    assert (room.state.phase, room.plays, room.lamp) == ("playing", "happy", "happy")
    assert room.snapshot.why == "It is happy."
    assert room.snapshot.sentence == "Faces here look happy."
    assert [row.mood for row in room.remembered("mood")] == ["happy"]


def test_a_passer_by_starts_nothing(room: LivingRoom) -> None:
    room.wait(5)
    room.somebody("happy")
    room.wait(1)
    room.nobody()
    room.wait(10)
    assert (room.state.phase, room.plays) == ("nobody", "")
    assert room.remembered("presence") == []


def test_another_mood_changes_the_music_when_the_song_ends() -> None:
    room = listening("happy")
    song = room.player.song
    room.somebody("sad")
    room.wait(20)
    assert room.player.song == song
    assert room.lamp == "sad"
    room.wait(200)
    assert room.plays == "sad"


def test_where_the_household_wants_it_the_music_changes_at_once() -> None:
    room = listening("happy", Knobs(crossfade_now=True))
    room.somebody("sad")
    room.wait(20)
    assert room.plays == "sad"


def test_the_music_never_runs_dry() -> None:
    room = listening("happy")
    for _ in range(40):
        room.wait(100)
        assert room.plays == "happy"


def test_songs_that_are_on_their_way_to_the_player_are_waited_for() -> None:
    """Between the answer and the player's word something always happens: a glance, a tick, the answer itself."""
    room = LivingRoom()
    room.late = []
    room.somebody("happy")
    heard: list[str] = []
    for _ in range(2000):
        room.wait(1)
        if room.player.song and room.player.song.uri not in heard[-1:]:
            heard.append(room.player.song.uri)
            assert room.snapshot.why == "It is happy."
    assert len(heard) == 10
    assert heard == [f"happy/{n}" for n in range(1, 11)], "none was chosen for nothing"


def test_songs_that_never_come_to_the_player_are_asked_for_again() -> None:
    room = LivingRoom()
    room.late = []
    room.somebody("happy")
    for _ in range(120):
        room.wait(0.5)
        room.late.clear()
    asked = [at for at, command in room.said if isinstance(command, Choose)]
    assert room.plays == "" and [later - at for at, later in pairwise(asked)] == [Knobs().answer] * (len(asked) - 1)
    room.wait(Knobs().answer)
    assert room.plays == "happy"


def test_an_empty_room_fades_and_whoever_returns_finds_the_music_going_on() -> None:
    room = listening("happy")
    room.nobody()
    song = room.player.song
    room.wait(130)
    assert room.state.phase == "leaving"
    assert Pause(6.0) in room.since(1000)
    assert room.snapshot.sentence == "I see nobody. The music waits."
    room.wait(600)
    room.somebody("happy")
    room.wait(3)
    assert Resume(4.0) in room.since(1000)
    assert room.player.song == song and room.plays == "happy"


def test_whoever_stays_away_is_forgotten_and_the_next_begins_anew() -> None:
    room = listening("happy")
    room.nobody()
    room.wait(130 + 1800)
    assert room.state.phase == "nobody"
    assert [row.note for row in room.remembered("presence")] == ["arrived", "left"]
    room.somebody("sad")
    room.wait(20)
    assert room.plays == "sad"


def test_the_goal_lift_leads_from_sad_to_happy_in_steps() -> None:
    room = LivingRoom(Knobs(smile_after=1e9), length=60)
    room.post(GoalSet("lift"))
    room.somebody("sad")
    room.wait(15)
    assert room.plays == "sad"
    room.wait(600)
    assert room.plays == "happy"
    points = [(c.valence, c.energy) for _, c in room.said if isinstance(c, Choose)]
    assert points[0] == (-0.7, -0.5)
    assert points[-1] == (0.8, 0.5)
    assert room.snapshot.journey == ((0.8, 0.5),)


def test_very_long_press_shuts_the_box_down(room: LivingRoom) -> None:
    assert ShutDown() in room.post(EyeSaid(wire.Gesture("very_long")))


def test_a_long_press_is_the_shutters_and_changes_nothing_here(room: LivingRoom) -> None:
    assert room.post(EyeSaid(wire.Gesture("long"))) == []


def test_stopping_puts_the_lamp_out_and_is_final() -> None:
    room = listening("happy")
    room.post(Stop())
    assert (room.lamp, room.snapshot.sentence) == ("off", "Stopped.")
    assert room.remembered("presence")[-1].note == "left"
    assert room.post(Stop()) == []


def test_stopping_in_an_empty_room_ends_no_session(room: LivingRoom) -> None:
    room.wait(5)
    room.post(Stop())
    assert room.remembered("presence") == []


def test_while_the_music_fades_nothing_new_is_chosen() -> None:
    room = listening("happy")
    room.nobody()
    room.wait(130)
    fading = Player("play", room.player.song, 100.0, 50)
    assert room.post(PlayerChanged(fading)) == []


def test_a_song_heard_to_its_end_is_remembered_as_played() -> None:
    room = listening("happy")
    room.wait(200)
    assert room.remembered("played")[0].song == "happy/1"


def test_the_snapshot_lies_where_the_mood_lies() -> None:
    room = listening("happy")
    assert room.snapshot.valence > 0.7
    assert room.snapshot.network == "feed"
    assert room.snapshot.songs == 40


def test_a_word_that_the_session_does_not_know_changes_nothing(room: LivingRoom) -> None:
    room.wait(5)
    before = room.snapshot
    assert room.post("what is this?") == []  # type: ignore[arg-type]  # on purpose
    assert room.snapshot == before
