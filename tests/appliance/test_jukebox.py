"""The jukebox with a real MPD and a real foreign client."""

from pathlib import Path

import pytest
from mpd import MPDClient

from appliance.commands import Pause, Resume, SetVolume, Skip, Update
from appliance.dial import Dial
from appliance.events import Event, Hand, PlayerChanged
from tests.appliance.conftest import Server
from tests.appliance.music_corner import Room
from tests.waiting import until


def queued(server: Server) -> list[str]:
    return server.mpc("-f", "%file%", "playlist").split()


def test_what_is_chosen_plays_and_nobody_is_taken_for_having_done_it(room: Room, server: Server) -> None:
    room.play("happy/sun.flac", "happy/rain.flac")
    room.wait(lambda: room.playing("happy/sun.flac"), "sun")
    room.jukebox.do(Skip())
    room.wait(lambda: room.playing("happy/rain.flac"), "rain")
    room.jukebox.do(SetVolume(30))
    room.wait(lambda: room.player().volume == 30, "volume")
    room.jukebox.do(Pause())
    room.wait(lambda: room.player().state == "pause", "the pause")
    room.jukebox.do(Resume())
    room.wait(lambda: room.player().state == "play", "the music")
    room.play("sad/moon.flac", now=True)
    room.wait(lambda: room.playing("sad/moon.flac"), "moon")
    assert room.hands() == []
    assert room.links()[-1].songs == 8


def test_a_persons_skip_pause_volume_and_pick_are_told_from_the_boxs_own(room: Room, server: Server) -> None:
    room.play("happy/sun.flac", "happy/rain.flac")
    room.wait(lambda: room.playing("happy/sun.flac") and room.player().upcoming, "sun")
    for words, name in (
        (("next",), "skip"),
        (("pause",), "pause"),
        (("play",), "resume"),
        (("volume", "41"), "volume"),
        (("play", "1"), "pick"),
        (("stop",), "stop"),
    ):
        seen = len(room.hands())
        server.mpc(*words)
        room.wait(lambda seen=seen: len(room.hands()) > seen, name)  # type: ignore[misc]  # mypy cannot infer a default
        assert [hand.name for hand in room.hands()[seen:]] == [name]
    assert room.hands()[3].value == 41


def test_the_queue_that_people_made_is_left_alone(room: Room, server: Server) -> None:
    room.play("happy/sun.flac", "happy/rain.flac")
    room.wait(lambda: room.playing("happy/sun.flac"), "sun")
    server.mpc("add", "neutral/tea.flac")
    room.play("sad/fog.flac")
    until(lambda: queued(server) == ["happy/sun.flac", "neutral/tea.flac", "sad/fog.flac"], "the queue")
    room.play("sad/moon.flac", now=True)
    until(lambda: queued(server) == ["happy/sun.flac", "sad/moon.flac", "neutral/tea.flac"], "the queue")
    room.wait(lambda: room.playing("sad/moon.flac"), "moon")


def test_own_songs_are_known_again_after_a_restart_of_either(room: Room, server: Server, tmp_path: Path) -> None:
    room.play("happy/sun.flac", "happy/rain.flac")
    room.wait(lambda: room.playing("happy/sun.flac"), "sun")
    room.jukebox.stop()
    again = Room(server.dial, tmp_path / "jukebox.json").up()
    again.play("sad/fog.flac")
    until(lambda: queued(server) == ["happy/sun.flac", "sad/fog.flac"], "the queue")
    again.jukebox.stop()


def test_a_song_that_people_queued_too_is_still_theirs_after_a_restart_of_either(
    room: Room, server: Server, tmp_path: Path
) -> None:
    server.mpc("add", "sad/fog.flac")
    room.play("happy/sun.flac", "sad/fog.flac")
    until(lambda: queued(server) == ["sad/fog.flac", "happy/sun.flac", "sad/fog.flac"], "the queue")
    for restart in (False, True):
        room.jukebox.stop()
        if restart:
            server.stop()
            server.start()
        room = Room(server.dial, tmp_path / "jukebox.json").up()
        room.play("neutral/tea.flac", "sad/fog.flac")
        until(
            lambda: (queued(server)[0], queued(server)[-2:]) == ("sad/fog.flac", ["neutral/tea.flac", "sad/fog.flac"]),
            "the queue",
        )
        assert queued(server).count("sad/fog.flac") == 2
    room.jukebox.stop()


