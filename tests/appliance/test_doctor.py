"""The doctor: each fault is found, told with its fix, and gone when that is done."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import answering, board, cli, clock, control, devices, doctor, places
from appliance.control import Control
from appliance.devices import Machine, Person
from appliance.dial import Dial
from appliance.finding import Finding
from appliance.history import History
from appliance.settings import MusicSettings, Settings
from appliance.snapshot import Snapshot
from tests.appliance.conftest import Server


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A box's folders, sound and empty. Short, for sockets lie in them."""
    folder = Path(tempfile.mkdtemp(prefix="mien-dr-", dir="/tmp"))
    for name in ("etc", "state", "run"):
        (folder / name).mkdir()
        monkeypatch.setenv(f"MIEN_{name.upper()}", str(folder / name))
    yield folder
    shutil.rmtree(folder)


def faults(found: list[Finding]) -> dict[str, str]:
    return {one.what: f"{one.said} — {one.fix}" for one in found if not one.well}


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


# --- devices, as a person at a shell sees them

ROOT, ANA = Person("root", 0, frozenset()), Person("ana", 4711, frozenset({os.getgid() + 1}))


def machine(root: Path, person: Person = ROOT, **devices: str) -> Machine:
    """`devices`: a name under /dev, and where its hardware hangs; its kernel name where that starts with "=" ."""
    shown = root / "sys" / "class" / "video4linux"
    shown.mkdir(parents=True, exist_ok=True)
    (root / "dev").mkdir(exist_ok=True)
    for name, at in devices.items():
        hardware = root / "hardware" / at.strip("=") / name
        hardware.mkdir(parents=True)
        (hardware / "name").write_text(at.strip("="))
        (shown / name).symlink_to(hardware)
        (root / "dev" / name).touch()
        (root / "dev" / name).chmod(0o660)
    return Machine(root / "dev", root / "sys", root / "model", person)


def of_devices(machine: Machine) -> dict[str, str]:
    return faults(list(devices.examine(machine)))


def test_a_camera_on_usb_or_on_the_ribbon_cable_is_one_and_a_codec_is_none(tmp_path: Path) -> None:
    bare = machine(tmp_path, video10="=codec")
    assert of_devices(bare) == {}, "a desk without a camera has the actor"
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B")
    (tmp_path / "dev" / "gpiochip0").touch()
    assert "plug one in" in of_devices(bare)["camera"]
    assert "plug one in" in of_devices(machine(tmp_path, video13="=bcm2835-isp"))["camera"]
    assert of_devices(machine(tmp_path, video0="usb1")) == {}
    assert of_devices(machine(tmp_path / "pi", video0="=unicam")) == {}


def test_a_recording_or_an_actor_that_was_chosen_is_no_fault_on_a_pi_without_a_camera(tmp_path: Path) -> None:
    bare = machine(tmp_path)
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B")
    (tmp_path / "dev" / "gpiochip0").touch()
    settings = tmp_path / "eye.toml"
    at = Machine(bare.dev, bare.sys, bare.model, ROOT, settings)
    for source in ("actor", f"replay:{tmp_path}"):
        settings.write_text(f'[camera]\nsource = "{source}"\n')
        assert of_devices(at) == {}
    settings.write_text(f'[camera]\nsource = "replay:{tmp_path}/gone"\n')
    assert "source" in of_devices(at)["camera"]
    (tmp_path / "gone").mkdir()
    assert of_devices(at) == {}
    for other in ('[camera]\nsource = "auto"\n', "[camera\n", '[camera]\nsource = "replay:"\n'):
        settings.write_text(other)
        assert "plug one in" in of_devices(at)["camera"], other


def test_a_camera_that_is_closed_to_the_eye_is_told_with_the_group_that_opens_it(tmp_path: Path) -> None:
    shut = machine(tmp_path, ANA, video0="usb1")
    assert "sudo usermod -aG" in of_devices(shut)["camera"]
    assert "ana" in of_devices(shut)["camera"]
    opened = Person("ana", 4711, frozenset({(tmp_path / "dev" / "video0").stat().st_gid}))
    assert of_devices(Machine(shut.dev, shut.sys, shut.model, opened)) == {}


def test_pins_are_missed_on_a_pi_alone_and_told_where_they_are_closed(tmp_path: Path) -> None:
    here = machine(tmp_path, video0="usb1")
    assert of_devices(here) == {}, "a desk has no pins, and needs none"
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B")
    assert "pins' driver" in of_devices(here)["pins"]
    (tmp_path / "dev" / "gpiochip0").touch(mode=0o600)
    assert of_devices(here) == {}
    (tmp_path / "dev" / "video0").chmod(0o666)
    assert "closed to ana" in of_devices(Machine(here.dev, here.sys, here.model, ANA))["pins"]


@pytest.mark.parametrize(
    ("flags", "faulty"),
    [
        ("0", {}),
        ("50005", {"power": "too little, now", "heat": "held back, now"}),
        ("10000", {"power": "too little, at some time since the start"}),
        ("80000", {"heat": "held back, at some time since the start"}),
    ],
)
def test_a_weak_supply_and_heat_are_told_by_what_the_boards_firmware_notes(
    tmp_path: Path, flags: str, faulty: dict[str, str]
) -> None:
    here = machine(tmp_path)
    file = tmp_path / "sys/devices/platform/soc/soc:firmware/get_throttled"
    file.parent.mkdir(parents=True)
    file.write_text(f"{flags}\n")
    assert list(board.examine(here)) == [], "no Pi has no such firmware"
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B")
    found = faults(list(board.examine(here)))
    assert set(found) == set(faulty) and all(words in found[what] for what, words in faulty.items())


def test_memory_without_limits_is_told_and_mended(tmp_path: Path) -> None:
    here = machine(tmp_path)
    (tmp_path / "model").write_bytes(b"Raspberry Pi 4 Model B")
    file = tmp_path / "sys/fs/cgroup/cgroup.controllers"
    file.parent.mkdir(parents=True)
    file.write_text("cpuset cpu io pids\n")
    assert "sudo reboot" in faults(list(board.examine(here)))["memory"]
    file.write_text("cpuset cpu io memory pids\n")
    assert faults(list(board.examine(here))) == {}


def test_a_device_of_a_group_without_a_name_is_told_by_its_number(tmp_path: Path) -> None:
    node = tmp_path / "gpiochip0"
    node.touch(mode=0o600)
    if os.geteuid() == 0:
        os.chown(node, 0, 54321)
        assert "-aG 54321 ana" in devices.barred("pins", node, ANA).fix
    assert devices.seer().name


# --- what should answer


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


def test_the_report_is_read_from_the_top(box: Path) -> None:
    found = [Finding("disk", "full", "make room"), Finding("clock", "right")]
    assert doctor.report(found).splitlines() == ["FAULT disk: full", "      fix: make room", "ok    clock: right"]
    assert {"settings", "disk", "network", "music server"} <= {one.what for one in doctor.examine()}
    assert "pins" in {one.what for one in doctor.examine(machine(box / "machine"))}
