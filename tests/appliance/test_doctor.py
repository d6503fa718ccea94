"""The doctor: each fault is found, told with its fix, and gone when that is done."""

import os
import shutil
from pathlib import Path

import pytest

from appliance import clock, doctor, places
from appliance.control import Control
from appliance.finding import Finding
from appliance.history import History
from appliance.library.entry import AWAY
from appliance.library.listing import Listed
from appliance.library.register import Register, Waiting
from appliance.settings import MusicSettings, Settings
from appliance.snapshot import Snapshot
from tests.appliance.ward import faults, machine


def of_files() -> dict[str, str]:
    """What is wrong with everything that needs nothing running."""
    _, told = doctor.configured()
    checks = (doctor.here, doctor.folders, doctor.disk, doctor.model, doctor.history)
    return faults([*told, *(one for check in checks for one in check())])


def test_a_sound_box_has_no_fault_and_says_which_folders_were_looked_at(box: Path) -> None:
    assert of_files() == {}
    assert str(box / "state") in next(iter(doctor.here())).said


def test_a_misspelt_setting_is_told_with_the_nearest_one_and_mended(box: Path) -> None:
    file = box / "etc" / "mien.toml"
    file.write_text("[music]\ncieling = 3\n")
    assert "did you mean music.ceiling?" in of_files()["settings"]
    file.write_text("[music]\nceiling = 30\n")
    assert of_files() == {}
    told, (finding,) = doctor.configured()
    assert (told.music.ceiling, str(file) in finding.said) == (30, True)


def test_a_settings_file_that_cannot_be_read_is_told(box: Path) -> None:
    (box / "etc" / "mien.toml").mkdir()
    assert "cannot be read" in of_files()["settings"]
    (box / "etc" / "mien.toml").rmdir()
    (box / "state" / "settings.toml").mkdir()
    assert "let this user read" in of_files()["settings"]


@pytest.mark.parametrize("name", ["state", "run"])
def test_a_folder_that_is_missing_is_told_and_mended(box: Path, name: str) -> None:
    (box / name).rmdir()
    (said,) = of_files().values()
    assert "mkdir" in said and str(box / name) in said
    (box / name).mkdir()
    assert of_files() == {}
    assert "restart mien.target" in doctor.made(Path("/var/lib/mien")), "on a box systemd makes its own"


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_cannot_be_written_is_told(box: Path) -> None:
    (box / "state").chmod(0o500)
    assert "sudo mien doctor" in of_files()["state"]
    (box / "state").chmod(0o700)


MOUNTS = """\
24 1 0:22 / / rw,relatime - overlay overlayroot rw,lowerdir=/media/root-ro,upperdir=/media/root-rw/overlay
30 24 8:1 / /srv/mien rw,noatime - ext4 /dev/sda1 rw
"""
KEPT = "31 24 8:1 /mien /var/lib/mien rw,noatime - ext4 /dev/sda1 rw\n"


def test_a_card_that_is_not_written_to_is_told_unless_the_state_has_a_disk_of_its_own(
    box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = box / "mountinfo"
    mounts.write_text(MOUNTS)
    assert doctor.in_memory(Path("/var/lib/mien"), mounts)
    mounts.write_text(MOUNTS + KEPT)
    assert not doctor.in_memory(Path("/var/lib/mien"), mounts)
    with monkeypatch.context() as there:
        there.setattr(doctor, "in_memory", lambda folder: True)
        assert "gone with the power" in of_files()["state"]
    assert of_files() == {}


def test_a_full_disk_is_told_and_mended(box: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as full:
        full.setattr(doctor, "ROOM", 2**62)
        assert "make room" in of_files()["disk"]
    assert of_files() == {}


def test_a_clock_that_nobody_set_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "sure", lambda: False)
    assert "set-ntp" in faults(list(doctor.time()))["clock"]
    monkeypatch.setattr(clock, "sure", lambda: True)
    assert faults(list(doctor.time())) == {}


def test_a_network_that_is_missing_or_is_another_is_told_and_mended(
    box: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, whole = tmp_path / "expression.json", places.CONTRACT
    monkeypatch.setattr(places, "CONTRACT", theirs)
    assert "cannot be used" in of_files()["network"]
    theirs.write_text("{}")
    assert "cannot be used" in of_files()["network"]
    shutil.copy(whole, theirs)
    theirs.with_suffix(".tflite").write_bytes(b"another")
    assert "its contract is for" in of_files()["network"]
    shutil.copy(whole.with_suffix(".tflite"), theirs.with_suffix(".tflite"))
    assert of_files() == {}


def test_a_damaged_history_is_told_and_the_box_itself_mends_it(box: Path) -> None:
    file = box / "state" / "history.db"
    file.write_bytes(b"no database" * 100)
    assert "restart the box" in of_files()["history"]
    book = History(file, days=1)
    book.flush()
    book.flush()
    assert of_files() == {}


def test_a_speaker_on_this_desk_is_pointed_to_when_the_box_does_not_run(
    box: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who runs ./setup.sh run in one window asks the doctor in another."""
    desk = box / "desk" / "mien"
    desk.mkdir(parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(desk.parent))
    control = Control(desk / "mien.sock", Snapshot, lambda event: None, lambda: False)
    control.start()
    try:
        monkeypatch.delenv("MIEN_RUN")
        monkeypatch.setattr(places, "run", lambda: box / "run")
        assert f"MIEN_ETC={box / 'etc'} MIEN_STATE={box / 'state'}" in faults(list(doctor.here()))["speaker"]
    finally:
        control.stop()
    assert faults(list(doctor.here())).get("speaker", "").find(str(desk)) == -1, "one that does not answer is none"


def test_the_report_is_read_from_the_top(box: Path) -> None:
    found = [Finding("disk", "full", "make room"), Finding("clock", "right")]
    assert doctor.report(found).splitlines() == ["FAULT disk: full", "      fix: make room", "ok    clock: right"]
    assert {"settings", "disk", "network", "music server"} <= {one.what for one in doctor.examine()}
    assert "pins" in {one.what for one in doctor.examine(machine(box / "machine"))}


def test_songs_that_cannot_be_reached_are_told_where_they_should_be(box: Path) -> None:
    near, far = Settings(music=MusicSettings(server="/run/mpd/socket")), Settings()
    register = Register(box / "state" / "library.db")
    assert [one.said for one in doctor.listening(near)] == ["not begun yet"]
    register.take([Listed("a/one.flac", "l-1", "1", 200.0), Listed("a/two.flac", "l-2", "1", 200.0)])
    assert faults(list(doctor.listening(near))) == {}
    songs = [Waiting(uri, 200.0, "1") for uri in ("a/one.flac", "a/two.flac")]
    register.unreached(songs, AWAY)
    assert "their disk is there" in faults(list(doctor.listening(near)))["listening"]
    assert [one.said for one in doctor.listening(far)] == ["2 songs lie elsewhere: they are placed by their tags alone"]
    register.refused(songs[0], "no sound in it")
    assert [one.said for one in doctor.listening(near)] == ["1 of 2 songs are done, 1 out of reach"]