def test_a_skip_is_told_before_the_song_that_it_led_to(room: Room, server: Server) -> None:
    room.play("happy/sun.flac", "happy/rain.flac")
    room.wait(lambda: room.playing("happy/sun.flac") and room.player().upcoming, "sun")
    server.mpc("next")
    room.wait(lambda: room.playing("happy/rain.flac"), "rain")
    told = [event for event in room.posted if isinstance(event, Hand) or playing(event) == "happy/rain.flac"]
    assert isinstance(told[0], Hand)


def playing(event: Event) -> str:
    song = event.player.song if isinstance(event, PlayerChanged) else None
    return song.uri if song else ""


def test_a_server_that_answers_and_refuses_is_told_of_once_and_served_when_it_lets_us_in(
    bare: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    connect = Dial.connect

    def counted(dial: Dial) -> MPDClient:
        calls.append(dial.server)
        return connect(dial)

    monkeypatch.setattr(Dial, "connect", counted)
    bare.password = "open"
    bare.start()
    room = Room(Dial(bare.socket), tmp_path / "jukebox.json")
    room.wait(lambda: room.links(), "the refusal")
    calls.clear()
    until(lambda: len(calls) > 4, "more tries")
    assert ["permission" in link.why for link in room.links()] == [True]
    bare.stop()
    bare.password = ""
    bare.start()
    room.up()
    room.jukebox.stop()


def test_a_server_stopped_is_told_of_and_found_again(room: Room, server: Server) -> None:
    server.stop()
    room.wait(lambda: room.links()[-1].link == "down", "the loss")
    assert room.links()[-1].why
    server.start()
    room.wait(lambda: room.links()[-1].link == "up", "the return")
    room.play("sad/moon.flac", now=True)
    room.wait(lambda: room.playing("sad/moon.flac"), "moon")
    assert room.hands() == []


def test_a_vanished_song_is_passed_over_and_told_to_the_chooser(room: Room, server: Server) -> None:
    room.play("happy/gone.flac", "happy/sun.flac")
    room.wait(lambda: room.playing("happy/sun.flac"), "sun")
    assert room.bad == ["happy/gone.flac"]
    (server.folder / "music/sad/fog.flac").unlink()
    room.play("sad/fog.flac", "sad/moon.flac", now=True)
    room.wait(lambda: room.playing("sad/moon.flac"), "moon")
    assert "sad/fog.flac" in room.bad
    assert room.hands() == []


def test_an_update_during_play_goes_on_playing_and_counts_the_new_songs(room: Room, server: Server) -> None:
    room.play("happy/sun.flac")
    room.wait(lambda: room.playing("happy/sun.flac"), "sun")
    read = room.read
    server.put("happy/new.flac", "New", "Ida", "Pop")
    server.update()
    room.wait(lambda: room.links()[-1].songs == 9, "the new song")
    assert room.read > read
    assert room.playing("happy/sun.flac")
    assert room.hands() == []


def test_a_rescan_that_a_person_asks_for_finds_the_new_songs(room: Room, server: Server) -> None:
    server.put("happy/new.flac", "New", "Ida", "Pop")
    room.jukebox.do(Update())
    room.wait(lambda: room.links()[-1].songs == 9, "the new song")


def test_an_empty_library_is_a_library(bare: Server, tmp_path: Path) -> None:
    bare.start()
    room = Room(bare.dial, tmp_path / "jukebox.json").up()
    assert room.links()[-1].songs == 0
    room.jukebox.do(Skip())
    room.jukebox.do(Resume(fade=1))
    room.play("a/song.flac")
    bare.put("a/song.flac", "Song", "Ada", "Pop")
    bare.update()
    room.wait(lambda: room.links()[-1].songs == 1, "the song")
    room.play("a/song.flac")
    room.wait(lambda: room.playing("a/song.flac"), "the song")
    room.jukebox.stop()


def test_a_wrong_password_is_told_as_such_and_the_right_one_lets_in(bare: Server, tmp_path: Path) -> None:
    bare.password = "open"
    bare.start()
    room = Room(Dial(bare.socket, "sesame"), tmp_path / "jukebox.json")
    room.wait(lambda: room.links(), "the refusal")
    assert "password" in room.links()[0].why
    assert "sesame" not in repr(room.links()) + repr(Dial(bare.socket, "sesame"))
    room.jukebox.stop()
    right = Room(bare.dial, tmp_path / "jukebox.json").up()
    right.jukebox.stop()
