"""What the doctor says of all that should answer: both halves, and the music server."""

from pathlib import Path

import pytest

from appliance import answering, cli, control
from appliance.control import Control
from appliance.dial import Dial
from appliance.settings import MusicSettings, Settings
from appliance.snapshot import Snapshot
from tests.appliance.conftest import Server
from tests.appliance.ward import faults


def test_a_half_that_does_not_answer_is_told_and_so_is_each_trouble_of_one_that_does(box: Path) -> None:
    assert "restart mien" in faults(list(answering.running()))["speaking half"]
    shot = Snapshot(eye="down", trouble=("the cellar is flooded",))
    control = Control(box / "run" / "mien.sock", lambda: shot, lambda event: None, lambda: False)
    control.start()
    try:
        found = faults(list(answering.running()))
        assert "restart mien-eye" in found["eye"]
        assert "cellar" in found["trouble"]
        shot = Snapshot(eye="up", camera="ok", network="feed")
        assert faults(list(answering.running())) == {}
        shot = Snapshot(eye="up", camera="lost")
        assert "cable" in faults(list(answering.running()))["its camera"]
        shot = Snapshot(eye="up", shutter_closed=True)
        assert any("hold it again" in one.said for one in answering.running())
    finally:
        control.stop()


def test_somebody_who_may_not_ask_is_told_how_and_not_that_it_is_broken(
    box: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def shut(*words: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(control, "call", shut)
    monkeypatch.setattr(Dial, "connect", shut)
    assert "sudo mien doctor" in faults(list(answering.running()))["speaking half"]
    assert "sudo mien doctor" in faults(answering.server(Settings()))["music server"]
    monkeypatch.setattr(cli, "call", shut)
    assert cli.main(["status"]) == 69
    assert "sudo mien status" in capsys.readouterr().err


def test_a_music_server_is_examined_up_to_its_songs(bare: Server) -> None:
    told = Settings(music=MusicSettings(server=bare.socket))
    assert "start it there" in faults(answering.server(told))["music server"]
    bare.start()
    assert "mpc update" in faults(answering.server(told))["library"]
    bare.put("a/song.flac", "Song", "Ada", "Pop")
    bare.update()
    assert faults(answering.server(told)) == {}


def test_the_boxs_own_music_server_is_brought_back_by_its_own_name_though_systemd_has_given_it_up(
    monkeypatch: pytest.MonkeyPatch, bare: Server
) -> None:
    """Whoever only starts it is refused, for it was started too often."""
    monkeypatch.setattr(answering, "OURS", bare.socket)
    told = Settings(music=MusicSettings(server=bare.socket))
    fix = faults(answering.server(told))["music server"]
    assert fix.index("mpd-own.conf") < fix.index("reset-failed mien-mpd") < fix.index("restart mien-mpd")
    bare.start()
    assert "music server" not in faults(answering.server(told))
    assert "goes nowhere" in next(one.said for one in answering.server(told) if one.what == "sound")
    monkeypatch.setattr(answering, "OURS", "another")
    assert "sound" not in {one.what for one in answering.server(told)}, "what another server plays to is its own affair"


def test_a_music_server_that_wants_another_password_is_told(bare: Server) -> None:
    bare.password = "open"
    bare.start()
    without = Settings(music=MusicSettings(server=bare.socket))
    assert "check its password" in faults(answering.server(without))["music server"]
    assert "library" in faults(answering.server(Settings(music=MusicSettings(server=bare.socket, password="open"))))
