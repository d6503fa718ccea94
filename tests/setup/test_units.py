"""What systemd is told about the two halves."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from appliance.web.care import SETTLED
from firmware import fault
from tests.setup.box import Box

UNITS = Path(__file__).resolve().parents[2] / "systemd"
NAMES = sorted(
    unit.name for unit in UNITS.iterdir() if unit.suffix in (".service", ".socket", ".target", ".timer", ".path")
)
SERVICES = [name for name in NAMES if name.endswith(".service")]
EXPOSED = 1.5
analyze = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed here")


RELEASE = UNITS.parent / "install" / "release.sh"


def understood(name: str, version: str = "") -> str:
    """A unit as the installer gives it to this machine's systemd, or to another."""
    wanted = (
        version
        or subprocess.run(["systemctl", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    )
    said = subprocess.run(
        ["bash", "-c", '. "$1"; understood "$2" "$3"', "-", str(RELEASE), str(UNITS / name), wanted],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return said.stdout


@pytest.fixture
def units(tmp_path: Path) -> list[str]:
    """Copies whose program exists on this machine, for verify looks it up."""
    copies = []
    for name in NAMES:
        text = understood(name).replace("/opt/mien/current/.venv/bin/python", "/bin/true")
        text = text.replace("/usr/bin/mpd", "/bin/true")
        (tmp_path / name).write_text(text.replace("WorkingDirectory=/opt/mien/current", "WorkingDirectory=/"))
        copies.append(str(tmp_path / name))
    return copies


class Unit(configparser.RawConfigParser):
    def __init__(self, name: str) -> None:
        super().__init__(strict=False)  # DeviceAllow and SystemCallFilter come more than once
        self.optionxform = str  # type: ignore[assignment,method-assign]  # the library's own way to keep upper case
        self.read(UNITS / name)


@analyze
def test_systemd_finds_nothing_to_say_about_the_units(units: list[str]) -> None:
    """verify exits 0 even for unknown keys, so any word of it is a failure."""
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (said.stdout + said.stderr, said.returncode) == ("", 0)


@analyze
def test_verify_would_have_spoken_of_a_misspelt_key(units: list[str]) -> None:
    service = next(Path(unit) for unit in units if unit.endswith("/mien.service"))
    service.write_text(service.read_text().replace("ProtectHome=", "ProtectHouse="))
    said = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert "ProtectHouse" in said.stderr


@analyze
@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_hardly_exposed(units: list[str], name: str) -> None:
    unit = next(unit for unit in units if unit.endswith(f"/{name}"))
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=True,
    )
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", said.stdout)
    assert level and float(level[1]) <= EXPOSED, said.stdout


def test_the_half_that_sees_has_no_network() -> None:
    service = Unit("mien-eye.service")["Service"]
    assert service["PrivateNetwork"] == "yes"
    assert service["RestrictAddressFamilies"] == "AF_UNIX"
    assert service["IPAddressDeny"] == "any"
    assert "IPAddressAllow" not in service


def test_the_half_that_speaks_has_no_devices() -> None:
    service = Unit("mien.service")["Service"]
    assert service["PrivateDevices"] == "yes"
    assert "DeviceAllow" not in service
    assert "SupplementaryGroups" not in service


MODULES = {"video4linux": "videodev", "media": "videodev", "alsa": "snd"}
"""What makes a kind of device known to the kernel, for those that are no part of it (gpiochip and dma_heap are)."""


@pytest.mark.parametrize("name", [name for name in SERVICES if "DeviceAllow=char-" in (UNITS / name).read_text()])
def test_a_camera_or_a_sound_card_that_is_plugged_in_later_is_let_in(name: str) -> None:
    """systemd looks up the kinds that a unit may have as the unit starts, and never again."""
    unit = Unit(name)["Unit"]
    for kind in re.findall(r"^DeviceAllow=char-(\S+)", (UNITS / name).read_text(), re.MULTILINE):
        if module := MODULES.get(kind):
            loaded = f"modprobe@{module}.service"
            assert loaded in unit["Wants"].split() and loaded in unit["After"].split(), f"{kind} may not be known yet"
        else:
            assert kind in ("gpiochip", "dma_heap")


@pytest.mark.parametrize("name", ["mien.service", "mien-eye.service"])
def test_each_half_is_watched_restarted_and_stops_soon(name: str) -> None:
    service = Unit(name)["Service"]
    assert service["Type"] == "notify"
    assert service["Restart"] == "always"
    assert int(service["WatchdogSec"]) <= 60
    assert int(service["TimeoutStopSec"]) <= 5


@pytest.mark.parametrize("name", ["mien.service", "mien-eye.service", "mien-mpd.service"])
def test_what_fails_at_each_start_lights_the_red_lamp_on_the_slowest_board_and_is_tried_again(name: str) -> None:
    unit = Unit(name)
    count, back = int(unit["Unit"]["StartLimitBurst"]), int(unit["Unit"]["StartLimitIntervalSec"])
    once = sum(int(unit["Service"][key]) for key in ("RestartSec", "TimeoutStartSec", "TimeoutStopSec"))
    assert count * once < back, "starts that hang to their timeout must be counted"
    assert back <= fault.WAIT, "the start after the red lamp must not be one too many"
    assert unit["Unit"]["OnFailure"] == "mien-fault@%N.service"


@pytest.mark.parametrize("name", ["mien.service", "mien-eye.service", "mien-mpd.service"])
def test_the_red_lamp_is_for_the_last_failure_on_either_debian(name: str) -> None:
    """Bookworm's systemd (252) never did otherwise and does not know the key; Trixie's (257) must be told."""
    assert "RestartMode" not in understood(name, "252")
    assert "\nRestartMode=direct\n" in understood(name, "257")


def test_the_red_lamp_gives_its_pins_back_before_the_half_takes_them() -> None:
    unit = Unit("mien-fault@.service")["Unit"]
    assert unit["Conflicts"] == unit["Before"] == "%i.service"


def test_one_red_lamp_that_ends_takes_no_other_ones_folder_along() -> None:
    lamp = Unit("mien-fault@.service")["Service"]
    assert lamp["RuntimeDirectory"].endswith("/%i")
    assert lamp["WorkingDirectory"] == f"/run/{lamp['RuntimeDirectory']}"


def test_new_songs_call_the_listener_when_the_boxs_own_music_server_has_written_them_down(first: Box) -> None:
    told = re.search(r'^db_file +"(.+)"', (first.root / "etc/mien/mpd.conf").read_text(), re.MULTILINE)
    assert told and Unit("mien-library.path")["Path"]["PathChanged"] == told[1]
    assert "mien-library.path" in (first.place / "enabled").read_text().split()
    listener = Unit("mien-library.service")
    assert listener["Unit"]["StartLimitIntervalSec"] == "0", "called too often, the path unit would be given up"
    assert (listener["Service"]["CPUSchedulingPolicy"], listener["Service"]["IOSchedulingClass"]) == ("idle", "idle")


@pytest.mark.parametrize("name", ["mien.service", "mien-eye.service", "mien-mpd.service", "mien-library.service"])
def test_passing_files_are_made_in_memory_and_never_on_the_card(name: str) -> None:
    text = (UNITS / name).read_text()
    told = re.search(r"^Environment=TMPDIR=(/run/\S+)$", text, re.MULTILINE)
    assert told and re.search(rf"^(RuntimeDirectory={told[1][5:]}|ReadWritePaths={told[1]})$", text, re.MULTILINE)


def test_restarts_asked_for_on_the_page_are_never_too_many_for_systemd() -> None:
    unit = Unit("mien.service")["Unit"]
    assert SETTLED * int(unit["StartLimitBurst"]) > int(unit["StartLimitIntervalSec"])


@pytest.mark.parametrize("name", ["mien.service", "mien-library.service"])
def test_a_child_that_takes_too_much_ends_alone(name: str) -> None:
    """By itself systemd ends the whole unit for it."""
    assert Unit(name)["Service"]["OOMPolicy"] == "continue"


def test_the_halves_are_two_users() -> None:
    assert Unit("mien.service")["Service"]["User"] != Unit("mien-eye.service")["Service"]["User"]
    users = (UNITS / "mien.sysusers").read_text()
    for name in ("mien.service", "mien-eye.service"):
        assert re.search(rf"^u {Unit(name)['Service']['User']} ", users, re.MULTILINE)
