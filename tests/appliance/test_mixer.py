"""Volume, pauses and fades with a real MPD and a real foreign client: what is borrowed is given back."""

from pathlib import Path

import pytest

from appliance.commands import Pause, Resume, SetVolume
from appliance.dial import Client
from appliance.events import PlayerChanged
from appliance.fade import Fade
from tests.appliance.conftest import Server
from tests.appliance.music_corner import Room
from tests.waiting import until


def sounding(room: Room, level: int) -> None:
    """A song plays, so loud."""
    room.play("happy/sun.flac")
    room.jukebox.do(SetVolume(level))
    room.wait(lambda: room.playing("happy/sun.flac") and room.player().volume == level, "sun")


def test_a_volume_that_a_fade_owed_is_given_back_once(room: Room, server: Server, tmp_path: Path) -> None:
    room.jukebox.stop()
    (tmp_path / "jukebox.json").write_text('{"own": [], "volume": 55}')
    for turned in (55, 20):
        again = Room(server.dial, tmp_path / "jukebox.json").up()
        assert again.player().volume == turned
        again.jukebox.stop()
        server.mpc("volume", "20")


def test_the_volume_to_come_back_to_after_quiet_hours_is_known_after_a_restart(
    room: Room, server: Server, tmp_path: Path
) -> None:
    room.jukebox.do(SetVolume(35, back=60))
    room.wait(lambda: room.player().volume == 35, "the quiet")
    room.jukebox.stop()
    again = Room(server.dial, tmp_path / "jukebox.json").up()
    assert again.links()[-1].eased == (35, 60)
    again.jukebox.do(SetVolume(60))
    again.wait(lambda: again.player().volume == 60, "the loud")
    again.jukebox.stop()
    last = Room(server.dial, tmp_path / "jukebox.json").up()
    assert last.links()[-1].eased is None
    last.jukebox.stop()


def test_a_server_that_rounds_the_volume_fades_as_any_other(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Mopidy does with a sound card's own mixer, on whose curve most levels fall between two steps."""
    exact = Client.setvol

    def rounded(client: Client, level: int) -> None:
        exact(client, int((int(100 * (level / 100) ** (1 / 3)) / 100) ** 3 * 100))

    monkeypatch.setattr(Client, "setvol", rounded)
    monkeypatch.setattr("appliance.dial.version", lambda client: (0, 19, 0))
    room = Room(server.dial, tmp_path / "jukebox.json").up()
    sounding(room, 70)
    for _ in range(3):
        room.jukebox.do(Pause(fade=0.6))
        until(lambda: "[paused]" in server.mpc("status"), "the pause")
        room.jukebox.do(Resume(fade=0.6))
        until(lambda: "[playing]" in server.mpc("status") and "volume: 68%" in server.mpc("status"), "the music")
    assert (room.player().volume, room.hands()) == (70, [])
    server.mpc("volume", "20")
    room.wait(lambda: room.player().volume == 20, "the hand")
    room.jukebox.stop()


def test_a_fade_pauses_and_gives_the_volume_back(room: Room, server: Server) -> None:
    sounding(room, 60)
    room.jukebox.do(Pause(fade=0.6))
    room.wait(lambda: room.player().state == "pause", "the pause")
    until(lambda: "volume: 60%" in server.mpc("status"), "the volume")
    room.jukebox.do(Resume(fade=0.6))
    room.wait(lambda: room.player().state == "play", "the music")
    until(lambda: "volume: 60%" in server.mpc("status"), "the volume")
    assert room.hands() == []
    assert {event.player.volume for event in room.posted[-3:] if isinstance(event, PlayerChanged)} == {60}


def test_a_box_that_dies_in_mid_fade_leaves_no_silence(room: Room, server: Server, tmp_path: Path) -> None:
    room.jukebox.stop()
    server.mpc("volume", "3")
    (tmp_path / "jukebox.json").write_text('{"own": [], "volume": 55}')
    again = Room(server.dial, tmp_path / "jukebox.json").up()
    assert "volume: 55%" in server.mpc("status")
    again.jukebox.stop()


def test_a_hand_on_the_volume_ends_a_fade(room: Room, server: Server) -> None:
    sounding(room, 60)
    room.jukebox.do(Pause(fade=30))
    until(lambda: "volume: 60%" not in server.mpc("status"), "the fade")
    server.mpc("volume", "20")
    room.wait(lambda: [hand.name for hand in room.hands()] == ["volume"], "the hand")
    assert room.player().volume == 20
    assert room.player().state == "play"


def test_a_ramp_reaches_its_end_and_never_passes_the_ceiling(room: Room, server: Server) -> None:
    room.jukebox.do(SetVolume(50))
    room.wait(lambda: room.player().volume == 50, "fifty")
    room.jukebox.do(SetVolume(100, over=0.5))
    room.wait(lambda: room.player().volume == 80, "the ceiling")
    assert max(e.player.volume or 0 for e in room.posted[2:] if isinstance(e, PlayerChanged)) <= 100
    assert room.hands() == []


def test_outputs_without_a_mixer_pause_and_play_without_a_fade(bare: Server, tmp_path: Path) -> None:
    bare.mixer = False
    bare.put("a/song.flac", "Song", "Ada", "Pop")
    bare.start()
    bare.update()
    room = Room(bare.dial, tmp_path / "jukebox.json").up()
    room.play("a/song.flac")
    room.wait(lambda: room.playing("a/song.flac"), "the song")
    room.jukebox.do(SetVolume(20, over=1))
    room.jukebox.do(Pause(fade=5))
    room.wait(lambda: room.player().state == "pause", "the pause")
    assert room.player().volume is None
    room.jukebox.do(Resume(fade=5))
    room.wait(lambda: room.playing("a/song.flac"), "the song again")
    room.jukebox.stop()


def test_a_fade_stays_between_its_ends() -> None:
    fade = Fade(60, 10, at=100.0, over=5.0)
    assert [fade.level(at) for at in (99.0, 100.0, 102.5, 105.0, 200.0)] == [60, 60, 35, 10, 10]
    assert [fade.done(at) for at in (100.0, 104.9, 105.0)] == [False, False, True]
    assert Fade(1, 9, 0.0, 0.0).level(0.0) == 9
